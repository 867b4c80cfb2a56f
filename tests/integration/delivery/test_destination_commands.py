# SPDX-License-Identifier: Apache-2.0
"""Output of several destinations for people and programs, and the errors that config check reports."""

import json

import pytest

import spool_env
import tool
from conftest import make_alert
from entries import count
from servers import answer
from spool_env import socctl
from tenants import (ACME_KEY, BETA_KEY, BOTH, TOP_KEY, close_all, configure, destinations, make_all,
                     relay_until_empty, share)


@pytest.fixture(name="tenants")
def three_tenants():
    made = make_all()
    yield made
    close_all(made)


def test_reconcile_finds_what_is_missing_at_each_destination(home, tenants, tmp_path):
    top, acme, _ = tenants
    home.write("etc/ossec.conf", """<ossec_config><integration><name>custom-w2thive</name>
      <alert_format>json</alert_format></integration></ossec_config>""")
    configure(home, tenants, [BOTH, {"match": {"agent": "db-*"}, "set": {"destination": "acme"}}])
    alerts = [make_alert(1), make_alert(2), make_alert(3, agent={"id": "004", "name": "db-01"})]
    source = tmp_path / "alerts.json"
    source.write_bytes(b"".join(alerts))
    acme.before = lambda request: answer(503, {})
    assert home.run(alerts[0]).code == 0
    acme.before = None

    def reconcile(*args):
        result = socctl(home, "reconcile", "--from", source, "-o", "jsonl", *args)
        return result, result.jsonl()[-1]

    result, found = reconcile("--dry-run")
    assert (found["forwarded"], found["present"], found["missing"], found["other_destination"]) == (2, 1, 1, 1)
    assert "other destinations are not checked: --destination acme" in result.err
    _, found = reconcile("--dry-run", "--destination", "acme")
    assert found["destination"] == "acme"
    assert (found["forwarded"], found["queued"], found["missing"]) == (3, 1, 2)
    _, found = reconcile("--destination", "acme")
    assert found["filled"] == 2 and len(acme.alerts) == 2 and len(top.alerts) == 1
    result, found = reconcile()
    assert found["filled"] == 1 and len(top.alerts) == 2
    relay_until_empty(home)
    for args in ((), ("--destination", "acme"), ("--destination", "beta")):
        result, found = reconcile(*args)
        assert result.code == 0 and found["missing"] == 0, result
    wrong = socctl(home, "reconcile", "--from", source, "--destination", "acmee")
    assert wrong.code == 2 and 'there is no destination "acmee"' in wrong.err
    both = socctl(home, "reconcile", "--from", source, "--destination", "acme", "--url", top.url)
    assert both.code == 2 and "name two targets" in both.err
    key = tmp_path / "key"
    key.write_text(ACME_KEY)
    key.chmod(0o600)
    around = socctl(home, "reconcile", "--from", source, "--url", acme.url, "--key-file", key)
    assert around.code == 2 and "is destination acme" in around.err


def test_alert_send_and_map(home, tenants, tmp_path):
    top, acme, beta = tenants
    configure(home, tenants, [BOTH])
    file = tmp_path / "a.json"
    file.write_bytes(make_alert(1))
    explained = socctl(home, "alert", "map", file, "--explain", "-o", "jsonl").jsonl()
    [row] = [one for one in explained if one["field"] == "destination"]
    assert (row["value"], row["rule"]) == ("acme, default", 'rules[0] "both": group sshd')
    dry = socctl(home, "alert", "send", file, "--dry-run", "-o", "jsonl").jsonl()
    assert [(one["destination"], one["result"]) for one in dry] == [("acme", "would send"), ("default", "would send")]
    acme.before = lambda request: answer(401, {"type": "AuthenticationError", "message": "no"})
    first = socctl(home, "alert", "send", file, "-o", "jsonl")
    assert first.code == 4 and len(top.alerts) == 1
    acme.before = None
    again = socctl(home, "alert", "send", file, "-o", "jsonl")
    assert [(one["destination"], one["result"]) for one in again.jsonl()] == [("acme", "created"), ("default", "duplicate")]
    one = socctl(home, "alert", "send", file, "--destination", "beta", "-o", "jsonl").jsonl()
    assert [row["result"] for row in one] == ["filtered"] and beta.requests == []
    assert socctl(home, "alert", "send", file, "--destination", "gone").code == 2


def test_queue_shows_destinations(home, tenants):
    configure(home, tenants, [BOTH], delivery="queue")
    assert home.run(make_alert(1)).code == 0
    rows = socctl(home, "queue", "list", "-o", "jsonl").jsonl()
    assert sorted(one.get("destination", "") for one in rows) == ["", "acme"]
    assert "DESTINATION" in tool.run_on_terminal("queue", "list", env=spool_env.env(home)).out
    [acme] = socctl(home, "queue", "list", "--destination", "acme", "-o", "jsonl").jsonl()
    [other] = socctl(home, "queue", "list", "--destination", "default", "-o", "jsonl").jsonl()
    assert acme["destination"] == "acme" and acme["id"] != other["id"]
    assert "Destination:  acme" in socctl(home, "queue", "show", acme["id"]).out
    assert share(home, "acme")["entries"] == {"queue": 1, "hold": 0, "dead": 0, "corrupt": 0}
    assert socctl(home, "queue", "drop", acme["id"], "--yes").code == 0
    assert share(home, "acme")["dropped"] == 1
    text = socctl(home, "queue", "stats", "-o", "prometheus").out
    assert 'socbridge_delivery_alerts_total{destination="acme",result="dropped"} 1' in text
    assert 'socbridge_queue_destination_entries{destination="default",state="queue"} 1' in text
    assert f'socbridge_queue_destination_state{{url="{tenants[1].url}",organisation="",destination="acme",state="unknown"}} 1' in text


