# SPDX-License-Identifier: Apache-2.0
"""OpenCTI's restricted users and failing search engine: `health`, `whoami` and each verb."""

import json

import pytest
from live_stream import Soc, event, indicator
from tool import Sandbox, run

IP = "198.51.100.7"
RIGHTS = ("KNOWLEDGE", "KNOWLEDGE_KNUPDATE", "MODULES", "TAXIIAPI")


def data(folder, *rights, objects=(), **settings):
    me = {"id": "u", "name": "soc", "user_email": "s@x.test", "account_status": "Active", "draftContext": None,
          "capabilities": [{"name": name} for name in rights],
          "allowed_marking": [{"definition": "TLP:" + one} for one in ("CLEAR", "GREEN", "AMBER")]}
    path = folder / "bundle.json"
    path.write_text(json.dumps({"type": "bundle", "id": "bundle--x", "objects": list(objects), "sandbox": {
        "me": me, "queues": {"consumers": "1", "queues": []},
        "streams": [{"id": "4f8d3c1a-7b6e-4a59-9c0d-1e2f3a4b5c6d", "name": "SOC", "stream_live": True}], **settings}}))
    return {"opencti": path}


def health(sandbox, config):
    result = run("health", "opencti", "--profile", config, "-o", "json", env=sandbox.env())
    report = [one for one in json.loads(result.out)["components"] if one["component"] == "opencti"][0]
    return result.code, {one["check"]: one for one in report["checks"]}


@pytest.fixture
def config(tmp_path):
    """No feed is waited for."""
    path = tmp_path / "config.json"
    path.write_text(json.dumps({"connectors": {name: {"match": ["nothing-" + name], "mode": "always"}
                                               for name in ()}}))
    path.chmod(0o600)
    return path


def feeds():
    def one(name, **more):
        return {"id": "id-" + name, "name": name, "active": True, "connector_type": "EXTERNAL_IMPORT",
                "connector_state": None, "updated_at": "@now-1m@", "connector_info": {
                    "run_and_terminate": False, "buffering": False, "next_run_datetime": None,
                    "last_run_datetime": "@now-1h@"}, "connector_queue_details": {"messages_number": 0}, "works": [],
                **more}
    return [one(name) for name in ("MITRE", "AlienVault", "AbuseIPDB", "VirusTotal")]


def test_health_gets_well_with_the_documented_rights(tmp_path, config):
    with Sandbox("opencti", data=data(tmp_path, *RIGHTS, connectors=feeds())) as sandbox:
        Soc(sandbox, tmp_path).platform.publish(event(indicator(f"[ipv4-addr:value = '{IP}']")))
        code, checks = health(sandbox, config)
        assert code == 0, checks
        assert "SETTINGS_SETPARAMETERS" in checks["dependencies"]["detail"]
    with Sandbox("opencti", data=data(tmp_path, *RIGHTS, "SETTINGS_SETPARAMETERS", connectors=feeds())) as sandbox:
        Soc(sandbox, tmp_path).platform.publish(event(indicator(f"[ipv4-addr:value = '{IP}']")))
        code, checks = health(sandbox, config)
        assert code == 0 and "RabbitMQ" in checks["dependencies"]["detail"]


def test_without_the_right_to_streams_health_says_so(tmp_path, config):
    with Sandbox("opencti", data=data(tmp_path, *RIGHTS[:3], connectors=feeds())) as sandbox:
        code, checks = health(sandbox, config)
        assert code == 4 and "TAXIIAPI" in checks["stream"]["detail"], checks
        assert "create or start" not in checks["stream"]["next"]


@pytest.mark.parametrize("more", [(), ("SETTINGS_SETPARAMETERS",)])
def test_a_search_engine_that_is_down_is_down(tmp_path, config, more):
    with Sandbox("opencti", data=data(tmp_path, *RIGHTS, *more, connectors=feeds(), search_engine="down")) as sandbox:
        code, checks = health(sandbox, config)
        assert code == 5, checks
        assert checks["search engine"]["state"] == "down" and "OpenSearch" in checks["search engine"]["next"]
        assert checks["answer"]["state"] == "ok"
        asked = run("opencti", "context", IP, env=sandbox.env())
        assert asked.code == 5 and "search engine" in asked.err and asked.out == ""


def test_a_draft_is_reported_alike(tmp_path, config):
    given = data(tmp_path, *RIGHTS, connectors=feeds())
    bundle = json.loads(given["opencti"].read_text())
    bundle["sandbox"]["me"]["draftContext"] = {"id": "d", "name": "Work in progress"}
    given["opencti"].write_text(json.dumps(bundle))
    with Sandbox("opencti", data=given) as sandbox:
        who = run("opencti", "whoami", env=sandbox.env())
        _, checks = health(sandbox, config)
        words = "socctl reads and writes live data anyway"
        assert words in who.err and words in checks["draft"]["detail"]


