#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A live stream of many events with all kinds of failures, and a final check.

  SOCBRIDGE_BIN_DIR=build/release/bin tests/integration/support/stream_endurance.py [--events N] [--cuts N] [--kills N] [--outages N] [--added N]

OpenCTI's stream breaks off `cuts` times, the consumer is killed with SIGKILL `kills` times, TheHive goes away `outages`
times and fails now and then in between. Meanwhile `added` observables come to the cases whose indicators OpenCTI knows
but never sends again. The check: every event that concerns an observable of an open case, and every indicator of what was
added, is reported to that case exactly once. test_opencti_stream_endurance.py runs it small.
"""

import argparse
import collections
import http.client
import json
import random
import re
import signal
import socket
import sys
import tempfile
import threading
import time
import urllib.error
from pathlib import Path

from live_stream import Hive, call, indicator
from tool import KEY, Sandbox, start

VALUES_PER_CASE = 10
FAULTS = ["status=503,rate=0.02,seed=1", "commit-then-reset,rate=0.01,seed=2",
          "half,rate=0.01,seed=3"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def address(k):
    return f"45.{k // 65536 % 256}.{k // 256 % 256}.{k % 256}"


def added_address(k):
    return f"46.{k // 65536 % 256}.{k // 256 % 256}.{k % 256}"


class Additions(threading.Thread):
    """Adds observables to cases, one after another, whatever TheHive answers meanwhile."""

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
            return error.code == 400  # it is there: the answer to the first try was lost
        except (OSError, http.client.HTTPException):
            return False
        return True


class Outages(threading.Thread):
    """Takes TheHive away `count` times, evenly spread over what is still to come."""

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


def wait_for_values(argv, env, snapshot):
    process = start(*argv, env=env)
    drain = threading.Thread(target=process.communicate, daemon=True)
    drain.start()
    while not snapshot.exists():
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    drain.join()


def endure(events, cuts, kills, outages, hits, folder, seed=1, log=print, added=100):
    rng = random.Random(seed)
    hit_every = max(1, events // hits)
    values = min(200, hits)
    data = folder / "opencti.json"
    make = {"events": events, "hit_every": hit_every, "hit_values": values, "first_ms": 1763975700000}
    objects = [indicator(f"[ipv4-addr:value = '{added_address(k)}']", 0xadd000000000 + k, name=added_address(k))
               for k in range(added)]
    data.write_text(json.dumps({"type": "bundle", "id": "bundle--1", "objects": objects, "sandbox": {
        "stream": {"make": make, "cut_every": max(1, events // max(cuts, 1)), "heartbeat_ms": 200}}}))
    port, state = free_port(), folder / "hive.json"
    with Sandbox(port=port, state=state) as quiet:
        hive = Hive(quiet)
        cases = []
        for first in range(0, values, VALUES_PER_CASE):
            cases += [hive.case(*[("ip", address(k)) for k in range(first, min(first + VALUES_PER_CASE, values))])]
    began = time.monotonic()
    with Sandbox("opencti", data={"opencti": data}) as platform:
        outage_thread = Outages(port, state, outages, 0.3, rng)
        env = {"SOCCTL_OPENCTI_URL": platform.urls["opencti"], "SOCCTL_OPENCTI_KEY": KEY,
               "SOCCTL_THEHIVE_URL": f"http://127.0.0.1:{port}", "SOCCTL_THEHIVE_KEY": KEY}
        argv = ["opencti", "stream", "--state-dir", folder / "state", "--from", "0-1",
                "--retry", "20ms", "--refresh", "300ms", "-o", "jsonl"]
        additions = Additions(f"http://127.0.0.1:{port}", cases, added, rng)
        # The first start takes all that is there for known: only what comes later is asked for.
        wait_for_values(argv, env, folder / "state" / "values")
        outage_thread.start()
        additions.start()
        killed = 0
        while killed < kills:
            process = start(*argv, env=env)
            drain = threading.Thread(target=process.communicate, daemon=True)
            drain.start()
            time.sleep(rng.uniform(0.2, 1.2))
            process.send_signal(signal.SIGKILL)
            drain.join()
            killed += 1
        runs = 0
        while True:
            runs += 1
            over = outage_thread.seen >= outages and not additions.is_alive()
            process = start(*argv, "--until-idle", "500ms", env=env)
            out, err = process.communicate(timeout=1800)
            if process.returncode == 0 and over:  # nothing came that this run could not see
                break
            if runs > 200:
                raise AssertionError(err.decode()[-2000:])
        outage_thread.end()
        counts = json.loads(re.findall(r"socctl: stream (\{.*\})", err.decode())[-1])
        outage_thread.hive.close()
        with Sandbox(port=port, state=state) as quiet:
            hive = Hive(quiet)
            reported = collections.Counter()
            for text in hive.comments():
                value = re.search(r"\*\*([0-9.\\]+)\*\*", text).group(1).replace("\\", "")
                reported[(value, re.search(r"indicator(?:\\?-){2}00000000[0-9a-f\\-]*?([0-9a-f]{12})\b", text).group(1))] += 1
    wanted = {(address(n // hit_every % values), f"{n:012x}") for n in range(0, events, hit_every)}
    wanted |= {(added_address(k), f"{0xadd000000000 + k:012x}") for k in range(added)}
    verdict = {
        "events": events, "added": added, "matching": len(wanted), "reported": len(reported),
        "missing": len(wanted - set(reported)), "unwanted": len(set(reported) - wanted),
        "twice": sum(1 for count in reported.values() if count > 1), "kills": killed, "outages": outage_thread.seen,
        "connections_of_the_last_run": counts["connections"], "runs": runs,
        "seconds": round(time.monotonic() - began, 1),
    }
    log(json.dumps(verdict))
    return verdict


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=1000000)
    parser.add_argument("--cuts", type=int, default=50)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--outages", type=int, default=10)
    parser.add_argument("--hits", type=int, default=2000)
    parser.add_argument("--added", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="stream-endurance-") as folder:
        verdict = endure(args.events, args.cuts, args.kills, args.outages, args.hits, Path(folder), args.seed,
                         added=args.added)
    sys.exit(1 if verdict["missing"] or verdict["unwanted"] or verdict["twice"] else 0)


if __name__ == "__main__":
    main()
