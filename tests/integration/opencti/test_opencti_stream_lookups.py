# SPDX-License-Identifier: Apache-2.0
"""Queries of `socctl opencti stream` to OpenCTI: techniques of matches, and values that are new in TheHive."""

import json
import signal
import time

import pytest
from live_stream import AUTHOR, Soc, event, indicator
from tool import Sandbox, wait_until

IP = "198.51.100.7"
IP_PATTERN = f"[ipv4-addr:value = '{IP}']"


def thing(kind, number, name, **more):
    return {"type": kind, "id": f"{kind}--00000000-0000-5000-a000-{number:012x}", "name": name,
            "created": "2026-10-01T10:00:00.000Z", "modified": "2026-10-01T10:00:00.000Z", **more}


def link(number, kind, source, target):
    return {"type": "relationship", "id": f"relationship--00000000-0000-5000-b000-{number:012x}",
            "relationship_type": kind, "source_ref": source["id"], "target_ref": target["id"],
            "created": "2026-10-01T10:00:00.000Z", "modified": "2026-10-01T10:00:00.000Z"}


PHASE = [{"kill_chain_name": "mitre-attack", "phase_name": "impact"}]
WEB = thing("attack-pattern", 1, "Web Protocols", x_mitre_id="T1071.001", kill_chain_phases=PHASE)
LINK = thing("attack-pattern", 2, "Spearphishing Link", x_mitre_id="T1566.002", kill_chain_phases=PHASE)
RANSOM = thing("attack-pattern", 3, "Data Encrypted for Impact", x_mitre_id="T1486", kill_chain_phases=PHASE)
RAT, BEAR = thing("malware", 4, "ExampleRAT", is_family=True), thing("intrusion-set", 5, "Sample Bear")
KNOWN = indicator(IP_PATTERN, 1)


def bundle(folder, *objects, **sandbox):
    path = folder / "opencti.json"
    path.write_text(json.dumps({"type": "bundle", "id": "bundle--1", "objects": list(objects), "sandbox": sandbox}))
    return {"opencti": path}


def sandbox_data(folder, **sandbox):
    return bundle(folder, KNOWN, WEB, LINK, RANSOM, RAT, BEAR, link(1, "indicates", KNOWN, WEB), link(2, "indicates", KNOWN, RAT),
                  link(3, "indicates", KNOWN, BEAR), link(4, "uses", RAT, RANSOM), link(5, "uses", BEAR, LINK), **sandbox)


def techniques(hive, subject, kind="getCase"):
    found = hive.query({"_name": kind, "idOrName": subject}, {"_name": "procedures"})
    return sorted(one["patternId"] for one in found)


# --- techniques

def test_techniques_come_from_relationships_too(tmp_path):
    with Sandbox("opencti", data=sandbox_data(tmp_path)) as sandbox:
        soc = Soc(sandbox, tmp_path)
        case = soc.hive.case(("ip", IP))
        alert = soc.hive.alert("1", ("ip", IP))
        soc.platform.publish(event(KNOWN))
        seen = soc.once("--from", "0-0")
        assert techniques(soc.hive, case) == ["T1071.001", "T1486", "T1566.002"]
        assert techniques(soc.hive, alert, "getAlert") == ["T1071.001", "T1486", "T1566.002"]
        assert seen.counts["procedures"] == 6
        text = json.dumps(soc.hive.query({"_name": "getCase", "idOrName": case}, {"_name": "procedures"}))
        assert "ExampleRAT" in text and KNOWN["id"] in text.replace("\\\\", "")
        # Again: no duplicates.
        (tmp_path / "state" / "cursor.json").unlink()
        assert soc.once("--from", "0-0").counts["procedures"] == 0
        assert len(techniques(soc.hive, case)) == 3


@pytest.mark.parametrize("which,wanted", [("direct", ["T1071.001"]), ("none", [])])
def test_how_far_techniques_are_looked_for_is_a_choice(tmp_path, which, wanted):
    with Sandbox("opencti", data=sandbox_data(tmp_path)) as sandbox:
        soc = Soc(sandbox, tmp_path)
        case = soc.hive.case(("ip", IP))
        soc.platform.publish(event(KNOWN))
        soc.once("--from", "0-0", "--techniques", which)
        assert techniques(soc.hive, case) == wanted


