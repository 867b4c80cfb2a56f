# SPDX-License-Identifier: Apache-2.0
"""kill -9 before any system call: no accepted alert is lost, none arrives twice."""

import re
import shutil

import pytest

from conftest import KEY, make_alert
from entries import count, in_state
from integratord import AS_ROOT

ALERT = make_alert()
MOST_RUNS = 60
# Calls of the loader and the C library's start come before the alert file is opened.
CALL = re.compile(r"^(\w+)\((.*)$")

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")


def strace(*arguments):
    user = ("-u", "nobody") if AS_ROOT else ()
    return ("strace", "-qq", *user, *arguments)


def record(home, url, tmp_path):
    """System calls of one complete run, in order: [(name, rest of the line)]."""
    file = tmp_path / "trace"
    run = home.run(ALERT, key=KEY, url=url, wrapper=strace("-y", "-s", "64", "-o", str(file)))
    assert run.code == 0, run.output
    return [found.groups() for found in map(CALL.match, file.read_text().splitlines()) if found]


def test_durable_before_the_network(home, thehive, tmp_path):
    calls = record(home, thehive.url, tmp_path)

    def first(name, pattern, after=0):
        for i, (call, rest) in enumerate(calls[after:], after):
            if call in name and re.search(pattern, rest):
                return i
        raise AssertionError(f"no {name} {pattern}")

    network = first(("connect",), "AF_INET")
    written = first(("write",), r"/tmp/[0-9a-f-]+\.alert>")
    renamed = first(("rename", "renameat", "renameat2"),
                    r'/tmp(>, "|/)[0-9a-f-]+\.alert".*/queue(>, "|/)[^"]+\.alert"', written)
    synced = first(("fsync",), r"/queue/[0-9a-f-]+\.alert>\) += 0", renamed)
    folder = first(("fsync",), r"/queue>\) += 0", synced)
    assert written < renamed < synced < folder < network
    removed = first(("unlink", "unlinkat"), r'/queue(>, "|/)[^"]+\.alert')
    assert removed > network


def points_of(calls):
    """(call, number of its use) of each call from the opening of the alert file on, spread evenly."""
    seen, points, started = {}, [], False
    for name, rest in calls:
        seen[name] = seen.get(name, 0) + 1
        started = started or ".alert" in rest and name.startswith("open")
        if started:
            points.append((name, seen[name]))
    step = max(1, -(-len(points) // MOST_RUNS))
    important = {"fsync", "rename", "renameat", "unlink", "unlinkat", "connect", "sendto", "send", "recvfrom", "recv",
                 "exit_group"}
    return [point for i, point in enumerate(points) if i % step == 0 or point[0] in important]


def test_killed_at_every_point(home, thehive, tmp_path):
    points = points_of(record(home, thehive.url, tmp_path))
    assert len(points) > 20
    names = {name for name, _ in points}
    assert {"fsync", "connect"} <= names and names & {"rename", "renameat"}
    thehive.alerts.clear()
    home.configure(settle_ms=0)  # this server answers at once or never
    outcomes = {"queue": 0, "arrived": 0, "nothing": 0}
    for number, (name, when) in enumerate(points):
        alert = make_alert(number)
        reference = f"1741938001.{1200 + number}-"
        shutil.rmtree(home.spool / "state", ignore_errors=True)  # query the version each time, as recorded
        run = home.run(alert, key=KEY, url=thehive.url, wrapper=strace(
            "-o", "/dev/null", f"-e", f"trace={name}", "-e", f"inject={name}:signal=KILL:when={when}"))
        kept = [stored for _, stored, _ in in_state(home)]  # asserts that each is complete
        arrived = [key for key in thehive.alerts if key[2].startswith(reference)]
        assert run.code in (0, -9, 137), (name, when, run)
        if run.code == 0 or arrived or kept:
            assert kept == [alert] or arrived, (name, when)
        outcomes["queue" if kept else "arrived" if arrived else "nothing"] += 1
        # Queued alerts are delivered again, and so is the alert when alerts.json is read again.
        for again in kept + [alert]:
            assert home.run(again, key=KEY, url=thehive.url).code == 0
        assert len([key for key in thehive.alerts if key[2].startswith(reference)]) == 1, (name, when)
        for file in (home.spool / "queue").iterdir():
            file.unlink()
    assert count(home) == 0
    # All three outcomes occurred: killed before, between and after.
    assert all(outcomes.values()), outcomes


def test_in_state_rejects_a_damaged_entry(home, serve):
    """The test above relies on in_state(): it must not accept a cut or changed file."""
    server = serve(lambda request: b"")
    home.run(ALERT, key=KEY, url=server.url, options='{"thehive_version":"5"}')
    [file] = (home.spool / "queue").glob("*.alert")
    whole = file.read_bytes()
    for damaged in (whole[:-1], whole.replace(b"5763", b"5764"), b""):
        file.write_bytes(damaged)
        with pytest.raises(AssertionError):
            in_state(home)
