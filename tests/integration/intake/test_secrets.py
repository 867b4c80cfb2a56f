# SPDX-License-Identifier: Apache-2.0
"""The key is only in the request; text of an attacker is not in our output."""

import json
import os
import re
from pathlib import Path

import pytest

import tool
from conftest import KEY, make_alert
from entries import count, in_state
from integratord import AS_ROOT, GROUP, USER
from servers import HANG, answer
from tls_servers import OwnCaTheHive

ALERT = make_alert()
V5 = '{"thehive_version":"5"}'


def assert_key_is_nowhere(home, run, but=()):
    assert KEY.encode() not in run.output
    for path, data in home.every_file().items():
        if path not in but:
            assert KEY.encode() not in data, path


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("reply", [200, 201, 400, 401, 503])
def test_the_key_of_the_arguments(home, serve, reply, debug):
    # The server repeats its input, like some proxies.
    server = serve(lambda request: answer(reply, {"type": "X", "message": str(request.headers)}))
    url = server.url.replace("http://", "http://bob:hunter2x@")
    for target in (server.url, url, ""):
        run = home.run(ALERT, key=KEY, url=target, options=V5, debug=debug)
        assert_key_is_nowhere(home, run)
        assert b"hunter2x" not in run.output + b"".join(home.every_file().values())
    assert server.posts()[0].headers["authorization"] == f"Bearer {KEY}"


def test_the_key_of_the_options_and_of_a_misspelt_name(home, serve):
    server = serve(lambda request: answer(503, {}))
    for name in ("api_key", "apikey"):
        run = home.run(ALERT, url=server.url, options=json.dumps({name: KEY, "thehive_version": "5"}))
        assert run.code == (0 if name == "api_key" else 2)
        assert_key_is_nowhere(home, run)
    assert count(home) == 2


@pytest.mark.parametrize("key", [f" {KEY} ", f"{KEY} x", f"x {KEY}", KEY + "\\"])
def test_a_shifted_key(home, serve, key):
    server = serve(lambda request: answer(503, {}))
    for url in (server.url, "", "thehive.example"):
        assert_key_is_nowhere(home, home.run(ALERT, key=key, url=url, options=V5, debug=True))


def test_a_key_file(home, thehive):
    file = home.write("etc/thehive.key", KEY + "\n", mode=0o640)
    assert home.run(ALERT, key=f"file:{file}", url=thehive.url).code == 0
    assert thehive.posts()[0].headers["authorization"] == f"Bearer {KEY}"
    file.chmod(0o660)
    run = home.run(make_alert(2), key=f"file:{file}", url=thehive.url)
    assert run.code == 2
    assert len(thehive.alerts) == 1
    assert count(home) == 1
    assert str(file) in run.lines[-1]
    assert_key_is_nowhere(home, run, but=(file,))


@pytest.mark.skipif(not AS_ROOT, reason="reads a process of another user")
def test_neither_cmdline_nor_core_dump_nor_environment_shows_the_key(home, serve):
    server = serve(lambda request: HANG)
    child = home.start(ALERT, key=KEY, url=server.url, options='{"thehive_version":"5","budget_ms":3000}')
    assert server.seen.wait(10)
    proc = Path("/proc") / str(child.process.pid)
    command = (proc / "cmdline").read_bytes()
    assert command.startswith(b"integrations\0/tmp/custom-w2thive-")
    assert KEY.encode() not in command
    assert KEY.encode() not in (proc / "environ").read_bytes()
    # A dumpable process belongs to its user; a non-dumpable one to root.
    assert re.search(rf"^Uid:\s+{USER}\b", (proc / "status").read_text(), re.M)
    assert os.stat(proc / "mem").st_uid == 0
    child.process.kill()
    child.wait()


