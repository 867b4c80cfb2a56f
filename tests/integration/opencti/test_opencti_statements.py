# SPDX-License-Identifier: Apache-2.0
"""Text written into TheHive stays correct: merges, edited patterns, reverted revocations, networks, authors."""

import json
import re
import signal

import pytest
from live_stream import AUTHOR, X, Soc, event, indicator
from tool import Sandbox, run, wait_until

IP, OTHER = "198.51.100.7", "203.0.113.9"
IP_PATTERN, OTHER_PATTERN = f"[ipv4-addr:value = '{IP}']", f"[ipv4-addr:value = '{OTHER}']"
SUPERSEDED = "No longer current"


@pytest.fixture
def soc(tmp_path):
    with Sandbox("opencti") as sandbox:
        yield Soc(sandbox, tmp_path)


def about(comments, value):
    return [one for one in comments if value.replace(".", "\\.") in one or value in one]


def test_an_edited_pattern_takes_back_what_it_said(soc):
    case = soc.hive.case(("ip", IP), ("ip", OTHER))
    before = indicator(IP_PATTERN, 1)
    soc.platform.publish(event(before))
    soc.once("--from", "0-1")
    # A new pattern is a new STIX id; the internal id stays.
    after = {**indicator(OTHER_PATTERN, 1), "id": "indicator--00000000-0000-5000-9000-0000000000ff"}
    patch = [{"op": "replace", "path": "/pattern", "value": OTHER_PATTERN},
             {"op": "replace", "path": "/id", "value": after["id"]}]
    back = [{"op": "replace", "path": "/pattern", "value": IP_PATTERN},
            {"op": "replace", "path": "/id", "value": before["id"]}]
    soc.platform.publish(event(after, "update", context={"patch": patch, "reverse_patch": back}))
    soc.once()
    assert [mark[1] for mark in soc.hive.marks()] == ["active", "edited", "active"]
    old, edited, new = soc.hive.comments(case)
    assert SUPERSEDED in old and "no longer names" in edited and SUPERSEDED not in new
    assert "opencti:edited" in soc.hive.tags(case)[IP] and soc.hive.tags(case)[OTHER] == ["opencti", "opencti:c2"]
    # And back again.
    soc.platform.publish(event(indicator(IP_PATTERN, 1), "update", context={"patch": back, "reverse_patch": patch}))
    soc.once()
    assert [mark[1] for mark in soc.hive.marks()] == ["active", "edited", "active", "active", "edited"] or [
        mark[1] for mark in soc.hive.marks()] == ["active", "edited", "active", "edited", "active"]
    assert sum(SUPERSEDED not in one for one in soc.hive.comments(case)) == 2
    assert "opencti:edited" not in soc.hive.tags(case)[IP]


def test_a_new_id_for_the_same_value_is_the_same_statement(soc):
    """Only a condition was added to the pattern."""
    case = soc.hive.case(("ip", IP))
    soc.platform.publish(event(indicator(IP_PATTERN, 1)))
    soc.once("--from", "0-1")
    pattern = f"[ipv4-addr:value = '{IP}' OR ipv4-addr:value = '192.0.2.1']"
    after = {**indicator(pattern, 1), "id": "indicator--00000000-0000-5000-9000-0000000000ff"}
    soc.platform.publish(event(after, "update", context={"patch": [], "reverse_patch": [
        {"op": "replace", "path": "/pattern", "value": IP_PATTERN}]}))
    assert soc.once().counts["changed"] == 1
    assert len(soc.hive.comments(case)) == 1


def test_a_merge_takes_back_what_the_absorbed_ones_said(soc):
    case = soc.hive.case(("ip", IP))
    gone, stays = indicator(IP_PATTERN, 1), indicator(IP_PATTERN, 2)
    soc.platform.publish(event(gone), event(stays))
    soc.once("--from", "0-1")
    soc.platform.publish(event({**stays, "description": "both"}, "merge",
                               context={"patch": [], "reverse_patch": [], "sources": [gone]}))
    soc.once()
    assert sorted(mark[1] for mark in soc.hive.marks()) == ["active", "active", "merged"]
    standing = [one for one in soc.hive.comments(case) if SUPERSEDED not in one]
    assert len(standing) == 2 and sum("merged" in one.splitlines()[0] for one in standing) == 1
    assert soc.once().counts["matches"] == 0


@pytest.mark.parametrize("version", [None, "4.1.24"])
def test_a_revocation_that_is_taken_back_leaves_nothing_standing(tmp_path, version):
    with Sandbox("opencti", version=version) as sandbox:
        soc = Soc(sandbox, tmp_path)
        case = soc.hive.call("/api/v1/case", {"title": "A case", "description": "d", "tlp": 2})["_id"]
        soc.hive.call(f"/api/v1/case/{case}/observable", {"dataType": "ip", "data": IP if version is None else [IP]})
        for revoked in (False, True, False):
            soc.platform.publish(event(indicator(IP_PATTERN, revoked=revoked), "update"))
            soc.once("--from", "0-1")
            assert ("opencti:revoked" in soc.hive.tags(case)[IP]) == revoked
        if version is None:
            comments = soc.hive.comments(case)
            assert [SUPERSEDED in one for one in comments] == [True, True, False]
            assert "is revoked" in comments[1]


