# SPDX-License-Identifier: Apache-2.0
"""socctl opencti against the sandbox's OpenCTI and TheHive."""

import datetime
import json

import pytest
import requests

import tool

IP = "198.51.100.7"
HASH = "098f6bcd4621d373cade4e832627b4f6"


@pytest.fixture(scope="module")
def soc():
    with tool.Sandbox("opencti") as sandbox:
        yield sandbox


class Hive:
    def __init__(self, sandbox):
        self.url = sandbox.url + "/api/v1/"
        self.headers = {"Authorization": "Bearer " + sandbox.key}

    def post(self, path, **body):
        answer = requests.post(self.url + path, json=body, headers=self.headers, timeout=20)
        answer.raise_for_status()
        return answer.json()

    def query(self, *operations):
        return self.post("query", query=list(operations))

    def new_case(self, *observables, tlp=2):
        case = self.post("case", title="Phishing", description="d", severity=2, startDate=1760000000000, tlp=tlp)
        for data_type, data, flags in observables:
            self.post(f"case/{case['_id']}/observable", dataType=data_type, data=data, **flags)
        return case

    def below(self, case, what):
        return self.query({"_name": "getCase", "idOrName": case["_id"]}, {"_name": what})

    def tags(self, case):
        return self.query({"_name": "getCase", "idOrName": case["_id"]})[0]["tags"]


def graphql(sandbox, query):
    answer = requests.post(sandbox.urls["opencti"] + "/graphql", json={"query": query},
                           headers={"Authorization": "Bearer " + sandbox.key}, timeout=20).json()
    assert "errors" not in answer, answer
    return answer["data"]


def data_file(tmp_path, **sandbox):
    """A bundle without objects, with the platform's other settings."""
    me = {"id": "u", "name": "soc", "user_email": "s@x.test", "account_status": "Active",
          "capabilities": [{"name": "KNOWLEDGE"}, {"name": "MODULES"}], "allowed_marking": [], "draftContext": None}
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps({"type": "bundle", "id": "bundle--x", "objects": [],
                                "sandbox": {"me": me, **sandbox}}))
    return path


# --- whoami and raw queries

def test_whoami(soc):
    who = tool.run("opencti", "whoami", "-o", "json", env=soc.env()).json()[0]
    assert (who["name"], who["version"], who["missing"]) == ("socctl", "6.8.10", [])
    wrong = tool.run("opencti", "whoami", env=soc.env(SOCCTL_OPENCTI_KEY="another-token-1"))
    assert wrong.code == 4
    assert "AUTH_REQUIRED" in wrong.err
    assert "another-token-1" not in wrong.err


def test_whoami_reports_what_the_account_may_not_do(tmp_path):
    data = data_file(tmp_path)
    with tool.Sandbox("opencti", data={"opencti": data}) as sandbox:
        result = tool.run("opencti", "whoami", env=sandbox.env())
        assert result.code == 0
        assert "KNOWLEDGE_KNUPDATE" in result.err and "sighting" in result.err
        refused = tool.run("opencti", "query", "-", env=sandbox.env(),
                           stdin='mutation { systemAdd(input: {name: "A system"}) { id } }')
        assert refused.code == 4
        assert "FORBIDDEN_ACCESS" in refused.err


