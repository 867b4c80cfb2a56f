#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A live stream of many events with all kinds of failures, and a final check.

  SOCBRIDGE_BIN_DIR=build/release/bin tests/integration/support/stream_endurance.py [--events N] [--cuts N] [--kills N] [--outages N] [--added N]

OpenCTI's stream breaks off `cuts` times, the consumer is killed with SIGKILL `kills` times, TheHive is stopped `outages` times and fails occasionally in between. Meanwhile `added` observables are added to the
cases, whose indicators OpenCTI has but never sends again. The check: every event that concerns an observable of an open case, and every indicator of what was
added, is reported to that case exactly once. test_opencti_stream_endurance.py runs it small.
"""

import argparse
import collections
import dataclasses
import http.client
import json
import random
import re
import signal
import sys
import tempfile
import threading
import time
import urllib.error
from pathlib import Path

from live_stream import Hive, call, indicator
from ports import free_port
from tool import KEY, Sandbox, start

VALUES_PER_CASE = 10
FAULTS = ["status=503,rate=0.02,seed=1", "commit-then-reset,rate=0.01,seed=2",
          "half,rate=0.01,seed=3"]


def address(k):
    return f"45.{k // 65536 % 256}.{k // 256 % 256}.{k % 256}"


def added_address(k):
    return f"46.{k // 65536 % 256}.{k // 256 % 256}.{k % 256}"


class Additions(threading.Thread):
    """Adds observables to cases, one after another, whatever TheHive answers."""

    def __init__(self, url, cases, count, rng):
        super().__init__(daemon=True)
        self.url, self.cases, self.count, self.rng = url, cases, count, rng

    def run(self):
        for k in range(self.count):
            case = self.rng.choice(self.cases)
            while not self.add(case, added_address(k)):
                time.sleep(0.05)
            time.sleep(self.rng.uniform(0, 0.1))

    def add(self, case, value):
        try:
            call(self.url, KEY, f"/api/v1/case/{case}/observable", {"dataType": "ip", "data": value})
        except urllib.error.HTTPError as error:
            return error.code == 400  # it exists: the answer to the first try was lost
        except (OSError, http.client.HTTPException):
            return False
        return True


class Outages(threading.Thread):
    """Stops TheHive `count` times, evenly spread over the remaining events."""

    def __init__(self, port, state, count, pause, rng):
        super().__init__(daemon=True)
        self.port, self.state, self.count, self.pause, self.rng = port, state, count, pause, rng
        self.done, self.seen = threading.Event(), 0
        self.hive = self.up()

    def up(self):
        return Sandbox(port=self.port, state=self.state, rules=FAULTS)

    def run(self):
        while self.seen < self.count and not self.done.wait(self.pause * self.rng.uniform(0.5, 1.5)):
            self.hive.close()
            self.seen += 1
            self.done.wait(self.rng.uniform(0.1, 0.5))
            self.hive = self.up()

    def end(self):
        self.done.set()
        self.join()


@dataclasses.dataclass
class Plan:
    """How many of each, and the seed of when they come."""

    events: int = 1000000
    cuts: int = 50
    kills: int = 20
    outages: int = 10
    hits: int = 2000
    added: int = 100
    seed: int = 1

    @property
    def hit_every(self):
        return max(1, self.events // self.hits)

    @property
    def values(self):
        return min(200, self.hits)

    def bundle(self):
        """OpenCTI's data: the indicators of the added observables, and the settings of its stream."""
        make = {"events": self.events, "hit_every": self.hit_every, "hit_values": self.values, "first_ms": 1763975700000}
        objects = [indicator(f"[ipv4-addr:value = '{added_address(k)}']", 0xadd000000000 + k, name=added_address(k))
                   for k in range(self.added)]
        stream = {"make": make, "cut_every": max(1, self.events // max(self.cuts, 1)), "heartbeat_ms": 200}
        return {"type": "bundle", "id": "bundle--1", "objects": objects, "sandbox": {"stream": stream}}

    def wanted(self):
        """(observable, end of the indicator's id) of each match."""
        matches = {(address(n // self.hit_every % self.values), f"{n:012x}")
                   for n in range(0, self.events, self.hit_every)}
        return matches | {(added_address(k), f"{0xadd000000000 + k:012x}") for k in range(self.added)}


class Consumer:
    """`socctl opencti stream` with its state in `folder`."""

    def __init__(self, folder, opencti, thehive):
        self.state = folder / "state"
        self.env = {"SOCCTL_OPENCTI_URL": opencti, "SOCCTL_OPENCTI_KEY": KEY,
                    "SOCCTL_THEHIVE_URL": thehive, "SOCCTL_THEHIVE_KEY": KEY}

    def start(self, *more):
        return start("opencti", "stream", "--state-dir", self.state, "--from", "0-1", "--retry", "20ms",
                     "--refresh", "300ms", "-o", "jsonl", *more, env=self.env)

    def killed_after(self, wait):
        process = self.start()
        drain = threading.Thread(target=process.communicate, daemon=True)
        drain.start()
        wait()
        process.send_signal(signal.SIGKILL)
        drain.join()

    def wait_for_values(self):
        while not (self.state / "values").exists():
            time.sleep(0.02)

    def run_until_idle(self, over):
        """Runs until no change remains that the last run could not see: (number of runs, counts of the last)."""
        for runs in range(1, 202):
            was_over = over()
            process = self.start("--until-idle", "500ms")
            err = process.communicate(timeout=1800)[1].decode()
            if process.returncode == 0 and was_over:
                return runs, json.loads(re.findall(r"socctl: stream (\{.*\})", err)[-1])
        raise AssertionError(err[-2000:])


def make_cases(port, state, values):
    with Sandbox(port=port, state=state) as quiet:
        hive = Hive(quiet)
        return [hive.case(*[("ip", address(k)) for k in range(first, min(first + VALUES_PER_CASE, values))])
                for first in range(0, values, VALUES_PER_CASE)]


def read_reports(port, state):
    """How often each match was reported."""
    with Sandbox(port=port, state=state) as quiet:
        reported = collections.Counter()
        for text in Hive(quiet).comments():
            value = re.search(r"\*\*([0-9.\\]+)\*\*", text).group(1).replace("\\", "")
            known = re.search(r"indicator(?:\\?-){2}00000000[0-9a-f\\-]*?([0-9a-f]{12})\b", text).group(1)
            reported[(value, known)] += 1
        return reported


def endure(plan, folder, log=print):
    rng = random.Random(plan.seed)
    data = folder / "opencti.json"
    data.write_text(json.dumps(plan.bundle()))
    port, state = free_port(), folder / "hive.json"
    thehive = f"http://127.0.0.1:{port}"
    cases = make_cases(port, state, plan.values)
    began = time.monotonic()
    with Sandbox("opencti", data={"opencti": data}) as platform:
        outages = Outages(port, state, plan.outages, 0.3, rng)
        consumer = Consumer(folder, platform.urls["opencti"], thehive)
        additions = Additions(thehive, cases, plan.added, rng)
        # The first start treats all existing values as known: only later ones are looked up.
        consumer.killed_after(consumer.wait_for_values)
        outages.start()
        additions.start()
        for _ in range(plan.kills):
            consumer.killed_after(lambda: time.sleep(rng.uniform(0.2, 1.2)))
        runs, counts = consumer.run_until_idle(lambda: outages.seen >= plan.outages and not additions.is_alive())
        outages.end()
        outages.hive.close()
    reported, wanted = read_reports(port, state), plan.wanted()
    verdict = {
        "events": plan.events, "added": plan.added, "matching": len(wanted), "reported": len(reported),
        "missing": len(wanted - set(reported)), "unwanted": len(set(reported) - wanted),
        "twice": sum(1 for count in reported.values() if count > 1), "kills": plan.kills, "outages": outages.seen,
        "connections_of_the_last_run": counts["connections"], "runs": runs,
        "seconds": round(time.monotonic() - began, 1),
    }
    log(json.dumps(verdict))
    return verdict


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for field in dataclasses.fields(Plan):
        parser.add_argument(f"--{field.name}", type=int, default=field.default)
    with tempfile.TemporaryDirectory(prefix="stream-endurance-") as folder:
        verdict = endure(Plan(**vars(parser.parse_args())), Path(folder))
    sys.exit(1 if verdict["missing"] or verdict["unwanted"] or verdict["twice"] else 0)


if __name__ == "__main__":
    main()
