# SPDX-License-Identifier: Apache-2.0
"""Custom templates and rules, through custom-w2thive and socctl alike."""

import json
import os
import re
from pathlib import Path

import pytest

import tool
from conftest import make_alert

SOURCE = Path(os.environ["SOCBRIDGE_SOURCE_DIR"])
KEY = "k3y-0123456789abcdefABCDEF"
IDS = {"level": 10, "description": "Suricata: Alert", "id": "86601", "groups": ["ids", "suricata"]}
RULES = [
    {"name": "scanners", "match": {"agent": "lab-*"}, "set": {"drop": True}},
    {"name": "ids", "match": {"group": "suricata"},
     "set": {"severity": {"from": "data.alert.severity", "map": {"1": "critical", "2": 3}},
             "type": "ids-{data.alert.category|other}", "title": "{data.alert.signature} at {agent.name}",
             "tags": ["site:{agent.labels.site}"], "tlp": "green", "observables": False}, "stop": True},
    {"set": {"tags": ["unseen"]}},
]


@pytest.fixture
def sandbox():
    with tool.Sandbox(key=KEY) as running:
        yield running


def alerts_of(sandbox):
    listed = tool.run("alert", "list", "-o", "jsonl", "--limit", "1000", env=sandbox.env())
    return {row["sourceRef"].split("-")[0]: row for row in listed.jsonl()}


def suricata(number, **data):
    return make_alert(number, rule=IDS, agent={"id": "3", "name": "fw-1", "labels": {"site": "paris"}},
                      data={"src_ip": "203.0.113.9", "alert": {"signature": "ET SCAN", **data}})


def test_rules_decide_what_arrives(home, sandbox, tmp_path):
    home.write("etc/w2thive.json", json.dumps({"rules": RULES, "source": "w-{manager.name}"}))
    alerts = [suricata(1, severity=1, category="scan"), suricata(2, severity=9),
              make_alert(3, agent={"id": "8", "name": "lab-2"}), make_alert(4)]
    for alert in alerts:
        assert home.run(alert, key=KEY, url=sandbox.url).code == 0
    there = alerts_of(sandbox)
    assert sorted(there) == ["1741938001.1201", "1741938001.1202", "1741938001.1204"]
    first, second, last = (there[name] for name in sorted(there))
    assert (first["severity"], first["type"], first["tlp"]) == (4, "ids-scan", 1)
    assert first["title"] == "ET SCAN at fw-1"
    assert first["source"].startswith("w-") and "site:paris" in first["tags"]
    assert "unseen" not in first["tags"] and "unseen" in last["tags"]
    assert (second["severity"], second["type"]) == (2, "ids-other")
    assert last["type"] == "wazuh_alert"

    # Another type and source does not prevent finding the alert again.
    path = tmp_path / "alerts.json"
    path.write_bytes(b"".join(alerts))
    env = sandbox.env(SOCBRIDGE_WAZUH_HOME=str(home.path))
    totals = tool.run("reconcile", "--from", path, "--dry-run", "-o", "jsonl", env=env).jsonl()[-1]
    assert (totals["alerts_read"], totals["not_forwarded"], totals["present"], totals["missing"]) == (4, 1, 3, 0)

    explained = tool.run("alert", "map", "--explain", "-o", "jsonl", path, env=env).jsonl()
    by_field = {}
    for row in explained:
        by_field.setdefault(row["field"], []).append(row["rule"])
    assert by_field["severity"][0] == 'rules[1] "ids": group suricata, {data.alert.severity} is "1"'
    assert by_field["severity"][1] == "level 10 is 10 or above"
    assert by_field["skipped"] == ['rules[0] "scanners": agent lab-2']
    assert any("severity is not set" in rule for rule in by_field["rule"])


def test_a_second_delivery_of_a_templated_type_is_not_a_second_alert(home, sandbox):
    home.write("etc/w2thive.json", json.dumps({"rules": RULES}))
    for _ in range(2):
        assert home.run(suricata(1, severity=1), key=KEY, url=sandbox.url).code == 0
    assert len(alerts_of(sandbox)) == 1


def test_the_test_alert_is_found_again_whatever_its_type(home, sandbox):
    home.write("etc/w2thive.json", json.dumps({"type": "w-{rule.id}", "source": "{agent.name|none}"}))
    env = sandbox.env(SOCBRIDGE_WAZUH_HOME=str(home.path))
    tested = tool.run("alert", "test", "-o", "jsonl", env=env)
    assert tested.code == 0, tested
    assert tested.jsonl()[0]["type"].startswith("w-")


