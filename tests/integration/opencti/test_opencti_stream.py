# SPDX-License-Identifier: Apache-2.0
"""`socctl opencti stream` against the sandbox: each quirk of the live stream (docs/protocols/opencti.md)."""

import json
import re
import signal

import pytest
from live_stream import AUTHOR, SCO, STREAM, Soc, X, event, indicator
from tool import Sandbox, run, wait_until

IP = "198.51.100.7"
IP_PATTERN = f"[ipv4-addr:value = '{IP}']"


@pytest.fixture
def soc(tmp_path):
    with Sandbox("opencti") as sandbox:
        yield Soc(sandbox, tmp_path)


def test_a_new_indicator_is_reported_to_the_case_once(soc):
    case = soc.hive.case(("ip", IP), ("domain", "other.example"))
    first = soc.platform.publish(event(indicator(IP_PATTERN), dependencies=[AUTHOR]))
    seen = soc.once("--from", "start")
    assert seen.counts["commented"] == 1
    comments = soc.hive.comments(case)
    assert len(comments) == 1
    assert IP in comments[0] and "80 of 100" in comments[0]
    assert "/dashboard/observations/indicators/00000000-0000-4000-9000-000000000001" in comments[0]
    assert soc.hive.tags(case)[IP] == ["opencti", "opencti:c2"]
    assert soc.hive.tags(case)["other.example"] == []
    assert first  # and again, from the cursor and from the start
    assert soc.once().counts["matches"] == 0
    (soc.folder / "state" / "cursor.json").unlink()
    again = soc.once("--from", "start")
    assert again.counts["known"] == 1 and soc.hive.comments(case) == comments


def test_alerts_and_every_spelling_of_a_value(soc):
    alert = soc.hive.alert("1", ("fqdn", "c2.evil.example"), ("hash", "9F86D081884C7D659A2FEAA0C55AD015"),
                           ("url", "http://evil.example/it's?q=1"), ("mail", "a@evil.example"))
    soc.platform.publish(
        event(indicator("[domain-name:value = 'C2.Evil.Example']", 1)),
        event(indicator("[file:hashes.md5 = '9f86d081884c7d659a2feaa0c55ad015' OR file:hashes.'SHA-256' = 'x']", 2)),
        event(indicator(r"[url:value = 'http://evil.example/it\'s?q=1']", 3)),
        event(indicator("[email-addr:value IN ('b@evil.example', 'A@evil.example')]", 4)))
    seen = soc.once("--from", "start")
    assert seen.counts["commented"] == 4, seen.events
    assert len(soc.hive.comments(alert, "getAlert")) == 4


def test_what_does_not_match_is_counted(soc):
    soc.hive.case(("ip", "192.0.2.1"), ("domain", "multi.evil.example"), ("ip", "203.0.113.9"))
    soc.platform.publish(
        event(indicator("rule X { condition: true }", 1, pattern_type="yara")),
        event(indicator("[ipv4-addr:value != '192.0.2.1' AND domain-name:value = 'multi.evil.example']", 2)),
        event(indicator("[ipv4-addr:value LIKE '203.0.%']", 3)),
        event(indicator("[ipv4-addr:value = ", 4)),
        event(indicator("[ipv4-addr:value = '203.0.0.0/8']", 5)))
    seen = soc.once("--from", "start")
    matches = seen.named("match")
    assert [(one["value"], one["partial"]) for one in matches] == [("multi.evil.example", True)]
    counts = seen.counts
    assert (counts["other_pattern_types"], counts["unreadable_patterns"], counts["patterns_not_matched"],
            counts["conditions_skipped"], counts["networks_too_wide"]) == (1, 1, 1, 1, 1)


def test_networks_match_in_both_directions(soc):
    soc.hive.case(("ip", "203.0.113.9"), ("ip", "198.51.100.0/24"))
    soc.platform.publish(event(indicator("[ipv4-addr:value = '203.0.113.0/24']", 1)),
                         event(indicator("[ipv4-addr:value = '198.51.100.77']", 2)))
    assert soc.once("--from", "start").counts["commented"] == 2


def test_closed_cases_are_skipped(soc):
    case = soc.hive.case(("ip", IP))
    soc.once("--from", "start")
    soc.hive.call(f"/api/v1/case/{case}", {"status": "TruePositive", "summary": "done"}, "PATCH")
    soc.platform.publish(event(indicator(IP_PATTERN)))
    seen = soc.once()  # the match set still has it
    assert seen.counts["closed"] == 1 and soc.hive.comments(case) == []


