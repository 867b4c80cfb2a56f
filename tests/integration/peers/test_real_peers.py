# SPDX-License-Identifier: Apache-2.0
"""Undocumented behaviour of real TheHive and Cortex servers: limits, lists that are temporarily empty, late
refusals."""

import json
import time
import urllib.request

import pytest
import requests

import servers
import tool
from cases import Hive
from conftest import make_alert
from cortex_sandbox import Cortex

BOTH = pytest.mark.parametrize("version", ["4.1.24-1", "5.7.3-1"])
ABUSE = ("--analyzer", "AbuseIPDB")
TWO = (*ABUSE, "--analyzer", "MaxMind_GeoIP")


def hive_with(tmp_path, version, cortex=None, **how):
    path = tmp_path / "cortex.json"
    path.write_text(json.dumps({"waitingMs": 5, "runningMs": 10, **(cortex or {})}))
    hive = Hive(version=version, data={"cortex": path}, **how)
    # socctl uses Cortex through TheHive only.
    hive.env = {name: value for name, value in hive.env.items() if not name.startswith("SOCCTL_CORTEX")}
    return hive


def case_with(hive, *values, data_type="ip", **more):
    hive.case(**more)
    for value in values:
        hive.post("case/1/observable", dataType=data_type, data=value)


def results(run):
    return {(row["value"], row.get("analyzer")): row for row in run.jsonl()}


def cortex_jobs(hive):
    answer = requests.get(hive.sandbox.urls["cortex"] + "/api/job?range=all", timeout=10,
                          headers={"Authorization": "Bearer " + tool.KEY})
    return [(job["data"], job["analyzerDefinitionId"]) for job in answer.json()]


@BOTH
def test_a_rate_limited_analyzer_is_postponed_and_the_rest_goes_on(tmp_path, version):
    limits = {"analyzers": {"AbuseIPDB": {"rate": 1, "rateUnit": "Hour"}}}
    with hive_with(tmp_path, version, limits) as hive:
        case_with(hive, "203.0.113.66", "203.0.113.7", "203.0.113.8")
        run = hive.run("case", "analyze", "1", *TWO, "--wait", "-o", "jsonl")
        assert run.code == 3, run
        rows = results(run)
        assert len(rows) == 6
        assert rows["203.0.113.66", "AbuseIPDB_2_0"]["result"] == "Success"
        for late in ("203.0.113.7", "203.0.113.8"):
            assert rows[late, "AbuseIPDB_2_0"]["result"] == "postponed"
            assert "rate limit for it is reached" in rows[late, "AbuseIPDB_2_0"]["reason"]
            assert rows[late, "MaxMind_GeoIP_4_0"]["result"] == "Success"


@BOTH
def test_new_observables_pass_a_rate_limited_analyzer(tmp_path, version):
    limits = {"analyzers": {"AbuseIPDB": {"rate": 1, "rateUnit": "Hour"}}}
    rules = {"analysis": {"rules": {"r": {"types": ["ip"], "analyzers": ["AbuseIPDB", "MaxMind_GeoIP"]}}}}
    with hive_with(tmp_path, version, limits) as hive:
        (tmp_path / "config.json").write_text(json.dumps(rules))
        case_with(hive, "203.0.113.1", "203.0.113.2", "203.0.113.3")
        args = ("analyze", "--new", "--since", "1h", "--profile", str(tmp_path / "config.json"), "-o", "jsonl")
        rows = results(hive.run(*args))
        assert [rows[f"203.0.113.{n}", "MaxMind_GeoIP_4_0"]["result"] for n in (1, 2, 3)] == ["started"] * 3
        assert sorted(rows[f"203.0.113.{n}", "AbuseIPDB_2_0"]["result"] for n in (1, 2, 3)) == [
            "postponed", "postponed", "started"]
        hive.post("case/1/observable", dataType="ip", data="203.0.113.4")
        later = hive.run(*args[:2], *args[4:])
        assert results(later)["203.0.113.4", "MaxMind_GeoIP_4_0"]["result"] == "started", later


