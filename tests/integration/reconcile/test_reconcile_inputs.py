# SPDX-License-Identifier: Apache-2.0
"""Inputs that `socctl reconcile`, `alert send` and `alert map` accept and refuse: an incomplete input is not success.

The answers of OpenSearch have the format of 2.19.6.
"""

import gzip
import json
import os
import re
import time

import pytest

import tool
from conftest import make_alert

STAMP = "2025-03-14T07:40:01.037+0000"


def alert(number):
    return make_alert(number, 10, timestamp=STAMP)


def hit(number):
    return {"_index": "wazuh-alerts-4.x-2025.03.14", "_id": f"id{number}", "_score": None, "_source": json.loads(alert(number))}


def answer(count, total=None, **more):
    """A search answer with `count` hits; total may be a number, an object or absent (False)."""
    hits = {"max_score": None, "hits": [hit(i) for i in range(count)]}
    if total is not False:
        value = count if total is None else total
        hits["total"] = value if isinstance(value, dict) else {"value": value, "relation": "eq"}
    return {"took": 4, "timed_out": False, "_shards": {"total": 3, "successful": 3, "skipped": 0, "failed": 0},
            "hits": hits, **more}


ERROR = {"error": {"root_cause": [{"type": "index_not_found_exception", "reason": "no such index [wazuh-alert]"}],
                   "type": "index_not_found_exception", "reason": "no such index [wazuh-alert]"}, "status": 404}
BLOCKED = {"error": {"root_cause": [], "type": "search_phase_execution_exception", "reason": "all shards failed",
                     "phase": "can_match", "grouped": True, "failed_shards": []}, "status": 503}
HTML = b"<!DOCTYPE html>\n<html>\n<head><title>502 Bad Gateway</title></head>\n<body></body>\n</html>\n"


# A value in one line and over several, each from the position where parsing failed at first.
FORMS = [pytest.param(False, "stdin", id="one line"), pytest.param(True, "file", id="several lines")]


@pytest.fixture(scope="module")
def sandbox():
    with tool.Sandbox() as running:
        yield running


def compare(sandbox, data, tmp_path, way, name="input.json"):
    """Reads the bytes from a file or from standard input; missing alerts are sent."""
    args, stdin = ["--from", "-"], data
    if way == "file":
        path = tmp_path / name
        path.write_bytes(data)
        args, stdin = ["--from", path], None
    result = tool.run("reconcile", *args, "-o", "jsonl", env=sandbox.env(), stdin=stdin)
    totals = result.jsonl()[-1] if result.out else {"kind": "none"}
    return result, totals


def lines(value, pretty=False):
    return json.dumps(value, indent=2 if pretty else None).encode() + b"\n"


REFUSED = {
    "an error answer": (lines(ERROR), r"index_not_found_exception: no such index \[wazuh-alert\] \(status 404\)"),
    "an error answer over several lines": (lines(ERROR, True), "index_not_found_exception"),
    "all shards failed": (lines(BLOCKED), r"all shards failed \(status 503\)"),
    "an error in words": (lines({"error": "Incorrect HTTP method for uri [/x]", "status": 405}), "Incorrect HTTP method"),
    "an object of something else": (lines({"count": 103, "_shards": {"total": 3}}), "no rule"),
    "an empty object": (b"{}\n", "no rule"),
    "an HTML page": (HTML, "HTML"),
    "nothing": (b"", "empty"),
    "blank lines": (b"\n  \n\n", "empty"),
    "an empty list": (b"[]\n", "empty"),
    "integratord's text": (b"alertdate='2025 Mar 14'\nalertlocation='x'\nruleid='5710'\n", "text format"),
    "alerts.log": (b"** Alert 1741938001.1203: - syslog,sshd\n2025 Mar 14 07:40:01 web->/var/log\n", "alerts.log"),
    "xz": (b"\xfd7zXZ\x00\x00\x04rest", "xz"),
    "a table": (b"health status index\ngreen  open   wazuh-alerts-4.x-2026.11.28\n", "nothing in the input is an alert"),
    "YAML": (b"---\ntook: 3\nhits:\n  total: 3\n", "nothing in the input is an alert"),
    "an answer that was cut": (lines(answer(3))[:-200], "JSON|middle of a line"),
    "an answer over several lines that was cut": (lines(answer(3), True)[:-200], "JSON"),
}