def test_statements_of_earlier_versions_are_known_again(soc):
    """Their mark was derived from the STIX id."""
    import hashlib
    case = soc.hive.case(("ip", IP))
    observable = soc.hive.query({"_name": "getCase", "idOrName": case}, {"_name": "observables"})[0]["_id"]
    one = indicator(IP_PATTERN, 1)
    pair = hashlib.sha256(f"{observable}|{one['id']}".encode()).hexdigest()[:16]
    soc.hive.call(f"/api/v1/case/{case}/comment", {"message": f"Known.\n\n`socbridge:opencti:{pair}:active:5-0`"})
    soc.platform.publish(event(one))
    seen = soc.once("--from", "0-1")
    assert seen.counts["changed"] == 1 and len(soc.hive.comments(case)) == 1


def test_headlines_name_the_value_and_the_network(soc):
    case = soc.hive.case(("ip", OTHER), ("ip", "198.51.100.0/24"))
    soc.platform.publish(event(indicator("[ipv4-addr:value = '203.0.113.0/24']", 1)),
                         event(indicator("[ipv4-addr:value = '198.51.100.77']", 2)))
    soc.once("--from", "0-1")
    first, second = [one.splitlines()[0].replace("\\", "") for one in soc.hive.comments(case)]
    assert "203.0.113.0/24" in first and OTHER in first
    assert "198.51.100.77" in second and "198.51.100.0/24" in second


def test_an_address_in_a_network_that_is_asked_for(tmp_path):
    path = tmp_path / "opencti.json"
    path.write_text(json.dumps({"type": "bundle", "id": "bundle--1",
                                "objects": [indicator("[ipv4-addr:value = '203.0.113.0/24']", 1)]}))
    with Sandbox("opencti", data={"opencti": path}) as sandbox:
        soc = Soc(sandbox, tmp_path)
        case = soc.hive.case(("ip", OTHER))
        assert soc.once("--lookup", "all").counts["commented"] == 1
        assert "203.0.113.0/24" in soc.hive.comments(case)[0].replace("\\", "")


# --- authors

US = "88ec0c6a-13ce-5e39-b486-354fe4a7084f"  # the sandbox's user


def test_a_feed_that_shares_our_user_is_reported_with_a_warning(soc):
    case = soc.hive.case(("ip", IP))
    soc.platform.publish(event(indicator(IP_PATTERN, extension={"creator_ids": [US]})))
    seen = soc.once("--from", "0-1")
    assert seen.counts["commented"] == 1 and seen.counts["by_our_user"] == 1 and seen.counts["own"] == 0
    assert len(seen.named("account_shared")) == 1 and len(soc.hive.comments(case)) == 1


def test_a_shared_user_is_in_the_statistics(soc):
    case = soc.hive.case(("ip", IP))
    metrics = soc.folder / "stream.prom"
    process = soc.daemon("--from", "0-1", "--stats-every", "200ms", "--metrics-file", metrics)
    try:
        soc.platform.publish(event(indicator(IP_PATTERN, extension={"creator_ids": [US]})))
        wait_until(lambda: soc.hive.comments(case))
        wait_until(lambda: metrics.exists() and "by_our_user_total 1" in metrics.read_text())
    finally:
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=20)
    assert "our own user" in [one for one in err.decode().splitlines() if "stats" in one][-1]


def test_what_sighting_created_is_ours_by_author_and_by_reference(soc):
    soc.hive.case(("ip", IP))
    system = "identity--4d338906-ab6d-5cdb-b887-b791b6ddda27"  # of the system TheHive
    reference = [{"source_name": "TheHive", "external_id": "TheHive case ~1", "url": "http://hive/cases/~1/details"}]
    soc.platform.publish(
        event(indicator(IP_PATTERN, 1, created_by_ref=system)),
        event(indicator(IP_PATTERN, 2, external_references=reference)),
        event({"id": "ipv4-addr--1", "type": "ipv4-addr", "value": IP,
               "extensions": {X: {"id": "u", "type": "IPv4-Addr", "creator_ids": [US]}}, "created_by_ref": system}))
    seen = soc.once("--from", "0-1")
    assert seen.counts["own"] == 3 and soc.hive.comments() == []
    (soc.folder / "state" / "cursor.json").unlink()
    assert soc.once("--from", "0-1", "--system", "Another").counts["own"] == 1