@pytest.mark.parametrize("rule", ["status=503", "reset", "half", "error=DATABASE_ERROR", "error=AUTH_REQUIRED"])
def test_an_opencti_that_does_not_answer_keeps_them_for_later(tmp_path, rule):
    """The comment does not wait for it."""
    with Sandbox("opencti", data=sandbox_data(tmp_path), rules=[f"opencti:{rule},path=/graphql,after=1"]) as sandbox:
        soc = Soc(sandbox, tmp_path)
        case = soc.hive.case(("ip", IP))
        soc.platform.publish(event(KNOWN))
        soc.once("--from", "0-0", "--lookup", "none", "--fail-after", "200ms", code=4 if "AUTH" in rule else 5)
        assert len(soc.hive.comments(case)) == 1 and techniques(soc.hive, case) == []
        state, hive = tmp_path / "state", soc.hive
        assert any(KNOWN["id"] in path.read_text() for path in state.glob("techniques.[0-9]*"))
        with Sandbox("opencti", data=sandbox_data(tmp_path)) as well:
            soc.once(env={**sandbox.env(), "SOCCTL_OPENCTI_URL": well.urls["opencti"]})
        assert techniques(hive, case) == ["T1071.001", "T1486", "T1566.002"]


def test_relationships_that_come_later_are_waited_for(tmp_path):
    with Sandbox("opencti", data=sandbox_data(tmp_path)) as sandbox:
        soc = Soc(sandbox, tmp_path)
        case = soc.hive.case(("ip", IP))
        soc.platform.publish(event(KNOWN))
        process = soc.daemon("--from", "0-0", "--techniques-after", "2s")
        try:
            wait_until(lambda: soc.hive.comments(case))
            assert techniques(soc.hive, case) == []
            wait_until(lambda: len(techniques(soc.hive, case)) == 3)
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=20)
        assert process.returncode == 0


# --- values that are new

def add(soc, case, data_type, data):
    soc.hive.call(f"/api/v1/case/{case}/observable", {"dataType": data_type, "data": data})


def test_a_value_that_is_added_after_its_indicator_is_reported_once(tmp_path):
    with Sandbox("opencti", data=sandbox_data(tmp_path)) as sandbox:
        soc = Soc(sandbox, tmp_path)
        case = soc.hive.case(("ip", "192.0.2.1"))
        soc.platform.publish(event(KNOWN))
        assert soc.once("--from", "0-0").counts["commented"] == 0
        add(soc, case, "ip", IP)
        add(soc, case, "domain", "unknown.example")
        seen = soc.once()
        assert seen.counts["commented"] == 1 and seen.counts["looked_up"] == 2
        comments = soc.hive.comments(case)
        assert len(comments) == 1 and "80 of 100" in comments[0] and IP in comments[0]
        assert soc.hive.tags(case)[IP] == ["opencti", "opencti:c2"]
        assert techniques(soc.hive, case) == ["T1071.001", "T1486", "T1566.002"]
        assert soc.once().counts["looked_up"] == 0
        # The event itself, again: already written.
        (tmp_path / "state" / "cursor.json").unlink()
        assert soc.once("--from", "0-0").counts["commented"] == 0
        assert soc.hive.comments(case) == comments
        # And its changes are reported.
        soc.platform.publish(event(indicator(IP_PATTERN, 1, score=10), "update"))
        assert soc.once().counts["changed"] == 1


def test_a_running_service_asks_for_what_is_added(tmp_path):
    with Sandbox("opencti", data=sandbox_data(tmp_path)) as sandbox:
        soc = Soc(sandbox, tmp_path)
        case = soc.hive.case(("ip", "192.0.2.1"))
        process = soc.daemon("--refresh", "200ms")
        try:
            wait_until(lambda: (tmp_path / "state" / "values").exists())
            time.sleep(0.5)
            add(soc, case, "ip", IP)
            wait_until(lambda: soc.hive.comments(case))
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=20)
        assert process.returncode == 0


@pytest.mark.parametrize("ask,reported", [("all", 1), ("new", 0), ("none", 0)])
def test_what_was_there_at_the_first_start(tmp_path, ask, reported):
    """`--from start` reads the complete platform; without it only `--lookup all` looks up everything."""
    with Sandbox("opencti", data=sandbox_data(tmp_path)) as sandbox:
        soc = Soc(sandbox, tmp_path)
        case = soc.hive.case(("ip", IP))
        assert soc.once("--lookup", ask).counts["commented"] == reported
        assert len(soc.hive.comments(case)) == reported