@BOTH
def test_an_error_of_thehive_at_one_job_does_not_end_the_rest(tmp_path, version):
    rule = "status=500,first=1,method=POST,path=/api/connector/cortex/job"
    if version.startswith("5"):
        rule = rule.replace("/api/", "/api/v1/")
    with hive_with(tmp_path, version, rules=[rule]) as hive:
        case_with(hive, "203.0.113.66", "203.0.113.7")
        rows = results(hive.run("case", "analyze", "1", *ABUSE, "--wait", "-o", "jsonl"))
        assert [rows[value, "AbuseIPDB_2_0"]["result"] for value in ("203.0.113.66", "203.0.113.7")] == [
            "postponed", "Success"]


@BOTH
def test_a_cortex_that_went_down_a_moment_ago_is_not_policy(tmp_path, version):
    # TheHive checks its connectors with two requests at its start, and again in a minute.
    with hive_with(tmp_path, version, rules=["cortex:reset,after=2"]) as hive:
        case_with(hive, "203.0.113.7")
        run = hive.run("case", "analyze", "1")
        assert (run.code, run.out) == (5, ""), run
        assert "TheHive lists no analyzers, but its last check of Cortex was OK" in run.err
        rules = {"analysis": {"rules": {"r": {"preset": "reputation"}}}}
        (tmp_path / "config.json").write_text(json.dumps(rules))
        run = hive.run("analyze", "--new", "--since", "1h", "--profile", str(tmp_path / "config.json"))
        assert run.code == 5, run
        assert "no analyzer of the preset" not in run.err


def two_servers(request):
    """A TheHive with two Cortex servers, both OK in its state; only one of them lists its analyzers."""
    if request.path == "/api/v1/status/public":
        return servers.answer(200, {"version": "5.7.3-1"})
    if request.path == "/api/v1/status":
        both = [{"name": name, "version": "4.1.0", "status": "OK"} for name in ("cortex0", "cortex1")]
        return servers.answer(200, {"connectors": {"cortex": {"enabled": True, "status": "OK", "servers": both}}})
    if request.path.startswith("/api/v1/connector/cortex/analyzer"):
        return servers.answer(200, [{"id": "a", "name": "FileInfo_8_0", "version": "8.0", "description": "",
                                     "dataTypeList": ["file"], "cortexIds": ["cortex0"]}])
    if request.path.startswith("/api/v1/case/"):
        return servers.answer(200, {"_id": "~8", "number": 1, "title": "t", "pap": 2})
    first = json.loads(request.body)["query"]
    observables = [{"_id": "~16", "dataType": "ip", "data": "203.0.113.7", "tlp": 2, "pap": 2}]
    return servers.answer(200, observables if first[-2]["_name"] == "observables" else [])


def test_a_server_without_analyzers_is_in_doubt(serve, tmp_path):
    env = {"SOCCTL_THEHIVE_URL": serve(two_servers).url, "SOCCTL_THEHIVE_KEY": "k", "SOCCTL_STATE_DIR": str(tmp_path)}
    run = tool.run("case", "analyze", "1", "-o", "jsonl", env=env)
    assert run.code == 3, run
    assert "analyzers may be missing, TheHive reports of its Cortex servers: cortex1: no analyzers" in run.err
    run = tool.run("case", "analyze", "1", *ABUSE, env=env)
    assert run.code == 5, run


def run_canary(env):
    run = tool.run("health", "--canary", "-o", "json", env=env)
    return run, {one["check"]: one for one in run.json()["components"][0]["checks"]}


def test_the_canary_on_thehive_4_with_a_connector():
    with tool.Sandbox("cortex", version="4.1.24-1") as soc:
        run, stages = run_canary({name: value for name, value in soc.env().items() if "CORTEX" not in name})
        assert run.code == 0, run
        assert stages["job"]["state"] == "skipped"
        assert "TheHive 4.1.24-1 analyses observables of cases only" in stages["job"]["detail"]
        run, stages = run_canary(soc.env())
        assert run.code == 0, run
        assert stages["job"]["detail"].startswith("MaxMind_GeoIP_4_0 directly")
        assert stages["report"]["state"] == "ok"


