# SPDX-License-Identifier: Apache-2.0
"""`socctl reconcile --from indexer` on a real OpenSearch with the alerts of the fixtures."""

import json
import os
import random
import signal
import threading
import time
from pathlib import Path

import pytest
import requests

import indexer_front
import nginx
import opensearch_node
import servers
import tool
from conftest import make_alert
from ports import free_port

FIXTURES = Path(os.environ["SOCBRIDGE_SOURCE_DIR"]) / "tests/fixtures/alerts"
FAMILIES = [json.loads(line) for line in (FIXTURES / "families.ndjson").read_text().splitlines()]
FINDINGS = [json.loads(line) for line in (FIXTURES / "findings.ndjson").read_text().splitlines()]
STREAM = "wazuh-findings-v5-security"
# The corpus is old, so newer documents are not waited for.
WINDOW = ("--since", "2025-07-02T00:00Z", "--until", "2025-07-02T08:00Z")
LATER = ("--since", "2025-07-02T00:00Z", "--until", "2025-07-02T10:00Z")


@pytest.fixture
def place(tmp_path):
    (tmp_path / "home/etc").mkdir(parents=True)
    (tmp_path / "home/etc/w2thive.json").write_text('{"settle_ms": 100, "min_level": 1}')
    return tmp_path


@pytest.fixture
def sandbox():
    with tool.Sandbox() as running:
        yield running


@pytest.fixture
def indexer(indexer):
    """With few fields in its mappings: each new one costs a change of the cluster's state."""
    text = {"type": "keyword"}
    indexer.put("/_template/few-fields", {"order": 1, "index_patterns": ["wazuh-alerts-4.x-*"], "mappings": {
        "dynamic": False, "properties": {"agent": {"properties": {"id": text, "name": text}},
                                         "data": {"properties": {"srcip": text}}}}})
    return indexer


def fill(node, alerts):
    node.bulk([(opensearch_node.daily(alert), None, alert) for alert in alerts])


def reconcile(place, sandbox, source, *args, form="jsonl", **env):
    return tool.run("reconcile", "--from", source, "-o", form, *args, timeout=300,
                    env=sandbox.env(SOCBRIDGE_WAZUH_HOME=str(place / "home"), **env))


def references(sandbox):
    query = {"query": [{"_name": "listAlert"}, {"_name": "page", "from": 0, "to": 100000}]}
    answer = requests.post(f"{sandbox.url}/api/v1/query", json=query, timeout=60,
                           headers={"Authorization": f"Bearer {sandbox.key}"})
    answer.raise_for_status()
    return [one["sourceRef"] for one in answer.json()]


def summary(result):
    last = result.jsonl()[-1]
    assert last["kind"] == "summary", result
    return last


def send(place, sandbox, alerts):
    file = place / "sent.ndjson"
    file.write_text("".join(json.dumps(alert) + "\n" for alert in alerts))
    sent = tool.run("alert", "send", file, "-o", "jsonl",
                    env=sandbox.env(SOCBRIDGE_WAZUH_HOME=str(place / "home")))
    assert sent.code == 0, sent
    return {row["source_ref"] for row in sent.jsonl()}