def test_a_mistake_has_line_and_column_and_loses_no_alert(home, sandbox):
    home.write("etc/w2thive.json",
               '{\n  "rules": [\n    {"set": {"title": "x {rule.descripton}"}}\n  ]\n}')
    result = home.run(make_alert(1), key=KEY, url=sandbox.url)
    assert result.code == 2
    assert len(list((home.spool / "queue").glob("*.alert"))) == 1
    checked = tool.run("config", "check", "-o", "jsonl", env={"SOCBRIDGE_WAZUH_HOME": str(home.path)})
    assert checked.code == 2
    wrong = [row for row in checked.jsonl() if row["state"] == "error"][0]
    assert wrong["detail"].endswith(
        'w2thive.json:3:27: rules[0].set.title: rule has no member "descripton"')
    assert wrong["next"] == 'did you mean "rule.description"?'


def test_an_organisation_is_not_a_template(home):
    home.write("etc/w2thive.json", '{"organisation": "{agent.labels.org}"}')
    checked = tool.run("config", "check", env={"SOCBRIDGE_WAZUH_HOME": str(home.path)})
    assert checked.code == 2 and "w2thive.json:1:2: organisation must not be a template" in checked.out


def test_rules_group_single_alerts(home, sandbox):
    home.write("etc/w2thive.json", json.dumps({"rules": [
        {"match": {"group": "suricata"}, "set": {"group": ["rule.id"]}}]}))
    for alert in (suricata(1), suricata(2), make_alert(3)):
        assert home.run(alert, key=KEY, url=sandbox.url).code == 0
    assert len(alerts_of(sandbox)) == 2


def test_the_python_scripts_title_tags_and_type(home, sandbox):
    """Alerts that custom-w2thive.py of Wazuh's blog sent for the same input."""
    home.write("etc/w2thive.json", json.dumps({"presets": ["python-script", "wazuh-responder"]}))
    alert = json.loads(make_alert(1))
    del alert["agent"]["ip"]
    assert home.run(json.dumps(alert).encode(), key=KEY, url=sandbox.url).code == 0
    [there] = alerts_of(sandbox).values()
    assert there["title"] == alert["rule"]["description"]
    assert sorted(there["tags"]) == sorted(["wazuh", "rule=5763", "agent_name=web-01", "agent_id=003",
                                            "agent_ip=no agent ip"])
    assert (there["type"], there["source"], there["severity"], there["tlp"]) == ("wazuh_alert", "wazuh", 2, 2)


def test_the_page_for_users_of_the_script_says_what_alerts_become(tmp_path):
    page = (SOURCE / "docs" / "migrate-from-python.md").read_text()
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in page.splitlines() if line.startswith("| ")]
    rows = {row[0]: row for row in cells if len(row) == 3}
    block = re.search(r"^    (\{.*\})$", page, re.M)[1]
    rule = {"level": 12, "id": "5710", "description": "sshd: bad user", "groups": ["sshd"]}
    alert = tmp_path / "alert.json"
    alert.write_bytes(make_alert(1, rule=rule, agent={"id": "001", "name": "web-01", "ip": "192.0.2.7"}))

    def mapped(config):
        file = tmp_path / "w2thive.json"
        file.write_text(config)
        [request] = tool.run("alert", "map", "--config", file, "-o", "jsonl", alert).jsonl()
        return request

    for column, config in ((1, "{}"), (2, block)):
        request = mapped(config)
        title, severity = (rows["title"][column], rows["severity"][column])
        assert title.endswith(f"`{request['title']}`") or title == "`rule.description`" and request["title"] == rule["description"]
        assert all(f"`{tag}`" in rows["tags"][column] for tag in request["tags"] if tag != "sshd"), request["tags"]
        assert severity == "from the level" or int(severity) == request["severity"]
        assert (request["type"], request["source"], request["tlp"]) == ("wazuh_alert", "wazuh", 2)
    explained = tool.run("alert", "map", "--config", tmp_path / "w2thive.json", "--explain", alert).out
    assert "promotion" not in explained
    (tmp_path / "w2thive.json").write_text('{"rules": [' + re.search(r'`(\{"match".*?\}\})`', page)[1] + "]}")
    assert "promotion" in tool.run("alert", "map", "--config", tmp_path / "w2thive.json", "--explain", alert).out
