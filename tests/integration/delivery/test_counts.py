# SPDX-License-Identifier: Apache-2.0
"""The spool's counts equal the results of the alerts, whatever process was killed, with direct delivery and by the relay.

SOCBRIDGE_DELIVERIES=10000 sets the number; the default is a few hundred. Processes are killed by progress, not by
time: custom-w2thive before one of its system calls, the relay at one of its requests. So the number of kills does not
depend on the machine."""

import collections
import os
import random
import re
import threading
import time
from pathlib import Path

import pytest

import servers
import spool_env
import tool
from conftest import make_alert
from entries import count
from integratord import AS_ROOT, BIN_DIR

KILLED = 137
# In no release build.
SYSCALL_KILLER = next((path for path in (BIN_DIR / "syscall_killer", Path(os.environ["SOCBRIDGE_SOURCE_DIR"]) /
                                         "build/dev/bin/syscall_killer") if path.exists()), None)
NUMBER = int(os.environ.get("SOCBRIDGE_DELIVERIES", "300"))
QUICK = {"budget_ms": 1500, "settle_ms": 100, "retry_min_ms": 100, "retry_max_ms": 400, "drain_max": 0,
         "breaker_failures": 1000, "min_level": 5, "spool_min_free_mb": 0}


class Oracle(servers.TheHive):
    """Refuses some alerts permanently, records the requests for each, and kills the requesting process if
    configured."""

    def __init__(self):
        self.asked = collections.Counter()
        self.killed = threading.Event()
        self._victim, self._left, self._drops = None, 0, False
        self._asked_lock = threading.Lock()
        super().__init__()

    def kill_at(self, number, process, drops):
        """After this number of requests; `drops`: that request is not processed."""
        with self._asked_lock:
            self.killed.clear()
            self._victim, self._left, self._drops = process, number, drops

    def spare(self):
        with self._asked_lock:
            self._victim = None

    def _kills(self):
        """Whether it is the time; under the lock."""
        self._left -= self._victim is not None
        if self._victim is None or self._left > 0:
            return False
        self._victim.kill()
        self._victim = None
        self.killed.set()
        return True

    def _answer(self, request):
        found = re.search(r"1741938001\.(\d+)", request.path + request.body.decode())
        if not found:
            return super()._answer(request)
        number = int(found.group(1)) - 1200
        with self._asked_lock:
            self.asked[number] += 1
            if self._kills() and self._drops:
                return servers.RESET
        if request.method == "POST" and is_refused(number):
            return servers.answer(400, {"type": "BadRequest", "message": "no"})
        return super()._answer(request)


def is_refused(number):
    return number % 29 == 5


def counts(home):
    for row in spool_env.socctl(home, "queue", "stats", "-o", "jsonl").jsonl():
        if row["kind"] == "alerts":
            return row
    return collections.Counter()


def states(home):
    return {path.stem for state in ("queue", "dead", "corrupt") for path in (home.spool / state).glob("*.alert")}


def a_number(chance, given):
    """One of few, so that many alerts come twice, but not within 12 s of the end of the last: according to
    docs/spool.md these may count as created or as duplicate. budget_ms and settle_ms are 1.6 s, the clocks may differ
    by 5 s twice."""
    while True:
        number = chance.randrange(NUMBER * 4)
        if time.monotonic() - given.get(number, -100) > 12:
            given[number] = time.monotonic()
            return number


def empty_the_queue(home):
    for _ in range(200):
        if not spool_env.ids(home):
            return
        spool_env.socctl(home, "relay", "--once")
        time.sleep(0.1)
    raise AssertionError(f"{count(home)} left: {home.log_text()[-2000:]}")


def check(home, oracle, accepted, filtered):
    got = counts(home)
    created, dead = len(oracle.alerts), count(home, "dead")
    expected = {"created": created, "refused": dead, "duplicate": accepted - created - dead, "filtered": filtered,
                "dead": 0, "corrupt": 0, "dropped": 0, "lost": 0, "capped": 0}
    assert {name: got[name] for name in expected} == expected
    print(f"{accepted} accepted:", {name: value for name, value in got.items() if value})
    return got


