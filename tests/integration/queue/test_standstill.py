# SPDX-License-Identifier: Apache-2.0
"""Local errors that block delivery are logged once, counted, reported, and end `relay --once`."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import tool
from conftest import KEY, make_alert
from integratord import AS_ROOT, GROUP, USER
from servers import answer
from spool_env import configure, env, ids, put, shared_folder, socctl
from tool import wait_until

pytestmark = pytest.mark.skipif(not AS_ROOT, reason="files of several users")

ENDS_WITHIN_S = 25  # --timeout 1s, 5 s more without progress, and a busy machine


def replace(path, make):
    if path.is_dir():
        path.rmdir()
    else:
        path.unlink(missing_ok=True)
    make(path)
    return path


def in_flight_of_root(home):
    path = replace(home.spool / "in-flight", lambda path: path.touch(mode=0o600))
    return path, "Permission denied"


def in_flight_is_a_folder(home):
    return replace(home.spool / "in-flight", os.mkdir), "it is a folder"


def in_flight_is_a_fifo(home):
    return replace(home.spool / "in-flight", os.mkfifo), "it is a FIFO"


def in_flight_is_a_link(home):
    return replace(home.spool / "in-flight", lambda path: path.symlink_to("/etc/hostname")), "it is a link"


def queue_cannot_be_read(home):
    (home.spool / "queue").chmod(0o300)
    return home.spool / "queue", "Permission denied"


def tmp_of_root(home):
    return replace(home.spool / "tmp", lambda path: path.mkdir(mode=0o700)), "Permission denied"


def an_entry_of_root(home):
    path = home.spool / "queue" / (ids(home)[0] + ".alert")
    os.chown(path, 0, 0)
    return path, "Permission denied"


def spool_cannot_be_written(home):
    home.spool.chmod(0o500)
    return home.spool, "Permission denied"


CAUSES = [in_flight_of_root, in_flight_is_a_folder, in_flight_is_a_fifo, in_flight_is_a_link, queue_cannot_be_read,
          an_entry_of_root, spool_cannot_be_written]


@pytest.fixture
def full(home, thehive):
    for number in range(3):
        put(home, number)
    configure(home, thehive.url)
    home.write("etc/ossec.conf", f"""<ossec_config><global><jsonout_output>yes</jsonout_output></global>
      <integration><name>custom-w2thive</name><hook_url>{thehive.url}</hook_url>
      <api_key>{KEY}</api_key><alert_format>json</alert_format></integration></ossec_config>""")
    return home


@pytest.mark.parametrize("cause", CAUSES)
def test_once_ends_with_a_true_code_and_a_line_for_the_cause(full, cause):
    path, why = cause(full)
    began = time.monotonic()
    result = socctl(full, "relay", "--once", "--timeout", "1s", timeout=60)
    assert time.monotonic() - began < ENDS_WITHIN_S
    assert result.code == (3 if cause is an_entry_of_root else 1), result
    lines = [line for line in result.err.splitlines() if why in line]
    assert len(lines) == 1, result.err
    assert str(path) in lines[0] or str(path.parent) in lines[0]
    # The checks report it too.
    for args in (("queue", "fsck", "--dry-run"), ("config", "check"), ("health", "wazuh")):
        found = socctl(full, *args)
        named = path.name in found.out or (path == full.spool and "its mode is 0500" in found.out)
        assert found.code != 0 and named, (args, found)


def lay_fifo(path):
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    os.chown(path, USER, GROUP)
    path.chmod(0o660)


def destination_state(home):
    [state] = (home.spool / "state").glob("destination-*")
    return state


# Files that user wazuh may replace, and their readers.
FIFOS = {
    "state": (destination_state, [("alert", "test"), ("alert", "send"), ("queue", "flush"), ("queue", "stats"),
                                  ("relay", "--once", "--timeout", "1s"), ("health", "wazuh"), ("reconcile", "--from", "-")]),
    "entry": (lambda home: home.spool / "queue" / (ids(home)[0] + ".alert"),
              [("queue", "flush"), ("queue", "list", "--alerts"), ("queue", "export", "--all"), ("queue", "fsck"),
               ("relay", "--once", "--timeout", "1s"), ("reconcile", "--from", "-")]),
    "ossec.conf": (lambda home: home.path / "etc/ossec.conf",
                   [("queue", "list"), ("config", "check"), ("config", "explain"), ("health", "wazuh"), ("alert", "map"),
                    ("relay", "--once", "--timeout", "1s"), ("reconcile", "--from", "-")]),
    "w2thive.json": (lambda home: home.path / "etc/w2thive.json",
                     [("queue", "list"), ("config", "check"), ("alert", "map"), ("alert", "test"), ("health", "wazuh"),
                      ("relay", "--once", "--timeout", "1s")]),
    "log": (lambda home: home.log, [("health", "wazuh"), ("config", "check")]),
}


@pytest.mark.parametrize("what", FIFOS)
def test_a_fifo_in_place_of_a_file_blocks_no_command(full, what):
    assert socctl(full, "alert", "test").code == 0  # the state exists by then
    where, readers = FIFOS[what]
    path = where(full)
    for args in readers:
        lay_fifo(path)
        socctl(full, *args, stdin=make_alert(77), timeout=40)  # ends
    lay_fifo(path)
    began = time.monotonic()
    run = full.run(make_alert(78), options='{"budget_ms": 500}')
    assert time.monotonic() - began < 20, run


def test_a_fifo_as_the_alert_file_is_an_error_at_once(full):
    path = full.path / "alert.fifo"
    lay_fifo(path)
    done = subprocess.run([str(full.binary), str(path), KEY, "http://127.0.0.1:9"], cwd=full.path, timeout=40, check=False,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, user=USER, group=GROUP, extra_groups=[])
    assert done.returncode == 1 and "it is a FIFO" in done.stdout + done.stderr, done


READERS = [("alert", "send", "--dry-run"), ("alert", "send"), ("alert", "map"), ("reconcile", "--from")]


def wait_for_input(home, words, way):
    """The command, as soon as it waits: it is asleep in each sample of half a second."""
    fifo = home.path / "input.fifo"
    lay_fifo(fifo)
    process = tool.start(*words, "-" if way == "stdin" else fifo, env=env(home), stdin="")
    asleep = 0
    while asleep < 10:
        assert process.poll() is None
        state = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0]
        asleep = asleep + 1 if state == "S" else 0
        time.sleep(0.05)
    return process


@pytest.mark.parametrize("way", ["stdin", "fifo"])
def test_input_is_waited_for(full, way):
    waiting = [wait_for_input(full, words, way) for words in READERS]
    time.sleep(1)
    for process in waiting:
        still = process.poll()
        process.kill()
        process.communicate()
        assert still is None, process.args


@pytest.mark.parametrize("words", READERS, ids=" ".join)
@pytest.mark.parametrize("way", ["stdin", "fifo"])
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM], ids=["INT", "TERM"])
def test_the_first_signal_ends_who_waits_for_input(full, words, way, sent):
    process = wait_for_input(full, words, way)
    try:
        process.send_signal(sent)
        assert process.wait(timeout=20) in (130, -sent)
    finally:
        process.kill()
        process.communicate()


def test_a_fifo_that_is_written_to_is_read_whole(full, thehive):
    fifo = full.path / "input.fifo"
    lay_fifo(fifo)
    process = tool.start("alert", "map", fifo, "-o", "jsonl", env=env(full))
    with open(fifo, "wb") as end:
        for number in range(3):
            end.write(make_alert(number))
            end.flush()
            time.sleep(0.3)
    out, err = process.communicate(timeout=40)
    assert (process.returncode, len(out.splitlines())) == (0, 3), err


def test_tmp_of_root_is_named_when_a_delivery_is_put_off(full, serve):
    path, why = tmp_of_root(full)
    configure(full, serve(lambda request: answer(503, {})).url)
    result = socctl(full, "relay", "--once", "--timeout", "1s", timeout=60)
    assert result.code in (1, 5), result
    assert len([line for line in result.err.splitlines() if str(path) in line and why in line]) == 1, result.err


def spool_errors(metrics):
    if not metrics.exists():
        return 0
    values = dict(line.rsplit(" ", 1) for line in metrics.read_text().splitlines() if not line.startswith("#"))
    return int(values["socbridge_relay_spool_errors_total"])


@pytest.mark.parametrize("cause", [in_flight_of_root, in_flight_is_a_fifo, queue_cannot_be_read])
def test_a_lasting_relay_names_each_cause_once_counts_it_and_goes_on(full, cause, thehive):
    path, why = cause(full)
    metrics = shared_folder(full) / "relay.prom"
    process = tool.start("relay", "--metrics-file", metrics, env=env(full))
    try:
        wait_until(lambda: spool_errors(metrics) > 1, 30, "a second try")
        assert not thehive.alerts
        if path.is_dir():
            path.chmod(0o700)
        else:
            path.unlink()
        wait_until(lambda: len(thehive.alerts) == 3, 90)
    finally:
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
    err = err.decode() if isinstance(err, bytes) else err
    assert len([line for line in err.splitlines() if why in line and str(path) in line]) == 1, err
    assert "can be used again" in err, err
    assert spool_errors(metrics) > 0


HOLD_CLAIM = """
import fcntl, os, signal, sys
fd = os.open(sys.argv[1], os.O_RDONLY)
fcntl.flock(fd, fcntl.LOCK_EX)
print("held", flush=True)
signal.pause()
"""
HOLD_TABLE = """
import fcntl, os, signal, struct, sys
fd = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT, 0o600)
fcntl.fcntl(fd, 37, struct.pack("hhqqixxxx", fcntl.F_WRLCK, 0, 0, 0, 0))
print("held", flush=True)
signal.pause()
"""


@pytest.fixture
def holder():
    """Starts a process that holds a lock, and stops it with SIGSTOP."""
    started = []

    def start(program, path):
        process = subprocess.Popen([sys.executable, "-c", program, str(path)], user=USER, group=GROUP, extra_groups=[],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        started.append(process)
        line = process.stdout.readline()
        assert line == b"held\n", process.stderr.read()
        process.send_signal(signal.SIGSTOP)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.mark.parametrize("what", ["a claim", "all slots"])
def test_a_stopped_process_that_holds_something_is_named(full, holder, what, thehive):
    if what == "a claim":
        process = holder(HOLD_CLAIM, full.spool / "queue" / (ids(full)[0] + ".alert"))
    else:
        process = holder(HOLD_TABLE, full.spool / "in-flight")
    began = time.monotonic()
    result = socctl(full, "relay", "--once", "--timeout", "1s", timeout=60)
    assert time.monotonic() - began < ENDS_WITHIN_S
    assert result.code == 3, result
    assert f"process {process.pid}" in result.err and "stopped" in result.err, result.err
    assert len(thehive.alerts) == (2 if what == "a claim" else 0)
    for args in (("queue", "fsck", "--dry-run"), ("config", "check"), ("health", "wazuh")):
        found = socctl(full, *args)
        assert found.code != 0 and f"process {process.pid}" in found.out, (args, found)
    process.send_signal(signal.SIGKILL)
    process.wait()
    wait_until(lambda: socctl(full, "relay", "--once", "--timeout", "1s").code == 0 and len(thehive.alerts) == 3, 20)


@pytest.mark.parametrize("cause", [in_flight_of_root, in_flight_is_a_fifo, in_flight_is_a_link])
def test_custom_w2thive_keeps_the_alert_and_names_the_cause(full, cause, thehive):
    path, why = cause(full)
    run = full.run(make_alert(9), key=KEY, url=thehive.url, options='{"thehive_version":"5"}')
    assert run.code == 0
    assert len(ids(full)) + len(thehive.alerts) == 4
    lines = full.log_text().splitlines()
    assert len([line for line in lines if why in line and str(path) in line]) == 1, lines
    assert run.seconds < 2.5