# Verb, and its capabilities in docs/opencti.md.
VERBS = [("context", ("KNOWLEDGE",)), ("sighting", ("KNOWLEDGE", "KNOWLEDGE_KNUPDATE")), ("connectors", ("MODULES",)),
         ("whoami", ()), ("stream", ("TAXIIAPI",)), ("stream that asks", ("TAXIIAPI", "KNOWLEDGE"))]


def run_verb(verb, soc):
    env = soc.sandbox.env()
    if verb == "context":
        return run("opencti", "context", IP, env=env)
    if verb == "sighting":
        case = soc.hive.call("/api/v1/case", {"title": "c", "description": "d"})["_id"]
        soc.hive.call(f"/api/v1/case/{case}/observable", {"dataType": "ip", "data": IP, "ioc": True})
        return run("opencti", "sighting", "--case", case, env=env)
    if verb in ("connectors", "whoami"):
        return run("opencti", verb, env=env)
    more = ("--lookup", "none", "--techniques", "none") if verb == "stream" else ("--lookup", "all")
    return run(*soc.args("--once", "--fail-after", "200ms", "--from", "0-1", *more), env=env)


@pytest.mark.parametrize("verb,needed", VERBS, ids=[one[0] for one in VERBS])
def test_each_verb_needs_what_the_documentation_says(tmp_path, verb, needed):
    def code(*rights):
        folder = tmp_path / "-".join(rights or ("none",))
        folder.mkdir()
        with Sandbox("opencti", data=data(folder, *rights)) as sandbox:
            soc = Soc(sandbox, folder)
            soc.hive.case(("ip", IP))
            return run_verb(verb, soc).code

    assert code(*needed) == 0
    for missing in needed:
        rest = [one for one in RIGHTS if not one.startswith(missing)]
        assert code(*rest) == 4, missing


def test_the_documentation_has_the_table():
    import os
    from pathlib import Path
    text = (Path(os.environ["SOCBRIDGE_SOURCE_DIR"]) / "docs" / "opencti.md").read_text()
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    for verb, needed in VERBS:
        row = [line for line in rows if line.startswith(f"| `{verb.split()[0]}`")]
        assert row and all(any(f"`{one}`" in line for line in row) for one in needed), verb


def test_the_reasons_in_extensions_are_shown(tmp_path):
    with Sandbox("opencti", data=data(tmp_path, *RIGHTS)) as sandbox:
        soc = Soc(sandbox, tmp_path)
        case = soc.hive.call("/api/v1/case", {"title": "c", "description": "d"})["_id"]
        soc.hive.call(f"/api/v1/case/{case}/observable", {"dataType": "ip", "data": "192.0.2.77", "ioc": True, "tlp": 4})
        sighted = run("opencti", "sighting", "--case", case, "-o", "json", env=sandbox.env())
        assert sighted.code == 3 and "missing markings" in sighted.json()[0]["reason"]
        wrong = run("opencti", "query", "-", env=sandbox.env(), stdin='{ indicators(first: 1, filters: {mode: and, '
                    'filters: [{key: ["nosuch"], values: ["x"]}], filterGroups: []}) { edges { node { id } } } }')
        assert wrong.code == 7 and "nosuch" in wrong.err


def test_a_host_with_one_label_is_reported_as_hostname(tmp_path):
    with Sandbox("opencti", data=data(tmp_path, *RIGHTS)) as sandbox:
        soc = Soc(sandbox, tmp_path)
        case = soc.hive.call("/api/v1/case", {"title": "c", "description": "d"})["_id"]
        for value in ("ws-s1", "ws-s2.example"):
            soc.hive.call(f"/api/v1/case/{case}/observable", {"dataType": "hostname", "data": value, "ioc": True})
        for wanted in ("created", "present"):
            sighted = run("opencti", "sighting", "--case", case, "-o", "json", env=sandbox.env())
            assert sighted.code == 0, sighted
            assert {(one["value"], one["type"], one["result"]) for one in sighted.json()} == {
                ("ws-s1", "Hostname", wanted), ("ws-s2.example", "Domain-Name", wanted)}


def test_accounts_have_their_own_patterns(tmp_path):
    """They also find a value of unknown kind."""
    with Sandbox("opencti", data=data(tmp_path, *RIGHTS)) as sandbox:
        added = run("opencti", "query", "-", env=sandbox.env(), stdin="""mutation { stixCyberObservableAdd(
            type: "User-Account", createIndicator: true, UserAccount: {account_login: "bob"}) { id } }""")
        assert added.code == 0, added
        found = run("opencti", "context", "bob", "-o", "json", env=sandbox.env()).json()[0]
        assert found["known"] and [one["pattern"] for one in found["indicators"]] == [
            "[user-account:account_login = 'bob']"]
