# SPDX-License-Identifier: Apache-2.0
"""`socctl opencti stream` with TheHive 4, which has no comments."""

import pytest
from live_stream import Soc, event, indicator
from tool import Sandbox, run

IP = "198.51.100.7"
IP_PATTERN = f"[ipv4-addr:value = '{IP}']"


@pytest.fixture
def old(tmp_path):
    with Sandbox("opencti", version="4.1.24-1") as sandbox:
        yield Soc(sandbox, tmp_path)


def test_thehive_4_is_notified_by_tags(old):
    """It has no comments: the observable and the case get tags, the case techniques."""
    case = old.hive.case(("ip", IP), ("domain", "other.example"))
    old.platform.publish(event(indicator(IP_PATTERN, external_references=[
        {"source_name": "mitre-attack", "external_id": "T1110"}])))
    seen = old.once("--from", "start")
    assert (seen.counts["refused"], seen.counts["commented"], seen.counts["changed"]) == (0, 0, 1)
    assert old.hive.tags(case) == {IP: ["opencti", "opencti:c2"], "other.example": []}
    assert old.hive.query({"_name": "getCase", "idOrName": case})[0]["tags"] == ["opencti"]
    found = old.hive.query({"_name": "getCase", "idOrName": case}, {"_name": "procedures"})
    assert [one["patternId"] for one in found] == ["T1110"]
    (old.folder / "state" / "cursor.json").unlink()
    assert old.once("--from", "start").counts["known"] == 1
    # Withdrawn: one more tag; an object that was never reported gets none.
    old.platform.publish(event(indicator(IP_PATTERN), "delete"),
                         event(indicator("[domain-name:value = 'other.example']", 2), "delete"))
    assert old.once().counts["changed"] == 1
    assert old.hive.tags(case) == {IP: ["opencti", "opencti:c2", "opencti:deleted"], "other.example": []}


def test_thehive_4_keeps_the_tags_of_others(old):
    case = old.hive.case()
    old.hive.call(f"/api/v1/case/{case}", {"tags": ["mine"]}, "PATCH")
    old.hive.call(f"/api/v1/case/{case}/observable", {"dataType": "ip", "data": IP, "tags": ["ours"]})
    old.platform.publish(event(indicator(IP_PATTERN)))
    old.once("--from", "start")
    assert old.hive.tags(case) == {IP: ["ours", "opencti", "opencti:c2"]}
    assert old.hive.query({"_name": "getCase", "idOrName": case})[0]["tags"] == ["mine", "opencti"]


@pytest.mark.parametrize("rule", ["half,method=PATCH,first=2", "reset,method=PATCH,first=2", "status=503,rate=0.1,seed=3"])
def test_thehive_4_is_tried_again_too(tmp_path, rule):
    with Sandbox("opencti", version="4.1.24-1", state=tmp_path / "hive.json") as quiet:
        case = Soc(quiet, tmp_path).hive.case(("ip", IP))
    with Sandbox("opencti", version="4.1.24-1", state=tmp_path / "hive.json", rules=[rule]) as sandbox:
        soc = Soc(sandbox, tmp_path)
        soc.platform.publish(event(indicator(IP_PATTERN)))
        assert soc.once("--from", "start").counts["refused"] == 0
    with Sandbox("opencti", version="4.1.24-1", state=tmp_path / "hive.json") as quiet:
        assert Soc(quiet, tmp_path).hive.tags(case) == {IP: ["opencti", "opencti:c2"]}


def test_alerts_of_thehive_4_have_no_procedures(old, tmp_path):
    alert = old.hive.call("/api/alert", {"type": "t", "source": "s", "sourceRef": "1", "title": "An alert", "description": "x",
                                         "artifacts": [{"dataType": "ip", "data": "203.0.113.50"}]})["_id"]
    # The sandbox's own data has this one with techniques.
    known = indicator("[ipv4-addr:value = '203.0.113.50']")
    known["extensions"]["extension-definition--ea279b3e-5c71-4632-ac08-831c66a786ba"]["id"] = uuid_of(old, "198.51.100.7")
    old.platform.publish(event(known))
    seen = old.once("--from", "start")
    assert seen.counts["refused"] == 0 and seen.counts["outages"] == 0 and seen.named("techniques_failed") == []
    found = old.hive.query({"_name": "getAlert", "idOrName": alert}, {"_name": "observables"})
    assert [one["tags"] for one in found] == [["opencti", "opencti:c2"]]
    assert old.hive.query({"_name": "getAlert", "idOrName": alert})[0]["tags"] == ["opencti"]


def uuid_of(soc, value):
    result = run("opencti", "context", value, "-o", "json", env=soc.sandbox.env())
    return result.json()[0]["indicators"][0]["id"]
