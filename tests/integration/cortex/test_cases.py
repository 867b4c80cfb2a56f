# SPDX-License-Identifier: Apache-2.0
"""socctl case, alert and observable against the sandbox."""

import hashlib
import json

import pytest
import requests

import golden
import tool
from cases import Hive

FORMATS = ("table", "json", "jsonl")


@pytest.fixture(scope="module")
def hive():
    """Shared by the read-only tests: one case with observables, two alerts."""
    with Hive() as hive:
        hive.case()
        hive.case(title="Quiet", severity=1, tags=["calm"])
        observables = [{"dataType": "ip", "data": "203.0.113.66", "tlp": 2, "ioc": True},
                       {"dataType": "domain", "data": "evil.example", "tlp": 4}]
        for one in observables:
            hive.post("case/1/observable", **one)
        hive.alert(observables=observables[:1])
        hive.alert("ref-2", severity=1, tags=["mail"], source="mailbox", title="\x1b[31mred")
        yield hive


VIEWS = {
    "case-list": ("case", "list"),
    "case-show": ("case", "show", "1"),
    "alert-list": ("alert", "list"),
    "alert-show": ("alert", "show", "ref-1"),
    "observable-find": ("observable", "find", "203.0.113.66", "192.0.2.1"),
}


@pytest.mark.parametrize("name", VIEWS)
def test_views(hive, name):
    for form in FORMATS:
        result = hive.run(*VIEWS[name], "-o", form)
        assert (result.code, result.err) == (0, "")
        golden.check(f"{name}.{form}", result.out)
    golden.check(f"{name}.pipe", hive.run(*VIEWS[name]).out)
    golden.check(f"{name}.terminal", hive.terminal(*VIEWS[name]).out)


@pytest.mark.parametrize("args,titles", [
    (["--severity", "high"], ["Intrusion"]),
    (["--tag", "calm"], ["Quiet"]),
    (["--since", "1h"], ["Quiet", "Intrusion"]),
    (["--since", "2099-01-01"], []),
    (["--status", "New", "--open", "--limit", "1"], None),
    (["--assignee", "unassigned@sandbox.test"], []),
])
def test_case_filters(hive, args, titles):
    rows = hive.run("case", "list", "-o", "json", *args).json()
    if titles is None:
        assert len(rows) == 1
    else:
        assert sorted(row["title"] for row in rows) == sorted(titles)


@pytest.mark.parametrize("args,refs", [
    (["--source", "mailbox"], ["ref-2"]),
    (["--type", "wazuh", "--severity", "3"], ["ref-1"]),
    (["--tag", "mail"], ["ref-2"]),
    (["--type", "other"], []),
])
def test_alert_filters(hive, args, refs):
    rows = hive.run("alert", "list", "-o", "jsonl", *args).jsonl()
    assert [row["sourceRef"] for row in rows] == refs


@pytest.mark.parametrize("args,code,text", [
    (["case", "show", "77"], 7, "reading case 77: HTTP 404 NotFoundError: Case 77 not found"),
    (["case", "show", "x"], 2, '"x" is not a case; give its number (42) or its id (~123)'),
    (["case", "list", "--severity", "huge"], 2, '--severity: "huge" is not a severity; known are low'),
    (["case", "list", "--since", "soonish"], 2, "--since: "),
    (["alert", "show", "no-such"], 7, "TheHive has no alert no-such; see socctl alert list"),
    (["alert", "merge", "ref-1"], 2, "--into is required"),
    (["case", "analyze", "1", "--analyzer", "AbuseIPBD"], 2,
     'Cortex has no enabled analyzer "AbuseIPBD"; did you mean AbuseIPDB?'),
    (["case", "analyze", "1", "--preset", "reputatoin"], 2,
     'there is no preset "reputatoin"; did you mean reputation?'),
    (["case", "analyze", "1", "--max-tlp", "blue"], 2, '--max-tlp: "blue" is not a TLP'),
    (["case", "analyze", "1", "--wait=ever"], 2, '--wait: "ever" is not a duration'),
    (["case", "observable", "add", "1", "a.example", "--tlp", "9"], 2, '--tlp: "9" is not a TLP'),
    (["analyze", "--new", "--follow", "--dry-run"], 2, "--follow and --dry-run exclude each other"),
    (["analyze"], 2, "nothing is selected for analysis; give --new"),
])
def test_what_is_wrong_is_one_line(hive, args, code, text):
    result = hive.run(*args)
    assert result.code == code
    assert result.out == ""
    assert result.err.startswith("socctl: ") and result.err.count("\n") == 1
    assert text in result.err