def test_exactly_what_was_lost_is_created(indexer, place, sandbox):
    lost = set(random.Random(19).sample(range(len(FAMILIES)), len(FAMILIES) // 3))
    fill(indexer, FAMILIES)
    fill(indexer, FAMILIES[::5])  # documents that Filebeat sends again after a lost answer
    kept = send(place, sandbox, [alert for i, alert in enumerate(FAMILIES) if i not in lost])
    source = f"indexer={indexer.url}"
    dry = reconcile(place, sandbox, source, *WINDOW, "--dry-run")
    assert dry.code == 3 and set(references(sandbox)) == kept, dry
    missing = {row["source_ref"] for row in dry.jsonl()[:-1]}
    assert len(missing) == len(lost) and not missing & kept
    filled = reconcile(place, sandbox, source, *WINDOW)
    assert filled.code == 0, filled
    found = summary(filled)
    assert (found["alerts_read"], found["present"], found["filled"]) == (len(FAMILIES), len(kept), len(lost)), found
    assert f"{len(FAMILIES[::5])} alerts indexed twice" in found["from"], found
    assert {row["source_ref"] for row in filled.jsonl()[:-1]} == missing
    assert {row["place"].partition("/")[0] for row in filled.jsonl()[:-1]} == {"wazuh-alerts-4.x-2025.07.02"}
    assert set(references(sandbox)) == kept | missing and len(references(sandbox)) == len(FAMILIES)
    again = summary(reconcile(place, sandbox, source, *WINDOW))
    assert (again["present"], again["missing"]) == (len(FAMILIES), 0)


def test_the_same_references_as_from_a_file(indexer, place, sandbox):
    fill(indexer, FAMILIES)
    file = place / "alerts.json"
    file.write_text("".join(json.dumps(alert) + "\n" for alert in FAMILIES))
    dry = ("--dry-run", *WINDOW)
    of_index = {row["source_ref"] for row in reconcile(place, sandbox, f"indexer={indexer.url}", *dry).jsonl()[:-1]}
    of_file = {row["source_ref"] for row in reconcile(place, sandbox, file, *dry).jsonl()[:-1]}
    assert of_index == of_file and len(of_index) == len(FAMILIES)


def test_files_and_index_are_compared_with_each_other(indexer, place, sandbox):
    send(place, sandbox, FAMILIES)
    fill(indexer, FAMILIES[2:])
    file = place / "alerts.json"
    file.write_text("".join(json.dumps(alert) + "\n" for alert in FAMILIES[:-1]))
    result = reconcile(place, sandbox, file, "--from", f"indexer={indexer.url}", *WINDOW)
    found = summary(result)
    assert result.code == 3 and (found["alerts_read"], found["present"]) == (len(FAMILIES), len(FAMILIES)), found
    lines = found["unreadable"]
    assert any(line.startswith("2 alerts are not in") and "wazuh-alerts-4.x-*" in line and FAMILIES[0]["id"] in line
               for line in lines), lines
    assert any(line.startswith("1 alert is not in") and str(file) in line and FAMILIES[-1]["id"] in line
               for line in lines), lines
    fill(indexer, FAMILIES[:2])
    file.write_text("".join(json.dumps(alert) + "\n" for alert in FAMILIES))
    assert reconcile(place, sandbox, file, "--from", f"indexer={indexer.url}", *WINDOW).code == 0


def test_only_some(indexer, place, sandbox):
    fill(indexer, FAMILIES)
    source = f"indexer={indexer.url}"

    def fired(*args):
        result = reconcile(place, sandbox, source, *WINDOW, "--dry-run", *args)
        assert result.code in (0, 3), result
        return summary(result)["alerts_read"]

    assert fired("--level", "10") == sum(alert["rule"]["level"] >= 10 for alert in FAMILIES) > 0
    assert fired("--rule", "5710", "--rule", "5763") == \
        sum(alert["rule"]["id"] in ("5710", "5763") for alert in FAMILIES) > 0
    assert fired("--agent", "web-01") == sum(alert.get("agent", {}).get("name") == "web-01" for alert in FAMILIES) > 0
    assert fired("--query", "data.srcip:203.0.113.105") == \
        sum(alert.get("data", {}).get("srcip") == "203.0.113.105" for alert in FAMILIES) > 0
    assert fired("--index", "wazuh-alerts-4.x-2025.07.02", "--level", "15", "--agent", "000") >= 0
    wrong = reconcile(place, sandbox, source, "--query", "rule.level:(>= ")
    assert wrong.code == 2 and "query" in wrong.err, wrong
    file = reconcile(place, sandbox, FIXTURES / "families.ndjson", "--rule", "5710")
    assert file.code == 2 and "--rule is for --from indexer" in file.err, file


def test_a_cursor_goes_on_and_sees_what_comes_late(indexer, place, sandbox):
    cursor = ("--cursor-file", place / "cursor")
    source = f"indexer={indexer.url}"
    stamp = "2025-07-02T{:02}:{:02}:00.000+0000"
    alerts = [json.loads(make_alert(n, timestamp=stamp.format(8 + n // 60, n % 60))) for n in range(240)]
    fill(indexer, alerts[:100])
    until = ("--until", "2025-07-02T09:40Z")
    first = reconcile(place, sandbox, source, *cursor, *until)
    assert first.code == 0 and summary(first)["filled"] == 100, first
    late = json.loads(make_alert(900, timestamp="2025-07-02T09:10:30.000+0000"))
    fill(indexer, [late, *alerts[100:]])
    second = summary(reconcile(place, sandbox, source, *cursor, "--until", "2025-07-02T12:00Z"))
    # From an hour before the last alert on, which is 60 of the first hundred and itself.
    assert (second["alerts_read"], second["filled"]) == (61 + 140 + 1, 141), second
    assert len(references(sandbox)) == 241
    state = json.loads((place / "cursor").read_text())
    assert state["from"] == source and set(state["position"]["times"]) == {"wazuh-alerts-4.x-*"}
    other = reconcile(place, sandbox, "indexer=http://127.0.0.1:9", *cursor)
    assert other.code == 2 and "belongs to" in other.err, other


def test_findings_of_wazuh_5(indexer, place, sandbox):
    answers = indexer.bulk([(STREAM, None, finding) for finding in FINDINGS], action="create")
    window = ("--until", "2026-07-06T13:00Z")
    result = reconcile(place, sandbox, f"indexer={indexer.url}", *window)
    assert result.code == 0, result
    assert summary(result)["filled"] == len(FINDINGS)
    assert {row["place"] for row in result.jsonl()[:-1]} == {f"{one['_index']}/{one['_id']}" for one in answers}
    query = {"query": [{"_name": "listAlert"}, {"_name": "page", "from": 0, "to": 1000}]}
    alerts = requests.post(f"{sandbox.url}/api/v1/query", json=query, timeout=30,
                           headers={"Authorization": f"Bearer {sandbox.key}"}).json()
    assert all(one["sourceRef"].startswith("w5-") for one in alerts)
    severity = {"informational": 1, "low": 1, "medium": 1, "high": 2, "critical": 4}
    wanted = sorted(severity[finding["wazuh"]["rule"]["level"]] for finding in FINDINGS)
    assert sorted(one["severity"] for one in alerts) == wanted
    assert summary(reconcile(place, sandbox, f"indexer={indexer.url}", *window))["present"] == len(FINDINGS)
    high = summary(reconcile(place, sandbox, f"indexer={indexer.url}", *window, "--level", "10"))
    assert high["alerts_read"] == sum(f["wazuh"]["rule"]["level"] in ("high", "critical") for f in FINDINGS) > 0


def test_what_proves_nothing_is_not_complete(indexer, place, sandbox):
    nothing = reconcile(place, sandbox, f"indexer={indexer.url}")
    assert nothing.code == 3 and "there is no index wazuh-alerts-4.x-*" in nothing.err, nothing
    fill(indexer, FAMILIES)
    stale = reconcile(place, sandbox, f"indexer={indexer.url}", "--since", "2025-07-02T00:00Z")
    assert stale.code == 3 and "its newest document is of 2025-07-02" in stale.err, stale
    assert summary(stale)["filled"] == len(FAMILIES)
    # An unassigned shard: the others are compared, after a wait for the node to return.
    indexer.request("PUT", "/wazuh-alerts-4.x-2025.07.01?wait_for_active_shards=0&timeout=1s",
                    {"settings": {"index.routing.allocation.require._name": "nowhere"}})
    red = reconcile(place, sandbox, f"indexer={indexer.url}", *WINDOW)
    assert red.code == 3 and "only 3 of 6 shards answered" in red.err, red
    assert summary(red)["present"] == len(FAMILIES)


def test_a_document_without_a_time_and_one_that_is_deep(indexer, place, sandbox):
    deep = "[" * 400 + "]" * 400
    indexer.put("/wazuh-alerts-4.x-2025.07.02", {"mappings": {"properties": {"raw": {"enabled": False, "type": "object"}}}})
    strange = json.loads(make_alert(1))
    del strange["timestamp"]
    fill(indexer, FAMILIES[:3])
    indexer.bulk([("wazuh-alerts-4.x-2025.07.02", None, strange),
                  ("wazuh-alerts-4.x-2025.07.02", None, {**json.loads(make_alert(2, timestamp=FAMILIES[0]["timestamp"])),
                                                         "raw": {"a": json.loads(deep)}})])
    result = reconcile(place, sandbox, f"indexer={indexer.url}", *WINDOW)
    assert result.code == 0 and summary(result)["filled"] == 5, result


def test_where_the_indexer_is(indexer, place, sandbox):
    fill(indexer, FAMILIES)
    gone = f"http://127.0.0.1:{free_port()}"
    for source, env in ((f"indexer={gone},{indexer.url}", {}), ("indexer", {"SOCCTL_OPENSEARCH_URL": indexer.url})):
        result = reconcile(place, sandbox, source, "--dry-run", *WINDOW, **env)
        assert result.code == 3 and summary(result)["alerts_read"] == len(FAMILIES), result
    unknown = reconcile(place, sandbox, "indexer")
    assert unknown.code == 2 and "--from indexer=URL" in unknown.err, unknown
    html = nginx.Proxy()
    try:
        page = reconcile(place, sandbox, f"indexer={html.urls['html']}")
        assert page.code == 7 and "HTML page" in page.err, page
        wrong = reconcile(place, sandbox, f"indexer={html.urls['wrong_ca']}", SOCCTL_OPENSEARCH_CA_FILE=str(html.ca))
        assert wrong.code == 5 and "certificate" in wrong.err and "--timeout" not in wrong.err, wrong
    finally:
        html.close()


def test_a_crowd_and_a_password(indexer, place, sandbox):
    many = [json.loads(make_alert(n, timestamp=f"2025-07-02T09:{n // 60 % 60:02}:{n % 60:02}.{n % 1000:03}+0000",
                                  padding="x" * 20000)) for n in range(1500)]
    fill(indexer, many)
    front = indexer_front.Front(indexer)
    try:
        busy = reconcile(place, sandbox, f"indexer={front.urls['busy']}", "--dry-run", *LATER)
        assert busy.code == 3 and summary(busy)["missing"] == 1500, busy.err
        ca = {"SOCCTL_OPENSEARCH_CA_FILE": str(front.ca), "SOCCTL_OPENSEARCH_USER": indexer_front.USER}
        refused = reconcile(place, sandbox, f"indexer={front.urls['password']}", SOCCTL_OPENSEARCH_KEY="no", **ca)
        assert refused.code in (4, 5) and "401" in refused.err and "no" not in refused.err.split()[-3:], refused
        taken = reconcile(place, sandbox, f"indexer={front.urls['password']}", "--dry-run", *LATER,
                          SOCCTL_OPENSEARCH_KEY=indexer_front.PASSWORD, **ca)
        assert summary(taken)["missing"] == 1500, taken.err
    finally:
        front.close()


def test_a_storm_of_429_is_waited_out(indexer, place, sandbox, serve):
    fill(indexer, FAMILIES)
    asked = []

    def respond(request):
        asked.append(request.path)
        if len(asked) % 3:
            return servers.answer(429, {"error": {"type": "rejected_execution_exception", "reason": "queue is full"},
                                        "status": 429})
        answer = requests.request(request.method, indexer.url + request.path, data=request.body or None, timeout=60,
                                  headers={"Content-Type": "application/json"})
        return servers.answer(answer.status_code, answer.content)

    server = serve(respond)
    result = reconcile(place, sandbox, f"indexer={server.url}", *WINDOW)
    assert result.code == 0 and summary(result)["filled"] == len(FAMILIES), result
    assert len(asked) >= 12


def test_the_node_is_killed_in_the_middle_and_comes_back(indexer, place, sandbox):
    count = 2500
    alerts = [json.loads(make_alert(n, timestamp=f"2025-07-02T{8 + n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}.000+0000",
                                    padding="x" * 3000)) for n in range(count)]
    for begin in range(0, count, 1000):
        fill(indexer, alerts[begin:begin + 1000])
    indexer.post("/wazuh-alerts-4.x-*/_flush")
    process = tool.start("reconcile", "--from", f"indexer={indexer.url}", "-o", "jsonl", "--until", "2025-07-02T09:00Z",
                         env=sandbox.env(SOCBRIDGE_WAZUH_HOME=str(place / "home")))
    read = []
    reader = threading.Thread(target=lambda: read.append(process.communicate()))
    reader.start()
    tool.wait_until(lambda: len(references(sandbox)) > 200, seconds=60, what="the first alerts")
    assert len(references(sandbox)) < count
    indexer.kill()
    time.sleep(0.5)
    indexer.start()
    reader.join(timeout=240)
    [(out, err)] = read
    assert process.returncode == 0, err.decode()
    last = json.loads(out.decode().splitlines()[-1])
    assert (last["alerts_read"], last["filled"], last["missing"]) == (count, count, count), last
    there = references(sandbox)
    assert len(there) == len(set(there)) == count


def test_ctrl_c_while_the_indexer_is_gone(indexer, place, sandbox, serve):
    fill(indexer, FAMILIES)
    asked = []

    def respond(request):
        asked.append(request.path)
        if len(asked) > 4:
            return servers.answer(503, {"error": "starting"})
        answer = requests.request(request.method, indexer.url + request.path, data=request.body or None, timeout=60,
                                  headers={"Content-Type": "application/json"})
        return servers.answer(answer.status_code, answer.content)

    server = serve(respond)
    process = tool.start("reconcile", "--from", f"indexer={server.url}", "-o", "jsonl", *WINDOW,
                         env=sandbox.env(SOCBRIDGE_WAZUH_HOME=str(place / "home")))
    tool.wait_until(lambda: len(asked) > 5, what="a request that is refused")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130, (process.returncode, err)


def test_a_young_alert_without_its_case_is_left_to_a_sender_elsewhere(indexer, place, sandbox):
    """An indexer has the alerts of other managers, whose locks are not those of the spool here."""
    (place / "home/queue/w2thive/state").mkdir(parents=True)
    (place / "home/etc/w2thive.json").write_text('{"settle_ms": 100, "min_level": 1, "promote": true}')
    file = place / "alerts.json"
    file.write_text(json.dumps(FAMILIES[0]) + "\n")
    fill(indexer, FAMILIES[:1])
    mapped = tool.run("alert", "map", file, "-o", "json", env={"SOCBRIDGE_WAZUH_HOME": str(place / "home")}).json()
    mapped = mapped[0] if isinstance(mapped, list) else mapped
    assert "case-own" in mapped["tags"]  # its sender was killed before it created the case
    made = requests.post(f"{sandbox.url}/api/v1/alert", json=mapped, timeout=30,
                         headers={"Authorization": f"Bearer {sandbox.key}"})
    assert made.status_code == 201, made.text
    left = reconcile(place, sandbox, f"indexer={indexer.url}", *WINDOW)
    assert left.code == 3 and (summary(left)["without_case"], summary(left)["promoted"]) == (1, 0), left
    taken = reconcile(place, sandbox, file, *WINDOW)
    assert taken.code == 0 and (summary(taken)["without_case"], summary(taken)["promoted"]) == (0, 1), taken
