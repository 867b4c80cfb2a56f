# SPDX-License-Identifier: Apache-2.0
"""Alerts that become cases at once: one case each whatever fails or is killed between the two requests, and one open
case for all alerts of a key."""

import json
import signal
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import tool
from case_queries import CASES, VERSIONS, alerts, alerts_of, cases
from conftest import make_alert
from entries import count, in_state
from servers import answer
from spool_env import KEY, configure, ids, make_due, put, references, socctl
from tenants import Tenant
from tool import wait_until

OWN = {"rules": [{"name": "brute force", "match": {"rule": "5763"}, "set": {"promote": True}}]}
SHARED = {"rules": [{"match": {"rule": "5763"}, "set": {"promote": ["rule.id", "data.srcip"]}}]}


def counts(home):
    [row] = [row for row in socctl(home, "queue", "stats", "-o", "jsonl").jsonl() if row["kind"] == "alerts"]
    return row


def relay_until_empty(home, seconds=30):
    end = time.monotonic() + seconds
    while count(home) and time.monotonic() < end:
        make_due(home)
        socctl(home, "relay", "--once")
        time.sleep(0.1)
    assert count(home) == 0, in_state(home)


@pytest.mark.parametrize("version", VERSIONS)
def test_an_alert_of_the_rule_becomes_a_case(home, version):
    with tool.Sandbox(version=version) as sandbox:
        configure(home, sandbox.url, thehive_version="auto", **OWN)
        assert home.run(make_alert(1)).code == 0
        other = json.loads(make_alert(2))
        other["rule"]["id"] = "5710"
        assert home.run(json.dumps(other).encode()).code == 0
        assert home.run(make_alert(1)).code == 0  # again
        assert len(alerts(sandbox)) == 2
        [case] = cases(sandbox)
        assert {"wazuh", "rule:5763"} <= set(case["tags"])
        assert [("caseId" in one) for one in sorted(alerts(sandbox), key=lambda one: one["sourceRef"])] == [True, False]
    got = counts(home)
    assert (got["created"], got["duplicate"], got["promoted"]) == (2, 1, 1)
    metrics = socctl(home, "queue", "stats", "-o", "prometheus").out
    assert 'socbridge_delivery_alerts_total{result="promoted"} 1' in metrics
    assert home.log_text() == ""