def test_a_wrong_key_and_a_dead_server(hive):
    wrong = hive.run("case", "list", env={"SOCCTL_THEHIVE_KEY": "wrong-key-0123456789"})
    assert (wrong.code, "check the key" in wrong.err) == (4, True)
    assert "wrong-key-0123456789" not in wrong.err
    dead = hive.run("case", "list", env={"SOCCTL_THEHIVE_URL": "http://127.0.0.1:9"})
    assert dead.code == 5


def test_observables_are_added_once():
    with Hive() as hive:
        hive.case()
        add = ("case", "observable", "add", "1")
        values = ["203.0.113[.]7", "hxxps://evil[.]example/x", "D41D8CD98F00B204E9800998ECF8427F"]
        dry = hive.run(*add, *values, "--dry-run", "-o", "jsonl")
        assert [row["result"] for row in dry.jsonl()] == ["would add"] * 3
        first = hive.run(*add, *values, "--ioc", "--tag", "seen", "--message", "by hand", "-o", "jsonl")
        assert first.code == 0
        rows = first.jsonl()
        assert [(row["dataType"], row["value"], row["result"]) for row in rows] == [
            ("ip", "203.0.113.7", "added"), ("url", "https://evil.example/x", "added"),
            ("hash", "d41d8cd98f00b204e9800998ecf8427f", "added")]
        one = rows[0]["observable"]
        assert (one["ioc"], one["tags"], one["message"], one["tlp"]) == (True, ["seen"], "by hand", 1)  # the case's TLP
        second = hive.run(*add, "-", "--tlp", "red", "-o", "jsonl", stdin="# list\n203.0.113.7\n\nodd.example\n")
        assert [(row["value"], row["result"]) for row in second.jsonl()] == [
            ("odd.example", "added"), ("203.0.113.7", "present")]
        assert second.jsonl()[0]["observable"]["tlp"] == 4
        assert len(hive.run("case", "show", "1", "-o", "json").json()[0]["observables"]) == 4


def test_observables_of_lists_and_how_they_are_found(tmp_path):
    misp = tmp_path / "misp.csv"
    misp.write_text("uuid,type,value\n1,ip-dst,203.0.113.7\n2,domain|ip,drop.evil.example|203.0.113.8\n")
    stix = tmp_path / "bundle.json"
    stix.write_text(json.dumps({"type": "bundle", "objects": [
        {"type": "identity", "id": "identity--1"},
        {"type": "indicator", "id": "indicator--1",
         "pattern": f"[file:hashes.'SHA-256' = '{'ab' * 32}' OR url:value = 'http://evil.example/x']"}]}))
    with Hive() as hive:
        hive.case()
        added = hive.run("case", "observable", "add", "1", "-f", misp, "-f", stix, "-o", "jsonl")
        assert added.code == 0, added
        assert sorted((row["dataType"], row["value"]) for row in added.jsonl()) == [
            ("domain", "drop.evil.example"), ("hash", "ab" * 32), ("ip", "203.0.113.7"), ("ip", "203.0.113.8"),
            ("url", "http://evil.example/x")]
        # As people write them: in capitals, defanged, with a port.
        for value in ("AB" * 32, "drop[.]evil[.]example", "DROP.EVIL.EXAMPLE", "203.0.113.7:443", "hxxp://evil[.]example/x"):
            found = hive.run("observable", "find", value, "-o", "jsonl")
            assert found.code == 0 and len(found.jsonl()) == 1, (value, found)
        broken = tmp_path / "broken.csv"
        broken.write_text("type,value\nip-dst,no address\n")
        refused = hive.run("case", "observable", "add", "1", "-f", broken, "-o", "jsonl")
        assert refused.code != 0


def test_types_are_known_by_many_words():
    with Hive() as hive:
        hive.case()
        for word, value in (("MD5", "d41d8cd98f00b204e9800998ecf8427f"), ("IPv4", "203.0.113.7")):
            add = ("case", "observable", "add", "1", value, "--type", word, "-o", "jsonl")
            assert [row["dataType"] for row in hive.run(*add, "--dry-run").jsonl()] == [{"MD5": "hash", "IPv4": "ip"}[word]]
            added = hive.run(*add)
            assert (added.code, [row["result"] for row in added.jsonl()]) == (0, ["added"])
        for word in ("ip", "IP", "IPv4", "ipv4-addr", "auto"):
            assert len(hive.run("observable", "find", "203.0.113.7", "--type", word, "-o", "jsonl").jsonl()) == 1, word
        for word in ("Hash", "md5"):
            found = hive.run("observable", "find", "d41d8cd98f00b204e9800998ecf8427f", "--type", word, "-o", "jsonl")
            assert len(found.jsonl()) == 1, word
        unknown = hive.run("observable", "find", "203.0.113.7", "--type", "nope")
        assert (unknown.code, unknown.out) == (2, "")
        assert 'TheHive has no data type "nope"; known are auto, ' in unknown.err and ", ip," in unknown.err
        near = hive.run("observable", "find", "203.0.113.7", "--type", "domian")
        assert (near.code, "did you mean domain?" in near.err) == (2, True)
        dry = hive.run("case", "observable", "add", "1", "x", "--type", "nope", "--dry-run")
        assert (dry.code, dry.out) == (2, "")


