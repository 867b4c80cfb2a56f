# SPDX-License-Identifier: Apache-2.0
"""The contract between integratord and custom-w2thive."""

import os
import re
import signal
import threading
from pathlib import Path

import pytest

from conftest import KEY, make_alert
from entries import count, in_state
from integratord import AS_ROOT, NAME, VERSIONS, command_line, session_members
from servers import answer

ALERT = make_alert()


def test_the_command_lines_are_those_of_integratord():
    """The rows that were measured by compiling OS_StrBreak (so this harness itself is right)."""
    normal = [command_line(v, "A", "K", "U", False, "O", "10", "3") for v in ("4.2", "4.7", "4.8")]
    assert normal == [
        ["integrations", "A", "K", "U", " > /dev/null 2>&1"],
        ["integrations", "A", "K", "U", "", "O", "> /dev/null 2>&1"],
        ["integrations", "A", "K", "U", "", "O", "10", "3", "> /dev/null 2>&1"],
    ]
    assert command_line("4.8", "A", " K ", "U", False, "", "10", "3") == [
        "integrations", "A", "", "K", "", "U", "", "", "10 3 > /dev/null 2>&1"]
    assert command_line("4.8", "A", "K\\", "U", True, "", "10", "3")[2] == "K U"


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_delivers(home, thehive, version, debug):
    options = '{"min_level": 5}' if version in ("4.7", "4.8", "4.14") else None
    run = home.run(ALERT, key=KEY, url=thehive.url, version=version, debug=debug, options=options)
    assert run.code == 0
    assert len(thehive.alerts) == 1
    assert count(home) == 0
    assert home.log_text() == ""
    assert len(run.lines) == (1 if debug else 0)


@pytest.mark.parametrize("version", ["4.7", "4.8", "4.14"])
def test_options_count(home, thehive, version):
    run = home.run(make_alert(level=10), key=KEY, url=thehive.url, version=version,
                   options='{"min_level": 12}')
    assert (run.code, len(thehive.requests)) == (0, 0)


@pytest.mark.parametrize("debug", [False, True])
def test_shifted_arguments_still_deliver(home, thehive, debug):
    run = home.run(ALERT, key=f" {KEY} ", url=thehive.url, debug=debug)
    assert run.code == 0
    assert thehive.posts()[0].headers["authorization"] == f"Bearer {KEY}"


def test_a_wrapper_that_loses_empty_arguments(home, thehive):
    home.configure(api_key=KEY)
    run = home.run(ALERT, argv=["integrations", ..., thehive.url, "10", "3", "> /dev/null 2>&1"])
    assert run.code == 0
    assert len(thehive.alerts) == 1


def test_url_and_key_from_the_configuration(home, thehive):
    home.configure(url=thehive.url, api_key=KEY, organisation="soc")
    assert home.run(ALERT).code == 0
    headers = thehive.posts()[0].headers
    assert (headers["authorization"], headers["x-organisation"]) == (f"Bearer {KEY}", "soc")


def test_filtered_costs_nothing(home, thehive):
    home.configure(min_level=7)
    run = home.run(make_alert(level=3), key=KEY, url=thehive.url)
    assert (run.code, run.output) == (0, b"")
    assert thehive.requests == []
    assert list(home.spool.iterdir()) == []


def test_text_format_names_the_cure(home, thehive):
    text = ("alertdate='2025 Mar 14 07:40:01'\nalertlocation='(web-01) 192.0.2.7->/var/log/auth.log'\n"
            "ruleid='5763'\nalertlevel='10'\nruledescription='sshd: brute force'\nalertlog='x'\n"
            "srcip='203.0.113.9'")
    run = home.run(text.encode(), key=KEY, url=thehive.url)
    assert run.code == 6
    assert len(run.lines) == 1 and "<alert_format>json</alert_format>" in run.lines[0]
    assert thehive.requests == []
    assert count(home) == count(home, "corrupt") == 0


@pytest.mark.parametrize("alert", [b"{\"rule\":{\"level\":", b"[1,2]", b"\0\1\2"])
def test_what_is_not_an_alert_is_kept_aside(home, thehive, alert):
    run = home.run(alert, key=KEY, url=thehive.url)
    assert run.code == 6
    assert len(run.lines) == 1
    [(_, kept, reason)] = in_state(home, "corrupt")
    assert kept == alert
    assert reason["message"]
    assert count(home) == 0


