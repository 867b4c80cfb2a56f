# SPDX-License-Identifier: Apache-2.0
"""`socctl alert search` and `alert replay` on a real OpenSearch with the alerts of the fixtures."""

import json
import os
import re
from pathlib import Path

import pytest
import requests

import opensearch_node
import spool_env
import tool
from conftest import make_alert
from integratord import AS_ROOT
from monitoring import Service
from ports import free_port

FIXTURES = Path(os.environ["SOCBRIDGE_SOURCE_DIR"]) / "tests/fixtures/alerts"
ALERTS = [json.loads(make_alert(n, level=3 + n % 12, timestamp=f"2025-07-02T08:{n:02}:00.000+0000",
                                agent={"id": f"{n % 3:03}", "name": f"web-{n % 3}"})) for n in range(60)]
FINDINGS = [json.loads(line) for line in (FIXTURES / "findings.ndjson").read_text().splitlines()]


@pytest.fixture(scope="module")
def node(opensearch):
    """Filled once: no test here changes it."""
    opensearch.documents = opensearch.bulk([(opensearch_node.daily(alert), None, alert) for alert in ALERTS])
    opensearch.bulk([("wazuh-findings-v5-security", None, finding) for finding in FINDINGS], action="create")
    return opensearch


@pytest.fixture
def sandbox():
    with tool.Sandbox() as running:
        yield running


def search(node, *args, form="jsonl"):
    result = tool.run("alert", "search", "--from", f"indexer={node.url}", "-o", form, *args)
    assert result.code == 0, result
    return result


def alerts_in(sandbox):
    query = {"query": [{"_name": "listAlert"}, {"_name": "page", "from": 0, "to": 1000}]}
    answer = requests.post(f"{sandbox.url}/api/v1/query", json=query, timeout=30,
                           headers={"Authorization": f"Bearer {sandbox.key}"})
    return answer.json()


def references(sandbox):
    return [one["sourceRef"] for one in alerts_in(sandbox)]


def replay(node, sandbox, *args):
    return tool.run("alert", "replay", "--from", f"indexer={node.url}", "-o", "jsonl", *args,
                    env=sandbox.env(SOCBRIDGE_WAZUH_HOME="/nowhere"))


def test_the_newest_first_of_both_generations(node):
    rows = search(node, "--limit", "1000").jsonl()
    assert len(rows) == len(ALERTS) + len(FINDINGS)
    assert [row["source_ref"][:3] for row in rows[:len(FINDINGS)]] == ["w5-"] * len(FINDINGS)
    assert [row["alert"]["id"] for row in rows[len(FINDINGS):]] == [alert["id"] for alert in reversed(ALERTS)]
    assert rows[-1]["alert"] == ALERTS[0] and rows[-1]["index"] == "wazuh-alerts-4.x-2025.07.02"
    assert len(search(node).jsonl()) == 50
    assert [row["alert"]["id"] for row in search(node, "--index", "wazuh-alerts-4.x-*", "--limit", "2").jsonl()] == \
        [ALERTS[59]["id"], ALERTS[58]["id"]]


def test_only_some(node):
    def ids(*args):
        return [row["alert"]["id"] for row in search(node, "--index", "wazuh-alerts-4.x-*", "--limit", "100",
                                                     *args).jsonl()]

    def expected(want):
        return [alert["id"] for alert in reversed(ALERTS) if want(alert)]

    assert ids("--level", "12") == expected(lambda alert: alert["rule"]["level"] >= 12)
    assert ids("--agent", "web-1", "--agent", "002") == expected(lambda alert: alert["agent"]["id"] in ("001", "002"))
    assert ids("--since", "2025-07-02T08:10Z", "--until", "2025-07-02T08:12Z") == [ALERTS[11]["id"], ALERTS[10]["id"]]
    assert ids("--query", 'rule.level:[13 TO 14] AND agent.name:"web-2"') == \
        expected(lambda alert: alert["rule"]["level"] in (13, 14) and alert["agent"]["name"] == "web-2")
    document = node.documents[5]["_id"]
    reference = search(node, document).jsonl()[0]["source_ref"]
    for name in (ALERTS[5]["id"], document, reference):
        assert ids(name) == [ALERTS[5]["id"]], name
    assert ids("1741938001.99") == []


def test_for_people(node):
    shown = tool.run_on_terminal("alert", "search", "--from", f"indexer={node.url}", "--level", "14", columns=160)
    assert shown.code == 0 and "SOURCEREF" in shown.out and "critical" in shown.out, shown
    empty = tool.run_on_terminal("alert", "search", "--from", f"indexer={node.url}", "--rule", "1", columns=120)
    assert empty.code == 0 and "No alerts." in empty.out, empty


def test_list_and_show(node):
    at = f"indexer={node.url}"
    listed = tool.run("alert", "list", "--from", at, "--limit", "3", "-o", "jsonl")
    assert listed.code == 0 and listed.jsonl() == search(node, "--limit", "3").jsonl(), listed
    document = node.documents[7]["_id"]
    for name in (ALERTS[7]["id"], document):
        shown = tool.run("alert", "show", name, "--from", at, "-o", "json")
        assert shown.code == 0 and shown.json()[0]["alert"] == ALERTS[7], shown
    people = tool.run("alert", "show", document, "--from", at)
    # A text that begins like a number is quoted.
    assert people.code == 0 and f"id: {document}" in people.out.replace('"', "") and "full_log:" in people.out, people
    gone = tool.run("alert", "show", "1.2", "--from", at)
    assert gone.code == 7 and "no alert 1.2" in gone.err, gone
    mixed = tool.run("alert", "list", "--from", at, "--open")
    assert mixed.code == 2 and "alert search" in mixed.err, mixed


