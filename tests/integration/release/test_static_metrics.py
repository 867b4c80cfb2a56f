# SPDX-License-Identifier: Apache-2.0
"""`socctl metrics serve` with a TheHive of 100,000 alerts and 10,000 cases: at most 20 requests for one poll, and 32 MB
of memory."""

import re

import tool
from large_thehive import write_state
from metrics_service import Served, samples
from request_counter import RequestCounter


def peak_kib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmHWM:\s+(\d+) kB", status.read()).group(1))


def test_memory_and_requests_have_a_bound(tmp_path):
    write_state(tmp_path / "state", alerts=100000, cases=10000)
    with tool.Sandbox("cortex", "opencti", "opensearch", state=tmp_path / "state") as sandbox:
        with RequestCounter(sandbox) as counter:
            env = {**counter.env, "SOCCTL_OPENSEARCH_USER": "admin"}
            with Served(env, "--interval", "300ms") as served:
                served.wait_ready(seconds=120)
                got = samples(served.get("/metrics")[2])
                peak = peak_kib(served.process.pid)
            starts = [number for number, one in enumerate(counter.seen) if one[:2] == ("thehive", "GET")]
            assert max(b - a for a, b in zip(starts, starts[1:])) <= 20
    assert sum(got["socbridge_thehive_alerts_by_status"].values()) == 100000
    assert sum(got["socbridge_thehive_cases_by_status"].values()) == 10000
    assert peak <= 32 * 1024, f"{peak} KiB"
