# SPDX-License-Identifier: Apache-2.0
"""Independent clients check the sandbox: cortex4py its Cortex, thehive4py its TheHive and the connector."""

import time

import pytest
import tool
from cortex4py.api import Api as Cortex
from cortex4py.exceptions import AuthenticationError, NotFoundError
from cortex4py.query import Eq
from thehive4py import TheHiveApi
from thehive4py.query.filters import Eq as Is

MISSION = {"VirusTotal_GetReport_3_1", "AbuseIPDB_2_0", "URLhaus_2_0", "MaxMind_GeoIP_4_0", "FileInfo_8_0"}


@pytest.fixture(scope="module")
def sandbox():
    with tool.Sandbox("cortex") as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def cortex(sandbox):
    return Cortex(sandbox.urls["cortex"], tool.KEY)


@pytest.fixture(scope="module")
def hive(sandbox):
    return TheHiveApi(url=sandbox.url, apikey=tool.KEY)


def test_cortex4py_lists_analyzers(cortex):
    assert {one.name for one in cortex.analyzers.find_all({}, range="all")} == MISSION
    by_type = {one.name for one in cortex.analyzers.get_by_type("file")}
    assert "FileInfo_8_0" in by_type and "AbuseIPDB_2_0" not in by_type
    one = cortex.analyzers.get_by_name("AbuseIPDB_2_0")
    assert cortex.analyzers.get_by_id(one.id).name == "AbuseIPDB_2_0"


def test_cortex4py_runs_a_job_and_reads_its_report(cortex):
    job = cortex.analyzers.run_by_name("AbuseIPDB_2_0", {"data": "203.0.113.66", "dataType": "ip", "tlp": 1}, force=1)
    assert job.status in ("Waiting", "InProgress")
    done = cortex.jobs.get_report_async(job.id, "30seconds")
    assert done.status == "Success"
    levels = {one["level"] for one in done.report["summary"]["taxonomies"]}
    assert "malicious" in levels
    assert cortex.jobs.get_by_id(job.id).status == "Success"
    assert job.id in {one.id for one in cortex.jobs.find_all(Eq("status", "Success"), range="all")}


def test_cortex4py_sends_a_file(cortex, tmp_path):
    path = tmp_path / "evil.exe"
    path.write_bytes(b"MZ not really")
    job = cortex.analyzers.run_by_name("FileInfo_8_0", {"data": str(path), "dataType": "file"})
    assert cortex.jobs.get_report_async(job.id, "30seconds").status == "Success"


def test_cortex4py_is_refused_like_by_cortex(sandbox, cortex):
    with pytest.raises(AuthenticationError):
        Cortex(sandbox.urls["cortex"], "wrong").analyzers.find_all({})
    with pytest.raises(NotFoundError):
        cortex.jobs.get_by_id("no-such-job")


def test_thehive4py_works_a_case(hive):
    case = hive.case.create({"title": "by thehive4py", "description": "d", "severity": 2, "tags": ["a"]})
    hive.case.update(case["_id"], {"severity": 3, "addTags": ["b"]})
    now = hive.case.get(case["number"])
    assert (now["severity"], sorted(now["tags"])) == (3, ["a", "b"])
    made = hive.case.create_observable(case["_id"], {"dataType": "ip", "data": ["203.0.113.7", "203.0.113.8"]})
    assert [one["data"] for one in made] == ["203.0.113.7", "203.0.113.8"]
    hive.observable.update(made[0]["_id"], {"ioc": True})
    assert hive.observable.get(made[0]["_id"])["ioc"] is True
    found = hive.case.find_observables(case["_id"], filters=Is("data", "203.0.113.8"))
    assert [one["_id"] for one in found] == [made[1]["_id"]]
    page = hive.case.create_page(case["_id"], {"title": "notes", "category": "mine", "content": "one"})
    hive.case.update_page(case["_id"], page["_id"], {"content": "two"})
    assert [one["content"] for one in hive.case.find_pages(case["_id"])] == ["two"]
    hive.comment.create_in_case(case["_id"], {"message": "hello"})
    assert [one["message"] for one in hive.case.find_comments(case["_id"])] == ["hello"]
    hive.case.create_procedure(case["_id"], {"patternId": "T1110", "occurDate": int(time.time() * 1000)})
    assert [one["patternId"] for one in hive.case.find_procedures(case["_id"])] == ["T1110"]


def test_thehive4py_promotes_and_merges(hive):
    made = [hive.alert.create({"type": "t", "source": "s", "sourceRef": ref, "title": ref, "description": "d",
                               "observables": [{"dataType": "domain", "data": ref + ".example"}]})
            for ref in ("p-1", "p-2")]
    case = hive.alert.promote_to_case(made[0]["_id"])
    merged = hive.alert.merge_into_case(made[1]["_id"], case["_id"])
    assert merged["_id"] == case["_id"]
    assert hive.alert.get(made[1]["_id"])["caseId"] == case["_id"]
    assert sorted(one["data"] for one in hive.case.find_observables(case["_id"])) == ["p-1.example", "p-2.example"]


def test_thehive4py_analyses_through_the_connector(hive):
    names = {one["name"] for one in hive.cortex.list_analyzers(range="all")}
    assert names == MISSION
    analyzer = next(one for one in hive.cortex.list_analyzers_by_type("ip") if one["name"] == "AbuseIPDB_2_0")
    case = hive.case.create({"title": "connector", "description": "d"})
    observable = hive.case.create_observable(case["_id"], {"dataType": "ip", "data": "203.0.113.66"})[0]
    job = hive.cortex.create_analyzer_job({"analyzerId": analyzer["id"], "cortexId": analyzer["cortexIds"][0],
                                           "artifactId": observable["_id"]})
    deadline = time.monotonic() + 20
    while hive.cortex.get_analyzer_job(job["_id"])["status"] in ("Waiting", "InProgress"):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    done = hive.cortex.get_analyzer_job(job["_id"])
    assert (done["status"], done["operations"]) == ("Success", "[]")
    reports = hive.observable.get(observable["_id"])["reports"]
    assert reports["AbuseIPDB_2_0"]["taxonomies"][0]["namespace"] == "AbuseIPDB"


def test_thehive4py_gets_201_for_an_analyzer_that_is_not_there(hive):
    case = hive.case.create({"title": "dummy", "description": "d"})
    observable = hive.case.create_observable(case["_id"], {"dataType": "ip", "data": "203.0.113.1"})[0]
    job = hive.cortex.create_analyzer_job({"analyzerId": "x", "cortexId": "y", "artifactId": observable["_id"]})
    assert hive.cortex.get_analyzer_job(job["_id"])["status"] == "Failure"
