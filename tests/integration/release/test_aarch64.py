# SPDX-License-Identifier: Apache-2.0
"""The executables and packages for Linux on aarch64, run by an emulator."""

import os
import re
import subprocess
from pathlib import Path

import pytest

import integratord
import spool_env
import tool
from conftest import make_alert

EMULATOR = ("qemu-aarch64-static",)
BUILD = integratord.BIN_DIR.parent
NATIVE = BUILD.with_name("release") / "bin/socctl"
FIXTURES = Path(os.environ["SOCBRIDGE_SOURCE_DIR"]) / "tests/fixtures/alerts"


def readelf(option, program):
    return subprocess.run(["readelf", "-W", option, BUILD / "bin" / program], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("program", ["custom-w2thive", "socctl", "soc-sandbox"])
def test_linked_static_and_hardened(program):
    header, segments = readelf("-h", program), readelf("-l", program)
    assert re.search(r"Machine:\s+AArch64", header) and re.search(r"Type:\s+DYN", header)
    assert "INTERP" not in segments and "GNU_RELRO" in segments and "RWE" not in segments
    dynamic = readelf("-d", program)
    assert "NEEDED" not in dynamic and re.search(r"FLAGS_1.*\bNOW\b.*\bPIE\b", dynamic)
    assert ".symtab" not in readelf("-S", program)
    assert str(BUILD).encode() not in (BUILD / "bin" / program).read_bytes()


@pytest.fixture
def sandbox():
    with tool.Sandbox() as running:
        yield running


def references(sandbox):
    return sorted(row["sourceRef"] for row in tool.run("alert", "list", "-o", "json", env=sandbox.env()).json())


def test_an_alert_reaches_thehive_at_once(home, sandbox):
    run = home.run(make_alert(1), key=sandbox.key, url=sandbox.url, wrapper=EMULATOR)
    assert run.code == 0, run
    assert len(references(sandbox)) == 1 and home.log_text() == ""


def test_an_alert_waits_for_thehive(home, sandbox):
    spool_env.configure(home, "http://127.0.0.1:9")
    home.write("etc/thehive.key", f"{sandbox.key}\n")
    assert home.run(make_alert(1), key=sandbox.key, url="http://127.0.0.1:9", wrapper=EMULATOR).code == 0
    env = {"SOCBRIDGE_WAZUH_HOME": str(home.path)}
    assert len(tool.run("queue", "list", "-o", "json", env=env).json()) == 1
    spool_env.configure(home, sandbox.url)
    assert tool.run("relay", "--once", env=env).code == 0
    assert len(references(sandbox)) == 1 and tool.run("queue", "list", "-o", "json", env=env).json() == []


@pytest.mark.skipif(not NATIVE.exists(), reason="the release for this machine is not built")
def test_alerts_are_mapped_alike(tmp_path):
    alerts = tmp_path / "alerts.ndjson"
    alerts.write_bytes((FIXTURES / "families.ndjson").read_bytes())
    emulated, native = (tool.run("alert", "map", alerts, "-o", "json", program=program) for program in (tool.BIN, NATIVE))
    assert emulated.code == native.code and len(native.out) > 10_000 and emulated.out == native.out


def test_the_packages_are_of_this_architecture(tmp_path):
    made = subprocess.run(["cpack", "-B", tmp_path, "-D", f"CPACK_OUTPUT_FILE_PREFIX={tmp_path}"], cwd=BUILD, umask=0o022,
                          capture_output=True, text=True, timeout=500)
    assert made.returncode == 0, made.stdout + made.stderr
    names = {path.name for path in tmp_path.iterdir() if path.is_file()}
    assert {name.rpartition("_")[2] for name in names if name.endswith(".deb")} == {"arm64.deb", "all.deb"}
    assert {name.split(".")[-2] for name in names if name.endswith(".rpm")} == {"aarch64", "noarch"}
    for deb in tmp_path.glob("*_arm64.deb"):
        field = subprocess.run(["dpkg-deb", "-f", deb, "Architecture"], capture_output=True, text=True, check=True).stdout
        assert field == "arm64\n"
    for rpm in tmp_path.glob("*.aarch64.rpm"):
        shown = subprocess.run(["rpm", "-qp", "--queryformat", "%{ARCH}", rpm], capture_output=True, text=True, check=True).stdout
        assert shown == "aarch64"
    assert any(name.endswith("-linux-aarch64.tar.gz") for name in names)
