# SPDX-License-Identifier: Apache-2.0
"""A Wazuh manager with custom-w2thive, a TheHive that survives its own crashes, and an oracle of the accepted
alerts."""

import collections
import hashlib
import json
import os
import random
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import requests

import entries
import integratord
import tool
from ports import free_port

KILLED = 137
KEY = "fault-key-0123456789abcdef"
# Pauses short enough for a test; the rules that they belong to are those of the field.
SETTINGS = {
    "api_key": KEY, "thehive_version": "auto", "budget_ms": 400, "drain_max": 2, "retry_min_ms": 10,
    "retry_max_ms": 100, "settle_ms": 60, "breaker_failures": 5, "breaker_open_ms": 20, "auth_probe_ms": 50,
}


def make_alert(number):
    """Alerts with unique references; the number is in the id."""
    return {
        "timestamp": "2025-03-14T07:40:01.037+0000",
        "rule": {"level": 10, "description": f"Fault test {number}", "id": "5763", "firedtimes": 1,
                 "groups": ["sshd"]},
        "agent": {"id": "003", "name": "web-01", "ip": "192.0.2.7"},
        "manager": {"name": "wazuh-01"},
        "id": f"1741938001.{number}",
        "full_log": f"event {number}",
        "data": {"srcip": f"203.0.113.{number % 250 + 1}"},
        "location": "/var/log/auth.log",
    }


def reference_of(alert):
    """The sourceRef by docs/protocols/wazuh.md, "Identity of an alert", not by our code."""
    node = alert.get("cluster", {}).get("node", "")
    digest = hashlib.sha256("\n".join((alert["manager"]["name"], node, alert["id"])).encode()).hexdigest()
    return f"{alert['id']}-{digest[:16]}"