def test_a_permission_that_version_4_does_not_have_is_not_missed():
    with tool.Sandbox("cortex", version="4.1.24-1") as soc:
        run = tool.run("health", "thehive", "-o", "json", env=soc.env())
        checks = {one["check"]: one for one in run.json()["components"][0]["checks"]}
        assert checks["permissions"]["detail"].startswith("creates alerts and works on cases"), checks
    with tool.Sandbox("cortex", version="4.1.24-1", extra=["--read-only-key", "look-only"]) as soc:
        env = {**soc.env(), "SOCCTL_THEHIVE_KEY": "look-only"}
        assert "manageComment" not in tool.run("health", "thehive", "-o", "json", env=env).out


def test_lists_of_thehive_4():
    with Hive(version="4.1.24-1") as hive:
        hive.alert("new")
        read, imported = hive.alert("read"), hive.alert("imported")
        # PATCH does not support `read` here; an alert that is in a case is both read and imported.
        requests.post(f"{hive.sandbox.url}/api/v1/alert/{imported['_id']}/case", json={}, timeout=10,
                      headers={"Authorization": "Bearer " + tool.KEY})

        def refs(*args):
            run = hive.run("alert", "list", *args, "-o", "jsonl")
            assert run.code == 0, run
            return {row["sourceRef"] for row in run.jsonl()}

        assert read["read"] is False
        assert refs("--open") == {"new", "read", "imported"}
        assert refs("--status", "New") == {"new", "read"}
        assert refs("--status", "imported") == {"imported"}
        assert refs("--status", "Ignored") == set()
        assert refs("--status", "New", "--status", "Imported") == {"new", "read", "imported"}
        run = hive.run("alert", "list", "--assignee", "joe")
        assert (run.code, run.err.count("\n")) == (2, 1)
        assert "alerts of TheHive 4 have no assignee" in run.err
        run = hive.run("alert", "list", "--status", "Updated")
        assert run.code == 2 and 'New, Ignored or Imported, not "Updated"' in run.err
        cases = hive.run("case", "list", "--open", "-o", "jsonl")
        assert cases.code == 0 and len(cases.jsonl()) == 1, cases
        assert hive.run("case", "list", "--status", "Resolved", "-o", "jsonl").out == ""


def test_jobs_of_one_value_are_found_among_many(place):
    with Cortex(place) as cortex:
        values = "\n".join(f"203.0.113.{n}" for n in range(1, 61)) + "\n" + "\n".join(
            f"198.51.100.{n}" for n in range(1, 61))
        assert cortex.run("submit", "-", "--analyzer", "URLhaus", "--parallel", "32", stdin=values).code == 0
        for value in ("203.0.113.1", "198.51.100.60"):
            run = cortex.run("job", "list", "--value", value, "-o", "jsonl")
            assert [job["data"] for job in run.jsonl()] == [value], run
        assert cortex.run("job", "list", "--value", "203.0.113.99", "-o", "jsonl").out == ""


def test_a_short_limit_is_waited_for(place):
    limits = {"analyzers": {"AbuseIPDB": {"rate": 2, "rateUnit": "Second", "jobCache": 0}}}
    with Cortex(place, data=limits) as cortex:
        values = "\n".join(f"203.0.113.{n}" for n in range(1, 8))
        began = time.monotonic()
        run = cortex.run("submit", "-", *ABUSE, stdin=values)
        assert run.code == 0, run
        assert "AbuseIPDB_2_0: the quota of 2/second is used up; waiting for room" in run.err
        assert run.err.count("waiting for room") == 1
        assert sorted(job["data"] for job in cortex.jobs()) == sorted(values.split("\n"))
        assert time.monotonic() - began > 2.5  # seven in windows of two


def test_a_long_limit_is_not_waited_for(place):
    with Cortex(place, data={"analyzers": {"AbuseIPDB": {"rate": 2, "rateUnit": "Hour"}}}) as cortex:
        run = cortex.run("submit", "203.0.113.1", "203.0.113.2", "203.0.113.3", *ABUSE)
        assert run.code == 3 and "1 not submitted, the quota of 2/hour is used up" in run.err, run


