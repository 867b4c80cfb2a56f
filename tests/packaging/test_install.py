# SPDX-License-Identifier: Apache-2.0
"""`cmake --install` by components, and socctl's output about its parts."""

import json
import re
import subprocess
from pathlib import Path

import pytest

import integratord
import tool

BUILD = integratord.BIN_DIR.parent


def install(folder, component):
    subprocess.run(["cmake", "--install", BUILD, "--component", component, "--prefix", "/usr"], check=True,
                   capture_output=True, env={"PATH": tool.BASE_ENV["PATH"], "DESTDIR": str(folder)})
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("component, there, absent", [
    ("w2thive", ["usr/libexec/socbridge/custom-w2thive", "usr/libexec/socbridge/wazuh-integration",
                 "usr/share/man/man8/custom-w2thive.8.gz", "usr/share/socbridge/w2thive.schema.json"], "socctl"),
    ("socctl", ["usr/bin/socctl", "usr/share/man/man1/socctl-queue-list.1.gz", "usr/lib/systemd/system/socctl-relay.service",
                "usr/share/bash-completion/completions/socctl"], "custom-w2thive"),
    ("soc-sandbox", ["usr/bin/soc-sandbox", "usr/share/man/man1/soc-sandbox.1.gz",
                     "usr/share/socbridge/examples/alerts/01-ssh-brute-force.json"], "socctl"),
    ("doc", ["usr/share/doc/socbridge-doc/README.md", "usr/share/doc/socbridge-doc/docs/mapping.md"], "usr/bin"),
])
def test_a_component_has_its_files_alone(tmp_path, component, there, absent):
    found = install(tmp_path, component)
    assert set(there) <= found
    if component != "doc":
        assert not [name for name in found if name.endswith("/" + absent)]
    else:
        assert not [name for name in found if name.startswith(absent)]


def named_in_documents():
    """Paths that an installation should have, with `*`, and units that are to be enabled or edited."""
    source = Path(tool.os.environ["SOCBRIDGE_SOURCE_DIR"])
    files = [source / "README.md", *(source / "docs").rglob("*.md"), *(source / "packaging").rglob("*.md")]
    text = "\n".join(path.read_text() for path in files)
    paths = re.findall(r"/usr/(?:bin/soc|libexec/socbridge|share/socbridge/)[\w./*-]*\w", text)
    enabled = re.findall(r"systemctl (?:enable|edit|status|start|restart|disable)(?: --now)? (socctl-[a-z.-]+)", text)
    units = [unit if "." in unit else f"{unit}.service" for unit in enabled + re.findall(r"\bsocctl-[a-z-]+\.(?:service|timer)", text)]
    return sorted({*paths, *(f"/usr/lib/systemd/system/{unit}" for unit in units)})


def test_what_documents_name_is_installed(tmp_path):
    for component in ("w2thive", "socctl", "soc-sandbox", "doc"):
        install(tmp_path, component)
    named = named_in_documents()
    assert len(named) > 15 and "/usr/lib/systemd/system/socctl-relay.service" in named
    assert [path for path in named if not list(tmp_path.glob(path[1:]))] == []


def test_the_units_name_the_executable_that_is_installed(tmp_path):
    install(tmp_path, "socctl")
    prefix = re.search(r"^CMAKE_INSTALL_PREFIX:PATH=(.*)", (BUILD / "CMakeCache.txt").read_text(), re.M)[1]
    unit = (tmp_path / "usr/lib/systemd/system/socctl-relay.service").read_text()
    assert f"\nExecStart={prefix}/bin/socctl relay " in unit


@pytest.mark.parametrize("page", ["docs/man/custom-w2thive.8", "docs/man/soc-sandbox.1"])
def test_a_manual_page_has_no_warnings(page):
    path = f"{tool.os.environ['SOCBRIDGE_SOURCE_DIR']}/{page}"
    shown = subprocess.run(["man", "--warnings", "-l", path], capture_output=True, text=True,
                           env={**tool.BASE_ENV, "MANPAGER": "cat", "MANWIDTH": "80"})
    assert shown.returncode == 0 and shown.stderr == "" and "NAME" in shown.stdout


def test_components_of_this_build():
    rows = tool.run("version", "--components", "-o", "json").json()
    by_name = {row["name"]: row for row in rows}
    assert [row["name"].lower() for row in rows] == sorted(row["name"].lower() for row in rows)
    assert {"OpenSSL", "curl", "glibc", "nettle", "zlib", "RapidJSON", "CLI11"} <= by_name.keys()
    assert by_name["cpp-httplib"]["programs"] == ["soc-sandbox"]
    assert by_name["CLI11"]["licence"] == "BSD-3-Clause"
    plain = tool.run("version", "--components").rows()
    assert [row[:2] for row in plain] == [[row["name"], row["version"]] for row in rows]
    assert json.loads((BUILD / "socbridge.cdx.json").read_text())["specVersion"] == "1.5"
    assert tool.run("version", "-o", "json").json()[0].keys() == {"version", "build"}
