# SPDX-License-Identifier: Apache-2.0
"""The unit files say what docs/relay.md promises, and systemd's own checker finds nothing wrong with them."""

import configparser
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import tool

SOURCE = Path(os.environ["SOCBRIDGE_SOURCE_DIR"])
FOLDER = SOURCE / "packaging/systemd"
UNITS = sorted(path.name for path in FOLDER.iterdir())


def read(name):
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str
    parser.read(FOLDER / name)
    return parser


def test_the_relay_is_hardened():
    service = read("socctl-relay.service")["Service"]
    assert service["Type"] == "notify"
    assert service["User"] == service["Group"] == "wazuh"
    assert service["ProtectSystem"] == "strict"
    assert service["ReadWritePaths"] == "-/var/spool/w2thive -/var/ossec/queue/w2thive"
    assert f"--metrics-file /var/lib/{service['StateDirectory']}/" in service["ExecStart"]
    for name in ("NoNewPrivileges", "PrivateDevices", "ProtectHome", "ProtectKernelTunables", "RestrictSUIDSGID",
                 "MemoryDenyWriteExecute", "LockPersonality"):
        assert service[name] == "yes", name
    assert service["CapabilityBoundingSet"] == ""
    grace = 10
    assert int(service["TimeoutStopSec"].rstrip("s")) > grace
    assert int(service["WatchdogSec"].rstrip("s")) >= 10


@pytest.mark.parametrize("name", [name for name in UNITS if name.endswith(".service")])
def test_the_command_is_one_that_socctl_has(name):
    words = read(name)["Service"]["ExecStart"].split()
    assert words[0] == "/usr/bin/socctl"
    result = tool.run(*[word for word in words[1:] if not word.startswith("-") and word != "plain"], "--help")
    assert result.code == 0
    for option in re.findall(r"(?<= )-{1,2}[a-z-]+", " ".join(words)):
        assert option in result.out


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_finds_nothing_wrong(tmp_path):
    for name in UNITS:
        text = (FOLDER / name).read_text()
        # Neither the executable nor its manual page is installed where the tests run.
        text = text.replace("/usr/bin/socctl", "/bin/true").replace("Documentation=man:", "#")
        (tmp_path / name).write_text(text)
    result = subprocess.run(["systemd-analyze", "verify", *[str(tmp_path / name) for name in UNITS]],
                            capture_output=True, text=True, timeout=60, env={**os.environ, "SYSTEMD_LOG_LEVEL": "warning"})
    ours = [line for line in (result.stdout + result.stderr).splitlines() if "socctl" in line]
    assert (result.returncode, ours) == (0, [])