@pytest.mark.parametrize("way", ["file", "stdin"])
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_an_alert_is_refused(sandbox, tmp_path, name, way):
    data, words = REFUSED[name]
    result, totals = compare(sandbox, data, tmp_path, way)
    in_part = name == "an empty list" or (name == "an answer that was cut" and way == "file")
    assert result.code == (3 if in_part else 6), result
    assert not totals["complete"] and totals["alerts_read"] == 0, result
    assert re.search(words, result.err + result.out), result
    assert len(result.err.splitlines()) <= 1, result


UNPROVEN = {
    "10 of 103": (answer(10, 103), "10 of 103"),
    "a total that is a number": (answer(10, 103) | {"hits": {"total": 103, "hits": [hit(i) for i in range(10)]}}, "10 of 103"),
    "at least 10000": (answer(10, {"value": 10, "relation": "gte"}), "track_total_hits"),
    "no total": (answer(10, False), "hits.total"),
    "timed out": (answer(3, timed_out=True), "timed out"),
    "ended early": (answer(3, terminated_early=True), "ended early"),
    "failed shards": (answer(3, _shards={"total": 3, "successful": 2, "skipped": 0, "failed": 1}), "2 of 3 shards"),
    "a shard without a place": (answer(3, _shards={"total": 3, "successful": 2, "skipped": 0, "failed": 0}), "2 of 3 shards"),
    "one of two answers": ({"took": 8, "responses": [answer(2), answer(1, 9)]}, "1 of 9"),
    "an error beside an answer": ({"took": 8, "responses": [answer(2), ERROR]}, "index_not_found_exception"),
    "a list with something else": ([hit(1), None, {"a": 1}], "no rule"),
    "hits without a source": ({**answer(0, 1), "hits": {"total": {"value": 1, "relation": "eq"},
                                                       "hits": [{"_index": "i", "_id": "1"}]}}, "_source"),
}


@pytest.mark.parametrize("pretty,way", FORMS)
@pytest.mark.parametrize("name", UNPROVEN)
def test_what_is_a_part_is_read_and_never_complete(sandbox, tmp_path, name, pretty, way):
    value, words = UNPROVEN[name]
    result, totals = compare(sandbox, lines(value, pretty), tmp_path, way)
    assert result.code == (6 if name == "hits without a source" else 3) and not totals["complete"], result
    assert words in result.err or words in result.out, result
    fired = {"one of two answers": 3, "an error beside an answer": 2, "a list with something else": 1,
             "hits without a source": 0}
    assert totals["alerts_read"] == (fired[name] if name in fired else len(value["hits"]["hits"]))


@pytest.mark.parametrize("pretty,way", FORMS)
@pytest.mark.parametrize("value,count", [
    (answer(103), 103), (answer(0), 0), ([hit(i) for i in range(5)], 5), ([json.loads(alert(i)) for i in range(5)], 5),
    ({"took": 8, "responses": [answer(2), answer(3)]}, 5), ([answer(2), answer(3)], 5), (json.loads(alert(1)), 1),
    (hit(1), 1)], ids=["answer", "answer of none", "hits", "alerts", "answers", "list of answers", "alert", "hit"])
def test_forms_that_prove_what_they_hold(sandbox, tmp_path, value, count, pretty, way):
    result, totals = compare(sandbox, lines(value, pretty), tmp_path, way)
    assert result.code == 0 and totals["complete"], result
    assert totals["alerts_read"] == count, totals


def run_on(verb, data, *more):
    """alert send --dry-run or alert map; how many of the rows are alerts that would go."""
    result = tool.run("alert", verb, "-", "-o", "jsonl", *more, stdin=data)
    rows = result.jsonl() if result.out else []
    return result, sum(row.get("result", "would send" if "title" in row else "") == "would send" for row in rows)