def test_connectors_with_our_user_are_named_at_the_start(tmp_path):
    me = {"id": US, "name": "soc", "user_email": "", "account_status": "Active", "allowed_marking": [],
          "capabilities": [{"name": one} for one in ("KNOWLEDGE", "MODULES", "TAXIIAPI")], "draftContext": None}
    connectors = [{"id": "1", "name": "AlienVault", "connector_type": "EXTERNAL_IMPORT", "connector_user_id": US},
                  {"id": "2", "name": "MITRE", "connector_type": "EXTERNAL_IMPORT", "connector_user_id": "other"}]
    path = tmp_path / "opencti.json"
    path.write_text(json.dumps({"type": "bundle", "id": "bundle--1", "objects": [AUTHOR],
                                "sandbox": {"me": me, "connectors": connectors}}))
    with Sandbox("opencti", data={"opencti": path}) as sandbox:
        said = Soc(sandbox, tmp_path).once().named("account_shared")
        assert len(said) == 1 and "AlienVault" in said[0]["reason"] and "MITRE" not in said[0]["reason"]


# --- links

def test_links_say_who_does_what_to_whom():
    with Sandbox("opencti") as sandbox:
        tree = run("opencti", "context", IP, "-o", "tree", env=sandbox.env()).out
        assert "intrusion-set APT-EXAMPLE uses ExampleRAT" in tree and "uses intrusion-set" not in tree
        assert "indicates attack-pattern T1071.001 Web Protocols" in tree
        text = run("opencti", "context", IP, "-o", "md", env=sandbox.env()).out.replace("\\", "")
        assert re.search(r"\*\*APT-EXAMPLE\*\* uses ExampleRAT.*through ExampleRAT", text), text
        threats = run("opencti", "context", IP, "-o", "json", env=sandbox.env()).json()[0]["threats"]
        assert {(one["name"], one["direction"]) for one in threats} == {
            ("ExampleRAT", "outgoing"), ("Web Protocols", "outgoing"), ("APT-EXAMPLE", "incoming")}


def test_only_revoked_is_revoked():
    with Sandbox("opencti") as sandbox:
        rows = run("opencti", "context", "203.0.113.50", IP, "192.0.2.1", env=sandbox.env()).rows()
        assert [row[2] for row in rows] == ["revoked", "yes", "no"]
        said = run("opencti", "context", "203.0.113.50", "-o", "json", env=sandbox.env()).json()[0]
        assert (said["known"], said["state"]) == (False, "revoked")


def test_names_of_files_are_known(tmp_path):
    with Sandbox("opencti") as sandbox:
        for given in ("invoice.exe", r"C:\Users\x\invoice.exe", "/tmp/nowhere/invoice.exe"):
            rows = run("opencti", "context", given, env=sandbox.env()).rows()
            assert (rows[0][1], rows[0][2]) == ("filename", "yes"), given


# --- feeds

def ago(hours):
    return f"@now-{hours}h@"


@pytest.mark.parametrize("state,last,works,expected", [
    # Died every night: its state is of its last success, the platform closed the works.
    ('{"last_run":@unix-5d@}', None, [(2, "progress", None), (26, "complete", 2), (50, "complete", 26)], "stale"),
    (None, None, [(2, "progress", None), (26, "complete", 2), (50, "complete", 26)], "stale"),
    (None, None, [(2, "progress", None)], "stale"),
    (None, 60, [(2, "progress", None)], "stale"),
    ('{"last_run":@unix-5d@}', 2, [], "stale"),  # the scheduler ran; the connector caught its failure
    # And those that are well.
    (None, None, [(2, "complete", 1)], "ok"),
    (None, None, [(1, "progress", None), (20, "complete", 19)], "ok"),
    ('{"last_run":@unix-3h@}', None, [(1, "progress", None)], "ok"),
    (None, 3, [], "ok"),
])
def test_the_last_success_counts(tmp_path, state, last, works, expected):
    connector = {"id": "a", "name": "AlienVault", "active": False, "connector_type": "EXTERNAL_IMPORT",
                 "connector_state": state, "updated_at": ago(2),
                 "connector_info": {"run_and_terminate": True, "buffering": False, "next_run_datetime": None,
                                    "last_run_datetime": None if last is None else ago(last)},
                 "connector_queue_details": {"messages_number": 0},
                 "works": [{"id": f"w{begun}", "status": status, "timestamp": ago(begun),
                            "completed_time": None if done is None else ago(done), "errors": []}
                           for begun, status, done in works]}
    path = tmp_path / "opencti.json"
    path.write_text(json.dumps({"type": "bundle", "id": "bundle--1", "objects": [],
                                "sandbox": {"connectors": [connector], "queues": {"consumers": "1", "queues": []}}}))
    with Sandbox("opencti", data={"opencti": path}) as sandbox:
        result = run("opencti", "connectors", "--expect", "alienvault", "-o", "json", env=sandbox.env())
        found = result.json()[0]
        assert (found["state"], result.code) == (expected, 0 if expected == "ok" else 3), found
        if expected == "stale" and works:
            assert "has not succeeded" in found["reason"]
