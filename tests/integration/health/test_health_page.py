# SPDX-License-Identifier: Apache-2.0
"""The page of `socctl health -o html`: readable in the dark and on a phone, without script."""

import html
import json
import re
import shutil
import subprocess

import pytest

import tool
from ports import free_port

CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium") or shutil.which("chromium-browser")
LEAST = 4.5  # WCAG 2.1, contrast of text at level AA
STATES = ("ok", "skipped", "unknown", "degraded", "down")


@pytest.fixture(scope="module")
def page():
    """A SOC with all five states and a word that is too long for a phone."""
    long = "/nonexistent/" + "x" * 300
    with tool.Sandbox("cortex", "grafana", "opencti") as sandbox:
        env = sandbox.env(SOCCTL_PROMETHEUS_URL=f"http://127.0.0.1:{free_port()}",
                          SOCCTL_OPENSEARCH_URL=f"http://127.0.0.1:{free_port()}/{'y' * 200}",
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
    # The reasons are visible without a click.
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
    assert seen["over"] <= 0 and seen["wide"] == [], seen  # no horizontal scrolling
    assert seen["tight"] == []
    assert seen["small"] >= 14 and 0 < seen["svg"] <= width and seen["height"] > 0
    dark_text = [int(part) for part in re.findall(r"\d+", seen["text"])][0] < 128
    assert dark_text == (scheme == "light"), seen


def page_of(env, file, *more):
    result = tool.run("health", "thehive", "cortex", "-o", "html", "--out", file, *more, env=env)
    assert result.code in (0, 3, 5) and result.out == "", result
    return file.read_text()


def bars(page, title):
    """[(state, runs)] of the strip."""
    return [(state, int(runs)) for state, runs in
            re.findall(rf"<title>{title}: (\w+) from [^<]*, (\d+) runs?</title>", page)]


def test_runs_one_after_the_other_are_a_strip(tmp_path):
    file = tmp_path / "soc.html"
    with tool.Sandbox("cortex") as sandbox:
        env = {"SOCBRIDGE_WAZUH_HOME": "/nonexistent", **sandbox.env()}
        for run in range(1, 4):
            page = page_of(env, file)
            [(state, runs)] = bars(page, "Cortex")
            assert runs == run and state in page
        down = page_of({**env, "SOCCTL_CORTEX_URL": "http://127.0.0.1:1"}, file)
        assert [one[1] for one in bars(down, "Cortex")] == [3, 1] and bars(down, "Cortex")[1][0] == "down"
        assert sum(runs for _, runs in bars(down, "TheHive")) == 4
    assert list(tmp_path.iterdir()) == [file]
    assert not re.search(r"<script|\son\w+=", down, re.I)


def test_json_keeps_the_runs_too_and_shows_thresholds(tmp_path):
    file, config = tmp_path / "soc.json", tmp_path / "config.json"
    config.write_text('{"health": {"thehive": {"answer": {"degraded": "1s", "down": "9s"}}}}')
    config.chmod(0o600)
    with tool.Sandbox() as sandbox:
        env = {"SOCBRIDGE_WAZUH_HOME": "/nonexistent", **sandbox.env()}
        for run in range(1, 4):
            assert tool.run("health", "thehive", "-o", "json", "--out", file, "--profile", config, env=env).code in (0, 3)
            seen = json.loads(file.read_text())
            assert [set(one["components"]) for one in seen["history"]] == [{"thehive"}] * run
        times = [one["checked_at"] for one in seen["history"]]
        assert times == sorted(times) and times[-1] == seen["checked_at"]
        assert "history" not in tool.run("health", "thehive", "-o", "json", env=env).json()
    [answer] = [one for one in seen["components"][0]["checks"] if one["check"] == "answer"]
    assert answer["threshold"] == {"unit": "ms", "bad": "above", "degraded": 1000, "down": 9000}


def test_a_page_of_another_is_not_read(tmp_path):
    """Root's run does not use a file that another user may change, and does not show its content."""
    hostile = tmp_path / "soc.html"
    hostile.write_text('<!-- socbridge-history [{"checked_at":"2026-01-01T00:00:00Z","components":{"thehive":"down"}}] -->')
    hostile.chmod(0o666)
    with tool.Sandbox("cortex") as sandbox:
        env = {"SOCBRIDGE_WAZUH_HOME": "/nonexistent", **sandbox.env()}
        result = tool.run("health", "thehive", "-o", "html", "--out", hostile, env=env)
        assert result.err.count("\n") == 1 and "starts again" in result.err
        assert "down" not in dict(bars(hostile.read_text(), "TheHive"))
        for name, runs in (("x<img src=x onerror=alert(1)>", 2), ("x--><img src=x onerror=alert(1)>", 1)):
            kept = [{"checked_at": "2026-01-01T00:00:00Z", "components": {"thehive": "ok", name: "ok"}}, {"a": 1}, 7]
            hostile.write_text(f"<!-- socbridge-history {json.dumps(kept)} -->")
            hostile.chmod(0o600)
            page = page_of(env, hostile)
            assert "onerror" not in page and sum(count for _, count in bars(page, "TheHive")) == runs


def test_what_must_be_open_now_is_degraded_by_the_configuration(tmp_path):
    config = tmp_path / "config.json"
    config.write_text('{"health": {"thehive": {"licence": {"degraded": "3650d", "down": "3000d"}}}}')
    config.chmod(0o600)
    with tool.Sandbox() as sandbox:
        env = {"SOCBRIDGE_WAZUH_HOME": "/nonexistent", **sandbox.env()}
        [report] = tool.run("health", "thehive", "--profile", config, "-o", "json", env=env).json()["components"]
        config.write_text('{"health": {"thehive": {"licence": {"degraded": "1d", "down": "20d"}}}}')
        wrong = tool.run("health", "thehive", "--profile", config, env=env)
    [licence] = [one for one in report["checks"] if one["check"] == "licence"]
    assert licence["state"] == "down" and licence["detail"].startswith("expires in "), licence
    assert wrong.code == 2 and "before it is degraded" in wrong.err and "config.json:1:" in wrong.err
