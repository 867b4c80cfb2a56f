# SPDX-License-Identifier: Apache-2.0
"""Every command that sends alerts, after an ambiguous end: the server commits late, answers later, and its check for
duplicates is not atomic. A program that sends again without searching first creates a second alert."""

import json
import os
import shutil
import tempfile
import time

import pytest

import tool
from conftest import make_alert
from entries import count
from receiver import Receiver
from spool_env import configure, ids, make_due, put, references, socctl
from tool import wait_until

# The first request is stored after 0.8 s and answered after 1.6 s; the client times out after 0.4 s. Later tries
# may take as long as makes such a late answer ambiguous.
STORED_S = 0.8
LATER_MS = 1500
RULES = ["commit-then-delay=800,first=1,method=POST,path={path}", "dup-race=800,method=POST,path={path}"]
HOW = {"budget_ms": 400, "settle_ms": 2000, "retry_min_ms": 100, "breaker_failures": 1000}
PATHS = {"4.1.24-1": "/api/alert", "5.7.3-1": "/api/v1/alert"}
NUMBER = 7


def try_first(home):
    """The try with the ambiguous end. The following ones have more time: their duration does not matter, and a busy
    machine is slow."""
    assert home.run(make_alert(NUMBER)).code == 0
    settings = json.loads((home.path / "etc/w2thive.json").read_text())
    home.configure(**{**settings, "budget_ms": LATER_MS})


def until_delivered(home, again):
    """Tries as often as a person or cron would, without any pause."""
    end = time.monotonic() + 40
    while count(home) and time.monotonic() < end:
        make_due(home)
        again()
        time.sleep(0.1)
    assert count(home) == 0, home.log_text()


def by_integration(home, sandbox):
    try_first(home)
    assert count(home) == 1, "its end must be open"
    until_delivered(home, lambda: home.run(make_alert(NUMBER)))


def by_relay_once(home, sandbox):
    put(home, NUMBER)
    until_delivered(home, lambda: socctl(home, "relay", "--once"))


def by_relay(home, sandbox):
    put(home, NUMBER)
    relay = tool.start("relay", env={"SOCBRIDGE_WAZUH_HOME": str(home.path)})
    try:
        wait_until(lambda: ids(home) == [], seconds=40, what="the delivery")
    finally:
        relay.terminate()
        relay.communicate(timeout=30)


def by_integration_and_relay(home, sandbox):
    """Two entries of one alert, two programs."""
    children = [home.start(make_alert(NUMBER)) for _ in range(2)]
    put(home, NUMBER)
    socctl(home, "relay", "--once")
    for child in children:
        assert child.wait().code == 0
    until_delivered(home, lambda: socctl(home, "relay", "--once"))


def by_flush(home, sandbox):
    try_first(home)

    def again():
        socctl(home, "queue", "flush")
        socctl(home, "relay", "--once")
    until_delivered(home, again)


def by_requeue(home, sandbox):
    try_first(home)
    assert socctl(home, "queue", "hold", "--all").code == 0
    assert socctl(home, "queue", "requeue", "--all").code == 0
    until_delivered(home, lambda: socctl(home, "relay", "--once"))


def alert_file(home):
    path = home.path / "alerts.ndjson"
    path.write_bytes(make_alert(NUMBER))
    return path


def send_env(home, sandbox):
    return {**sandbox.env(), "SOCBRIDGE_WAZUH_HOME": str(home.path)}


def by_alert_send(home, sandbox):
    result = tool.run("alert", "send", alert_file(home), "-o", "jsonl", env=send_env(home, sandbox), timeout=120)
    assert result.code == 0, result
    assert result.jsonl()[0]["result"] in ("created", "duplicate")


def by_alert_send_twice(home, sandbox):
    """At the same time, as two people would on a machine with a spool."""
    socctl(home, "queue", "drop", put(home, 99), "--yes")
    env = send_env(home, sandbox)
    both = [tool.start("alert", "send", alert_file(home), env=env) for _ in range(2)]
    for process in both:
        process.communicate(timeout=120)


def remove_spool(home):
    for folder in sorted(home.spool.iterdir()):
        assert not any(folder.iterdir())
        folder.rmdir()
    home.spool.rmdir()