def test_many_values_are_one_round_trip(tmp_path):
    with Sandbox("opencti", data=sandbox_data(tmp_path)) as sandbox:
        soc = Soc(sandbox, tmp_path)
        case = soc.hive.case(("ip", "192.0.2.1"))
        soc.once()
        for n in range(60):
            add(soc, case, "ip", f"203.0.113.{n}")
        add(soc, case, "ip", IP)
        seen = soc.once()
        assert seen.counts["looked_up"] == 61 and seen.counts["lookup_queries"] == 1
        assert seen.counts["commented"] == 1


@pytest.mark.parametrize("rule", ["status=503", "reset", "half", "error=LOCK_ERROR"])
def test_values_that_cannot_be_asked_for_wait_on_disk(tmp_path, rule):
    with Sandbox("opencti", data=sandbox_data(tmp_path)) as well:
        soc = Soc(well, tmp_path)
        case = soc.hive.case(("ip", "192.0.2.1"))
        soc.once()
        add(soc, case, "ip", IP)
        with Sandbox("opencti", data=sandbox_data(tmp_path), rules=[f"opencti:{rule},path=/graphql,after=1"]) as ill:
            soc.once("--fail-after", "200ms", env={**well.env(), "SOCCTL_OPENCTI_URL": ill.urls["opencti"]}, code=5)
        assert soc.hive.comments(case) == []
        assert any(IP in path.read_text() for path in (tmp_path / "state").glob("lookups.[0-9]*"))
        seen = soc.once()
        assert seen.counts["looked_up"] == 1 and len(soc.hive.comments(case)) == 1


def test_rules_hold_for_what_is_asked_too(tmp_path):
    """A low score, revoked, expired, our own, only one of several conditions, only the name."""
    def case_of(*objects, args=()):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        with Sandbox("opencti", data=bundle(folder, AUTHOR, *objects)) as sandbox:
            soc = Soc(sandbox, folder)
            case = soc.hive.case(("ip", IP))
            soc.once("--lookup", "all", *args)
            return soc.hive.comments(case)

    assert len(case_of(KNOWN)) == 1
    assert case_of(indicator(IP_PATTERN, score=20), args=("--min-score", "50")) == []
    assert case_of(indicator(IP_PATTERN, revoked=True)) == []
    assert case_of(indicator(IP_PATTERN, valid_until="2020-01-01T00:00:00.000Z")) == []
    assert case_of(indicator(IP_PATTERN, created_by_ref=AUTHOR["id"]), args=("--own", AUTHOR["id"])) == []
    assert case_of(indicator("[ipv4-addr:value != '198.51.100.7']", name=IP)) == []
    both = case_of(indicator("[ipv4-addr:value = '198.51.100.7' AND domain-name:value = 'x.example']", name=IP))
    assert "only one of the conditions" in both[0]


def test_a_crash_between_lookup_and_report_reports_once(tmp_path):
    with Sandbox("opencti", data=sandbox_data(tmp_path)) as sandbox:
        soc = Soc(sandbox, tmp_path)
        case = soc.hive.case(("ip", "192.0.2.1"))
        soc.once()
        add(soc, case, "ip", IP)
        soc.once()
        # As if the place in the journals had not been kept.
        state = tmp_path / "state"
        line = json.dumps({"type": "ip", "data": IP, "id": "~" + newest(soc, case)})
        (state / "lookups.900").write_text(line + "\n")
        assert soc.once().counts["known"] == 1
        assert len(soc.hive.comments(case)) == 1


def newest(soc, case):
    found = soc.hive.query({"_name": "getCase", "idOrName": case}, {"_name": "observables"})
    return [one["_id"] for one in found if one["data"] == IP][0].removeprefix("~")




def test_a_token_that_may_only_read_the_stream(tmp_path):
    """Matches are reported; lookups wait, with a hint."""
    me = {"id": "u", "name": "n", "user_email": "", "account_status": "Active", "allowed_marking": [],
          "capabilities": [{"name": "TAXIIAPI"}], "draftContext": None}
    with Sandbox("opencti", data=sandbox_data(tmp_path, me=me)) as sandbox:
        soc = Soc(sandbox, tmp_path)
        case = soc.hive.case(("ip", IP))
        soc.platform.publish(event(KNOWN))
        seen = soc.once("--from", "0-0", code=4)
        assert "FORBIDDEN_ACCESS" in seen.err and "--techniques none" in seen.err
        assert len(soc.hive.comments(case)) == 1
        soc.once("--techniques", "none", "--lookup", "none")