@pytest.fixture
def oracle():
    server = Oracle()
    yield server
    server.close()


def delivered(home, place, number, kill_before, level=10):
    """Runs custom-w2thive with an alert: whether it was killed, and the number of its system calls."""
    report = Path(place, "report")
    run = home.run(make_alert(number, level=level), wrapper=(str(SYSCALL_KILLER), str(kill_before), str(report), str(home.binary)))
    word, calls, _ = report.read_text().split()
    assert run.code == (KILLED if word == "killed" else 0), home.log_text()[-500:]
    return word == "killed", int(calls)


@pytest.mark.skipif(not AS_ROOT, reason="the spool must belong to user wazuh")
def test_direct_delivery(home, oracle, place):
    spool_env.configure(home, oracle.url, **QUICK)
    os.chmod(place, 0o777)
    chance = random.Random(20)
    calls = min(delivered(home, place, 900000 + number, 0)[1] for number in range(5))
    # Sanitizers make hundreds before main(), so few kills would hit the delivery.
    before_accept = delivered(home, place, 1, 0, level=3)[1]
    accepted, filtered, killed, between, given = 5, 1, 0, 0, {}
    for _ in range(NUMBER):
        kind = chance.random()
        if kind < 0.05:
            assert home.run(make_alert(1, level=3)).code == 0
            filtered += 1
            continue
        number = a_number(chance, given)
        before, asked = states(home), oracle.asked[number]
        if kind < 0.45:
            first = 0 if chance.random() < 0.2 else before_accept * 9 // 10
            ended, _ = delivered(home, place, number, 1 + first + chance.randrange(calls - first))
        else:
            ended = False
            assert home.run(make_alert(number)).code == 0, home.log_text()[-500:]
        given[number] = time.monotonic()  # its try was before that
        killed += ended
        taken = bool(states(home) - before) or oracle.asked[number] > asked
        assert taken or ended
        accepted += taken
        between += taken and ended
    # Where the loop was quick none has come twice yet.
    first = list(given)[:10]
    time.sleep(max(0.0, max(given[number] for number in first) + 12 - time.monotonic()))
    for number in first:
        assert home.run(make_alert(number)).code == 0
    accepted += len(first)
    empty_the_queue(home)
    got = check(home, oracle, accepted, filtered)
    print(f"{killed} killed, {between} of them after the alert was accepted")
    assert killed > NUMBER // 10 and between > NUMBER // 50 and got["duplicate"] > 0


def deliver_with_kills(home, oracle, chance):
    """Relays deliver the queue, each killed at one of its first requests; returns the number of relays."""
    kills, end = 0, time.monotonic() + 600 + NUMBER / 5
    while spool_env.ids(home):
        assert time.monotonic() < end, count(home)
        # After a kill an alert in flight waits that long.
        relay = tool.start("relay", "--in-flight", "4", "--timeout", "3s", env=spool_env.env(home))
        oracle.kill_at(chance.randrange(1, 13), relay, drops=chance.random() < 0.3)
        while not oracle.killed.wait(0.2) and spool_env.ids(home):
            assert time.monotonic() < end, count(home)
        oracle.spare()
        kills += oracle.killed.is_set()
        relay.kill()
        relay.communicate()
    return kills