def test_raw_query(soc, tmp_path):
    document = tmp_path / "q.graphql"
    document.write_text("query($id: String!) { indicator(id: $id) { pattern } }")
    result = tool.run("opencti", "query", document, "--var", "id=indicator--3ae0b0a2-7289-5fda-8a85-02d057ba0968",
                      env=soc.env())
    assert result.code == 0
    assert result.json()["data"]["indicator"]["pattern"] == f"[ipv4-addr:value = '{IP}']"
    broken = tool.run("opencti", "query", "-", env=soc.env(), stdin="{ nothing }")
    assert broken.code == 7
    assert broken.json()["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert tool.run("opencti", "query", tmp_path / "none.graphql", env=soc.env()).code == 6


def test_a_web_page_with_200_is_not_opencti():
    with tool.Sandbox("opencti", rules=["opencti:html=200"]) as sandbox:
        result = tool.run("opencti", "context", IP, env=sandbox.env())
        assert result.code == 7
        assert "text/html" in result.err
        assert result.out == ""


@pytest.mark.parametrize("suffix", ["", "/", "/graphql", "/graphql/"])
def test_the_url_may_be_written_in_any_way(soc, suffix):
    assert tool.run("opencti", "whoami", env=soc.env(SOCCTL_OPENCTI_URL=soc.urls["opencti"] + suffix)).code == 0


# --- context

def test_context_in_a_pipe(soc):
    result = tool.run("opencti", "context", "198.51.100[.]7", "192.0.2.1", env=soc.env())
    assert result.code == 0
    assert result.rows() == [
        [IP, "ip", "yes", "85", "1", "ExampleRAT, APT-EXAMPLE", "T1071.001", "1", "c2, examplerat", "TLP:GREEN"],
        ["192.0.2.1", "ip", "no", "", "0", "", "", "0", "", ""],
    ]


def test_context_on_a_terminal(soc):
    result = tool.run_on_terminal("opencti", "context", IP, env=soc.env(NO_COLOR="1"))
    assert result.out == f"""{IP}  ip
├─ IPv4-Addr observable  score 85 (TLP:GREEN, c2, examplerat, Example CTI Team)
│  └─ reference Example CTI blog https://cti.example/reports/examplerat
├─ indicator [ipv4-addr:value = '{IP}']  score 85  valid (until 2035-01-01, TLP:GREEN, c2, Example CTI Team)
│  ├─ indicates malware ExampleRAT (also ExRAT)
│  │  └─ intrusion-set APT-EXAMPLE uses ExampleRAT (also Sample Bear)
│  └─ indicates attack-pattern T1071.001 Web Protocols (command-and-control)
└─ report ExampleRAT infrastructure 2025 (2025-11-02, Example CTI Team)
"""
    assert "\x1b[" in tool.run_on_terminal("opencti", "context", IP, env=soc.env()).out


def test_context_as_json_and_markdown(soc):
    lines = tool.run("opencti", "context", "-", "-o", "jsonl", env=soc.env(),
                     stdin=f"# pasted\n{IP}\n\nhxxp://login.evil[.]example/verify?id=1\n").jsonl()
    assert [one["type"] for one in lines] == ["ip", "url"]
    threat = lines[0]["threats"][1]
    assert (threat["mitre_id"], threat["tactics"], threat["relationship"]) == (
        "T1071.001", ["command-and-control"], "indicates")
    assert lines[1]["observables"][0]["markings"] == ["TLP:AMBER"]
    text = tool.run("opencti", "context", IP, "-o", "md", env=soc.env()).out
    assert text.startswith("### 198.51.100.7 (ip)\n")
    assert "T1071" in text


def test_a_value_that_is_none_does_not_stop_the_others(soc):
    result = tool.run("opencti", "context", "", IP, env=soc.env())
    assert result.code == 6
    assert result.rows()[0][0] == IP


def test_usage_of_context(soc):
    assert tool.run("opencti", "context", env=soc.env()).code == 2
    assert tool.run("opencti", "context", IP, "--case", "1", env=soc.env()).code == 2
    assert tool.run("opencti", "context", IP, "--attach", env=soc.env()).code == 2
    assert tool.run("opencti", "context", IP, "-o", "xml", env=soc.env()).code == 2


def test_hostile_texts_reach_no_terminal(tmp_path):
    name = "Evil\x1b[31m\u202eRAT|\n<script>"
    bundle = {"type": "bundle", "id": "bundle--x", "objects": [
        {"type": "ipv4-addr", "id": "ipv4-addr--12592121-be4c-5a93-a813-5a5af16e50db", "value": IP, "labels": [name]},
        {"type": "malware", "id": "malware--1", "name": name},
        {"type": "relationship", "id": "relationship--1", "relationship_type": "related-to",
         "source_ref": "ipv4-addr--12592121-be4c-5a93-a813-5a5af16e50db", "target_ref": "malware--1"}]}
    path = tmp_path / "b.json"
    path.write_text(json.dumps(bundle))
    with tool.Sandbox("opencti", data={"opencti": path}) as sandbox:
        for how in ([], ["-o", "md"], ["-o", "table"], ["-o", "tree"]):
            out = tool.run("opencti", "context", IP, *how, env=sandbox.env()).out
            assert "Evil" in out
            assert "\x1b" not in out and "\u202e" not in out


# --- attaching

def test_attach_writes_once_and_only_what_changed(soc):
    hive = Hive(soc)
    case = hive.new_case(("ip", IP, {}), ("hash", HASH, {}), ("ip", "192.0.2.1", {}))
    args = ("opencti", "context", "--case", case["_id"], "--attach")
    planned = tool.run(*args, "--dry-run", env=soc.env())
    assert planned.code == 0
    assert "comment of" in planned.err and "would create" in planned.err
    assert hive.below(case, "comments") == [] and hive.tags(case) == []

    assert tool.run(*args, env=soc.env()).code == 0
    comments = hive.below(case, "comments")
    assert len(comments) == 1
    assert "ExampleRAT" in comments[0]["message"] and "socbridge:opencti-context" in comments[0]["message"]
    assert "1 other observables are not known" in comments[0]["message"]
    assert {'opencti:known', 'opencti:malware="ExampleRAT"', 'opencti:malware="ExampleStealer"',
            'opencti:label="c2"'} <= set(hive.tags(case))
    assert sorted(p["patternId"] for p in hive.below(case, "procedures")) == ["T1071.001", "T1555"]
    by_data = {o["data"]: o["tags"] for o in hive.below(case, "observables")}
    assert 'opencti:malware="ExampleRAT"' in by_data[IP] and by_data["192.0.2.1"] == []

    again = tool.run(*args, env=soc.env())
    assert again.code == 0
    assert all(line.endswith("unchanged") for line in again.err.splitlines()), again.err
    assert hive.below(case, "comments") == comments
    assert len(hive.below(case, "procedures")) == 2

    hive.post(f"case/{case['_id']}/observable", dataType="domain", data="login.evil.example")
    changed = tool.run(*args, env=soc.env())
    assert "comment of" in changed.err and "changed" in changed.err
    assert len(hive.below(case, "comments")) == 1
    assert "login" in hive.below(case, "comments")[0]["message"]


def test_attach_as_a_page(soc):
    hive = Hive(soc)
    case = hive.new_case(("ip", IP, {}))
    for expected in ("created", "unchanged"):
        result = tool.run("opencti", "context", "--case", str(case["number"]), "--attach", "--as", "page", env=soc.env())
        assert result.code == 0
        assert f"page of case {case['_id']}: {expected}" in result.err
    assert [p["title"] for p in hive.below(case, "pages")] == ["OpenCTI context"]


def test_attach_to_an_alert(soc):
    hive = Hive(soc)
    alert = hive.post("alert", type="t", source="s", sourceRef="attach-1", title="a", description="d",
                      observables=[{"dataType": "ip", "data": IP}])
    result = tool.run("opencti", "context", "--alert", alert["_id"], "--attach", env=soc.env())
    assert result.code == 0, result
    comments = hive.query({"_name": "getAlert", "idOrName": alert["_id"]}, {"_name": "comments"})
    assert len(comments) == 1
    assert tool.run("opencti", "context", "--alert", alert["_id"], "--attach", "--as", "page", env=soc.env()).code == 2


def test_what_is_marked_above_the_case_is_not_written_into_it(soc):
    hive = Hive(soc)
    url = "http://login.evil.example/verify?id=1"  # TLP:AMBER in OpenCTI
    case = hive.new_case(("url", url, {}), tlp=1)
    result = tool.run("opencti", "context", "--case", case["_id"], "--attach", env=soc.env())
    assert result.code == 0
    assert "marked above the TLP" in result.err
    assert hive.below(case, "comments") == [] and hive.tags(case) == []


def test_nothing_known_writes_nothing(soc):
    hive = Hive(soc)
    case = hive.new_case(("ip", "192.0.2.9", {}))
    assert tool.run("opencti", "context", "--case", case["_id"], "--attach", env=soc.env()).code == 0
    assert hive.below(case, "comments") == []


def test_a_refusal_of_opencti_writes_nothing():
    with tool.Sandbox("opencti", rules=["opencti:error=FORBIDDEN_ACCESS"]) as sandbox:
        hive = Hive(sandbox)
        case = hive.new_case(("ip", IP, {}))
        assert tool.run("opencti", "context", "--case", case["_id"], "--attach", env=sandbox.env()).code == 4
        assert hive.below(case, "comments") == []


# --- sightings

def sightings(sandbox):
    data = graphql(sandbox, "{ stixSightingRelationships { edges { node { attribute_count first_seen "
                            "from { ... on StixObject { representative { main } } } "
                            "to { ... on StixObject { representative { main } } } "
                            "objectMarking { definition } createdBy { name } "
                            "externalReferences { edges { node { external_id url } } } } } } }")
    return [edge["node"] for edge in data["stixSightingRelationships"]["edges"]]


def test_sightings_are_reported_once():
    with tool.Sandbox("opencti") as sandbox:
        hive = Hive(sandbox)
        case = hive.new_case(("ip", IP, {"ioc": True, "tlp": 1}), ("domain", "new.evil.example", {"sighted": True}),
                             ("ip", "192.0.2.7", {}), ("other", "something", {"ioc": True}))
        args = ("opencti", "sighting", "--case", case["_id"], "-o", "json")
        planned = {o["value"]: o["result"] for o in tool.run(*args, "--dry-run", env=sandbox.env()).json()}
        assert planned == {IP: "would create", "new.evil.example": "would create", "something": "skipped"}
        assert sightings(sandbox) == []

        first = tool.run(*args, env=sandbox.env())
        assert first.code == 0, first
        sighted = {o["value"]: (o["result"], o["new_observable"]) for o in first.json()}
        assert sighted[IP] == ("created", False) and sighted["new.evil.example"] == ("created", True)
        made = sightings(sandbox)
        assert {(s["from"]["representative"]["main"], s["to"]["representative"]["main"]) for s in made} == {
            (IP, "TheHive"), ("new.evil.example", "TheHive")}
        by_value = {s["from"]["representative"]["main"]: s for s in made}
        assert by_value[IP]["objectMarking"] == [{"definition": "TLP:GREEN"}]
        assert by_value[IP]["externalReferences"]["edges"][0]["node"]["external_id"] == "TheHive case " + case["_id"]

        again = {o["value"]: o["result"] for o in tool.run(*args, env=sandbox.env()).json()}
        assert again == {IP: "present", "new.evil.example": "present", "something": "skipped"}
        assert [s["attribute_count"] for s in sightings(sandbox)] == [1, 1]

        other = hive.new_case(("ip", IP, {"ioc": True}))
        assert tool.run("opencti", "sighting", "--case", other["_id"], env=sandbox.env()).code == 0
        assert tool.run("opencti", "sighting", "--case", other["_id"], env=sandbox.env()).code == 0
        assert {s["from"]["representative"]["main"]: s["attribute_count"] for s in sightings(sandbox)}[IP] == 2


def test_one_refused_observable_does_not_stop_the_others():
    with tool.Sandbox("opencti") as sandbox:
        hive = Hive(sandbox)
        case = hive.new_case(("mail", "no-at-sign", {"ioc": True}), ("ip", IP, {"ioc": True}))
        result = tool.run("opencti", "sighting", "--case", case["_id"], "-o", "json", env=sandbox.env())
        assert result.code == 3
        sighted = {o["value"]: o for o in result.json()}
        assert sighted["no-at-sign"]["result"] == "refused" and "FUNCTIONAL_ERROR" in sighted["no-at-sign"]["reason"]
        assert sighted[IP]["result"] == "created"


# --- connectors

MISSION = "mitre,alienvault,abuseipdb,virustotal"


def ago(**delta):
    return (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(**delta)).isoformat()


def connector(name, **more):
    return {"id": "id-" + name, "name": name, "active": False, "connector_type": "EXTERNAL_IMPORT",
            "connector_state": None, "updated_at": ago(days=1),
            "connector_info": {"run_and_terminate": True, "buffering": False, "next_run_datetime": None,
                               "last_run_datetime": ago(hours=3)},
            "connector_queue_details": {"messages_number": 0}, "works": [], **more}


def test_connectors_of_the_mission_are_well(soc):
    result = tool.run("opencti", "connectors", "--expect", MISSION, env=soc.env())
    assert result.code == 0, result
    assert {row[0]: row[2] for row in result.rows()} == {
        "AbuseIPDB IP Blacklist": "ok", "AlienVault OTX": "ok", "MITRE ATT&CK": "ok", "VirusTotal": "ok"}


def test_connectors_that_are_not_well(tmp_path):
    data = data_file(tmp_path, queues={"consumers": "2", "queues": [{"name": "push_id-AlienVault", "messages": "7"}]},
                     connectors=[
        connector("MITRE ATT&CK", connector_info={"run_and_terminate": False, "buffering": False,
                                                  "next_run_datetime": None, "last_run_datetime": None},
                  connector_state=json.dumps({"last_run": 1700000000})),
        connector("AlienVault", works=[{"id": "w", "status": "complete", "timestamp": ago(hours=3),
                                        "completed_time": None,
                                        "errors": [{"timestamp": ago(hours=3), "message": "429 from OTX"}]}]),
        connector("VirusTotal", connector_type="INTERNAL_ENRICHMENT"),
        connector("Other", updated_at=ago(days=400))])
    with tool.Sandbox("opencti", data={"opencti": data}) as sandbox:
        result = tool.run("opencti", "connectors", "--expect", MISSION, "-o", "json", env=sandbox.env())
        assert result.code == 3
        lines = {line["name"]: line for line in result.json()}
        assert {name: line["state"] for name, line in lines.items()} == {
            "MITRE ATT&CK": "stale", "AlienVault": "degraded", "VirusTotal": "down", "abuseipdb": "missing",
            "Other": "ok"}
        assert lines["AlienVault"]["last_error"] == "429 from OTX"
        assert lines["AlienVault"]["queued"] == 7
        assert tool.run("opencti", "connectors", "--expect", "alienvolt", env=sandbox.env()).code == 2


def test_schedules_of_the_configuration(tmp_path):
    data = data_file(tmp_path, queues={"consumers": "1", "queues": []},
                     connectors=[connector("AlienVault"), connector("MISP feed")])
    config = tmp_path / "config.json"

    def run(text, *more):
        config.write_text(text)
        config.chmod(0o600)
        result = tool.run("opencti", "connectors", "--profile", config, "-o", "json", *more, env=sandbox.env())
        return result, {line["name"]: line["state"] for line in (result.json() if result.out else [])}

    with tool.Sandbox("opencti", data={"opencti": data}) as sandbox:
        # Both ran three hours ago.
        result, states = run('{"connectors": {"alienvault": {"every": "1h", "slack": "1h"}}}')
        assert (result.code, states) == (3, {"AlienVault": "stale", "MISP feed": "ok"})
        result, states = run('{"connectors": {"misp": {"match": ["MISP"], "every": "1h"}}}', "--expect", "misp")
        assert (result.code, states["MISP feed"]) == (3, "stale")
        result, states = run('{"connectors": {"misp": {"match": ["MISP"], "every": "4h"}}}', "--expect", "misp")
        assert (result.code, states["MISP feed"]) == (0, "ok")
        for text, word in (('{"connectors": {"misp": {"evry": "1h"}}}', "every"),
                           ('{"connectors": {"misp": {"every": "soon"}}}', "duration"),
                           ('{"connectors": {"misp": {"match": ["MISP"]}}}', "every"),
                           ('{"connectors": {"misp": 5}}', "object")):
            result, _ = run(text)
            assert result.code == 2 and word in result.err and "config.json:1:" in result.err, result


def test_no_worker_means_that_nothing_is_taken_in(tmp_path):
    data = data_file(tmp_path, queues={"consumers": "0", "queues": []}, connectors=[connector("AlienVault")])
    with tool.Sandbox("opencti", data={"opencti": data}) as sandbox:
        result = tool.run("opencti", "connectors", env=sandbox.env())
        assert result.code == 3
        assert "no worker" in result.err


def test_connectors_without_the_capability(tmp_path):
    data = data_file(tmp_path, me={"id": "u", "name": "n", "user_email": "", "account_status": "Active",
                                   "capabilities": [{"name": "KNOWLEDGE"}], "allowed_marking": []})
    with tool.Sandbox("opencti", data={"opencti": data}) as sandbox:
        result = tool.run("opencti", "connectors", env=sandbox.env())
        assert result.code == 4
        assert "FORBIDDEN_ACCESS" in result.err


def test_formats_agree(soc):
    env = soc.env()
    for verb in (["connectors"], ["context", IP], ["whoami"]):
        as_json = tool.run("opencti", *verb, "-o", "json", env=env).json()
        as_lines = tool.run("opencti", *verb, "-o", "jsonl", env=env).jsonl()
        assert as_json == as_lines
        assert len(tool.run("opencti", *verb, "-o", "plain", env=env).rows()) == len(as_json)
