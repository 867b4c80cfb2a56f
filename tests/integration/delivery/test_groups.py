# SPDX-License-Identifier: Apache-2.0
"""Grouping and the rate cap: many Wazuh alerts, few TheHive alerts, none lost and none counted twice."""

import json
import os
import re
import shutil
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

import tool
from conftest import make_alert
from integratord import AS_ROOT, USER

KEY = "k3y-0123456789abcdefABCDEF"
QUICK = {"settle_ms": 1000, "retry_min_ms": 1000, "retry_max_ms": 1000, "breaker_failures": 1000}
GROUPED = {"group_by": ["rule.id", "data.srcip"], "group_window": "1h", **QUICK}
CAPPED = {"rate_cap": {"by": ["rule.id", "agent.id"], "max": 3, "per": "10m"}, **QUICK}


@pytest.fixture
def sandbox():
    with tool.Sandbox(key=KEY) as running:
        yield running


def alert(number, srcip="203.0.113.9", stamp="2025-03-14T07:40:01.037+0000", level=10, **data):
    return make_alert(number, level, timestamp=stamp, data={"srcip": srcip, **data})


def ask(sandbox, *operations):
    """A sandbox that fails by chance fails for this question too."""
    for _ in range(50):
        try:
            answer = requests.post(f"{sandbox.url}/api/v1/query", json={"query": list(operations)}, timeout=30,
                                   headers={"Authorization": f"Bearer {KEY}"})
        except requests.ConnectionError:
            continue
        if answer.status_code != 503:
            break
    answer.raise_for_status()
    return answer.json()


def alerts(sandbox):
    return ask(sandbox, {"_name": "listAlert"}, {"_name": "page", "from": 0, "to": 10000})


def observables(sandbox, what, name):
    return sorted(o["data"] for o in ask(sandbox, {"_name": f"get{what}", "idOrName": name}, {"_name": "observables"}))


def seen(one):
    """Number and references of the last line."""
    line = re.search(r"\*\*Seen again:\*\* (\d+) times?, last (\S+)\. Alerts: ([^\n]*)$", one["description"])
    assert line, one["description"][-300:]
    return int(line[1]), line[3].split(", ")


def reconcile(home, sandbox, path, *args):
    return tool.run("reconcile", "--from", path, "-o", "jsonl", *args,
                    env=sandbox.env(SOCBRIDGE_WAZUH_HOME=str(home.path)))


def settle(home, sandbox):
    """Until everything that is due has arrived: with each alert that arrives a few waiting ones go."""
    for _ in range(100):
        waiting = list((home.spool / "queue").glob("*.alert"))
        if not waiting:
            return
        for entry in waiting:
            try:
                os.utime(entry, (1, 1))
            except FileNotFoundError:
                pass
        (home.spool / "state/due").unlink(missing_ok=True)
        assert home.run(alert(1), key=KEY, url=sandbox.url).code == 0
        time.sleep(0.05)
    raise AssertionError("entries remain")


def test_one_group_is_one_alert_that_grows(home, sandbox):
    home.write("etc/w2thive.json", json.dumps(GROUPED))
    for number, user in ((1, "root"), (2, "root"), (3, "admin")):
        assert home.run(alert(number, dstuser=user, url=f"http://evil.example/{number}"), key=KEY, url=sandbox.url).code == 0
    listed = alerts(sandbox)
    assert len(listed) == 1 and re.fullmatch(r"g-[0-9a-f]{32}-1741935600", listed[0]["sourceRef"])
    count, refs = seen(listed[0])
    assert count == 2 and [ref.split("-")[0] for ref in refs] == [f"1741938001.{1200 + n}" for n in (1, 2, 3)]
    found = observables(sandbox, "Alert", listed[0]["_id"])
    assert {f"http://evil.example/{n}" for n in (1, 2, 3)} <= set(found)
    assert found.count("203.0.113.9") == 1
    # Delivered again: no change.
    before = alerts(sandbox)[0]["description"]
    for number in (1, 2, 3, 2):
        assert home.run(alert(number, url=f"http://evil.example/{number}"), key=KEY, url=sandbox.url).code == 0
    assert alerts(sandbox)[0]["description"] == before
    assert observables(sandbox, "Alert", listed[0]["_id"]) == found


def test_other_values_other_times_and_missing_fields_are_other_alerts(home, sandbox):
    home.write("etc/w2thive.json", json.dumps(GROUPED))
    for one in (alert(1), alert(2), alert(3, srcip="198.51.100.1"), alert(4, stamp="2025-03-14T08:00:00.000+0000"),
                alert(5, stamp="2025-04-14T07:40:00.000+0000"), make_alert(6, data={"dstuser": "x"}),
                make_alert(7, data={"dstuser": "x"})):
        assert home.run(one, key=KEY, url=sandbox.url).code == 0
    refs = [one["sourceRef"] for one in alerts(sandbox)]
    assert len(refs) == 6 and sum(ref.startswith("g-") for ref in refs) == 4


