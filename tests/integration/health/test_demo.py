# SPDX-License-Identifier: Apache-2.0
"""scripts/demo: a SOC that runs, and leaves nothing behind."""

import glob
import json
import os
import re
import signal
import subprocess
import urllib.request
from pathlib import Path

import pytest

import tool

ROOT = Path(os.environ["SOCBRIDGE_SOURCE_DIR"])


def processes_of(place):
    """Those that still run of a demo: all have its folder in their arguments or environment."""
    found = []
    for folder in glob.glob("/proc/[0-9]*"):
        try:
            text = Path(folder, "cmdline").read_bytes() + Path(folder, "environ").read_bytes()
        except OSError:
            continue
        if place.encode() in text:
            found.append(folder)
    return found


class Demo:
    def __init__(self, tmp_path, *more):
        self.place = tmp_path
        self.process = subprocess.Popen(
            [ROOT / "scripts/demo", "--bin", tool.BIN.parent, "--day", "12", "--alerts", "60", *more],
            env={**os.environ, "TMPDIR": str(tmp_path), "ASAN_OPTIONS": tool.BASE_ENV["ASAN_OPTIONS"]}, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        self.urls = {}
        for line in iter(self.process.stdout.readline, ""):
            found = re.match(r"(\S+)[^:]*?\s(https?://[^/\s]+)", line)
            if found:
                self.urls[found[1]] = found[2]
            if line.startswith("Ctrl-C"):
                return
        raise AssertionError(self.process.stderr.read())

    def ask(self, query):
        with urllib.request.urlopen(f"{self.urls['Prometheus']}/api/v1/query?query={query}", timeout=10) as answer:
            return json.load(answer)["data"]["result"]

    def number(self, query):
        found = self.ask(query)
        return float(found[0]["value"][1]) if found else 0


@pytest.mark.parametrize("end", ["by itself", "Ctrl-C"])
def test_it_shows_traffic_and_leaves_nothing(tmp_path, end):
    demo = Demo(tmp_path, *(("--for", "25") if end == "by itself" else ()))
    try:
        tool.wait_until(lambda: demo.number("sum(up)") == 6, 30, "all targets")
        tool.wait_until(lambda: demo.number("sum(socbridge_thehive_alerts_by_severity)") > 5, 30, "alerts in TheHive")
        assert demo.number('sum(socbridge_delivery_alerts_total{result="created"})') > 0
        assert processes_of(str(tmp_path)) != []
    finally:
        if end == "Ctrl-C":
            demo.process.send_signal(signal.SIGINT)
        _, errors = demo.process.communicate(timeout=90)
    assert (demo.process.returncode, errors) == (0, "")
    assert list(tmp_path.iterdir()) == [] and processes_of(str(tmp_path)) == []


def test_what_is_missing_is_named(tmp_path):
    run = subprocess.run([ROOT / "scripts/demo", "--bin", tmp_path], capture_output=True, text=True, timeout=30)
    assert run.returncode == 1 and "has no custom-w2thive, socctl, soc-sandbox" in run.stderr