@pytest.mark.skipif(not AS_ROOT, reason="becomes another user")
def test_a_service_cannot_be_dumped_or_read_by_its_user(home):
    home.configure(url="http://127.0.0.1:9", api_key=KEY, thehive_version="5")
    assert home.run(ALERT).code == 0  # the spool exists

    def become_user():
        os.setgroups([])
        os.setgid(GROUP)
        os.setuid(USER)

    relay = tool.start("relay", env={"SOCBRIDGE_WAZUH_HOME": str(home.path), "SOCCTL_CORTEX_KEY": KEY},
                       preexec_fn=become_user)
    try:
        proc = Path("/proc") / str(relay.pid)
        tool.wait_until(lambda: relay.poll() is not None or len(list((proc / "task").iterdir())) > 1, what="the relay")
        assert relay.poll() is None, relay.communicate()
        assert re.search(rf"^Uid:\s+{USER}\b", (proc / "status").read_text(), re.M)
        assert os.stat(proc / "mem").st_uid == os.stat(proc / "environ").st_uid == 0
        assert KEY.encode() not in (proc / "cmdline").read_bytes()
    finally:
        relay.kill()
        relay.communicate()


HOSTILE = "\x1b[2J\r\nFAKE custom-w2thive: all is well \u202e evil"


def hostile_alert():
    bad = {"level": 10, "description": HOSTILE, "id": HOSTILE, "groups": [HOSTILE], "mitre": {"id": [HOSTILE]}}
    return make_alert(rule=bad, id=HOSTILE, full_log=HOSTILE, location=HOSTILE, timestamp=HOSTILE,
                      agent={"id": HOSTILE, "name": HOSTILE}, data={"srcip": HOSTILE, "srcuser": HOSTILE})


def assert_clean(home, run):
    assert b"FAKE" not in run.output and b"evil" not in run.output and b"\x1b" not in run.output
    assert len(run.lines) <= 1
    log = home.log.read_bytes()
    assert b"\x1b" not in log and b"\r" not in log and "\u202e".encode() not in log
    for line in log.decode().splitlines():
        assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z custom-w2thive [A-Z]+: ", line)


@pytest.mark.parametrize("status", [201, 400, 401, 500])
@pytest.mark.parametrize("stored", [True, False])
@pytest.mark.parametrize("debug", [True, False])
def test_hostile_text_is_not_repeated(home, serve, status, stored, debug):
    server = serve(lambda request: answer(status, {"type": HOSTILE, "message": HOSTILE, "_id": HOSTILE}))
    if not stored:
        home.spool.rmdir()
        home.spool.write_text("")
    run = home.run(hostile_alert(), key=KEY, url=server.url, options=V5, debug=debug)
    assert_clean(home, run)
    if stored and status != 201:
        kept = in_state(home) + in_state(home, "dead")
        assert [stored for _, stored, _ in kept] == [hostile_alert()]


def test_hostile_text_in_what_is_not_an_alert(home, thehive):
    for data in (HOSTILE.encode(), b'{"rule":' + HOSTILE.encode(), json.dumps([HOSTILE]).encode()):
        run = home.run(data, key=KEY, url=thehive.url)
        assert run.code == 6
        assert_clean(home, run)


@pytest.fixture
def secure():
    server = OwnCaTheHive()
    yield server
    server.close()


def test_no_variable_makes_a_program_write_down_the_keys_of_its_tls_connections(home, secure):
    """libcurl and GnuTLS do when SSLKEYLOGFILE is set: https://curl.se/libcurl/c/libcurl-env.html"""
    home.configure(thehive_version="5", ca_file=secure.ca)
    log = home.path / "logs/tls-keys"
    assert home.run(make_alert(), key=KEY, url=secure.url, wrapper=["env", f"SSLKEYLOGFILE={log}"]).code == 0
    assert len(secure.alerts) == 1 and not log.exists()
    sent = tool.run("alert", "send", Path(os.environ["SOCBRIDGE_SOURCE_DIR"]) / "examples/alerts/01-ssh-brute-force.json",
                    "--ca-file", secure.ca, env={"SOCCTL_THEHIVE_URL": secure.url, "SOCCTL_THEHIVE_KEY": KEY,
                                                 "SSLKEYLOGFILE": str(log)})
    assert sent.code == 0 and len(secure.alerts) == 2 and not log.exists(), sent
