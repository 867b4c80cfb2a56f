# SPDX-License-Identifier: Apache-2.0
"""`socctl alert search` and `alert replay` on a real OpenSearch that holds the alerts of the fixtures."""

import json
import os
import re
from pathlib import Path

import pytest
import requests

import nginx
import opensearch_node
import tool
from conftest import make_alert

FIXTURES = Path(os.environ["SOCBRIDGE_SOURCE_DIR"]) / "tests/fixtures/alerts"
ALERTS = [json.loads(make_alert(n, level=3 + n % 12, timestamp=f"2025-07-02T08:{n:02}:00.000+0000",
                                agent={"id": f"{n % 3:03}", "name": f"web-{n % 3}"})) for n in range(60)]
FINDINGS = [json.loads(line) for line in (FIXTURES / "findings.ndjson").read_text().splitlines()]


@pytest.fixture(scope="module")
def node(opensearch):
    """Filled once: nothing here changes it."""
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


def references(sandbox):
    query = {"query": [{"_name": "listAlert"}, {"_name": "page", "from": 0, "to": 1000}]}
    answer = requests.post(f"{sandbox.url}/api/v1/query", json=query, timeout=30,
                           headers={"Authorization": f"Bearer {sandbox.key}"})
    return [one["sourceRef"] for one in answer.json()]


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


def test_errors(node):
    wrong = tool.run("alert", "search", "--from", f"indexer={node.url}", "--query", "level:(")
    assert wrong.code == 2 and "query_string" in wrong.err, wrong
    gone = tool.run("alert", "search", "--from", f"indexer=http://127.0.0.1:{nginx.free_port()}")
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


def test_everything_is_no_choice(node, sandbox):
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