def quota(cortex):
    return {row["analyzer"]: row for row in cortex.run("quota", "-o", "jsonl").jsonl()}["AbuseIPDB_2_0"]


def test_deleted_jobs_stay_in_the_quota(place):
    with Cortex(place) as cortex:
        own = cortex.run("submit", "203.0.113.1", "203.0.113.2", *ABUSE, "--wait", "-o", "json").json()
        other = {"SOCCTL_STATE_DIR": place + "/other"}
        foreign = tool.run("cortex", "submit", "203.0.113.3", "203.0.113.4", "203.0.113.5", *ABUSE, "--wait", "-o", "json",
                           env={**cortex.env(), **other}).json()
        assert (quota(cortex)["usedHere"], quota(cortex)["usedElsewhere"]) == (2, 3)
        assert cortex.run("job", "cancel", *[job["id"] for job in own]).code == 0
        assert (quota(cortex)["usedHere"], quota(cortex)["usedElsewhere"]) == (2, 3)
        assert cortex.run("job", "cancel", foreign[0]["id"]).code == 0
        assert quota(cortex)["used"] == 5
        assert len(cortex.jobs()) == 2


def test_a_refused_tlp_is_learned(place):
    with Cortex(place) as cortex:
        red = (*ABUSE, "--tlp", "red")
        first = cortex.run("submit", "203.0.113.1", *red, "--wait")
        assert first.code == 3 and "TLP is higher than allowed" in first.out, first
        second = cortex.run("submit", "203.0.113.2", *red, "--wait")
        assert second.code == 2, second
        assert "AbuseIPDB_2_0 takes TLP up to amber (2), not red (3)" in second.err
        assert len(cortex.jobs()) == 1
        assert cortex.run("submit", "203.0.113.3", *ABUSE, "--tlp", "amber", "--wait").code == 0
        assert cortex.run("submit", "203.0.113.4", *red, "--force", "--wait").code == 3
        assert len(cortex.jobs()) == 3


@BOTH
def test_a_tlp_refused_through_thehive_is_learned(tmp_path, version):
    with hive_with(tmp_path, version) as hive:
        hive.case()
        for value in ("203.0.113.1", "203.0.113.2"):
            hive.post("case/1/observable", dataType="ip", data=value, tlp=3)
        first = ("case", "analyze", "1", *ABUSE, "--max-tlp", "3" if version.startswith("4") else "amber+strict",
                 "-o", "jsonl")
        run = hive.run(*first, "--value", "203.0.113.1", "--wait")
        assert "TLP is higher than allowed" in results(run)["203.0.113.1", "AbuseIPDB_2_0"]["reason"], run
        run = hive.run(*first)
        rows = results(run)
        assert [rows[value, "AbuseIPDB_2_0"]["result"] for value in ("203.0.113.1", "203.0.113.2")] == ["skipped"] * 2, run
        assert run.code == 3
        assert "TLP 3 was refused" in rows["203.0.113.2", "AbuseIPDB_2_0"]["reason"]
        assert len(cortex_jobs(hive)) == 1


def test_cancelling_a_running_job_says_what_it_does(place):
    with Cortex(place) as cortex:
        [job] = cortex.run("submit", "203.0.113.250", *ABUSE, "-o", "json").json()
        tool.wait_until(lambda: "InProgress" in cortex.run("job", "show", job["id"]).out)
        run = cortex.run("job", "cancel", job["id"])
        assert run.code == 0 and run.rows()[0][-1] == "deleted, but goes on", run
        assert "it is listed again" in run.err


@BOTH
def test_urlhaus_hits_keep_their_verdict(tmp_path, version):
    with hive_with(tmp_path, version) as hive:
        case_with(hive, "evil.example", data_type="domain")
        run = hive.run("case", "analyze", "1", "--analyzer", "URLhaus", "--wait", "-o", "jsonl")
        [row] = run.jsonl()
        assert [one["level"] for one in row["taxonomies"]] == ["malicious"], row
        [shown] = hive.run("case", "show", "1", "-o", "json").json()
        assert [(one["analyzer"], one["level"], one["value"]) for one in shown["verdicts"]] == [
            ("URLhaus_2_0", "malicious", "malware_download")]
        assert "URLhaus:Search=malware_download" in hive.run("case", "show", "1").out
        assert "URLhaus:Search=malware_download" in hive.run("case", "analyze", "1", "--analyzer", "URLhaus").out