def test_a_custom_type_comes_before_the_words():
    with Hive() as hive:
        hive.case()
        hive.post("observable/type", name="cve", isAttachment=False)
        added = hive.run("case", "observable", "add", "1", "CVE-2024-3094", "--type", "CVE", "-o", "jsonl")
        assert [(row["dataType"], row["result"]) for row in added.jsonl()] == [("cve", "added")]
        assert len(hive.run("observable", "find", "CVE-2024-3094", "--type", "CVE", "-o", "jsonl").jsonl()) == 1


def test_values_are_looked_for_in_lower_case_too():
    with Hive() as hive:
        hive.case()
        for data_type, value in (("mail", "bob@evil.example"), ("other", "corp\\bob"), ("url", "http://evil.example/a")):
            hive.post("case/1/observable", dataType=data_type, data=value)
        for value, count in (("BOB@evil[.]example", 1), ("corp\\BOB", 1), ("http://evil.example/A", 0)):
            assert len(hive.run("observable", "find", value, "-o", "jsonl").jsonl()) == count, value


def test_lines_of_another_format_are_not_observables(tmp_path):
    lines = tmp_path / "list.jsonl"
    lines.write_text('{"data":"203.0.113.7"}\nnot json\n[1]\n')
    rule = tmp_path / "sigma.yml"
    rule.write_text("title: a rule\ndetection:\n  selection:\n    Image: x.exe\n")
    with Hive() as hive:
        hive.case()
        add = ("case", "observable", "add", "1", "-o", "jsonl", "-f")
        result = hive.run(*add, lines)
        assert result.code == 3
        assert [(row["value"], row["result"]) for row in result.jsonl()] == [
            (f"{lines}:2", "refused"), (f"{lines}:3", "refused"), ("203.0.113.7", "added")]
        none = hive.run(*add, rule)
        assert (none.code, {row["result"] for row in none.jsonl()}) == (7, {"refused"})
        assert [row["result"] for row in hive.run(*add, lines, "--type", "other").jsonl()][-2:] == ["added", "added"]


def test_observables_that_cannot_be_added_do_not_stop_the_others():
    with Hive() as hive:
        hive.case()
        result = hive.run("case", "observable", "add", "1", "not an ip", "203.0.113.7", "--type", "ip", "-o", "jsonl")
        assert result.code == 3
        assert [row["result"] for row in result.jsonl()] == ["refused", "added"]
        none = hive.run("case", "observable", "add", "1", "x", "--type", "no-such-type", "-o", "jsonl")
        assert none.code == 7
        assert "no-such-type not found" in none.jsonl()[0]["reason"]


def test_files_are_added_once_with_their_bytes(tmp_path):
    sample = tmp_path / "sample.bin"
    sample.write_bytes(bytes(range(256)) * 5000)
    copy = tmp_path / "other name.bin"
    copy.write_bytes(sample.read_bytes())
    with Hive() as hive:
        hive.case()
        add = ("case", "observable", "add", "1")
        dry = hive.run(*add, f"@{sample}", "--dry-run", "-o", "jsonl").jsonl()
        assert [(row["dataType"], row["result"]) for row in dry] == [("file", "would add")]
        mixed = hive.run(*add, f"@{sample}", "203.0.113.7", f"@{tmp_path}/none", "--tag", "dropped", "-o", "jsonl")
        assert mixed.code == 3
        assert {(row["dataType"], row["result"]) for row in mixed.jsonl()} == {
            ("file", "added"), ("ip", "added"), ("?", "refused")}
        stored = next(row["observable"] for row in mixed.jsonl() if row["dataType"] == "file")
        assert stored["attachment"]["name"] == "sample.bin" and stored["attachment"]["size"] == 1280000
        assert hashlib.sha256(sample.read_bytes()).hexdigest() in stored["attachment"]["hashes"]
        assert stored["tags"] == ["dropped"]
        again = hive.run(*add, str(copy), "--type", "file", "-o", "jsonl")
        assert (again.code, again.jsonl()[0]["result"]) == (0, "present")
        assert hive.run(*add, str(copy), "--dry-run", "-o", "jsonl").jsonl()[0]["result"] == "present"
    with Hive(rules=["commit-then-drop,first=1,path=/api/v1/case/1/observable"]) as hive:
        hive.case()
        lost = hive.run("case", "observable", "add", "1", f"@{sample}", "-o", "jsonl")
        assert (lost.code, lost.jsonl()[0]["result"]) == (0, "added"), lost
        assert len(hive.run("case", "show", "1", "-o", "json").json()[0]["observables"]) == 1
    with Hive(version="4.1.24") as hive:
        hive.case()
        assert hive.run("case", "observable", "add", "1", f"@{sample}", "-o", "jsonl").jsonl()[0]["result"] == "added"