@pytest.mark.parametrize("version", VERSIONS)
def test_alerts_of_one_key_share_one_open_case(home, version):
    with tool.Sandbox(version=version) as sandbox:
        configure(home, sandbox.url, thehive_version="auto", delivery="queue", **SHARED)
        for number in (1, 2, 3):
            assert home.run(make_alert(number)).code == 0
        assert home.run(make_alert(4, data={"srcip": "198.51.100.4"})).code == 0
        relay_until_empty(home)
        shared, other = sorted(cases(sandbox), key=lambda case: -alerts_of(sandbox, case))
        assert (alerts_of(sandbox, shared), alerts_of(sandbox, other)) == (3, 1)
        assert counts(home)["promoted"] == 4
        # A closed case takes no more: the next alert begins a new one.
        closed = {"status": "TruePositive"} if version[0] == "5" else {"status": "Resolved"}
        request = urllib.request.Request(f"{sandbox.url}/api/v1/case/{shared['_id']}", json.dumps(closed).encode(),
                                         {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"},
                                         method="PATCH")
        urllib.request.urlopen(request, timeout=30).close()
        assert home.run(make_alert(5)).code == 0
        relay_until_empty(home)
        assert len(cases(sandbox)) == 3 and alerts_of(sandbox, shared) == 3


def by_integration(home):
    assert home.run(make_alert(1)).code == 0


def by_relay(home):
    put(home, 1)
    socctl(home, "relay", "--once")


@pytest.mark.parametrize("deliver,status", [(by_integration, 503), (by_relay, 503), (by_relay, 429), (by_relay, 500)])
def test_a_case_that_cannot_be_made_now_is_made_later(home, deliver, status):
    with tool.Sandbox(rules=[f"status={status},first=1,{CASES}"]) as sandbox:
        configure(home, sandbox.url, breaker_failures=1000, **OWN)
        deliver(home)
        assert len(references(sandbox)) == 1 and cases(sandbox) == []
        [(_, _, reason)] = in_state(home)
        assert "is in TheHive, but not in a case yet" in reason["message"] and reason["kind"] == "retry"
        assert "is in TheHive, but not in a case yet" in socctl(home, "queue", "list").out
        relay_until_empty(home)
        assert len(references(sandbox)) == 1 and len(cases(sandbox)) == 1
    got = counts(home)
    assert (got["created"], got["duplicate"], got["postponed"], got["promoted"]) == (1, 0, 1, 1)


def by_next_alert(home):
    wait_until(lambda: not home.run(make_alert(9)).code and make_due(home) is None and count(home) == 0, 30)


def by_relay_once(home):
    relay_until_empty(home)


@pytest.mark.parametrize("finish", [by_relay_once, by_next_alert])
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("end", ["commit-then-drop", "commit-then-reset", "commit-then-hang", "half", "hang", "reset",
                                 "commit-then-delay=1500"])
def test_an_end_that_leaves_things_open_makes_no_second_case(home, version, end, finish):
    with tool.Sandbox(version=version, rules=[f"{end},first=1,{CASES}"]) as sandbox:
        configure(home, sandbox.url, thehive_version="auto", budget_ms=800, breaker_failures=1000, **OWN)
        assert home.run(make_alert(1)).code == 0
        assert count(home) == 1, "its end must be open"
        configure(home, sandbox.url, thehive_version="auto", budget_ms=2000, breaker_failures=1000, **OWN)
        finish(home)
        mine = [one for one in alerts(sandbox) if one["sourceRef"].startswith("1741938001.1201-")]
        assert len(mine) == 1 and "caseId" in mine[0]
        assert len([case for case in cases(sandbox) if alerts_of(sandbox, case) == 0]) == 0
        assert len(cases(sandbox)) == len(alerts(sandbox))


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("rules,rule", [
    *((rules, rule) for rules in (OWN, SHARED) for rule in (
        f"commit-then-hang,first=1,{CASES}", f"hang,first=1,{CASES}", "commit-then-hang,first=1,path=/api/v1/alert",
        "commit-then-hang,first=1,path=/api/alert")),
    (SHARED, "hang,first=1,path=/api/v1/query")])
def test_a_kill_between_the_requests_makes_no_second_case(home, version, rule, rules):
    with tool.Sandbox(version=version, rules=[rule]) as sandbox:
        configure(home, sandbox.url, thehive_version="auto", budget_ms=1500, **rules)
        child = home.start(make_alert(1))
        wait_until(lambda: references(sandbox), what="the alert") if "query" not in rule else time.sleep(0.5)
        time.sleep(0.4)
        child.process.send_signal(signal.SIGKILL)
        child.wait()
        relay_until_empty(home)
        assert len(references(sandbox)) == 1 and len(cases(sandbox)) == 1
        assert alerts_of(sandbox, cases(sandbox)[0]) == 1
    got = counts(home)
    assert (got["created"], got["duplicate"], got["lost"]) == (1, 0, 0)


@pytest.mark.parametrize("version", VERSIONS)
def test_many_at_once_make_one_case(home, version):
    """Two relays and ten integrations, while TheHive's search is a second behind."""
    with tool.Sandbox(version=version, rules=["query-lag=800"]) as sandbox:
        configure(home, sandbox.url, thehive_version="auto", **SHARED)
        for number in range(10):
            put(home, number)
        environment = {"SOCBRIDGE_WAZUH_HOME": str(home.path)}
        relays = [tool.start("relay", env=environment) for _ in range(2)]
        try:
            with ThreadPoolExecutor(5) as pool:
                runs = list(pool.map(lambda number: home.run(make_alert(number)), range(10, 20)))
            assert [run.code for run in runs] == [0] * 10
            wait_until(lambda: ids(home) == [], 60, "an empty queue")
        finally:
            for relay in relays:
                relay.terminate()
                relay.communicate(timeout=30)
        time.sleep(0.9)
        assert len(references(sandbox)) == 20
        [case] = cases(sandbox)
        assert alerts_of(sandbox, case) == 20
    assert counts(home)["promoted"] == 20


def test_a_template_that_is_not_there_leaves_the_alert(home):
    """Version 4 accepts the alert with an unknown template, and refuses the case."""
    with tool.Sandbox(version="4.1.24-1") as sandbox:
        configure(home, sandbox.url, thehive_version="4", case_template="No such", **OWN)
        assert home.run(make_alert(1)).code == 0
        assert count(home) == 0 and len(references(sandbox)) == 1 and cases(sandbox) == []
    [line] = home.log_text().splitlines()
    assert "is in TheHive, but not in a case" in line and "CaseTemplate" in line and "socctl alert promote ~" in line
    assert counts(home)["promoted"] == 0 and counts(home)["created"] == 1


def test_a_missing_right_leaves_the_alert_and_is_found_by_health(home, place):
    tenant = Tenant(KEY)
    tenant.before = lambda request: answer(403, {"type": "AuthorizationError", "message": "no manageCase/create"}) \
        if request.path.endswith("/case") else None
    try:
        configure(home, tenant.url, **OWN)
        assert home.run(make_alert(1)).code == 0
        assert count(home) == 0 and len(tenant.alerts) == 1
        [line] = home.log_text().splitlines()
        assert "not in a case" in line and "manageCase/create" in line
        env = {"SOCBRIDGE_WAZUH_HOME": str(home.path), "SOCCTL_THEHIVE_URL": tenant.url, "SOCCTL_THEHIVE_KEY": KEY}
        health = tool.run("health", "thehive", env=env)
        assert "promotion" in health.out and "manageAlert/import, manageCase/create" in health.out
        assert "setup thehive --rights alerts --promote" in health.out
    finally:
        tenant.close()


@pytest.mark.parametrize("rules", [OWN, SHARED])
def test_alert_send_and_reconcile_promote_too(home, place, rules):
    with tool.Sandbox() as sandbox:
        configure(home, sandbox.url, **rules)
        file = Path(place) / "alerts.json"
        file.write_bytes(make_alert(1))
        env = sandbox.env(SOCBRIDGE_WAZUH_HOME=str(home.path))
        sent = tool.run("alert", "send", file, "-o", "jsonl", env=env)
        assert sent.code == 0 and sent.jsonl()[0]["result"] == "created"
        assert len(cases(sandbox)) == 1
        file.write_bytes(make_alert(1) + make_alert(2, data={"srcip": "198.51.100.4"}))
        filled = tool.run("reconcile", "--from", file, "-o", "jsonl", env=env)
        assert filled.code == 0, filled.err
        assert len(cases(sandbox)) == 2 and len(references(sandbox)) == 2


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("rules", [OWN, SHARED])
def test_what_a_killed_reconcile_left_without_a_case_gets_it(home, place, version, rules):
    """Killed between alert and case; the next run creates the case, without another alert."""
    with tool.Sandbox(version=version, rules=[f"hang,first=1,{CASES}"]) as sandbox:
        configure(home, sandbox.url, thehive_version="auto", budget_ms=1500)
        assert home.run(make_alert(9)).code == 0  # before there was a rule: it stays an alert
        configure(home, sandbox.url, thehive_version="auto", budget_ms=1500, **rules)
        file = Path(place) / "alerts.json"
        file.write_bytes(make_alert(1) + make_alert(9))
        env = sandbox.env(SOCBRIDGE_WAZUH_HOME=str(home.path))
        killed = tool.start("reconcile", "--from", file, env=env)
        wait_until(lambda: len(references(sandbox)) == 2, what="the alert")
        time.sleep(0.3)  # its case is requested
        killed.kill()
        killed.communicate()
        assert cases(sandbox) == []
        looked = tool.run("reconcile", "--from", file, "--dry-run", "-o", "jsonl", env=env)
        assert looked.code == 3 and [row["result"] for row in looked.jsonl()[:-1]] == ["without_case"]
        filled = tool.run("reconcile", "--from", file, "-o", "jsonl", env=env)
        assert filled.code == 0, filled
        found, summary = filled.jsonl()
        assert (found["result"], summary["promoted"], summary["without_case"]) == ("promoted", 1, 0)
        assert summary["present"] == 2 and summary["complete"]
        again = tool.run("reconcile", "--from", file, "-o", "jsonl", env=env)
        assert again.code == 0 and len(again.jsonl()) == 1
        [case] = cases(sandbox)
        assert alerts_of(sandbox, case) == 1 and len(references(sandbox)) == 2


def test_a_case_that_was_deleted_between_search_and_merge_is_replaced(home):
    tenant = Tenant(KEY)
    gone = {"type": "NotFoundError", "message": "Case ~7 not found"}
    promoted = []

    def before(request):
        if request.path.endswith("socbridge-open-case"):
            return answer(200, [{"_id": "~7", "_type": "Case"}])
        if "/merge/" in request.path or request.path.endswith("/case/~7"):
            return answer(404, gone)
        if request.method == "GET" and request.path.startswith("/api/v1/alert/~"):
            return answer(200, {"_id": request.path.rpartition("/")[2], "_type": "Alert", "stage": "New"})
        if request.path.endswith("/case"):
            promoted.append(request.path)
            return answer(201, {"_id": "~9", "_type": "Case"})
        return None

    tenant.before = before
    try:
        configure(home, tenant.url, **SHARED)
        assert home.run(make_alert(1)).code == 0
        assert count(home) == 0 and len(promoted) == 1
        assert home.log_text() == "" and counts(home)["promoted"] == 1
    finally:
        tenant.close()


def test_each_destination_gets_its_case(home):
    with tool.Sandbox() as top, tool.Sandbox(key="other-key-0123456789") as acme:
        home.write("etc/acme.key", acme.key + "\n")
        configure(home, top.url, destinations={"acme": {"url": acme.url, "api_key": "file:etc/acme.key"}},
                  rules=[{"set": {"destination": ["acme", "default"], "promote": True}}])
        assert home.run(make_alert(1)).code == 0
        assert len(cases(top)) == 1
        env = {"SOCCTL_THEHIVE_URL": acme.url, "SOCCTL_THEHIVE_KEY": acme.key}
        assert len(tool.run("case", "list", "-o", "jsonl", env=env).jsonl()) == 1
        shares = {row["destination"]: row["promoted"]
                  for row in socctl(home, "queue", "stats", "-o", "jsonl").jsonl() if row["kind"] == "totals"}
        assert shares == {"acme": 1, "default": 1}


def test_the_rule_is_named_and_mistakes_are_found(home, place):
    home.configure(url="http://127.0.0.1:9", api_key=KEY, **SHARED)
    file = Path(place) / "alert.json"
    file.write_bytes(make_alert(1))
    explained = socctl(home, "alert", "map", "--explain", str(file)).out
    [line] = [line for line in explained.splitlines() if "\tpromotion\t" in line]
    assert "the open case of case-" in line and "rules[0]: rule 5763" in line
    home.configure(url="http://127.0.0.1:9", api_key=KEY, rules=[{"set": {"promote": "yes"}}])
    checked = socctl(home, "config", "check")
    assert checked.code != 0 and "rules[0].set.promote: must be true, false or a list of paths" in checked.out
    tests = Path(place) / "tests.json"
    configuration = Path(place) / "w2thive.json"
    configuration.write_text(json.dumps(SHARED))
    tests.write_text(json.dumps({"config": "w2thive.json", "tests": [
        {"alert": "alert.json", "expect": {"promote": "shared"}}, {"alert": "alert.json", "expect": {"promote": "no"}}]}))
    assert socctl(home, "config", "test", str(tests)).code == 1
