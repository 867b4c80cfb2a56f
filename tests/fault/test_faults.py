# SPDX-License-Identifier: Apache-2.0
"""The oracle: every alert with exit 0 arrives exactly once, whatever is killed and whatever faults the server has."""

import collections
import itertools
import os
import shutil
import subprocess

import pytest

import fault_scenarios
import fixture
import integratord
import tool
from integratord import AS_ROOT

WANTED = int(os.environ.get("SOCBRIDGE_FAULTS", "2000"))
ROUNDS = max(1, -(-WANTED // 2000))  # each returns 2,000 and more
# For fewer faults: each STEP-th system call, with another offset for every server.
STEP = 1 if WANTED >= 2000 else 3500 // WANTED
RELAY_SERVERS = ["well", "commits, then drops", "503 and 502 pages", "late, and no atomic check"]
total = collections.Counter()


@pytest.fixture
def w(request):
    made = fault_scenarios.open_fixture(seed=len(request.node.name))
    yield made
    total.update(made.faults)
    made.close()


@pytest.mark.parametrize("server", fault_scenarios.SERVERS)
def test_intake_killed_at_every_system_call(w, server):
    first = 1 + list(fault_scenarios.SERVERS).index(server) % STEP
    for _ in range(ROUNDS):
        assert fault_scenarios.sweep_intake(w, fault_scenarios.SERVERS[server], STEP, first) > 40 // STEP
    fault_scenarios.finish(w)


@pytest.mark.parametrize("server", RELAY_SERVERS)
def test_relay_killed_at_every_system_call(w, server):
    first = 1 + RELAY_SERVERS.index(server) % STEP
    for _ in range(ROUNDS):
        assert fault_scenarios.sweep_relay(w, fault_scenarios.SERVERS[server], STEP, first) > 40 // STEP
    fault_scenarios.finish(w)


CONF = "<ossec_config>\n  <global><jsonout_output>yes</jsonout_output></global>\n</ossec_config>\n"


@pytest.mark.skipif(not AS_ROOT, reason="only root can create files with group wazuh")
def test_setup_of_a_manager_killed_at_every_system_call(tmp_path):
    """At any kill ossec.conf is the old or the new file, and the next run continues."""
    (tmp_path / "key").write_text("key-of-thehive-0123456789\n")
    words = ["setup", "wazuh", "--url", "https://thehive.example", "--key-file", str(tmp_path / "key"), "--write", "--no-test",
             "-o", "json"]
    home = integratord.new_home()
    try:
        for call in itertools.count(40, 4 * STEP + 9):
            shutil.rmtree(home.spool, ignore_errors=True)
            for path in (home.path / "etc").iterdir():
                path.unlink()
            home.write("etc/ossec.conf", CONF, mode=0o660)
            env = {"SOCBRIDGE_WAZUH_HOME": str(home.path)}
            argv = [str(fault_scenarios.SYSCALL_KILLER), str(call), str(tmp_path / "report"), str(tool.BIN), "socctl", *words]
            subprocess.run(argv, env={**tool.BASE_ENV, **env}, capture_output=True, timeout=60)
            text = (home.path / "etc/ossec.conf").read_text()
            assert text == CONF or text.count("<integration>") == 1, call
            again = tool.run(*words, env=env)
            assert again.code == 0, (call, (tmp_path / "report").read_text(), again)
            third = tool.run(*words, env=env)
            assert {row["state"] for row in third.json()} == {"present"}, (call, third)
            if (tmp_path / "report").read_text().startswith("ended"):
                break
    finally:
        shutil.rmtree(home.path)


def test_storm(w):
    fault_scenarios.storm(w, seconds=15 * ROUNDS / min(STEP, 3))
    assert len(w.accepted) > 50 // min(STEP, 3)
    fault_scenarios.finish(w)


def test_the_check_sees_a_lost_and_a_doubled_alert(w):
    """The check must be able to fail."""
    w.start_thehive()
    alert = w.next_alert()
    assert w.hand_over(alert)[0] == 0
    w.check_midway()
    w.accepted["1741938001.999-0000000000000000"] = "1741938001.999"
    with pytest.raises(AssertionError, match="accepted and lost"):
        w.check_midway()
    del w.accepted["1741938001.999-0000000000000000"]
    w.start_thehive("dup-race=300")
    # Two requests for one reference at once, past every guard of ours.
    body = {"type": "wazuh", "source": "twice", "sourceRef": "r-1", "title": "t", "description": "d"}
    import threading
    import requests
    send = lambda: requests.post(w.thehive.url + "/api/v1/alert", json=body, timeout=10,
                                 headers={"Authorization": f"Bearer {fixture.KEY}"})
    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with pytest.raises(AssertionError, match="twice in TheHive"):
        w.check_midway()


def test_enough_faults_were_injected():
    """Runs last: how many there were is part of the promise."""
    print(dict(total))
    assert sum(total.values()) >= WANTED, dict(total)
