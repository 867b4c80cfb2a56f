// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace socbridge::sandbox {

// Readable from 320 to 2000 pixels, in light and dark mode. On a narrow screen each row is a card.
inline constexpr char kPageStyle[] = R"(
:root{color-scheme:light dark;--ink:#1c2128;--soft:#57606a;--line:#d0d7de;--paper:#fff;--panel:#f6f8fa;
--link:#0550ae;--s1:#0a5c2f;--s1b:#d8f5e3;--s2:#6a4700;--s2b:#fff1c2;--s3:#8a2c00;--s3b:#ffe0cc;
--s4:#8e0f1f;--s4b:#ffd9de}
@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9aa4af;--line:#30363d;--paper:#0d1117;
--panel:#161b22;--link:#79c0ff;--s1:#8ff0b5;--s1b:#0f3a22;--s2:#ffdf7a;--s2b:#3f2e00;--s3:#ffb98f;
--s3b:#4a1f06;--s4:#ffb3bc;--s4b:#55101b}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
header,main,footer{max-width:76rem;margin:0 auto;padding:1rem 1.25rem}
header{border-bottom:1px solid var(--line)}
h1{font-size:1.35rem;line-height:1.3;margin:.2rem 0;overflow-wrap:anywhere}
h2{font-size:1.05rem;margin:1.8rem 0 .5rem}
p{margin:.3rem 0}a{color:var(--link)}
.soft,footer{color:var(--soft);font-size:.9rem}
table{border-collapse:collapse;width:100%}
th{text-align:left;font-size:.8rem;color:var(--soft);font-weight:600}
th,td{padding:.5rem .75rem .5rem 0;border-bottom:1px solid var(--line);vertical-align:top}
td{overflow-wrap:anywhere}
td.fixed,th.fixed{white-space:nowrap;overflow-wrap:normal}
td.number,th.number{text-align:right}
code,pre{font:.85rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
pre{background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:.8rem;margin:.4rem 0;
white-space:pre-wrap}
.sev{display:inline-block;min-width:4.6rem;padding:.05rem .5rem;border-radius:4px;font-size:.8rem;
font-weight:600;text-align:center}
.sev1{color:var(--s1);background:var(--s1b)}.sev2{color:var(--s2);background:var(--s2b)}
.sev3{color:var(--s3);background:var(--s3b)}.sev4{color:var(--s4);background:var(--s4b)}
.tag{display:inline-block;margin:.1rem .25rem .1rem 0;padding:0 .45rem;border:1px solid var(--line);
border-radius:4px;background:var(--panel);font-size:.8rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1.2rem;margin:.5rem 0}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
.empty{padding:2.5rem 0;color:var(--soft)}
@media(max-width:44rem){
table,tbody,tr,td{display:block;width:100%}thead{display:none}
tr{border-bottom:1px solid var(--line);padding:.6rem 0}
td{border:0;padding:.1rem 0;text-align:left!important}
td[data-name]::before{content:attr(data-name) " ";color:var(--soft);font-size:.85rem}
dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}}
)";

}  // namespace socbridge::sandbox