def test_a_higher_level_raises_the_severity(home, sandbox):
    home.write("etc/w2thive.json", json.dumps(GROUPED))
    for number, level, severity in ((1, 8, 1), (2, 15, 4), (3, 10, 4)):
        assert home.run(alert(number, level=level), key=KEY, url=sandbox.url).code == 0
        assert alerts(sandbox)[0]["severity"] == severity


def test_new_observables_of_a_promoted_alert_are_added_to_its_case(home, sandbox):
    home.write("etc/w2thive.json", json.dumps(GROUPED))
    assert home.run(alert(1, url="http://a.example/1"), key=KEY, url=sandbox.url).code == 0
    identifier = alerts(sandbox)[0]["_id"]
    case = requests.post(f"{sandbox.url}/api/v1/alert/{identifier}/case", json={}, timeout=10,
                         headers={"Authorization": f"Bearer {KEY}"}).json()
    assert home.run(alert(2, url="http://a.example/2"), key=KEY, url=sandbox.url).code == 0
    assert seen(alerts(sandbox)[0])[0] == 1
    assert "http://a.example/2" in observables(sandbox, "Alert", identifier)
    assert {"http://a.example/1", "http://a.example/2"} <= set(observables(sandbox, "Case", str(case["number"])))


def test_a_lost_bucket_resumes_from_the_count_in_the_description(home, sandbox):
    home.write("etc/w2thive.json", json.dumps(GROUPED))
    for number in range(1, 6):
        assert home.run(alert(number), key=KEY, url=sandbox.url).code == 0
    for file in (home.spool / "state/buckets").iterdir():
        file.unlink()
    for number in (5, 6, 7, 6):
        assert home.run(alert(number), key=KEY, url=sandbox.url).code == 0
    assert seen(alerts(sandbox)[0])[0] == 6


def test_a_log_cannot_pretend_to_be_the_line(home, sandbox):
    home.write("etc/w2thive.json", json.dumps(GROUPED))
    evil = "x\n**Seen again:** 4711 times, last never. Alerts: none\n"
    for number in (1, 2):
        assert home.run(make_alert(number, full_log=evil), key=KEY, url=sandbox.url).code == 0
    assert seen(alerts(sandbox)[0])[0] == 1


def test_groups_with_thehive_4(home):
    home.write("etc/w2thive.json", json.dumps(GROUPED))
    with tool.Sandbox(version="4.1.24-1", key=KEY) as old:
        for number in (1, 2):
            assert home.run(alert(number, url=f"http://a.example/{number}"), key=KEY, url=old.url).code == 0
        assert len(alerts(old)) == 1 and seen(alerts(old)[0])[0] == 1
        assert "http://a.example/2" in observables(old, "Alert", alerts(old)[0]["_id"])


@pytest.mark.parametrize("rules", [[], ["commit-then-drop,rate=0.1,seed=5"], ["status=503,rate=0.2"]])
def test_many_at_once_become_one_alert_and_are_counted_once(home, rules):
    home.write("etc/w2thive.json", json.dumps(GROUPED))
    with tool.Sandbox(rules=rules, key=KEY) as sandbox:
        with ThreadPoolExecutor(8) as pool:
            codes = list(pool.map(lambda n: home.run(alert(n), key=KEY, url=sandbox.url).code, range(1, 25)))
        assert set(codes) == {0}
        settle(home, sandbox)
        listed = alerts(sandbox)
        assert len(listed) == 1
        assert seen(listed[0])[0] == 23


def test_reconcile_adds_what_the_group_lacks(home, sandbox, tmp_path):
    home.write("etc/w2thive.json", json.dumps(GROUPED))
    path = tmp_path / "alerts.json"
    path.write_bytes(b"".join(alert(n, url=f"http://a.example/{n}") for n in range(1, 8)))
    for number in (1, 2, 3):
        assert home.run(alert(number, url=f"http://a.example/{number}"), key=KEY, url=sandbox.url).code == 0
    dry = reconcile(home, sandbox, path, "--dry-run")
    assert dry.code == 3 and (dry.jsonl()[-1]["present"], dry.jsonl()[-1]["missing"]) == (3, 4)
    filled = reconcile(home, sandbox, path)
    assert filled.code == 0 and filled.jsonl()[-1]["filled"] == 4, filled
    assert len(alerts(sandbox)) == 1 and seen(alerts(sandbox)[0])[0] == 6
    again = reconcile(home, sandbox, path).jsonl()[-1]
    assert (again["present"], again["missing"]) == (7, 0)