@pytest.mark.parametrize("name,json_type,revoked,state", [
    ("delete", "update", True, "revoked"),   # revoked: it left a filter "revoked = false"
    ("delete", "update", False, "withdrawn"),
    ("delete", "delete", False, "deleted"),
    ("update", "update", True, "revoked"),
])
def test_withdrawals_are_marked_on_the_case(soc, name, json_type, revoked, state):
    case = soc.hive.case(("ip", IP))
    soc.platform.publish(event(indicator(IP_PATTERN)))
    soc.once("--from", "start")
    soc.platform.publish(event(indicator(IP_PATTERN, revoked=revoked), name, type=json_type))
    assert soc.once().counts["commented"] == 1
    assert [mark[1] for mark in soc.hive.marks()] == ["active", state]
    assert f"opencti:{state}" in soc.hive.tags(case)[IP]
    # It comes back: that is a change again.
    soc.platform.publish(event(indicator(IP_PATTERN), "create", type="update"))
    soc.once()
    assert [mark[1] for mark in soc.hive.marks()] == ["active", state, "active"]


def test_a_withdrawal_of_what_was_never_reported_is_not_reported(soc):
    soc.hive.case(("ip", IP))
    soc.platform.publish(event(indicator(IP_PATTERN), "delete"))
    assert soc.once("--from", "0-0").counts["commented"] == 0
    assert soc.hive.comments() == []


def test_a_new_score_changes_the_comment(soc):
    case = soc.hive.case(("ip", IP))
    soc.platform.publish(event(indicator(IP_PATTERN, score=80)))
    soc.once("--from", "start")
    soc.platform.publish(event(indicator(IP_PATTERN, score=30), "update"))
    assert soc.once().counts["changed"] == 1
    comments = soc.hive.comments(case)
    assert len(comments) == 1 and "30 of 100" in comments[0]


def test_observables_of_opencti_match_too(soc):
    case = soc.hive.case(("domain", "c2.evil.example"))
    soc.platform.publish(event({
        "id": "domain-name--490ac41b-41c8-5c9c-bb47-f2ece64875bc", "type": "domain-name", "value": "c2.evil.example",
        "extensions": {X: {"id": "fa04b6d8-571b-4e83-8db2-6b205e3f9c45", "type": "Domain-Name"},
                       SCO: {"labels": ["botnet"], "score": 70}}}))
    soc.once("--from", "start")
    assert "70 of 100" in soc.hive.comments(case)[0]
    assert "opencti:botnet" in soc.hive.tags(case)["c2.evil.example"]


def test_what_we_wrote_is_left_out(soc):
    soc.hive.case(("ip", IP))
    soc.platform.publish(event(indicator(IP_PATTERN, created_by_ref=AUTHOR["id"])))
    seen = soc.once("--from", "start", "--own", AUTHOR["id"])
    assert seen.counts["own"] == 1 and soc.hive.comments() == []


def test_techniques_become_procedures(soc):
    case = soc.hive.case(("ip", IP))
    soc.platform.publish(event(indicator(IP_PATTERN, external_references=[
        {"source_name": "mitre-attack", "external_id": "T1110", "url": "https://attack.mitre.org/techniques/T1110"}])))
    soc.once("--from", "start")
    found = soc.hive.query({"_name": "getCase", "idOrName": case}, {"_name": "procedures"})
    assert [one["patternId"] for one in found] == ["T1110"]


def test_a_low_score_is_left_out(soc):
    soc.hive.case(("ip", IP))
    soc.platform.publish(event(indicator(IP_PATTERN, score=20)))
    assert soc.once("--from", "start", "--min-score", "50").counts["below_score"] == 1
    assert soc.hive.comments() == []


def test_the_cursor_is_not_that_of_a_dependency(soc):
    """Its id is that of the main event; resuming there would lose that one."""
    soc.hive.case(("ip", IP))
    soc.platform.settings(cut_every=1)
    soc.platform.publish(*[event(indicator(f"[ipv4-addr:value = '192.0.2.{n}']", n, name="x" * 3000),
                                 dependencies=[{**AUTHOR, "id": f"identity--{n}"}]) for n in range(2, 12)],
                         event(indicator(IP_PATTERN, 99), dependencies=[AUTHOR]))
    seen = soc.once("--from", "0-1")
    assert seen.counts["connections"] > 5 and seen.counts["commented"] == 1


def test_a_gap_is_noticed_and_caught_up_from_the_database(soc):
    soc.hive.case(("ip", IP))
    soc.platform.publish(event(indicator("[ipv4-addr:value = '192.0.2.200']", 7), id="1760000000000-0"))
    soc.once("--from", "0-0")
    cursor = json.loads((soc.folder / "state" / "cursor.json").read_text())
    (soc.folder / "state" / "cursor.json").write_text(json.dumps({**cursor, "id": "1760000000000-0",
                                                                  "heartbeat": False}))
    soc.platform.publish(event(indicator(IP_PATTERN, 1, updated="2025-10-20T10:00:00.000Z"), id="1760900000000-0"),
                         event(indicator("[ipv4-addr:value = '192.0.2.2']", 2), id="1761000000000-0"))
    soc.platform.settings(keep=1)
    seen = soc.once()
    assert [one["until"] for one in seen.named("gap")] == ["2025-10-20T22:40:00.000Z"]
    assert seen.counts["gaps"] == 1 and seen.counts["commented"] == 1
    cursor = json.loads((soc.folder / "state" / "cursor.json").read_text())
    assert "recover_until" not in cursor