def test_health_asks_each_destination(home, tenants):
    top, acme, beta = tenants
    configure(home, tenants, [BOTH])
    beta.refuse_key = True
    result = socctl(home, "health", "thehive", "-o", "json")
    [report] = result.json()["components"]
    states = {one["check"]: one["state"] for one in report["checks"]}
    assert (states["key"], states["destination acme"], states["destination beta"]) == ("ok", "ok", "down")
    assert result.code == 4
    configure(home, tenants, [{"set": {"destination": "acme"}}], url="", api_key="")
    beta.refuse_key = False
    [report] = socctl(home, "health", "thehive", "-o", "json").json()["components"]
    assert {one["check"]: one["state"] for one in report["checks"]} == {"destination acme": "ok", "destination beta": "ok"}


WRONG = {
    "unknown name": ({"rules": [{"set": {"destination": "acmee"}}]},
                     'rules[0].set.destination: there is no destination "acmee"'),
    "key file for all": ({}, "acme.key"),
    "the same twice": ({"destinations": {"a": {"organisation": "x"}, "b": {"organisation": "x"}}},
                       "destinations.b has the same TheHive and organisation as a"),
    "empty": ({"destinations": {}}, "destinations is empty"),
    "no key": ({"destinations": {"a": {"url": "http://127.0.0.1:9"}}},
               "destinations.a has a url of its own, and no api_key"),
}


@pytest.mark.parametrize("case", WRONG)
def test_config_check_says_each_mistake_in_one_line(home, tenants, case):
    more, text = WRONG[case]
    home.write("etc/ossec.conf", f"""<ossec_config><global><jsonout_output>yes</jsonout_output></global>
      <integration><name>custom-w2thive</name><hook_url>{tenants[0].url}</hook_url>
      <api_key>{TOP_KEY}</api_key><alert_format>json</alert_format></integration></ossec_config>""")
    configure(home, tenants, **{"rules": [], **more})
    if case == "key file for all":
        (home.path / "etc/acme.key").chmod(0o644)
    result = socctl(home, "config", "check", "-o", "json")
    found = [one for one in result.json() if one["state"] == "error"]
    assert len(found) == 1 and text in found[0]["detail"], found
    assert result.code == 2
    for key in (TOP_KEY, ACME_KEY, BETA_KEY):
        assert key not in result.out + result.err


def test_config_check_and_explain_list_destinations_without_keys(home, tenants):
    configure(home, tenants, [BOTH])
    home.configure(**{**json.loads((home.path / "etc/w2thive.json").read_text()),
                      "destinations": {**destinations(tenants), "gamma": {"organisation": "g", "api_key": "hunter2"}}})
    found = {one["check"]: one for one in socctl(home, "config", "check", "-o", "json").json()}
    assert found["destination acme"]["detail"] == tenants[1].url
    assert found["destination gamma"]["detail"] == f"{tenants[0].url}, organisation g"
    explained = socctl(home, "config", "explain", "-o", "json")
    values = {one["key"]: one["value"] for one in explained.json()}
    assert values["destinations.gamma.api_key"] == "[set]"
    assert values["destinations.beta.organisation"] == "beta"
    assert "hunter2" not in explained.out


def test_no_key_of_a_destination_is_kept_beside_alerts(home, tenants):
    options = json.dumps({"destinations": {"acme": {"organisation": "a", "api_key": "hunter2"}}})
    configure(home, tenants, [])
    run = home.run(make_alert(1), options=options, debug=True)
    assert run.code == 2 and b"is not allowed in <options>" in run.output
    assert count(home) == 1
    assert not [path for path, data in home.every_file().items() if b"hunter2" in data]


def test_alert_test_goes_to_the_destination_that_is_named(home):
    with tool.Sandbox() as top, tool.Sandbox(key=ACME_KEY) as acme:
        home.write("etc/acme.key", ACME_KEY + "\n")
        spool_env.configure(home, top.url, destinations={"acme": {"url": acme.url, "api_key": "file:etc/acme.key"}},
                          rules=[BOTH])
        named = socctl(home, "alert", "test", "--destination", "acme", "-o", "table")
        assert named.code == 0 and f"{acme.url} (destination acme)" in named.out, named
        assert (spool_env.references(top), len(spool_env.references(acme))) == ([], 1)
        assert socctl(home, "alert", "test", "--destination", "acme", "--delete").code == 0
        assert len(spool_env.references(acme)) == 1
        assert socctl(home, "alert", "test", "--destination", "default").code == 0
        assert len(spool_env.references(top)) == 1
        wrong = socctl(home, "alert", "test", "--destination", "acmee")
        assert wrong.code == 2 and 'there is no destination "acmee"' in wrong.err
        both = socctl(home, "alert", "test", "--destination", "acme", "--url", top.url)
        assert both.code == 2 and "name two targets" in both.err
        home.write("etc/acme.key", "another-key-0123456789\n")
        refused = socctl(home, "alert", "test", "--destination", "acme")
        assert refused.code == 4 and "another-key" not in refused.out + refused.err
