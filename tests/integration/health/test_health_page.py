# SPDX-License-Identifier: Apache-2.0
"""The page of `socctl health -o html`: readable in the dark and on a phone, without script."""

import html
import json
import re
import shutil
import subprocess

import pytest

import nginx
import tool

CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium") or shutil.which("chromium-browser")
LEAST = 4.5  # WCAG 2.1, contrast of text at level AA
STATES = ("ok", "skipped", "unknown", "degraded", "down")


@pytest.fixture(scope="module")
def page():
    """A SOC with all five states and a word that is too long for a phone."""
    long = "/nonexistent/" + "x" * 300
    with tool.Sandbox("cortex", "grafana", "opencti") as sandbox:
        env = sandbox.env(SOCCTL_PROMETHEUS_URL=f"http://127.0.0.1:{nginx.free_port()}",
                          SOCCTL_OPENSEARCH_URL=f"http://127.0.0.1:{nginx.free_port()}/{'y' * 200}",
                          SOCCTL_JOBS_DIRECTORY=long, SOCBRIDGE_WAZUH_HOME="/nonexistent")
        text = tool.run("health", "-o", "html", env=env).out
    assert {state for state in STATES if f'class="badge {state}"' in text} == set(STATES)
    return text


def luminance(colour):
    if len(colour) == 4:
        colour = "#" + "".join(c * 2 for c in colour[1:])
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def palettes(text):
    light, dark = re.findall(r":root\{([^}]*)\}", text)
    light = dict(re.findall(r"--(\w+):(#\w+)", light))
    return {"light": light, "dark": {**light, **dict(re.findall(r"--(\w+):(#\w+)", dark))}}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_of_text_can_be_read(page, scheme):
    palette = palettes(page)[scheme]
    for name in ("text", "dim", *STATES):
        for ground in ("bg", "card"):
            assert contrast(palette[name], palette[ground]) >= LEAST, (name, ground)
    assert (luminance(palette["bg"]) < 0.1) == (scheme == "dark")


def test_it_is_one_file_that_runs_nothing(page):
    assert "default-src 'none'; style-src 'unsafe-inline'" in page
    assert not re.search(r"<script|\son\w+=|javascript:|<link|<img|<iframe|@import|url\((?!#)", page, re.I)
    # The reasons are there without a click.
    assert re.search(r'<details class="down" open>', page)


WRAPPER = """<!doctype html><html><body><iframe id="f" style="width:{width}px;height:900px;border:0"
srcdoc="{page}"></iframe><pre id="seen"></pre><script>
onload = () => {{
  const root = document.getElementById("f").contentDocument.documentElement;
  const style = (node) => root.ownerDocument.defaultView.getComputedStyle(node);
  const wide = [...root.querySelectorAll("body *")].filter((n) => !n.closest("svg"))
      .filter((n) => n.getBoundingClientRect().right > root.clientWidth + 1).map((n) => n.className || n.tagName);
  const small = Math.min(...[...root.querySelectorAll("p, li, h2, summary, .badge")].map((n) => parseFloat(style(n).fontSize)));
  const tight = [...root.querySelectorAll("svg .node")].filter((n) => {{
    n.querySelector("text:not(.name)").textContent = "degraded, 1234 ms";  // as long as it gets
    const room = n.querySelector("rect").getBBox().width - 4;
    return [...n.querySelectorAll("text")].some((one) => one.getBBox().width > room);
  }}).map((n) => n.querySelector(".name").textContent);
  const svg = root.querySelector("svg").getBoundingClientRect();
  document.getElementById("seen").textContent = JSON.stringify({{
    over: root.scrollWidth - root.clientWidth, wide, tight, small, svg: svg.width, height: svg.height,
    ground: style(root.querySelector("body")).backgroundColor, text: style(root.querySelector("body")).color}});
}};
</script></body></html>"""


def measured(tmp_path, page, width, scheme):
    file = tmp_path / "wrapper.html"
    file.write_text(WRAPPER.format(width=width, page=html.escape(page)))
    run = subprocess.run(
        [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
         f"--user-data-dir={tmp_path}/profile", f"--blink-settings=preferredColorScheme={0 if scheme == 'dark' else 1}",
         "--virtual-time-budget=3000", "--dump-dom", f"file://{file}"],
        capture_output=True, text=True, timeout=120, env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"})
    found = re.search(r'<pre id="seen">(\{.*?\})</pre>', run.stdout, re.S)
    assert found, run.stderr[-2000:]
    return json.loads(html.unescape(found[1]))


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: scripts/setup --dev installs it")
@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_browser_shows_it_on_a_phone_and_in_the_dark(tmp_path, page, width, scheme):
    seen = measured(tmp_path, page, width, scheme)
    assert seen["over"] <= 0 and seen["wide"] == [], seen  # nothing has to be scrolled sideways
    assert seen["tight"] == []
    assert seen["small"] >= 14 and 0 < seen["svg"] <= width and seen["height"] > 0
    dark_text = [int(part) for part in re.findall(r"\d+", seen["text"])][0] < 128
    assert dark_text == (scheme == "light"), seen
