# SPDX-License-Identifier: Apache-2.0
"""socctl queue: read-only verbs, careful changes, together with processes that use the same spool."""

import fcntl
import json
import os
import time

import pytest

import integratord
import prometheus
import tool
from conftest import make_alert
from entries import in_state
from spool_env import KEY, configure, ids, put, socctl

RETRY = {"at_ms": 1741938001000, "attempts": 3, "http_status": 503, "kind": "retry", "message": "HTTP 503: later",
         "first_failure_ms": 1741938000000, "ambiguous": False}
REFUSED = {**RETRY, "http_status": 400, "kind": "refused", "message": "HTTP 400 BadRequest: no\u202e \x1b[2J"}


@pytest.fixture
def spool(home):
    """Two waiting, one of them later; one held, one dead, one damaged."""
    configure(home, "http://127.0.0.1:9")
    home.made = {
        "due": put(home, 1, age_s=7200),
        "later": put(home, 2, age_s=60, due_in_s=600, reason=RETRY),
        "held": put(home, 3, "hold", age_s=10),
        "dead": put(home, 4, "dead", age_s=86400 * 3, reason=REFUSED),
        "corrupt": put(home, 5, "corrupt", content=b"socbridge-spool 1\nhalf"),
    }
    return home


def listed(home, *args):
    result = socctl(home, "queue", "list", "-o", "jsonl", *args)
    assert result.code == 0, result
    return {row["id"]: row for row in result.jsonl()}


def test_list_shows_every_field_of_each_entry(spool):
    made, rows = spool.made, listed(spool)
    assert set(rows) == set(made.values())
    due, later = rows[made["due"]], rows[made["later"]]
    assert (due["state"], due["due"], due["in_flight"]) == ("queue", True, False)
    assert "reason" not in due and "alert" not in due
    assert (later["due"], later["reason"]) == (False, RETRY)
    assert abs(later["next_attempt_ms"] - (time.time() + 600) * 1000) < 20000
    assert due["accepted_ms"] == int(made["due"][:13])
    facts = listed(spool, "--alerts", "--state", "hold")[made["held"]]["alert"]
    assert facts == {"id": "1741938001.1203", "rule_id": "5763", "level": 10, "agent": "web-01",
                     "description": "sshd: brute force trying to get access."}


@pytest.mark.parametrize("args,names", [
    (["--state", "queue"], {"due", "later"}),
    (["--state", "dead", "--state", "hold"], {"dead", "held"}),
    (["--kind", "retry"], {"later"}),
    (["--older-than", "1h"], {"due", "dead"}),
    (["--newer-than", "5m"], {"later", "held", "corrupt"}),
    (["--due"], {"due"}),
    (["--rule", "5763"], {"due", "later", "held", "dead"}),
    (["--rule", "1", "--rule", "2"], set()),
    (["--agent", "web-01", "--state", "hold"], {"held"}),
])
def test_filters(spool, args, names):
    assert set(listed(spool, *args)) == {spool.made[name] for name in names}


def test_what_a_person_sees(spool):
    seen = tool.run_on_terminal("queue", "list", columns=160, env={"SOCBRIDGE_WAZUH_HOME": str(spool.path)})
    assert seen.code == 0
    lines = seen.out.splitlines()
    assert lines[0].replace("\x1b[1m", "").replace("\x1b[0m", "").split() == [
        "ID", "STATE", "ACCEPTED", "NEXT", "TRIES", "KIND", "BYTES", "MESSAGE"]
    assert "\x1b[2J" not in seen.out and "\u202e" not in seen.out  # the server's text is harmless
    [due] = [line for line in lines if spool.made["due"] in line]
    assert "2h ago" in due and " due " in due
    rows = socctl(spool, "queue", "list").rows()
    assert len(rows) == 5 and all(len(row) == 8 for row in rows)