def test_no_alert_file_from_integratord(home, thehive):
    run = home.run(None, key=KEY, url=thehive.url)
    assert run.code == 1
    assert len(run.lines) == 1 and "/tmp" in run.lines[0]
    assert "/tmp" in home.log_text()


def test_a_missing_alert_file(home):
    run = home.run(None, argv=["integrations", "/tmp/gone-1-1.alert", KEY, "http://127.0.0.1:9", ""])
    assert run.code == 1
    assert len(run.lines) == 1


def test_a_missing_options_file_keeps_the_alert(home, thehive):
    run = home.run(ALERT, argv=["integrations", ..., KEY, thehive.url, "", f"/tmp/{NAME}-1-1.options",
                                "10", "3", "> /dev/null 2>&1"])
    assert run.code == 2
    assert [kept for _, kept, _ in in_state(home)] == [ALERT]
    assert "options" in run.lines[-1]


def test_by_hand(home):
    for argv, code, word in ((["x"], 2, b"usage"), (["x", "--help"], 0, b"usage"),
                             (["x", "--version"], 0, NAME.encode())):
        run = home.run(None, argv=argv)
        assert run.code == code
        assert word in run.output


def test_inherited_descriptors_stay_as_they_are(home, thehive):
    child = home.start(ALERT, key=KEY, url=thehive.url)
    log_fd = os.dup(child.log_fd)  # shares the offset
    child.wait()
    assert os.lseek(log_fd, 0, os.SEEK_CUR) == 7
    os.close(log_fd)


def proc_status(pid, field):
    text = (Path("/proc") / str(pid) / "status").read_text()
    return re.search(rf"^{field}:\s+(\S+)", text, re.M).group(1)


@pytest.mark.skipif(not AS_ROOT, reason="looks into a process that may not be dumped")
@pytest.mark.parametrize("closed", [(), (0,), (1,), (1, 2), (0, 1, 2)])
def test_the_process_while_it_waits(home, serve, closed):
    """Its umask and signals; closed standard descriptors are on /dev/null, so that no file lands there."""
    came, looked = threading.Event(), threading.Event()

    def hold(_):
        came.set()
        looked.wait(20)
        return answer(503, {})

    server = serve(hold)
    shell = ("/bin/sh", "-c", 'exec "$@" ' + " ".join(f"{fd}>&-" for fd in closed), "sh")
    child = home.start(ALERT, key=KEY, url=server.url, debug=True, wrapper=shell,
                       options='{"thehive_version":"5","budget_ms":20000}', timeout="20")
    assert came.wait(20)
    pid = child.process.pid
    assert proc_status(pid, "Umask") == "0077"
    ignored = int(proc_status(pid, "SigIgn"), 16)
    assert ignored & 1 << (signal.SIGPIPE - 1) and ignored & 1 << (signal.SIGHUP - 1)
    for fd in closed:
        assert os.readlink(f"/proc/{pid}/fd/{fd}") == "/dev/null"
    looked.set()
    assert child.wait().code == 0
    assert [kept for _, kept, _ in in_state(home)] == [ALERT]


def test_a_log_of_its_own_making_is_private(home, serve):
    server = serve(lambda request: answer(503, {}))
    home.log.unlink()
    home.run(ALERT, key=KEY, url=server.url)
    assert home.log.stat().st_mode & 0o037 == 0


def test_nothing_is_left_running(home, thehive):
    run = home.run(ALERT, key=KEY, url=thehive.url)
    assert session_members(run.pid) == []


def test_hangup_does_not_end_it(home, serve):
    children = []

    def respond(request):
        os.kill(children[0].process.pid, signal.SIGHUP)
        return answer(201, {"_id": "~1", "_type": "alert"})

    server = serve(respond)
    children.append(home.start(ALERT, key=KEY, url=server.url, options='{"thehive_version":"5"}'))
    assert children[0].wait().code == 0
    assert count(home) == 0


def test_files_are_private(home, serve):
    server = serve(lambda request: answer(503, {}))
    home.run(ALERT, key=KEY, url=server.url)
    modes = {path: path.stat().st_mode & 0o077 for path in home.spool.rglob("*")}
    assert len(modes) >= 8 and not any(modes.values())