def test_add_outputs():
    with Hive() as hive:
        hive.case()
        add = ("case", "observable", "add", "1", "203.0.113.7", "odd.example")
        for name, args in (("dry", ["--dry-run"]), ("first", []), ("again", [])):
            golden.check(f"case-observable-add-{name}.table", hive.run(*add, *args, "-o", "table").out)
        golden.check("case-observable-add.json", hive.run(*add, "-o", "json").out)
        golden.check("case-observable-add.pipe", hive.run(*add).out)
        golden.check("case-observable-add.terminal", hive.terminal(*add).out)


def test_promote_and_merge_are_done_once():
    with Hive() as hive:
        hive.alert("ref-1")
        hive.alert("ref-2")
        hive.alert("ref-3")
        dry = hive.run("alert", "promote", "ref-1", "--dry-run", "-o", "json").json()
        assert (dry[0]["action"], dry[0]["case"]) == ("would promote", None)
        assert hive.run("case", "list", "-o", "json").json() == []
        for action in ("promoted", "present"):
            done = hive.run("alert", "promote", "ref-1", "-o", "json").json()
            assert (done[0]["action"], done[0]["case"]["number"]) == (action, 1)
        golden.check("alert-promote.table", hive.run("alert", "promote", "ref-1", "-o", "table").out)
        golden.check("alert-promote.pipe", hive.run("alert", "promote", "ref-1").out)
        for action in ("merged", "present"):
            done = hive.run("alert", "merge", "ref-2", "--into", "1", "-o", "json").json()
            assert (done[0]["action"], done[0]["case"]["number"]) == (action, 1)
        golden.check("alert-merge.terminal", hive.terminal("alert", "merge", "ref-2", "--into", "1").out)
        hive.case()
        elsewhere = hive.run("alert", "merge", "ref-2", "ref-3", "--into", "2", "--quietly")
        assert elsewhere.code == 3
        assert "is in case 1 already; an alert can belong to one case only" in elsewhere.err
        assert elsewhere.rows()[0][1:3] == ["merged", "2"]


def test_a_lost_answer_promotes_once():
    with Hive(rules=["commit-then-drop,first=1,method=POST,path=/api/v1/alert/*"]) as hive:
        hive.alert()
        assert hive.run("alert", "promote", "ref-1").code == 0
        assert len(hive.run("case", "list", "-o", "json").json()) == 1


def test_a_key_that_may_only_look():
    with Hive(extra=["--read-only-key", "look-only"]) as hive:
        hive.case()
        hive.alert()
        guest = {"SOCCTL_THEHIVE_KEY": "look-only"}
        assert hive.run("case", "show", "1", env=guest).code == 0
        for args in (["alert", "promote", "ref-1"], ["case", "observable", "add", "1", "a.example"]):
            refused = hive.run(*args, env=guest)
            assert refused.code == 4
            assert "check the permissions of the key's user" in refused.err


@pytest.fixture(scope="module")
def analysed():
    """A case whose observables have the different results of the sandbox's Cortex."""
    with Hive() as hive:
        hive.case()
        for data_type, data, tlp in (("ip", "203.0.113.66", 2), ("ip", "203.0.113.252", 2), ("ip", "10.0.0.1", 2),
                                     ("ip", "203.0.113.7", 4), ("mail", "joe@a.example", 2)):
            hive.post("case/1/observable", dataType=data_type, data=data, tlp=tlp)
        yield hive


