# SPDX-License-Identifier: Apache-2.0
"""Alerts that are deep, large or odd: each arrives by every way in, and none is paid for by the others."""

import gzip
import json

import pytest

import spool_env
import tool
from conftest import KEY, make_alert


def deep_alert(number, depth, opening="[", closing="]"):
    whole = make_alert(number, data={"http": {"http_user_agent": "HERE"}}).decode().strip()
    return whole.replace('"HERE"', opening * depth + "1" + closing * depth).encode() + b"\n"


SHAPES = {
    "513 arrays": deep_alert(1, 513),
    "997 arrays": deep_alert(2, 997),
    "1001 arrays": deep_alert(3, 1001),
    "600 objects": deep_alert(4, 600, '{"a":', "}"),
    "100,000 arrays": deep_alert(5, 100_000),
}
DOTS = make_alert(6, data={".".join(["a"] * 601): "x"})


@pytest.mark.parametrize("name", SHAPES)
def test_a_deep_alert_is_delivered(home, thehive, name):
    home.configure(thehive_version="5")
    run = home.run(SHAPES[name], key=KEY, url=thehive.url)
    assert run.code == 0 and home.log_text() == "", home.log_text()
    [alert] = thehive.alerts.values()
    assert alert["title"] == "sshd: brute force trying to get access on web-01"
    assert spool_env.ids(home) == spool_env.ids(home, "corrupt") == []


def test_a_name_with_600_dots_is_delivered(home, thehive):
    home.configure(thehive_version="5")
    assert home.run(DOTS, key=KEY, url=thehive.url).code == 0
    assert len(thehive.alerts) == 1


def test_brackets_that_are_never_closed_are_kept_and_named(home, thehive):
    home.configure(thehive_version="5")
    run = home.run(b'{"rule":{"level":10},"data":' + b"[" * 2_000_000, key=KEY, url=thehive.url)
    assert run.code != 0 and "the alert is not valid JSON: line 1, column" in home.log_text()
    assert len(spool_env.ids(home, "corrupt")) == 1


@pytest.fixture
def sandbox():
    with tool.Sandbox() as running:
        yield running


def test_what_was_refused_for_its_depth_is_delivered_after_requeue(home, sandbox):
    spool_env.configure(home, sandbox.url)
    reason = {"at_ms": 1741938001000, "attempts": 1, "http_status": 0, "kind": "bad_input", "message": "deep",
              "first_failure_ms": 1741938000000, "ambiguous": False}
    for alert in SHAPES.values():
        spool_env.put(home, state="corrupt", alert=alert, reason=reason)
    requeued = spool_env.socctl(home, "queue", "requeue", "--state", "corrupt")
    assert requeued.code == 0, requeued
    assert spool_env.socctl(home, "relay", "--once").code == 0
    assert len(spool_env.references(sandbox)) == len(SHAPES) and spool_env.ids(home) == []


def test_every_verb_that_reads_alerts_takes_deep_ones(home, sandbox, tmp_path):
    spool_env.configure(home, sandbox.url)
    lines = tmp_path / "alerts.json"
    lines.write_bytes(b"".join(SHAPES.values()) + DOTS)
    (tmp_path / "array.json").write_bytes(b"[" + b",".join(SHAPES.values()) + b"]")
    (tmp_path / "hits.json").write_bytes(
        b'{"hits":{"total":5,"hits":[' + b",".join(b'{"_index":"i","_id":"1","_source":' + one + b"}" for one in SHAPES.values())
        + b"]}}")
    (tmp_path / "packed.json.gz").write_bytes(gzip.compress(lines.read_bytes()))
    for name, count in (("alerts.json", 6), ("array.json", 5), ("hits.json", 5), ("packed.json.gz", 6)):
        mapped = spool_env.socctl(home, "alert", "map", tmp_path / name, "-o", "jsonl")
        assert mapped.code == 0 and len(mapped.jsonl()) == count, mapped
    env = sandbox.env(SOCBRIDGE_WAZUH_HOME=str(home.path))
    found = tool.run("reconcile", "--from", lines, "-o", "jsonl", env=env)
    assert found.code == 0 and found.jsonl()[-1]["filled"] == 6, found
    assert len(spool_env.references(sandbox)) == 6
    sent = tool.run("alert", "send", tmp_path / "array.json", "-o", "jsonl", env=env)
    assert sent.code == 0 and [row["result"] for row in sent.jsonl()] == ["duplicate"] * 5, sent


def test_a_deep_alert_is_shown_listed_and_exported_as_it_came(home, sandbox):
    spool_env.configure(home, sandbox.url)
    for alert in SHAPES.values():
        spool_env.put(home, alert=alert)
    for form in ("table", "plain", "json", "jsonl", "yaml"):
        shown = spool_env.socctl(home, "queue", "show", "--state", "queue", "-o", form)
        assert shown.code == 0 and shown.out.count("1741938001.120") >= 5, shown
    assert len(json.loads(spool_env.socctl(home, "queue", "show", "--state", "queue", "-o", "json").out)) == 5
    exported = spool_env.socctl(home, "queue", "export", "--state", "queue")
    assert exported.code == 0, exported
    assert set(exported.out.encode().splitlines(True)) == set(SHAPES.values())


def large_alerts(size):
    """One of each kind of which reading could cost more than its share."""

    def filled(head, one, tail):
        return (b'{"id":"1741938001.1","rule":{"level":10,"id":"5763","description":"large"},' + head
                + one * max(1, size // len(one)) + tail + b',"location":"behind it"}')

    return {
        "one text": filled(b'"full_log":"', b"x", b'"'),
        "numbers": filled(b'"data":{"a":[0', b",1", b"]}"),
        "objects": filled(b'"data":{"a":[{}', b',{"b":{}}', b"]}"),
        "members": filled(b'"data":{"z":0', b',"member":"value"', b"}"),
        "texts": filled(b'"data":{"dns":{"answers":["' , b'192.0.2.7","', b'"]}}'),
        "brackets": filled(b'"data":[', b"[" * 500 + b"]" * 500 + b",", b"0]"),
        "deep": filled(b'"data":', b"[" * (size // 2) + b"1" + b"]" * (size // 2), b""),
        "commas": filled(b'"data":{"srcip":"', b"192.0.2.7,", b'"}'),
        "bad UTF-8": filled(b'"full_log":"', b"\xff\xfe", b'"'),
        "escapes": filled(b'"full_log":"', b"\\ud800\\u0000", b'"'),
    }


@pytest.mark.parametrize("name", large_alerts(1000))
def test_a_large_alert_is_delivered_within_the_budget(home, thehive, name):
    home.configure(thehive_version="5", budget_ms=30000)
    run = home.run(large_alerts(6 << 20)[name], key=KEY, url=thehive.url, timeout="30")
    assert run.code == 0 and home.log_text() == "", (run, home.log_text()[:1000])
    [alert] = thehive.alerts.values()
    assert alert["title"] == "large" and "behind it" in alert["description"]
    assert len(json.dumps(alert)) < 1 << 20