def test_what_a_preset_lacks_is_named(tmp_path, place):  # noqa: F811
    changed = {"analyzers": {"AbuseIPDB": {"name": "IP_reputation"}, "URLhaus": {"enabled": False}}}
    with hive_with(tmp_path, "5.7.3-1", changed) as hive:
        case_with(hive, "203.0.113.7")
        run = hive.run("case", "analyze", "1", "--preset", "reputation", "--dry-run")
        assert "preset reputation: there is no analyzer AbuseIPDB, URLhaus; it is not enabled, or has another" in run.err, run
    with Cortex(place, data=changed) as cortex:
        run = cortex.run("submit", "203.0.113.7", "--preset", "reputation", "--dry-run", "-o", "jsonl")
        assert "preset reputation: not enabled in Cortex: URLhaus" in run.err
        assert {row["analyzerName"] for row in run.jsonl()} == {"IP_reputation", "VirusTotal_GetReport_3_1"}


@BOTH
def test_a_failure_without_a_word_gets_some(tmp_path, version, place):  # noqa: F811
    with hive_with(tmp_path, version) as hive:
        case_with(hive, "203.0.113.253")
        [row] = hive.run("case", "analyze", "1", *ABUSE, "--wait", "-o", "jsonl").jsonl()
        assert (row["result"], row["reason"]) == ("Failure", "the analyzer gave no reason")
    with Cortex(place) as cortex:
        assert "the analyzer gave no reason" in cortex.run("submit", "203.0.113.253", *ABUSE, "--wait").out


@BOTH
def test_networks_go_only_to_who_takes_them(tmp_path, version, place):  # noqa: F811
    network = "198.51.100.0/24"
    with hive_with(tmp_path, version) as hive:
        case_with(hive, network)
        assert hive.run("case", "analyze", "1", "--wait").code == 0
        assert cortex_jobs(hive) == [(network, "AbuseIPDB_2_0")]
        [row] = hive.run("case", "analyze", "1", "--analyzer", "MaxMind_GeoIP", "-o", "jsonl").jsonl()
        assert "none of them accepts a network; AbuseIPDB_2_0 does" in row["reason"]
    with Cortex(place) as cortex:
        assert cortex.run("submit", network, "--wait").code == 0
        assert [job["analyzerName"] for job in cortex.jobs()] == ["AbuseIPDB_2_0"]
        run = cortex.run("submit", network, "--analyzer", "MaxMind_GeoIP")
        assert run.code == 2 and "is a network, and none of the chosen analyzers accepts networks" in run.err, run


def delivered(soc):
    request = urllib.request.Request(soc.url + "/api/v1/query", method="POST", headers={
        "Authorization": "Bearer " + tool.KEY, "Content-Type": "application/json"},
        data=json.dumps({"query": [{"_name": "listAlert"}]}).encode())
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


@BOTH
@pytest.mark.parametrize("bad", [{"nosuch": "x"}, {"count": "{rule.description}"}, {"nosuch": "x", "count": "many"}])
def test_one_bad_custom_field_drops_only_itself(home, version, bad):
    with tool.Sandbox(version=version) as soc:
        for name, kind in (("agent", "string"), ("count", "integer")):
            requests.post(soc.url + "/api/v1/customField", timeout=10, headers={"Authorization": "Bearer " + tool.KEY},
                          json={"name": name, "displayName": name, "group": "g", "description": "d", "type": kind})
        home.configure(custom_fields={"agent": "{agent.name}", **bad})
        assert home.run(make_alert(), key=tool.KEY, url=soc.url).code == 0
        [alert] = delivered(soc)
        assert [(one["name"], one["value"]) for one in alert["customFields"]] == [("agent", "web-01")], alert
        for name in bad:
            assert f"custom field {name} left out" in alert["description"].replace("\\", "")
        count = alert["observableCount"]
        assert count > 0, "the rest of the alert was left out too"