@pytest.mark.skipif(not AS_ROOT, reason="the spool must belong to user wazuh")
def test_relay(home, oracle):
    spool_env.configure(home, oracle.url, **{**QUICK, "delivery": "queue"})
    chance = random.Random(21)
    first = chance.sample(range(NUMBER * 4), NUMBER * 5 // 6)
    again = chance.sample(first, NUMBER - len(first))
    kills = 0
    for numbers in (first, again):
        for number in numbers:
            spool_env.put(home, number)
        kills += deliver_with_kills(home, oracle, chance)
        if numbers is first:
            time.sleep(6)  # docs/spool.md: an alert that TheHive created more than 5 s before is a duplicate
    check(home, oracle, NUMBER, 0)
    print(f"the relay was killed {kills} times")
    assert kills > NUMBER // 10


@pytest.mark.skipif(not AS_ROOT, reason="the spool must belong to user wazuh")
def test_the_last_of_several_tries_without_an_end_counts(home, oracle):
    """The first request is lost with its relay; the second one, later than an answer to the first may come, creates the
    alert."""
    spool_env.configure(home, oracle.url, **{**QUICK, "delivery": "queue"})
    spool_env.put(home, 1)

    def killed_at(number, drops):
        relay = tool.start("relay", "--timeout", "5s", env=spool_env.env(home))
        oracle.kill_at(number, relay, drops)
        assert oracle.killed.wait(30)
        relay.communicate()
    killed_at(1, drops=True)
    early = tool.start("relay", env=spool_env.env(home))  # it notes that there was a try, and waits
    tool.wait_until(lambda: list((home.spool / "queue").glob("*.reason")), 30, "the note")
    early.kill()
    early.communicate()
    assert not oracle.alerts and len(spool_env.ids(home)) == 1
    time.sleep(8)
    killed_at(2, drops=False)  # it searches for the alert first
    assert len(oracle.alerts) == 1
    empty_the_queue(home)
    check(home, oracle, 1, 0)


@pytest.mark.skipif(not AS_ROOT, reason="the spool must belong to user wazuh")
def test_both_count_into_one(home, thehive):
    """One alert for each way, a failed try, and a dropped alert: as metrics and as text."""
    spool_env.configure(home, thehive.url, **QUICK)
    assert home.run(make_alert(1)).code == 0
    assert home.run(make_alert(1)).code == 0
    spool_env.put(home, 2)
    assert spool_env.socctl(home, "relay", "--once").code == 0
    spool_env.configure(home, "http://127.0.0.1:1", **QUICK)
    assert home.run(make_alert(3)).code == 0
    assert spool_env.socctl(home, "queue", "drop", "--all", "--yes").code == 0
    got = counts(home)
    assert [got[one] for one in ("created", "duplicate", "postponed", "dropped")] == [2, 1, 1, 1]
    text = spool_env.socctl(home, "queue", "stats", "-o", "prometheus").out
    assert 'socbridge_delivery_alerts_total{result="created"} 2' in text
    assert "2 created, 1 duplicate, 1 postponed, 1 dropped" in spool_env.socctl(home, "queue", "stats").out
    assert spool_env.socctl(home, "queue", "fsck").code == 0


@pytest.mark.skipif(not AS_ROOT, reason="the spool must belong to user wazuh")
@pytest.mark.parametrize("how", ["link", "folder", "fifo", "foreign"])
def test_a_hostile_file_of_counts_harms_nothing(home, thehive, place, how):
    spool_env.configure(home, thehive.url, **QUICK)
    assert home.run(make_alert(1)).code == 0
    file, victim = home.spool / "counts", os.path.join(place, "victim")
    file.unlink()
    with open(victim, "w", encoding="ascii") as out:
        out.write("mine")
    os.chmod(place, 0o777)
    os.chmod(victim, 0o666)
    if how == "link":
        file.symlink_to(victim)
    elif how == "folder":
        file.mkdir()
    elif how == "fifo":
        os.mkfifo(file)
    else:
        file.write_bytes(b"\xff" * 100000)
    assert home.run(make_alert(2)).code == 0
    assert len(thehive.alerts) == 2 and count(home) == 0
    with open(victim, encoding="ascii") as text:
        assert text.read() == "mine"
    result = spool_env.socctl(home, "queue", "stats", "-o", "jsonl", timeout=20)
    assert result.code == 0
