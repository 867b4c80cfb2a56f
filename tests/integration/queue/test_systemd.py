# SPDX-License-Identifier: Apache-2.0
"""The unit files match docs/operations.md and docs/relay.md, and systemd's own checker accepts them."""

import configparser
import json
import os
import re
import shutil
import struct
import subprocess
import tempfile
import urllib.request
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


SERVICES = [name for name in UNITS if name.endswith(".service")]


@pytest.mark.parametrize("name", SERVICES)
def test_the_command_is_one_that_socctl_has(name):
    words = read(name)["Service"]["ExecStart"].split()
    assert words[0] == "/usr/bin/socctl"
    result = tool.run(*[word for word in words[1:] if not word.startswith("-") and word != "plain"], "--help")
    assert result.code == 0
    for option in re.findall(r"(?<= )-{1,2}[a-z-]+", " ".join(words)):
        assert option in result.out


@pytest.mark.parametrize("name", SERVICES)
def test_keys_are_neither_dumped_nor_written_to_swap(name):
    service = read(name)["Service"]
    assert service["LimitCORE"] == service["MemorySwapMax"] == "0"
    assert service["MemoryMax"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
@pytest.mark.parametrize("name", SERVICES)
def test_the_exposure_of_a_service_is_at_most_two(name, tmp_path):
    def exposure(path):
        said = subprocess.run(["systemd-analyze", "security", "--offline=true", str(path)], capture_output=True, text=True,
                              timeout=60)
        return float(re.search(r"exposure level for .*: ([0-9.]+) ", said.stdout)[1])

    assert exposure(FOLDER / name) <= 2.0
    (tmp_path / name).write_text((FOLDER / name).read_text().replace("ProtectSystem=strict", "").replace(
        "CapabilityBoundingSet=", "#").replace("NoNewPrivileges=yes", ""))
    assert exposure(tmp_path / name) > 2.0


@pytest.mark.parametrize("name", SERVICES)
def test_a_timer_starts_each_oneshot_and_nothing_else(name):
    unit = read(name)
    timer = name.replace(".service", ".timer") in UNITS
    assert timer == (unit["Service"].get("Type") == "oneshot")
    assert unit.has_section("Install") != timer


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can run a command as another user")
@pytest.mark.parametrize("name", ["socctl-analyze.service", "socctl-opencti-stream.service", "socctl-health.service",
                                  "socctl-metrics.service"])
def test_credentials_are_read_as_systemd_hands_them_over(name, tmp_path):
    """Files of root, mode 0440, with an access list for the service's user; a missing key is a line break."""
    service = read(name)["Service"]
    assert service["DynamicUser"] == "yes" and "--profile=%d/config.json" in service["ExecStart"]
    text = (FOLDER / name).read_text()
    loaded = dict(re.findall(r"^LoadCredential=(\S+):(/etc/socctl/\S+)$", text, re.M))
    assert loaded["config.json"] == "/etc/socctl/config.json" and loaded["thehive.key"] == "/etc/socctl/thehive.key"
    assert set(re.findall(r"^SetCredential=(\S+):\\n$", text, re.M)) == loaded.keys() - {"config.json"}

    user = 64242
    place = Path(tempfile.mkdtemp(prefix="socbridge-credentials-"))
    with tool.Sandbox() as sandbox:
        keys = {"thehive.key": sandbox.key}
        config = {"thehive": {"url": sandbox.url, "key": "file:thehive.key"}}
        for credential in loaded:
            body = json.dumps(config) if credential == "config.json" else keys.get(credential, "") + "\n"
            (place / credential).write_text(body)
            allow(place / credential, user, 4)
        allow(place, user, 5)
        words = ["health", "thehive", "--profile", str(place / "config.json"), "-o", "json"]
        result = subprocess.run([str(tool.BIN), *words], user=user, group=user, extra_groups=[], capture_output=True,
                                text=True, timeout=60, env=tool.BASE_ENV, cwd="/")
        assert json.loads(result.stdout)["components"][0]["state"] == "ok", result
        (place / "thehive.key").write_text("\n")
        result = subprocess.run([str(tool.BIN), *words], user=user, group=user, extra_groups=[], capture_output=True,
                                text=True, timeout=60, env=tool.BASE_ENV, cwd="/")
        assert "is empty" in result.stdout + result.stderr and result.returncode != 0, result
    shutil.rmtree(place)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can run a command as another user")
def test_the_receiver_reads_its_credentials(tmp_path):
    service = read("socctl-receive.service")["Service"]
    assert service["DynamicUser"] == "yes" and "--token-file=%d/receive.token" in service["ExecStart"]
    user = 64243
    place = Path(tempfile.mkdtemp(prefix="socbridge-credentials-"))
    spool = Path(tempfile.mkdtemp(prefix="socbridge-spool-"))
    os.chown(spool, user, user)
    (place / "receive.token").write_text("0123456789abcdef\n")
    (place / "w2thive.json").write_text(json.dumps({"url": "http://127.0.0.1:9", "api_key": "k", "thehive_version": "5"}))
    for name in ("receive.token", "w2thive.json"):
        allow(place / name, user, 4)
    allow(place, user, 5)
    words = service["ExecStart"].replace("%d", str(place)).replace("%S/socctl-receive", str(spool)).replace(" $MORE", "")
    words = words.replace("${LISTEN}", "127.0.0.1:0").split()[1:]
    with open(tmp_path / "log", "wb+") as log:
        process = subprocess.Popen([str(tool.BIN), *words], user=user, group=user, extra_groups=[], stdout=log, stderr=log,
                                   env={**tool.BASE_ENV, "SOCBRIDGE_WAZUH_HOME": "/nowhere"}, cwd="/")
        said = tool.wait_until(lambda: process.poll() is not None or
                               re.search("listening at (\\S+)", (tmp_path / "log").read_text()), what="the receiver")
        assert said is not True, (tmp_path / "log").read_text()
        request = urllib.request.Request(said[1], b'{"title": "x"}', {"Authorization": "Bearer 0123456789abcdef"})
        assert urllib.request.urlopen(request, timeout=30).status == 202
        process.terminate()
        assert process.wait(timeout=30) == 0
    assert len(list(spool.glob("spool/queue/*.alert"))) == 1
    shutil.rmtree(place)
    shutil.rmtree(spool)


def allow(path, user, rights):
    """A file or folder of root that this user may use by an access list, as systemd creates credentials."""
    entries = [(0x01, rights, 0xFFFFFFFF), (0x02, rights, user), (0x04, 0, 0xFFFFFFFF), (0x10, rights, 0xFFFFFFFF),
               (0x20, 0, 0xFFFFFFFF)]
    os.setxattr(path, "system.posix_acl_access", struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *one) for one in entries))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_finds_nothing_wrong(tmp_path):
    for name in UNITS:
        text = (FOLDER / name).read_text()
        # Neither the executable nor its manual page is installed on the test machine.
        text = text.replace("/usr/bin/socctl", "/bin/true").replace("Documentation=man:", "#")
        (tmp_path / name).write_text(text)
    result = subprocess.run(["systemd-analyze", "verify", *[str(tmp_path / name) for name in UNITS]],
                            capture_output=True, text=True, timeout=60, env={**os.environ, "SYSTEMD_LOG_LEVEL": "warning"})
    ours = [line for line in (result.stdout + result.stderr).splitlines() if "socctl" in line]
    assert (result.returncode, ours) == (0, [])