SEND_AND_MAP = [("send", "--dry-run"), ("map",)]


@pytest.mark.parametrize("verb", SEND_AND_MAP, ids=" ".join)
@pytest.mark.parametrize("name", REFUSED)
def test_send_and_map_refuse_what_is_not_an_alert(name, verb):
    result, taken = run_on(verb[0], REFUSED[name][0], *verb[1:])
    assert (result.code, taken) == (6, 0), result


@pytest.mark.parametrize("verb", SEND_AND_MAP, ids=" ".join)
@pytest.mark.parametrize("pretty", [False, True], ids=["one line", "several lines"])
@pytest.mark.parametrize("name", UNPROVEN)
def test_send_and_map_say_that_a_part_is_not_whole(name, pretty, verb):
    value, words = UNPROVEN[name]
    result, taken = run_on(verb[0], lines(value, pretty), *verb[1:])
    assert result.code == 6 and words in result.err + result.out, result
    fired = {"one of two answers": 3, "an error beside an answer": 2, "a list with something else": 1,
             "hits without a source": 0}
    assert taken == (fired[name] if name in fired else len(value["hits"]["hits"])), result


@pytest.mark.parametrize("verb", SEND_AND_MAP, ids=" ".join)
def test_send_and_map_take_every_form_whole(verb):
    for value, count in ((answer(5), 5), (answer(0), 0), ([hit(1)], 1), (json.loads(alert(1)), 1), (hit(1), 1),
                         ({"took": 8, "responses": [answer(2), answer(3)]}, 5), ([answer(2), answer(3)], 5)):
        for pretty in (False, True):
            result, taken = run_on(verb[0], lines(value, pretty), *verb[1:])
            assert (result.code, taken) == (0, count), result
    result, taken = run_on(verb[0], alert(50) + lines(answer(3)) + lines(answer(2)), *verb[1:])
    assert (result.code, taken) == (0, 6), result
    result, taken = run_on(verb[0], lines(answer(3)) + lines(answer(2)), *verb[1:])
    assert (result.code, taken) == (0, 5), result


@pytest.mark.parametrize("way", ["file", "stdin"])
def test_answers_and_errors_between_lines(sandbox, tmp_path, way):
    """Pages of a script that wrote one answer a line."""
    result, totals = compare(sandbox, alert(50) + lines(answer(3)) + lines(hit(60)), tmp_path, way)
    assert (result.code, totals["alerts_read"]) == (0, 5), result
    result, totals = compare(sandbox, lines(answer(3)) + lines(ERROR) + alert(50), tmp_path, way)
    assert (result.code, totals["alerts_read"], totals["not_alerts"]) == (3, 4, 1), result
    assert "no such index" in result.out
    result, totals = compare(sandbox, b'{"torn": "\n' + lines(answer(3)) + alert(50), tmp_path, way)
    assert (result.code, totals["alerts_read"], totals["not_alerts"]) == (3, 4, 1), result


def test_an_answer_in_one_line_of_more_than_8_mib(sandbox, tmp_path):
    value = answer(30)
    for one in value["hits"]["hits"]:
        one["_source"]["full_log"] = "x" * 400000
    for way in ("file", "stdin"):
        result, totals = compare(sandbox, lines(value), tmp_path, way)
        assert (result.code, totals["alerts_read"], totals["too_long"]) == (0, 30, 0), result.err


def test_a_file_that_begins_with_a_byte_order_mark(sandbox, tmp_path):
    for pretty, way in ((False, "stdin"), (True, "file")):
        result, totals = compare(sandbox, b"\xef\xbb\xbf" + lines(answer(3), pretty), tmp_path, way)
        assert (result.code, totals["alerts_read"]) == (0, 3), result