@pytest.mark.parametrize("rule,settings,args,code,text", [
    (None, {}, ["--stream", "00000000-0000-4000-8000-000000000000"], 4, "no stream with this id"),
    (None, {"stopped": True}, [], 7, "stopped in OpenCTI (410)"),
    ("opencti:html=200,path=/stream*", {}, [], 7, "not a stream"),
    ("opencti:reset,path=/stream*", {}, [], 5, ""),
    ("opencti:status=503,path=/stream*", {}, [], 5, "503"),
])
def test_a_stream_that_cannot_be_read(tmp_path, rule, settings, args, code, text):
    with Sandbox("opencti", rules=[rule] if rule else []) as sandbox:
        soc = Soc(sandbox, tmp_path)
        soc.platform.settings(**settings)
        seen = soc.once(*args, "--fail-after", "200ms", code=code)
        assert text in seen.err and "OpenCTI's stream" in seen.err


def test_silence_is_a_dead_connection(soc):
    soc.platform.settings(silent=True)
    soc.platform.publish(event(indicator(IP_PATTERN)))
    seen = soc.once("--silence", "300ms", "--until-idle", "1s", "--from", "now", code=0)
    assert seen.counts["connections"] >= 2
    assert any("no data for" in one["reason"] for one in seen.named("disconnected"))


def test_a_bare_number_of_milliseconds_is_a_place(soc):
    """The server would take it for "now"."""
    soc.hive.case(("ip", IP))
    soc.platform.publish(event(indicator(IP_PATTERN), id="1763975702513-0"))
    assert soc.once("--stream", STREAM, "--from", "1763975702600").counts["events"] == 0
    (soc.folder / "state" / "cursor.json").unlink()
    soc.platform.publish(event(indicator(IP_PATTERN, 2), id="1763975702700-0"))
    assert soc.once("--stream", STREAM, "--from", "1763975702513").counts["commented"] == 1


def test_thehive_down_keeps_matches_for_later(tmp_path):
    with Sandbox("opencti", state=tmp_path / "hive.json") as sandbox:
        soc = Soc(sandbox, tmp_path)
        case = soc.hive.case(("ip", IP))
        soc.once("--from", "start")
        soc.platform.publish(event(indicator(IP_PATTERN)))
        env = {**sandbox.env(), "SOCCTL_THEHIVE_URL": "http://127.0.0.1:9"}
        down = run(*soc.args("--once", "--fail-after", "200ms"), env=env)
        assert down.code == 5, down
        assert any("198.51.100.7" in path.read_text() for path in (tmp_path / "state").glob("matches.*"))
        seen = soc.once()
        assert seen.counts["matches"] == 0 and seen.counts["commented"] == 1
        assert len(soc.hive.comments(case)) == 1


def test_a_lost_answer_does_not_report_twice(tmp_path):
    with Sandbox("opencti", rules=["commit-then-reset,method=POST,path=/api/v1/case/*,after=2,first=1"]) as sandbox:
        soc = Soc(sandbox, tmp_path)
        case = soc.hive.case(("ip", IP))
        soc.platform.publish(event(indicator(IP_PATTERN, 1)), event(indicator(IP_PATTERN, 2)))
        soc.once("--from", "start")
        assert len(soc.hive.comments(case)) == 2


def test_a_service_ends_cleanly_and_only_one_runs(soc):
    case = soc.hive.case(("ip", IP))
    process = soc.daemon("--from", "start", "--refresh", "200ms")
    try:
        soc.platform.publish(event(indicator(IP_PATTERN)))
        wait_until(lambda: soc.hive.comments(case))
        second = run(*soc.args("--once"), env=soc.sandbox.env())
        assert second.code == 1 and "another consumer" in second.err
        # An observable that is added meanwhile is matched by later events.
        values = soc.folder / "state" / "values"
        before = values.stat().st_ino
        soc.hive.call(f"/api/v1/case/{case}/observable", {"dataType": "ip", "data": "203.0.113.50"})
        wait_until(lambda: values.stat().st_ino != before, what="the refresh")
        soc.platform.publish(event(indicator("[ipv4-addr:value = '203.0.113.50']", 2)))
        wait_until(lambda: len(soc.hive.comments(case)) == 2)
    finally:
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=20)
    assert process.returncode == 0, err
    assert soc.sandbox.key not in out.decode() + err.decode()