def test_errors(node):
    wrong = tool.run("alert", "search", "--from", f"indexer={node.url}", "--query", "level:(")
    assert wrong.code == 2 and "query_string" in wrong.err, wrong
    gone = tool.run("alert", "search", "--from", f"indexer=http://127.0.0.1:{free_port()}")
    assert gone.code == 5, gone
    file = tool.run("alert", "search", "--from", "alerts.json")
    assert file.code == 2 and "socctl alert map FILE" in file.err, file
    unknown = tool.run("alert", "search")
    assert unknown.code == 2 and "SOCCTL_OPENSEARCH_URL" in unknown.err, unknown


def test_chosen_alerts_are_sent_once(node, sandbox):
    chosen = search(node, "--index", "wazuh-alerts-4.x-*", "--level", "12", "--limit", "100").jsonl()
    dry = replay(node, sandbox, "--level", "12", "--index", "wazuh-alerts-4.x-*", "--dry-run")
    assert dry.code == 0 and {row["result"] for row in dry.jsonl()} == {"would send"}, dry
    assert references(sandbox) == []
    sent = replay(node, sandbox, "--level", "12", "--index", "wazuh-alerts-4.x-*")
    assert sent.code == 0 and {row["result"] for row in sent.jsonl()} == {"created"}, sent
    assert re.fullmatch(r"wazuh-alerts-4\.x-2025\.07\.02/\S+", sent.jsonl()[0]["input"])
    assert sorted(references(sandbox)) == sorted(row["source_ref"] for row in chosen)
    again = replay(node, sandbox, "--level", "12", "--index", "wazuh-alerts-4.x-*")
    assert again.code == 0 and {row["result"] for row in again.jsonl()} == {"duplicate"}, again
    assert len(references(sandbox)) == len(chosen)


def test_named_alerts_are_sent(node, sandbox):
    rows = search(node, "--index", "wazuh-alerts-4.x-*", "--limit", "3").jsonl()
    names = [rows[0]["source_ref"], rows[1]["id"], rows[2]["alert"]["id"]]
    sent = replay(node, sandbox, *names)
    assert sent.code == 0 and sorted(references(sandbox)) == sorted(row["source_ref"] for row in rows), sent
    # The same id of another manager is another alert.
    other = replay(node, sandbox, rows[0]["alert"]["id"] + "-" + "0" * 16)
    assert other.code == 0 and other.jsonl() == [] and len(references(sandbox)) == 3, other


def test_everything_is_not_a_choice(node, sandbox):
    refused = replay(node, sandbox)
    assert refused.code == 2 and "--since" in refused.err and references(sandbox) == [], refused
    file = tool.run("alert", "replay", "--from", "alerts.json", "--since", "1d", env=sandbox.env())
    assert file.code == 2 and "socctl alert send FILE" in file.err, file
    nothing = replay(node, sandbox, "--index", "other-*", "--since", "1d")
    assert nothing.code == 3 and "there is no index other-*" in nothing.err, nothing


def test_a_findings_document(node, sandbox):
    sent = replay(node, sandbox, "--index", "wazuh-findings-v5-*", "--level", "15")
    count = sum(finding["wazuh"]["rule"]["level"] == "critical" for finding in FINDINGS)
    assert sent.code == 0 and len(sent.jsonl()) == count > 0, sent
    assert all(reference.startswith("w5-") for reference in references(sandbox))


def by_reference(sandbox):
    return {one["sourceRef"]: (one["severity"], one["title"], one["tags"]) for one in alerts_in(sandbox)}


@pytest.mark.skipif(not AS_ROOT, reason="the spool must belong to user wazuh")
def test_a_finding_is_the_same_alert_by_index_by_webhook_and_by_file(node, home, tmp_path):
    answer = requests.get(f"{node.url}/wazuh-findings-v5-security/_search?size=1000", timeout=30).json()
    hits = answer["hits"]["hits"]
    with tool.Sandbox() as by_index, tool.Sandbox() as by_webhook, tool.Sandbox() as by_file:
        sent = replay(node, by_index, "--index", "wazuh-findings-v5-*", "--level", "1")
        assert sent.code == 0 and len(sent.jsonl()) == len(FINDINGS), sent
        file = tmp_path / "findings.json"
        file.write_text(json.dumps(answer))
        spool_env.configure(home, by_file.url, min_level=0)
        filled = tool.run("reconcile", "--from", file, env=spool_env.env(home))
        assert filled.code == 0, filled
        spool_env.configure(home, by_webhook.url, min_level=0)
        receiving = Service("receive", env=spool_env.env(home))
        try:
            for hit in hits:
                assert requests.post(f"{receiving.url}/alerts", json=hit, timeout=30).status_code == 202
            tool.wait_until(lambda: len(references(by_webhook)) == len(FINDINGS), what="all findings")
        finally:
            receiving.close()
        found = by_reference(by_index)
        assert len(found) == len(FINDINGS) and {severity for severity, _, _ in found.values()} > {2}
        assert by_reference(by_webhook) == found and by_reference(by_file) == found