def test_a_torn_last_line_is_left_to_the_next_run_only_while_the_file_is_written(sandbox, tmp_path):
    path = tmp_path / "alerts.json"
    path.write_bytes(alert(1) + alert(2)[:-60])
    fresh = tool.run("reconcile", "--from", path, "-o", "jsonl", env=sandbox.env())
    assert fresh.code == 0 and fresh.jsonl()[-1]["alerts_read"] == 1
    old = time.time() - 600
    os.utime(path, (old, old))
    later = tool.run("reconcile", "--from", path, "-o", "jsonl", env=sandbox.env())
    assert later.code == 3 and not later.jsonl()[-1]["complete"], later
    assert "alerts.json" in later.err and "middle of a line" in later.err
    piped, totals = compare(sandbox, path.read_bytes(), tmp_path, "stdin")
    assert piped.code == 3 and totals["not_alerts"] == 1


@pytest.mark.parametrize("keep", [6, 20, 200, -9, -1], ids=lambda n: f"cut at {n}")
def test_a_gzip_file_that_was_cut(sandbox, tmp_path, keep):
    packed = gzip.compress(b"".join(alert(i) for i in range(200)))
    result, totals = compare(sandbox, packed[:keep], tmp_path, "file" if keep > 0 else "stdin", "ossec-alerts-14.json.gz")
    assert result.code in (3, 6) and not totals["complete"], result


def test_files_of_a_folder_that_are_not_read_are_reported(sandbox, tmp_path):
    root = tmp_path / "alerts"
    month = root / "2025/Mar"
    month.mkdir(parents=True)
    (month / "ossec-alerts-14.json").write_bytes(alert(1))
    def fill():
        result = tool.run("reconcile", "--from", root, "-o", "jsonl", env=sandbox.env())
        return result.code, result.jsonl()[-1]["alerts_read"], result.err
    assert fill() == (0, 1, "")
    unreadable = {
        "ossec-alerts-10.json.gz": lambda path: path.write_bytes(b""),
        "ossec-alerts-11.json": lambda path: path.symlink_to("/nonexistent/gone.json"),
        "ossec-alerts-12.json.xz": lambda path: path.write_bytes(b"\xfd7zXZ\x00"),
        "ossec-alerts-13.json": lambda path: path.write_bytes(lines(ERROR)),
    }
    for name, make in unreadable.items():
        make(month / name)
        code, fired, err = fill()
        assert (code, fired) == (3, 1) and name in err and err.count("\n") == 1, (name, err)
        (month / name).unlink()
    elsewhere = tmp_path / "archive"
    elsewhere.mkdir()
    (root / "2024").symlink_to(elsewhere)
    code, fired, err = fill()
    assert (code, fired) == (3, 1) and str(root / "2024") in err


def test_a_window_of_which_there_is_not_a_file_proves_nothing(sandbox, tmp_path):
    month = tmp_path / "alerts/2025/Mar"
    month.mkdir(parents=True)
    (month / "ossec-alerts-14.json").write_bytes(alert(1))
    result = tool.run("reconcile", "--from", tmp_path / "alerts", "--since", "24h", "-o", "jsonl", env=sandbox.env())
    assert result.code == 3 and not result.jsonl()[-1]["complete"], result
    assert "no file" in result.err


def test_a_new_alerts_json_is_empty_and_well(sandbox, tmp_path):
    """Shortly after midnight; another empty file should have content."""
    (tmp_path / "alerts.json").write_bytes(b"")
    result = tool.run("reconcile", "--from", tmp_path / "alerts.json", "-o", "jsonl", env=sandbox.env())
    assert result.code == 0 and result.jsonl()[-1]["alerts_read"] == 0, result


def test_a_pipe_is_read_once_and_whole(sandbox, tmp_path):
    """As with `--from <(zcat …)`: data that is read twice would be lost."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    data = b"".join(alert(i) for i in range(900))
    process = tool.start("reconcile", "--from", pipe, "-o", "jsonl", "--batch", "900", env=sandbox.env())
    with pipe.open("wb") as file:
        file.write(data)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, json.loads(out.splitlines()[-1])["alerts_read"]) == (0, 900), err


def test_a_folder_where_a_file_was_expected(sandbox, tmp_path):
    (tmp_path / "alerts.json").mkdir()
    result = tool.run("reconcile", "--from", tmp_path / "alerts.json", "-o", "jsonl", env=sandbox.env())
    assert result.code == 6 and "alerts.json" in result.err, result