def test_hostile_texts_do_not_become_markup(soc):
    case = soc.hive.case(("ip", IP))
    soc.platform.publish(event(indicator(IP_PATTERN, name="<script>[x](http://evil)\n# h", description="`a`\u202e|b",
                                         labels=["a\nb", "c" * 500])))
    soc.once("--from", "start")
    comment = soc.hive.comments(case)[0]
    assert "<script>" not in comment and "[x](" not in comment and "\u202e" not in comment
    assert "\n# h" not in comment


def test_a_watch_list_needs_no_thehive(soc, tmp_path):
    (tmp_path / "list").write_text(f"# ours\nip\t{IP}\nevil.example\n")
    soc.platform.publish(event(indicator(IP_PATTERN)), event(indicator("[domain-name:value = 'evil.example']", 2)))
    env = {name: value for name, value in soc.sandbox.env().items() if "THEHIVE" not in name}
    seen = run("opencti", "stream", "--stream", STREAM, "--watch-list", tmp_path / "list", "--from", "start", "--once", "-o",
               "jsonl", env=env)
    assert seen.code == 0, seen
    assert sorted(one["observables"][0] for one in seen.jsonl() if one["event"] == "match") == ["~2", "~3"]
    (tmp_path / "list").write_text("ip\tnonsense\n")
    bad = run("opencti", "stream", "--watch-list", tmp_path / "list", "--once", env=env)
    assert bad.code == 6 and "list:1" in bad.err


def test_a_damaged_snapshot_is_rebuilt(soc):
    soc.hive.case(("ip", IP))
    soc.once("--from", "start")
    values = soc.folder / "state" / "values"
    values.write_bytes(values.read_bytes()[:-3] + b"xyz")
    soc.platform.publish(event(indicator(IP_PATTERN)))
    assert soc.once().counts["commented"] == 1


def test_a_dry_run_takes_nothing_from_the_real_one(soc):
    case = soc.hive.case(("ip", IP))
    soc.platform.publish(event(indicator(IP_PATTERN)))
    seen = soc.once("--from", "start", "--dry-run")
    assert [one["result"] for one in seen.named("notified")] == ["would add"]
    assert soc.hive.comments(case) == [] and soc.hive.tags(case)[IP] == []
    assert soc.once("--from", "start").counts["commented"] == 1
    assert soc.once("--dry-run", "--from", "start").counts["matches"] == 0  # it has its own cursor


def test_counts_are_logged_and_written_for_prometheus(soc):
    case = soc.hive.case(("ip", IP))
    metrics = soc.folder / "stream.prom"
    process = soc.daemon("--from", "0-0", "--stats-every", "200ms", "--metrics-file", metrics)
    try:
        soc.platform.publish(event(indicator(IP_PATTERN)), event(indicator("rule X", 2, pattern_type="yara")))
        wait_until(lambda: soc.hive.comments(case))
        wait_until(lambda: metrics.exists() and 'notifications_total{result="added"} 1' in metrics.read_text())
    finally:
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=20)
    line = [one for one in err.decode().splitlines() if one.startswith("socctl: stats ")][-1]
    assert "events 2, matched 1, notified 1," in line and "refused 0, patterns skipped 1, lag " in line
    text = metrics.read_text()
    names = [one.split()[2] for one in text.splitlines() if one.startswith("# TYPE ")]
    assert len(names) == len(set(names)) and all(name.startswith("socbridge_stream_") for name in names)
    for one in text.splitlines():
        assert re.fullmatch(r'# (HELP|TYPE) \w+ .+|\w+(\{\w+="\w+"\})? [0-9.]+', one), one
    assert 'socbridge_stream_skipped_total{reason="other_pattern_types"} 1' in text
    assert float(re.search(r"^socbridge_stream_lag_seconds (\S+)$", text, re.M).group(1)) < 60
    assert [path.name for path in soc.folder.iterdir() if "prom" in path.name] == ["stream.prom"]


def test_counts_need_not_be_logged(soc):
    process = soc.daemon("--stats-every", "0")
    wait_until((soc.folder / "state" / "values").exists)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 0 and b"stats" not in err


def test_usage(soc):
    assert run("opencti", "stream", "--stats-every", "often", env=soc.sandbox.env()).code == 2
    assert run("opencti", "stream", "--lookup", "some", env=soc.sandbox.env()).code == 2
    assert run("opencti", "stream", "--silence", "never", env=soc.sandbox.env()).code == 2
    assert run("opencti", "stream", "-o", "table", env=soc.sandbox.env()).code == 2
    bad = run(*soc.args("--once", "--from", "yesterday"), env=soc.sandbox.env())
    assert bad.code == 2 and "--from cannot be" in bad.err