def test_analyze_plan_then_wait(analysed):
    analyze = ("case", "analyze", "1", "--analyzer", "AbuseIPDB", "--analyzer", "MaxMind_GeoIP_4_0")
    golden.check("case-analyze-dry.table", analysed.run(*analyze, "--dry-run", "-o", "table").out)
    result = analysed.run(*analyze, "--wait", "-o", "jsonl")
    assert result.code == 3  # one failed
    rows = {(row["value"], row.get("analyzer")): row for row in result.jsonl()}
    bad = rows["203.0.113.66", "AbuseIPDB_2_0"]
    assert bad["result"] == "Success"
    assert any(one["level"] == "malicious" for one in bad["taxonomies"])
    assert rows["203.0.113.252", "AbuseIPDB_2_0"]["reason"] == "no output"
    assert rows["10.0.0.1", None]["result"] == "skipped"
    assert "TLP red is above amber" in rows["203.0.113.7", None]["reason"]
    assert "none of them accepts mail" in rows["joe@a.example", None]["reason"]
    # The report is on the observable, where analysts see it.
    shown = analysed.run("case", "show", "1", "-o", "json").json()[0]
    reports = next(o for o in shown["observables"] if o["data"] == "203.0.113.66")["reports"]
    assert reports["AbuseIPDB_2_0"]["taxonomies"]
    # Successful jobs are not started again; failed ones are.
    again = {(row["value"], row.get("analyzer")): row["result"] for row in analysed.run(*analyze, "-o", "jsonl").jsonl()}
    assert again["203.0.113.66", "AbuseIPDB_2_0"] == "present"
    assert again["203.0.113.252", "AbuseIPDB_2_0"] == "started"
    narrow = ("case", "analyze", "1", "--analyzer", "AbuseIPDB", "--value", "203.0.113.66", "--wait=30s")
    for form in ("table", "json", "jsonl"):
        golden.check(f"case-analyze.{form}", analysed.run(*narrow, "-o", form).out)
    golden.check("case-analyze.pipe", analysed.run(*narrow).out)
    assert "\x1b[31m" in analysed.terminal(*narrow).out  # malicious is red


def test_analyze_waits_no_longer_than_asked():
    with Hive() as hive:
        hive.case()
        hive.post("case/1/observable", dataType="ip", data="203.0.113.250")
        result = hive.run("case", "analyze", "1", "--analyzer", "AbuseIPDB", "--wait=1s", "-o", "jsonl")
        assert result.code == 3
        assert [row["result"] for row in result.jsonl()] == ["running"]


def test_the_key_in_a_failed_jobs_input_is_never_shown():
    with Hive() as hive:
        hive.case()
        made = hive.post("case/1/observable", dataType="ip", data="203.0.113.251")
        result = hive.run("case", "analyze", "1", "--analyzer", "AbuseIPDB", "--wait", "-o", "json")
        assert [row["result"] for row in result.json()] == ["Failure"]
        job = result.json()[0]["job"]
        raw = requests.get(f"{hive.sandbox.url}/api/v1/connector/cortex/job/{job['_id']}", timeout=10,
                           headers={"Authorization": "Bearer " + tool.KEY}).text
        assert '"input"' in raw, "the sandbox no longer leaks, so this test proves nothing"
        leaked = json.loads(json.loads(raw)["report"]["input"])["config"]["key"]
        assert leaked and leaked not in result.out + result.err
        assert made


@pytest.mark.parametrize("version", ["4.1.24-1", "5.4.0-1"])
def test_older_versions(version):
    with Hive(version=version) as hive:
        hive.case()
        assert hive.run("case", "observable", "add", "1", "203.0.113.66").code == 0
        result = hive.run("case", "analyze", "1", "--analyzer", "AbuseIPDB", "--wait", "-o", "jsonl")
        assert [row["result"] for row in result.jsonl()] == ["Success"]
        hive.alert()
        assert hive.run("alert", "merge", "ref-1", "--into", "1").code == 0


def test_cortex_down_differs_from_no_analyzers():
    with Hive(rules=["cortex:status=503"]) as hive:
        hive.case()
        hive.post("case/1/observable", dataType="ip", data="203.0.113.7")
        result = hive.run("case", "analyze", "1")
        assert result.code == 5
        assert "cortex0: ERROR; see socctl cortex status" in result.err


@pytest.mark.parametrize("verb", [("case", "observable", "add"), ("case", "list"), ("cortex", "submit"), ("queue", "list")])
def test_help_shows_one_value_of_an_option_that_is_repeated(verb):
    lines = [line for line in tool.run(*verb, "--help").out.splitlines() if line.startswith("  -")]
    assert any("repeatable" in line for line in lines) and not [line for line in lines if " ..." in line.split("  ")[1]]
