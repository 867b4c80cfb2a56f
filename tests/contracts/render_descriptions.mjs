// SPDX-License-Identifier: Apache-2.0
// Renders Markdown files (GitHub flavour) as one HTML page: node render_descriptions.mjs FILE...
// The page ends with its content as JSON: for each file the links, elements, tables, blocks and
// headings.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { marked } from "marked";

const sections = process.argv.slice(2).map((file) =>
  `<section id="${basename(file, ".md")}">${marked.parse(readFileSync(file, "utf8"), { gfm: true })}</section>`);

const style = `
:root { color-scheme: light dark; --bg: #fff; --text: #1d2229; --line: #c9d1d9; --code: #f1f3f5; }
@media (prefers-color-scheme: dark) { :root { --bg: #14181d; --text: #e3e7ec; --line: #3b434c; --code: #20262d; } }
body { background: var(--bg); color: var(--text); font: 15px/1.5 sans-serif; margin: 0 auto; max-width: 800px; padding: 16px; }
section { border-bottom: 4px solid var(--line); padding-bottom: 24px; }
table { border-collapse: collapse; } td, th { border: 1px solid var(--line); padding: 3px 8px; text-align: left; overflow-wrap: anywhere; }
code, pre { background: var(--code); } pre { overflow-x: auto; padding: 8px; } code { overflow-wrap: anywhere; }`;

const look = `
onload = () => {
  const of = (section) => ({
    name: section.id,
    links: [...section.querySelectorAll("a")].map((a) => a.getAttribute("href")),
    elements: [...new Set([...section.querySelectorAll("*")].map((n) => n.tagName.toLowerCase()))],
    cells: [...section.querySelectorAll("table")].map((t) => [...new Set([...t.rows].map((row) => row.cells.length))]),
    blocks: section.querySelectorAll("pre").length,
    headings: section.querySelectorAll("h1, h2, h3, h4, h5, h6").length,
    text: [...section.querySelectorAll("td, th, h1, h2, h3, p, li")].map((n) => n.innerText).join("\\n"),
    wide: [...section.querySelectorAll("*")].filter((n) => !n.closest("pre"))
        .filter((n) => n.getBoundingClientRect().right > document.documentElement.clientWidth + 1).length,
  });
  const seen = [...document.querySelectorAll("section")].map(of);
  document.getElementById("seen").textContent = JSON.stringify({
    seen, ground: getComputedStyle(document.body).backgroundColor });
};`;

process.stdout.write(`<!doctype html><meta charset="utf-8"><title>Descriptions</title><style>${style}</style>
<body>${sections.join("\n")}<pre id="seen" hidden></pre><script>${look}</script></body>\n`);