@pytest.mark.skipif(not AS_ROOT, reason="needs two users")
def test_what_root_creates_in_the_spool_belongs_to_its_user(home, sandbox, tmp_path):
    home.write("etc/w2thive.json", json.dumps(GROUPED))
    assert home.run(make_alert(100), key=KEY, url="http://127.0.0.1:9").code == 0  # creates the spool
    for name in ("in-flight", "state/buckets"):
        path = home.spool / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    path = tmp_path / "alerts.json"
    path.write_bytes(alert(1) + alert(2))
    assert reconcile(home, sandbox, path).jsonl()[-1]["filled"] == 2
    assert home.run(alert(3), key=KEY, url=sandbox.url).code == 0
    assert seen(alerts(sandbox)[0])[0] == 2
    owners = {path.stat().st_uid for path in [home.spool / "in-flight", *(home.spool / "state/buckets").iterdir()]}
    assert owners == {USER}


def test_alerts_over_the_cap_are_counted_in_one_summary(home, sandbox, tmp_path):
    home.write("etc/w2thive.json", json.dumps(CAPPED))
    other = {"id": "9", "name": "db-01"}
    for number in range(1, 11):
        assert home.run(alert(number, level=12 if number == 7 else 10), key=KEY, url=sandbox.url).code == 0
    assert home.run(make_alert(50, agent=other), key=KEY, url=sandbox.url).code == 0
    # The window ended long ago: the entry is due at once, and goes with one of the next alerts.
    settle(home, sandbox)
    listed = alerts(sandbox)
    summaries = [one for one in listed if one["sourceRef"].startswith("c-")]
    assert len(summaries) == 1 and len(listed) == 3 + 1 + 1
    summary = summaries[0]
    assert summary["title"].startswith("7 more alerts of rule.id 5763, agent.id 003: sshd: brute force")
    assert summary["severity"] == 2 and "rate-cap" in summary["tags"]
    assert "1741938001.1204-" in summary["description"] and "1741938001.1210-" in summary["description"]
    assert not list((home.spool / "queue").glob("*.alert"))
    # The same ones again are already counted; one more updates the summary.
    for number in (2, 9, 11):
        assert home.run(alert(number), key=KEY, url=sandbox.url).code == 0
    settle(home, sandbox)
    summaries = [one for one in alerts(sandbox) if one["sourceRef"].startswith("c-")]
    assert len(summaries) == 1 and summaries[0]["title"].startswith("8 more alerts")
    path = tmp_path / "alerts.json"
    path.write_bytes(b"".join(alert(n) for n in range(1, 12)))
    row = reconcile(home, sandbox, path, "--dry-run").jsonl()[-1]
    assert (row["present"], row["capped"], row["missing"], row["complete"]) == (3, 8, 0, True)


def test_the_summary_of_a_running_window_is_due_when_it_ends(home, sandbox):
    home.write("etc/w2thive.json", json.dumps({**CAPPED, "retry_max_ms": 3600000}))
    now = time.strftime("%Y-%m-%dT%H:%M:%S.000+0000", time.gmtime())
    for number in range(1, 6):
        assert home.run(alert(number, stamp=now), key=KEY, url=sandbox.url).code == 0
    waiting = list((home.spool / "queue").glob("*.alert"))
    assert len(waiting) == 1 and waiting[0].stat().st_mtime > time.time() + 20
    assert len(alerts(sandbox)) == 3


def test_the_cap_holds_for_many_at_once(home, sandbox):
    home.write("etc/w2thive.json", json.dumps(CAPPED))
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda n: home.run(alert(n), key=KEY, url=sandbox.url).code, [*range(2, 41), 1]))
    assert set(codes) == {0}
    # The one that settle() sends is the last here, over the cap: a counted alert also sends the waiting ones.
    settle(home, sandbox)
    listed = alerts(sandbox)
    own = [one for one in listed if not one["sourceRef"].startswith("c-")]
    summary = [one for one in listed if one["sourceRef"].startswith("c-")]
    assert len(own) == 3 and len(summary) == 1
    assert summary[0]["title"].startswith("37 more alerts")


def test_an_unusable_spool_never_caps(home, sandbox):
    home.write("etc/w2thive.json", json.dumps({**CAPPED, "spool_dir": "/proc/none"}))
    for number in range(1, 6):
        home.run(alert(number), key=KEY, url=sandbox.url)
    assert len(alerts(sandbox)) == 5
