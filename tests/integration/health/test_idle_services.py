# SPDX-License-Identifier: Apache-2.0
"""An idle service sleeps: at most five wake-ups a second, all threads together."""

import json
import time
from pathlib import Path

import pytest

import tool

MOST_A_SECOND = 5
WINDOW_S = 2
RULES = {"analysis": {"rules": {"addresses": {"types": ["ip"], "analyzers": ["AbuseIPDB_2_0"]}}}}


def wake_ups(pid):
    total = 0
    for status in Path(f"/proc/{pid}/task").glob("*/status"):
        for line in status.read_text().splitlines():
            if line.startswith("voluntary_ctxt_switches"):
                total += int(line.split()[1])
    return total


def rate(pid):
    before, started = wake_ups(pid), time.monotonic()
    time.sleep(WINDOW_S)
    return (wake_ups(pid) - before) / (time.monotonic() - started)


SERVICES = {
    "relay": ("relay",),
    "stream": ("opencti", "stream"),
    "analyze": ("analyze", "--new", "--follow"),
    "metrics": ("metrics", "serve", "--listen", "127.0.0.1:0"),
    "health": ("health", "--watch", "--interval", "60s"),
}


@pytest.mark.parametrize("service", SERVICES)
def test_an_idle_service_sleeps(home, tmp_path, service):
    config = tmp_path / "config.json"
    config.write_text(json.dumps(RULES))
    with tool.Sandbox("cortex", "opencti") as sandbox:
        home.configure(url=sandbox.url, api_key=tool.KEY)
        env = {**sandbox.env(), "HOME": str(tmp_path), "SOCCTL_STATE_DIR": str(tmp_path),
               "SOCBRIDGE_WAZUH_HOME": str(home.path)}
        options = ("--profile", config) if service == "analyze" else ()
        process = tool.start(*SERVICES[service], *options, env=env)
        try:
            rates = []
            for _ in range(5):  # the start is not idle time
                rates.append(rate(process.pid))
                if rates[-1] <= MOST_A_SECOND:
                    break
            assert process.poll() is None, process.communicate()
            assert rates[-1] <= MOST_A_SECOND, rates
        finally:
            process.terminate()
            process.communicate(timeout=30)