def by_alert_send_without_a_spool(home, sandbox):
    remove_spool(home)
    by_alert_send(home, sandbox)


def by_alert_send_twice_without_a_spool(home, sandbox):
    """On a machine without Wazuh they share the folder of socctl's state files."""
    with tempfile.TemporaryDirectory() as folder:
        config = os.path.join(folder, "w2thive.json")
        shutil.copyfile(home.path / "etc/w2thive.json", config)
        env = {**sandbox.env(), "SOCCTL_STATE_DIR": folder, "SOCBRIDGE_WAZUH_HOME": folder}
        both = [tool.start("alert", "send", alert_file(home), "--config", config, env=env) for _ in range(2)]
        for process in both:
            out, err = process.communicate(timeout=120)
            assert process.returncode == 0, (out, err)


def by_integration_then_alert_send(home, sandbox):
    try_first(home)
    by_alert_send(home, sandbox)
    until_delivered(home, lambda: socctl(home, "relay", "--once"))


def by_reconcile(home, sandbox):
    result = tool.run("reconcile", "--from", alert_file(home), "-o", "jsonl", env=send_env(home, sandbox), timeout=120)
    assert result.code == 0, result


def by_integration_then_reconcile(home, sandbox):
    try_first(home)
    by_reconcile(home, sandbox)
    until_delivered(home, lambda: socctl(home, "relay", "--once"))


def by_alert_test(home, sandbox):
    """Each test alert is another one: it is sent once, whatever becomes of it."""
    tool.run("alert", "test", env=send_env(home, sandbox))


def by_receive(home, sandbox):
    receiver = Receiver(home)
    try:
        assert receiver.post(make_alert(NUMBER)).status_code == 202
        wait_until(lambda: ids(home) == [], seconds=40, what="the delivery")
    finally:
        receiver.close()


def by_integration_then_receive(home, sandbox):
    try_first(home)
    by_receive(home, sandbox)


WAYS = [by_integration, by_relay_once, by_relay, by_integration_and_relay, by_flush, by_requeue, by_alert_send,
        by_alert_send_twice, by_alert_send_without_a_spool, by_alert_send_twice_without_a_spool,
        by_integration_then_alert_send, by_reconcile, by_integration_then_reconcile, by_alert_test,
        by_receive, by_integration_then_receive]


@pytest.mark.parametrize("version", PATHS)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__.removeprefix("by_"))
def test_after_an_open_end_no_command_makes_a_second_alert(home, way, version):
    rules = [rule.format(path=PATHS[version]) for rule in RULES]
    with tool.Sandbox(version=version, rules=rules) as sandbox:
        configure(home, sandbox.url, thehive_version=version[0], **HOW)
        way(home, sandbox)
        time.sleep(STORED_S + 0.2)  # for pending writes
        found = references(sandbox)
        assert len(found) == 1, (found, home.log_text(), sorted(map(str, home.spool.rglob("*.alert"))))
        assert way is by_alert_test or found[0].startswith(f"1741938001.{1200 + NUMBER}-")


@pytest.mark.parametrize("version", PATHS)
def test_a_canary_is_gone_after_an_open_end(home, version):
    rules = [rule.format(path=PATHS[version]) for rule in RULES]
    with tool.Sandbox(version=version, rules=rules) as sandbox:
        configure(home, sandbox.url, thehive_version=version[0], **HOW)
        result = tool.run("health", "--canary", "--canary-timeout", "20s", "-o", "json", env=send_env(home, sandbox),
                          timeout=60)
        time.sleep(STORED_S + 0.2)
        assert references(sandbox) == [], result


@pytest.mark.parametrize("version", PATHS)
def test_a_test_alert_that_is_to_be_deleted_is_gone_after_an_open_end(home, version):
    rules = [rule.format(path=PATHS[version]) for rule in RULES]
    with tool.Sandbox(version=version, rules=rules) as sandbox:
        configure(home, sandbox.url, thehive_version=version[0], budget_ms=HOW["budget_ms"])
        result = socctl(home, "alert", "test", "--delete")
        time.sleep(STORED_S + 0.2)
        assert references(sandbox) == [], result
        assert result.code == 0 and "although no answer arrived" in result.err, result
