# SPDX-License-Identifier: Apache-2.0
"""Names in documents other than socctl's: options of our scripts and programs, units, presets of CMake, values of the
chart, installed files and tests. Each of them exists."""

import functools
import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml

import tool
from test_document_blocks import DOCUMENTS
from test_documents import SOURCE, lines_of_code, spans_of_code

LONG = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
INSTALLED = re.compile(r"/usr/(?:share|libexec)/socbridge/[\w./*-]*\w\*?")


@functools.cache
def code_of(path):
    text = path.read_text()
    return [" ".join(piece.split()) for piece in [*spans_of_code(text), *lines_of_code(text)]]


def script_of(word):
    """A script or program of ours that a line of code runs, as its file."""
    name = word.removeprefix("./")
    if re.match(r"(scripts|tests)/", name) and (SOURCE / name).is_file():
        return SOURCE / name
    if Path(name).name == "wazuh-integration":
        return SOURCE / "packaging/wazuh/wazuh-integration"
    return tool.SANDBOX if Path(name).name == "soc-sandbox" else None


@functools.cache
def options_of(script):
    """The options that a program lists; of a script all options in its text."""
    if script == tool.SANDBOX:
        return set(LONG.findall(subprocess.run([script, "--help"], capture_output=True, text=True, env=tool.BASE_ENV).stdout))
    return {"--help", *LONG.findall(script.read_text())}


def complaints(code):
    """The unknown options in one line of code."""
    for part in re.split(r"[|;&#]+|  +", code):
        words = part.split()
        words = words[1:] if words[:1] == ["sudo"] else words
        script = script_of(words[0]) if words else None
        if script is None:
            continue
        known = options_of(script)
        yield from (f"{words[0]} has no {option}" for option in LONG.findall(part) if option not in known)
        if script.name == "wazuh-integration" and len(words) > 1 and not re.search(rf"^  {words[1]}\)", script.read_text(), re.M):
            yield f"wazuh-integration has no {words[1]}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(SOURCE)))
def test_our_scripts_have_the_options_that_a_document_names(path):
    assert [said for code in code_of(path) for said in complaints(code)] == []


def test_a_wrong_option_is_seen():
    assert list(complaints("scripts/test --fool")) == ["scripts/test has no --fool"]
    assert list(complaints("sudo /usr/libexec/socbridge/wazuh-integration reinstall")) == ["wazuh-integration has no reinstall"]
    assert list(complaints("soc-sandbox --listen 127.0.0.1:0 --kei play")) == ["soc-sandbox has no --kei"]
    assert not list(complaints("scripts/test --full && soc-sandbox --key k"))


def named(pattern):
    return {name: path for path in DOCUMENTS for code in code_of(path) for name in re.findall(pattern, code)}


def test_the_units_are_there():
    units = named(r"\b(?:systemctl|journalctl)\b[^|;#]*?\b(socctl-[a-z-]+(?:\.(?:service|timer))?)")
    assert len(units) >= 6
    shipped = {path.name for path in (SOURCE / "packaging/systemd").iterdir()}
    assert {unit for unit in units if unit not in shipped and f"{unit}.service" not in shipped} == set()


def test_the_presets_are_there():
    presets = json.loads((SOURCE / "CMakePresets.json").read_text())
    known = {one["name"] for kind in ("configurePresets", "buildPresets", "testPresets") for one in presets[kind]}
    used = named(r"(?:cmake|ctest) [^|;&]*--preset[ =]([\w-]+)")
    assert len(used) >= 2 and set(used) <= known


def test_the_values_of_the_chart_are_there():
    values = yaml.safe_load((SOURCE / "packaging/helm/socbridge/values.yaml").read_text())
    used = named(r"helm [^|;&]*--set ([\w.]+)=")
    assert used
    for name in used:
        at = values
        for part in name.split("."):
            assert part in at, name
            at = at[part]


def test_installed_files_are_those_of_the_installation():
    """The folder of a file comes from the rules of installation, which test_package.py compares with the packages."""
    rules = (SOURCE / "cmake/Install.cmake").read_text()
    sources = {"examples": SOURCE / "examples", "grafana": SOURCE / "packaging/grafana", "prometheus": SOURCE / "packaging/prometheus"}
    used = {name for path in DOCUMENTS for name in INSTALLED.findall(path.read_text())}
    assert len(used) >= 8
    for name in used:
        rest = name.partition("/socbridge/")[2]
        folder, _, below = rest.partition("/")
        if folder in sources and below:
            found = list(sources[folder].glob(below))
            assert found, name
            top = below.partition("/")[0]
            assert f"examples/{top}" in rules or folder != "examples", name
        else:
            assert Path(rest).name in rules, name
