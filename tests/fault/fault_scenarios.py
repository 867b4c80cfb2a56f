# SPDX-License-Identifier: Apache-2.0
"""Faults and their order. Each campaign ends with a check of all alerts."""

import os
import random
import signal
import subprocess
import threading
import time
from pathlib import Path

import integratord
import fixture

SYSCALL_KILLER = Path(os.environ["SOCBRIDGE_BIN_DIR"]) / "syscall_killer"  # in no release build
ALERT_POST = "path=/api/v1/alert,method=POST"
# The server's faults for requests that would create an alert.
SERVERS = {
    "well": (),
    "commits, then drops": (f"commit-then-drop,rate=0.4,{ALERT_POST}",),
    "commits, then resets": (f"commit-then-reset,rate=0.4,seed=2,{ALERT_POST}",),
    "half answers": (f"half,rate=0.4,seed=3,{ALERT_POST}",),
    "503 and 502 pages": (f"status=503,rate=0.3,seed=4,{ALERT_POST}", f"html=502,rate=0.2,seed=5,{ALERT_POST}"),
    "resets before it acts": (f"reset,rate=0.4,seed=6,{ALERT_POST}",),
    "late, and no atomic check": (f"commit-then-delay=600,rate=0.1,seed=7,{ALERT_POST}", "dup-race=30"),
    "429 with Retry-After": (f"status=429,retry-after=1,rate=0.3,seed=8,{ALERT_POST}",),
}


def sweep_intake(w, rules, step=1, first=1):
    """custom-w2thive killed before its system calls in turn, from `first` on each `step`-th, a fresh alert each time."""
    w.start_thehive(*rules)
    w.hand_over(w.next_alert())  # the version is cached, as in normal operation
    code, calls = w.hand_over(w.next_alert())
    assert code == 0 and calls > 20, (code, calls)
    kills, point = 0, first
    # A backlog makes later runs longer than the first: continue until a run ends without a kill
    # twice.
    unharmed = 0
    while unharmed < 2 and point < 2000:
        _, calls = w.hand_over(w.next_alert(), point)
        if calls is None:
            kills, unharmed = kills + 1, 0
        else:
            unharmed += 1
        point += step
    w.check_midway()
    return kills


def sweep_relay(w, rules, step=1, first=1):
    """`socctl relay --once` killed before its system calls, always with a backlog to deliver."""
    backlog = 3
    w.start_thehive(*rules)
    kills, point, unharmed = 0, first, 0
    while unharmed < 2 and point < 2000:
        w.stock(backlog)
        _, calls = w.relay_once(kill_before=point)
        if calls is None:
            kills, unharmed = kills + 1, 0
        else:
            unharmed += 1
        point += step
    w.check_midway()
    return kills


def storm(w, seconds, relays=3, producers=3):
    """Everything at once, with processes and the server killed at random moments."""
    rules = [rule for name in ("commits, then drops", "half answers", "503 and 502 pages") for rule in SERVERS[name]]
    rules = [rule.replace("rate=0.4", "rate=0.1").replace("rate=0.3", "rate=0.1") for rule in rules]
    w.start_thehive(*rules, "dup-race=5")
    end = time.monotonic() + seconds
    lock = threading.Lock()

    def produce(seed):
        dice = random.Random(seed)
        while time.monotonic() < end:
            with lock:
                alert = w.next_alert()
            child = w.home.start(fixture.json.dumps(alert).encode() + b"\n")
            if dice.random() < 0.4:
                time.sleep(dice.random() * 0.02)
                child.process.kill()
            code = child.wait().code
            with lock:
                if code == 0:
                    w.accepted[fixture.reference_of(alert)] = alert["id"]
                elif code == -signal.SIGKILL:
                    w.faults["custom-w2thive killed"] += 1

    def relay(seed):
        dice = random.Random(seed)
        while time.monotonic() < end:
            process = subprocess.Popen(w.relay_argv("--in-flight", "8"), env=w.relay_env(), cwd=w.home.path,
                                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL, **w.identity())
            time.sleep(0.05 + dice.random() * 0.6)
            process.kill()
            process.wait()
            with lock:
                w.faults["relay killed"] += 1

    threads = [threading.Thread(target=produce, args=(i,)) for i in range(producers)]
    threads += [threading.Thread(target=relay, args=(100 + i,)) for i in range(relays)]
    for thread in threads:
        thread.start()
    while time.monotonic() < end - 1:
        time.sleep(0.5 + w.random.random())
        w.kill_thehive()
        time.sleep(w.random.random() * 0.3)
        w.start_thehive(*rules, "dup-race=5")
    for thread in threads:
        thread.join()
    w.check_midway()


def finish(w):
    w.recover()
    w.check_at_the_end()
    return sum(w.faults.values())


def open_fixture(seed):
    """With the release executables if they are built, because users run them and they are fast."""
    built = Path(os.environ["SOCBRIDGE_BIN_DIR"])
    release = Path(os.environ["SOCBRIDGE_SOURCE_DIR"]) / "build/release/bin"
    whole = all((release / name).exists() for name in ("custom-w2thive", "socctl"))
    return fixture.Fixture(release if whole else built, SYSCALL_KILLER, seed)