class Fixture:
    def __init__(self, bin_dir, syscall_killer, seed=1):
        self.random = random.Random(seed)
        self.bin_dir, self.syscall_killer = Path(bin_dir), str(syscall_killer)
        integratord.BIN_DIR = self.bin_dir
        tool.BIN = self.bin_dir / "socctl"
        self.home = integratord.new_home()
        self.scratch = Path(tempfile.mkdtemp(prefix="socbridge-fault-"))
        self.scratch.chmod(0o777)
        self.state = self.scratch / "thehive.state"
        self.port = free_port()
        self.home.configure(url=f"http://127.0.0.1:{self.port}", **SETTINGS)
        self.thehive = None
        self.accepted = {}  # reference -> number of the alert whose process ended with 0
        self.number = 0
        self.faults = collections.Counter()

    # --- TheHive

    def start_thehive(self, *rules):
        self.stop_thehive()
        for attempt in range(50):
            try:
                self.thehive = tool.Sandbox(rules=rules, state=self.state, port=self.port, key=KEY)
                return
            except RuntimeError:
                if attempt == 49:
                    raise
                time.sleep(0.05)

    def stop_thehive(self):
        if self.thehive:
            self.thehive.close()
            self.thehive = None

    def kill_thehive(self):
        self.thehive.process.kill()
        self.thehive.process.wait()
        self.thehive.close()
        self.thehive = None
        self.faults["TheHive killed"] += 1

    def stored(self):
        """References of all alerts in TheHive, with duplicates."""
        found = collections.Counter()
        at = 0
        while True:
            query = [{"_name": "listAlert"}, {"_name": "sort", "_fields": [{"_createdAt": "asc"}]},
                     {"_name": "page", "from": at, "to": at + 1000}]
            answer = requests.post(f"http://127.0.0.1:{self.port}/api/v1/query?name=check", timeout=60,
                                   json={"query": query}, headers={"Authorization": f"Bearer {KEY}"})
            answer.raise_for_status()
            found.update(alert["sourceRef"] for alert in answer.json())
            if len(answer.json()) < 1000:
                return found
            at += 1000

    # --- the manager

    def next_alert(self):
        self.number += 1
        return make_alert(self.number)

    def hand_over(self, alert, kill_before=0):
        """One call as by integratord; (exit code, number of system calls or None if it was killed)."""
        report = self.scratch / f"report-{os.getpid()}"
        report.unlink(missing_ok=True)
        wrapper = (self.syscall_killer, str(kill_before), str(report), str(self.home.binary))
        run = self.home.run(json.dumps(alert).encode() + b"\n", wrapper=wrapper)
        if run.code == 0:
            self.accepted[reference_of(alert)] = alert["id"]
        word, calls, _ = report.read_text().split()
        if word == "killed":
            self.faults["custom-w2thive killed"] += 1
        return run.code, None if word == "killed" else int(calls)

    def stock(self, count):
        """Extends the backlog to `count` entries by accepting alerts without delivering them."""
        self.home.configure(url=f"http://127.0.0.1:{self.port}", **SETTINGS, delivery="queue")
        while len(list((self.home.spool / "queue").glob("*.alert"))) < count:
            alert = self.next_alert()
            run = self.home.run(json.dumps(alert).encode() + b"\n")
            assert run.code == 0, run
            self.accepted[reference_of(alert)] = alert["id"]
        self.home.configure(url=f"http://127.0.0.1:{self.port}", **SETTINGS)

    def identity(self):
        if not integratord.AS_ROOT:
            return {}
        return {"user": integratord.USER, "group": integratord.GROUP, "extra_groups": []}

    def relay_argv(self, *more):
        # After a kill the next relay waits as long as the request of the killed one may still run.
        return [str(self.bin_dir / "socctl"), "relay", "--timeout", "1s", *more]

    def relay_env(self):
        """The home is never taken from the working directory."""
        return {**integratord.ENV, "SOCBRIDGE_WAZUH_HOME": str(self.home.path)}

    def relay_once(self, kill_before=None, timeout=60):
        """`socctl relay --once`; (exit code, number of system calls or None)."""
        argv = self.relay_argv("--once", "--in-flight", "4")
        report = self.scratch / "report-relay"
        if kill_before is not None:
            report.unlink(missing_ok=True)
            argv = [self.syscall_killer, str(kill_before), str(report), argv[0], *argv]
        done = subprocess.run(argv, env=self.relay_env(), cwd=self.home.path, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=timeout, **self.identity())
        self.last_relay = done
        if kill_before is None:
            return done.returncode, None
        word, calls, _ = report.read_text().split()
        if word == "killed":
            self.faults["relay killed"] += 1
        return done.returncode, None if word == "killed" else int(calls)

    def waiting(self, state="queue"):
        """References of the entries of a state; each entry must be complete."""
        return [reference_of(json.loads(raw)) for _, raw, _ in entries.in_state(self.home, state)]

    # --- checks

    def check_midway(self):
        """Every alert with exit 0 is in TheHive or in the queue, and no alert is in TheHive twice."""
        stored = self.stored()
        twice = {reference: count for reference, count in stored.items() if count > 1}
        assert not twice, f"twice in TheHive: {twice}"
        lost = set(self.accepted) - set(stored) - set(self.waiting())
        assert not lost, f"accepted and lost: {sorted(lost)[:5]} ({len(lost)})"

    def recover(self, seconds=30):
        """The faults stop; everything that waits must arrive."""
        self.start_thehive()
        end = time.monotonic() + seconds
        while self.waiting() and time.monotonic() < end:
            self.relay_once()
            time.sleep(0.02)
        assert not self.waiting(), f"still waiting: {self.waiting()[:5]}; relay said {self.last_relay}"

    def check_at_the_end(self):
        self.check_midway()
        missing = set(self.accepted) - set(self.stored())
        assert not missing, f"never arrived: {sorted(missing)[:5]}"
        for state in ("dead", "corrupt", "hold"):
            assert not self.waiting(state), f"in {state}: {self.waiting(state)[:5]}"

    def close(self):
        self.stop_thehive()
        shutil.rmtree(self.home.path, ignore_errors=True)
        shutil.rmtree(self.scratch, ignore_errors=True)