def test_a_claimed_entry_is_in_flight_and_not_changed(spool):
    path = spool.spool / "queue" / f"{spool.made['due']}.alert"
    with open(path, "rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert listed(spool)[spool.made["due"]]["in_flight"]
        for verb in (["hold"], ["flush"], ["drop", "--yes"]):
            result = socctl(spool, "queue", *verb, spool.made["due"], "-o", "jsonl")
            assert result.code == 1, result
            assert result.jsonl()[0]["result"] == "in_flight"
    assert path.exists()
    assert socctl(spool, "queue", "hold", spool.made["due"]).code == 0
    assert not path.exists()


def test_show_has_reason_alert_and_preview_and_no_secret(spool):
    result = socctl(spool, "queue", "show", spool.made["later"], "-o", "json")
    assert result.code == 0, result
    [view] = result.json()
    assert view["reason"] == RETRY
    assert view["raw"] == json.loads(make_alert(2))
    assert view["mapped"]["sourceRef"].startswith("1741938001.1202-")
    text = socctl(spool, "queue", "show", spool.made["later"])
    assert text.code == 0
    for words in ("HTTP 503: later", "TheHive would be sent", '"id": "5763"', "Tries:        3"):
        assert words in text.out
    for result in (result, text, socctl(spool, "queue", "stats"), socctl(spool, "queue", "show", "--all")):
        assert KEY not in result.out + result.err
    [damaged] = socctl(spool, "queue", "show", spool.made["corrupt"], "-o", "json").json()
    assert "truncated" in damaged["damage"] and "raw" not in damaged


def test_stats(spool):
    result = socctl(spool, "queue", "stats", "-o", "jsonl")
    assert result.code == 0, result
    rows = result.jsonl()
    states = {row["state"]: row for row in rows if row["kind"] == "state"}
    assert {name: row["count"] for name, row in states.items()} == {"queue": 2, "hold": 1, "dead": 1, "corrupt": 1}
    assert states["queue"]["kinds"] == {"new": 1, "retry": 1}
    assert (states["queue"]["due"], states["queue"]["oldest_ms"]) == (1, int(spool.made["due"][:13]))
    assert states["queue"]["bytes"] == sum(p.stat().st_size for p in (spool.spool / "queue").glob("*.alert"))
    [destination] = [row for row in rows if row["kind"] == "destination"]
    assert (destination["url"], destination["state"]) == ("http://127.0.0.1:9", "unknown")
    socctl(spool, "queue", "flush")
    assert socctl(spool, "relay", "--once").code == 5
    [after] = [row for row in socctl(spool, "queue", "stats", "-o", "jsonl").jsonl() if row["kind"] == "destination"]
    assert after["failures"] > 0 and "cannot connect" in after["message"]


def test_stats_for_prometheus(spool):
    result = socctl(spool, "queue", "stats", "-o", "prometheus")
    assert result.code == 0 and KEY not in result.out
    assert prometheus.check_metrics(result.out) == ""
    for state, count in (("queue", 2), ("hold", 1), ("dead", 1), ("corrupt", 1)):
        assert f'socbridge_queue_entries{{state="{state}"}} {count}\n' in result.out
    oldest = f'{int(spool.made["due"][:13]) / 1000:.3f}'
    assert f'socbridge_queue_oldest_timestamp_seconds{{state="queue"}} {oldest}\n' in result.out
    assert 'url="http://127.0.0.1:9",organisation="",state="unknown"} 1\n' in result.out
    assert socctl(spool, "queue", "list", "-o", "prometheus").code == 2


def test_the_verbs_move_entries(spool):
    made = spool.made
    assert socctl(spool, "queue", "flush").code == 0
    assert all(row["due"] for row in listed(spool, "--state", "queue").values())
    assert listed(spool)[made["later"]]["reason"] == RETRY
    assert socctl(spool, "queue", "hold", "--kind", "retry").code == 0
    assert ids(spool, "hold") == sorted([made["later"], made["held"]])
    assert socctl(spool, "queue", "release", made["held"]).code == 0
    assert made["held"] in ids(spool)
    # As new: its tries are forgotten, so that it does not expire at the first failure.
    assert socctl(spool, "queue", "requeue", made["dead"]).code == 0
    assert listed(spool)[made["dead"]]["reason"]["attempts"] == 0
    assert listed(spool)[made["dead"]]["due"]
    assert ids(spool, "dead") == []
    assert list((spool.spool / "dead").iterdir()) == []
    in_state(spool)  # all are complete


def test_ids_come_from_arguments_or_standard_input_plain_or_json(spool):
    made = spool.made
    rows = socctl(spool, "queue", "list", "--state", "queue", "-o", "jsonl").out
    result = socctl(spool, "queue", "hold", "-", "-o", "jsonl", stdin=rows)
    assert result.code == 0 and len(result.jsonl()) == 2
    plain = socctl(spool, "queue", "list", "--state", "hold").out
    assert socctl(spool, "queue", "release", "-", stdin=plain).code == 0
    assert len(ids(spool)) == 3
    mixed = socctl(spool, "queue", "hold", made["due"], "1741938001037-0123456789abcdef", "../../etc/passwd")
    assert mixed.code == 3
    assert mixed.err.count("there is no entry") == 2
    assert socctl(spool, "queue", "hold", "1741938001037-0123456789abcdef").code == 1


def test_a_verb_for_another_state_says_which_to_use(spool):
    result = socctl(spool, "queue", "release", spool.made["dead"])
    assert result.code == 1
    assert "it is in dead/" in result.out and "requeue" in result.out
    assert spool.made["dead"] in ids(spool, "dead")


def test_drop_asks(spool):
    made = spool.made
    for args in ([made["dead"]], ["--state", "dead"]):
        refused = socctl(spool, "queue", "drop", *args)
        assert refused.code == 2 and "--yes" in refused.err
        assert socctl(spool, "queue", "drop", "--dry-run", *args).code == 0
        assert ids(spool, "dead") == [made["dead"]]
    nothing = socctl(spool, "queue", "drop")
    assert nothing.code == 2 and "no entries are given" in nothing.err
    dropped = socctl(spool, "queue", "drop", "--yes", "--state", "dead", "-o", "jsonl")
    assert dropped.code == 0 and dropped.jsonl() == [
        {"id": made["dead"], "state": "dead", "result": "done", "dry_run": False, "message": ""}]
    assert list((spool.spool / "dead").iterdir()) == []
    assert len(listed(spool)) == 4


@pytest.mark.parametrize("verb", ["flush", "hold", "release", "requeue"])
def test_dry_run_changes_nothing(spool, verb):
    before = {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in spool.spool.rglob("*") if path.is_file()}
    result = socctl(spool, "queue", verb, "--dry-run", *([] if verb == "flush" else ["--all"]), "-o", "jsonl")
    assert result.code == 0, result
    assert result.jsonl() and all(row["dry_run"] for row in result.jsonl())
    assert before == {path: (path.stat().st_mtime_ns, path.stat().st_ino)
                      for path in spool.spool.rglob("*") if path.is_file()}


def test_export_is_what_alert_send_reads(spool, tmp_path):
    put(spool, 6, alert=json.dumps(json.loads(make_alert(6)), indent=2).encode())
    result = socctl(spool, "queue", "export", "--state", "queue")
    assert result.code == 0, result
    alerts = [json.loads(line) for line in result.out.splitlines()]
    assert [alert["id"] for alert in alerts] == ["1741938001.1201", "1741938001.1202", "1741938001.1206"]
    assert result.out.encode().splitlines()[0] + b"\n" == make_alert(1)
    file = tmp_path / "alerts.ndjson"
    file.write_text(result.out)
    with tool.Sandbox() as sandbox:
        sent = tool.run("alert", "send", file, env={**sandbox.env(), "SOCBRIDGE_WAZUH_HOME": str(spool.path)})
        assert sent.code == 0, sent
    damaged = socctl(spool, "queue", "export")
    assert damaged.code == 3 and spool.made["corrupt"] in damaged.err
    assert len(damaged.out.splitlines()) == 5


def test_fsck_repairs_and_reports(spool):
    left = spool.spool / "tmp" / "1741938001037-0123456789abcdef.alert"
    left.write_bytes(b"half")

    os.utime(left, (1741938001, 1741938001))
    broken = spool.spool / "queue" / f"{spool.made['due']}.alert"
    broken.write_bytes(broken.read_bytes()[:-3])
    looked = socctl(spool, "queue", "fsck", "--dry-run", "-o", "jsonl")
    assert looked.code == 3
    assert {row["problem"] for row in looked.jsonl()} >= {"stale", "damaged"}
    assert left.exists() and broken.exists()
    repaired = socctl(spool, "queue", "fsck", "-o", "jsonl")
    assert repaired.code == 0, repaired
    assert all(row["repaired"] for row in repaired.jsonl())
    assert not left.exists() and not broken.exists()
    assert spool.made["due"] in ids(spool, "corrupt")
    again = socctl(spool, "queue", "fsck", "-o", "jsonl")
    assert (again.code, again.out) == (0, "")
    note = spool.spool / "queue" / "notes.txt"
    note.write_text("x")
    assert socctl(spool, "queue", "fsck").code == 3
    assert note.exists()


def test_bad_input_has_one_clear_line(home, spool):
    for args, words in (
            (["queue", "list", "--state", "deda"], 'there is no state "deda"; did you mean "dead"?'),
            (["queue", "list", "--older-than", "soon"], "--older-than must be a time"),
            (["queue", "hold", "x", "--all"], "exclude each other"),
            (["queue", "lsit"], 'did you mean "list"?'),
            (["queue", "list", "--spool", "/nonexistent/spool"], "there is no spool at /nonexistent/spool")):
        result = socctl(home, *args)
        assert result.code in (1, 2), result
        assert words in result.err and len(result.err.splitlines()) == 1, result


def test_the_spool_is_found_in_the_blocks_of_ossec_conf(home):
    other = home.path / "queue/other"
    other.mkdir()
    home._give(other, integratord.USER, 0o700)
    options = json.dumps({"spool_dir": str(other)})
    home.write("etc/ossec.conf", f"""<ossec_config><integration><name>custom-w2thive</name>
      <hook_url>http://127.0.0.1:9</hook_url><api_key>{KEY}</api_key><alert_format>json</alert_format>
      <options>{options}</options></integration></ossec_config>""")
    result = socctl(home, "queue", "list", "-o", "json")
    assert (result.code, result.json()) == (0, [])
    assert list(other.iterdir()) == []
    assert put(home)
    assert socctl(home, "queue", "list", "-o", "json").json() == []


def test_files_made_by_root_belong_to_the_spools_owner(spool):
    owner = spool.spool.stat().st_uid
    assert socctl(spool, "queue", "requeue", spool.made["dead"]).code == 0
    assert {path.stat().st_uid for path in spool.spool.rglob("*")} == {owner}
