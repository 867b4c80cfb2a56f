# SPDX-License-Identifier: Apache-2.0
"""The descriptions of tests/fixtures/descriptions in a real browser, as an analyst sees them, in light and dark mode.

SOCBRIDGE_PICTURES=DIR keeps a picture of each mode."""

import html
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(os.environ["SOCBRIDGE_SOURCE_DIR"])
FILES = sorted((ROOT / "tests/fixtures/descriptions").glob("*.md"))
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium") or shutil.which("chromium-browser")
EXPECTED = {"h1", "h2", "h3", "p", "strong", "em", "table", "thead", "tbody", "tr", "th", "td", "pre", "code", "details",
            "summary", "a", "br", "ul", "li"}
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: scripts/setup --dev installs it")


def browser(tmp_path, page, scheme, *args):
    return subprocess.run(
        [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
         f"--user-data-dir={tmp_path}/profile", f"--blink-settings=preferredColorScheme={0 if scheme == 'dark' else 1}",
         "--virtual-time-budget=3000", "--window-size=820,1600", *args, f"file://{page}"],
        capture_output=True, text=True, timeout=120, env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"})


def shown(tmp_path, files, scheme="light"):
    page = tmp_path / "page.html"
    page.write_text(subprocess.run(["node", ROOT / "tests/contracts/render_descriptions.mjs", *files], capture_output=True,
                                   text=True, timeout=60, check=True).stdout)
    run = browser(tmp_path, page, scheme, "--dump-dom")
    found = re.search(r'<pre id="seen" hidden="">(\{.*?\})</pre>', run.stdout, re.S)
    assert found, run.stderr[-2000:]
    if pictures := os.environ.get("SOCBRIDGE_PICTURES"):
        browser(tmp_path, page, scheme, f"--screenshot={pictures}/descriptions-{scheme}.png", "--window-size=820,24000")
    return json.loads(html.unescape(found[1]))


def written(text):
    """The Markdown outside of its code blocks."""
    outside, blocks, inside = [], 0, None
    for line in text.splitlines():
        fence = re.match(r"(`{3,})", line)
        if fence and inside is None:
            inside, blocks = fence[1], blocks + 1
        elif fence and line.strip() == inside:
            inside = None
        elif inside is None:
            outside.append(line)
    return "\n".join(outside), blocks


def defects(one, text):
    outside, blocks = written(text)
    without_code = re.sub(r"`[^`\n]*`", "", outside)
    found = []
    if len(one["links"]) != len(re.findall(r"\]\(https?://|<https?://", without_code)):
        found.append(f"links that were not written: {one['links']}")
    if not set(one["elements"]) <= EXPECTED:
        found.append(f"elements {set(one['elements']) - EXPECTED}")
    if any(len(counts) != 1 for counts in one["cells"]):
        found.append(f"a table is torn: {one['cells']}")
    if one["blocks"] != blocks:
        found.append(f"{one['blocks']} code blocks instead of {blocks}")
    if one["headings"] != len(re.findall(r"^#+ ", outside, re.M)):
        found.append("headings that were not written")
    if escape := re.search(r"\\[_*()+.\[\]|]|&#?\w+;|\|---", one["text"]):
        found.append(f"an escape is seen: {escape[0]} in {one['text'][escape.start() - 30:escape.end() + 30]!r}")
    if one["wide"]:
        found.append(f"{one['wide']} elements are wider than the page")
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_analyst_sees_what_was_meant(tmp_path, scheme):
    assert len(FILES) >= 30
    seen = shown(tmp_path, FILES, scheme)
    red = int(re.findall(r"\d+", seen["ground"])[0])
    assert (red < 128) == (scheme == "dark")
    assert [one["name"] for one in seen["seen"]] == [path.stem for path in FILES]
    found = {path.name: defects(one, path.read_text()) for path, one in zip(FILES, seen["seen"])}
    assert {name: what for name, what in found.items() if what} == {}


@pytest.mark.parametrize("markdown, word", [
    ("# A\n\nsee www.attacker.example now\n", "links"),
    ("# A\n\n| a | b |\n|---|---|\n| 1 | <img src=x> |\n", "elements"),
    ("# A\n\ntext\n---\n", "headings"),
    ("# A\n\n" + "`" + "x" * 20 + "` a\\\\_b\n", "escape"),
])
def test_the_test_sees_what_goes_wrong(tmp_path, markdown, word):
    path = tmp_path / "one.md"
    path.write_text(markdown)
    [one] = shown(tmp_path, [path])["seen"]
    assert any(word in defect for defect in defects(one, markdown)), (one, defects(one, markdown))
