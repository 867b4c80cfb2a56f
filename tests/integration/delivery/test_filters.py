# SPDX-License-Identifier: Apache-2.0
"""include and exclude of the configuration, through custom-w2thive and socctl alike."""

import json

import pytest

import tool
from conftest import make_alert

KEY = "k3y-0123456789abcdefABCDEF"


@pytest.fixture
def sandbox():
    with tool.Sandbox(key=KEY) as running:
        yield running


def refs(sandbox):
    listed = tool.run("alert", "list", "-o", "jsonl", "--limit", "1000", env=sandbox.env())
    return sorted(row["sourceRef"].split("-")[0] for row in listed.jsonl())


def test_the_same_alerts_pass_everywhere(home, sandbox, tmp_path):
    home.write("etc/w2thive.json", json.dumps({
        "include": [{"rule": "5700-5799"}, {"agent": "db-*"}],
        "exclude": [{"path": "data.srcip", "cidr": ["10.0.0.0/8", "192.0.2.0/24"]},
                    {"group": "sshd", "agent": "test-*", "level": "0-11"}]}))
    rule = lambda id, level=10: {"level": level, "description": "d", "id": id, "groups": ["sshd"]}
    alerts = {
        1: make_alert(1),
        2: make_alert(2, rule=rule("100001")),                                          # no row of include
        3: make_alert(3, rule=rule("100001"), agent={"id": "9", "name": "DB-7"}),
        4: make_alert(4, data={"srcip": "10.1.2.3"}),                                    # excluded
        5: make_alert(5, agent={"id": "8", "name": "test-2"}),                           # excluded
        6: make_alert(6, agent={"id": "8", "name": "test-2"}, rule=rule("5712", 12)),
    }
    for number, alert in alerts.items():
        assert home.run(alert, key=KEY, url=sandbox.url).code == 0
    assert refs(sandbox) == ["1741938001.1201", "1741938001.1203", "1741938001.1206"]
    path = tmp_path / "alerts.json"
    path.write_bytes(b"".join(alerts.values()))
    env = sandbox.env(SOCBRIDGE_WAZUH_HOME=str(home.path))
    totals = tool.run("reconcile", "--from", path, "--dry-run", "-o", "jsonl", env=env).jsonl()[-1]
    assert (totals["alerts_read"], totals["not_forwarded"], totals["present"], totals["missing"]) == (6, 3, 3, 0)
    mapped = tool.run("alert", "map", "-o", "jsonl", path, env=env).jsonl()
    assert [row.get("skipped") for row in mapped] == [
        None, "no row of include matches", None, "exclude[0]: data.srcip 10.1.2.3 in 10.0.0.0/8",
        "exclude[1]: level 10, group sshd, agent test-2", None]
    explained = tool.run("alert", "map", "--explain", path, env=env)
    assert "include[1]" in explained.out
    keys = {row["key"]: row for row in tool.run("config", "explain", "-o", "jsonl", env=env).jsonl()}
    assert keys["exclude"]["origin"].endswith("w2thive.json") and len(keys["exclude"]["value"]) == 2


def test_a_broken_filter_loses_no_alert(home, sandbox):
    home.write("etc/w2thive.json", '{\n  "exclude": [{"rule": "5763"}, {"agnet": "web-*"}]\n}')
    result = home.run(make_alert(1), key=KEY, url=sandbox.url)
    assert result.code == 2 and len(result.lines) == 1
    assert "w2thive.json:2:34: exclude[1]: unknown key" in result.lines[0] and '"agent"' in result.lines[0]
    assert len(list((home.spool / "queue").glob("*.alert"))) == 1
    checked = tool.run("config", "check", env={"SOCBRIDGE_WAZUH_HOME": str(home.path)})
    assert checked.code == 2 and "exclude[1]" in checked.out
