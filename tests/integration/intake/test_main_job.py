# SPDX-License-Identifier: Apache-2.0
"""Alerts of every family through the real executable into the sandbox; thehive4py, an independent client, checks them."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
import requests
from thehive4py import TheHiveApi
from thehive4py.errors import TheHiveError
from thehive4py.query.filters import Eq

import integratord
from conftest import make_alert
from sanitizer import ASAN_OPTIONS

SOCCTL = integratord.BIN_DIR / "socctl"
SANDBOX = integratord.BIN_DIR / "soc-sandbox"
SOURCE = Path(os.environ["SOCBRIDGE_SOURCE_DIR"])
FIXTURES = SOURCE / "tests/fixtures/alerts"
KEY = "key-of-the-sandbox"


@pytest.fixture
def sandbox():
    process = subprocess.Popen([SANDBOX, "--listen", "127.0.0.1:0", "--key", KEY],
                               stdout=subprocess.PIPE, text=True)
    ready = process.stdout.readline()
    url = re.search(r"http://\S+", ready)[0]
    yield url
    process.terminate()
    assert process.wait(10) == 0


@pytest.fixture
def client(sandbox):
    return TheHiveApi(url=sandbox, apikey=KEY)


def socctl(*args, url=None, text=None, **env):
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "ASAN_OPTIONS": ASAN_OPTIONS, **env}
    if url:
        environment |= {"SOCCTL_THEHIVE_URL": url, "SOCCTL_THEHIVE_KEY": KEY}
    return subprocess.run([SOCCTL, *map(str, args)], capture_output=True, text=True, input=text,
                          env=environment, timeout=120)


def arrived(url):
    query = {"query": [{"_name": "listAlert"}, {"_name": "page", "from": 0, "to": 100000}]}
    answer = requests.post(f"{url}/api/v1/query", json=query, timeout=30,
                           headers={"Authorization": f"Bearer {KEY}"})
    answer.raise_for_status()
    return answer.json()


def level_of(alert):
    alert = alert.get("_source", alert)
    if isinstance(alert.get("wazuh"), dict) and "rule" in alert["wazuh"] and "level" not in alert.get("rule", {}):
        word = alert["wazuh"].get("rule", {}).get("level")
        return {"informational": 2, "low": 5, "medium": 8, "high": 12, "critical": 15}.get(word, 0)
    rule = alert.get("rule")
    level = rule.get("level", 0) if isinstance(rule, dict) else 0
    return int(level) if str(level).isdigit() else 0


def first_of_duplicates(pairs):
    out = {}
    for key, value in pairs:
        out.setdefault(key, value)
    return out


def fixture_alerts():
    """[(name, bytes)] of every alert; a wrapper's alert is sent unchanged."""
    found = [(str(path.relative_to(FIXTURES)), path.read_bytes())
             for folder in ("indexed", "hostile") for path in sorted((FIXTURES / folder).glob("*.json"))]
    for path in ("families.ndjson", "six-fields.ndjson", "findings.ndjson"):
        lines = (FIXTURES / path).read_bytes().splitlines()
        found += [(f"{path}:{number + 1}", line) for number, line in enumerate(lines)]
    assert len(found) >= 220
    return found


def test_an_alert_arrives_once_however_often_it_is_sent(home, sandbox, client):
    for _ in range(3):
        assert home.run(make_alert(1), key=KEY, url=sandbox).code == 0
    alerts = client.alert.find(filters=Eq("type", "wazuh_alert"))
    assert len(alerts) == 1
    assert re.fullmatch(r"[0-9]+\.[0-9]+-[0-9a-f]{16}", alerts[0]["sourceRef"])


def test_every_alert_arrives_once_also_when_sent_twice(home, sandbox):
    home.configure(min_level=7)
    expected = 0
    codes = {}
    for name, raw in fixture_alerts():
        expected += level_of(json.loads(raw, object_pairs_hook=first_of_duplicates)) >= 7
        codes[name] = home.run(raw, key=KEY, url=sandbox).code
    assert {code for code in codes.values()} == {0}, {n: c for n, c in codes.items() if c}
    first = arrived(sandbox)
    for name, raw in fixture_alerts():
        assert home.run(raw, key=KEY, url=sandbox).code == 0, name
    second = arrived(sandbox)
    refs = [alert["sourceRef"] for alert in second]
    assert len(refs) == len(set(refs))
    assert sorted(refs) == sorted(alert["sourceRef"] for alert in first)
    # Two alerts with one manager, node and id are the same alert to TheHive.
    seen = {}
    for name, raw in fixture_alerts():
        alert = json.loads(raw, object_pairs_hook=first_of_duplicates)
        alert = alert.get("_source", alert)
        if level_of(alert) < 7:
            continue
        manager = alert.get("manager", {}).get("name") if isinstance(alert.get("manager"), dict) else None
        node = alert.get("cluster", {}).get("node") if isinstance(alert.get("cluster"), dict) else None
        seen.setdefault((manager, node, alert.get("id") or name), name)
    assert expected >= 160
    assert len(refs) == len(seen)


def test_unusable_files_get_one_clear_line_and_no_crash(home, sandbox):
    files = sorted((FIXTURES / "no-alert").iterdir())
    assert len(files) >= 8
    for path in files:
        result = home.run(path.read_bytes(), key=KEY, url=sandbox)
        assert result.code in (0, 6), path.name
        if result.code == 6:
            assert len(result.lines) == 1, path.name
    text = home.run((FIXTURES / "no-alert/text-format.alert").read_bytes(), key=KEY, url=sandbox)
    assert "<alert_format>json</alert_format>" in text.lines[-1]


def test_thehive4py_creates_finds_and_is_refused_like_by_thehive(client, sandbox):
    body = {"type": "t", "source": "s", "sourceRef": "r-1", "title": "by thehive4py", "description": "d",
            "observables": [{"dataType": "ip", "data": "192.0.2.7"}]}
    made = client.alert.create(alert=body)
    assert client.alert.get(made["_id"])["title"] == "by thehive4py"
    assert [o["data"] for o in client.alert.find_observables(made["_id"])] == ["192.0.2.7"]
    with pytest.raises(TheHiveError, match="already exist"):
        client.alert.create(alert=body)
    with pytest.raises(TheHiveError):
        client.alert.create(alert={**body, "sourceRef": "r-2", "severity": 9})
    with pytest.raises(TheHiveError):
        TheHiveApi(url=sandbox, apikey="wrong").alert.find()


def test_map_prints_the_very_body_that_is_sent(sandbox, tmp_path):
    alert = make_alert(7, level=12)
    text = alert if isinstance(alert, str) else json.dumps(alert) if isinstance(alert, dict) else alert.decode()
    mapped = socctl("alert", "map", "-o", "jsonl", "-", text=text)
    assert mapped.returncode == 0, mapped.stderr
    body = json.loads(mapped.stdout)
    sent = socctl("alert", "send", "-o", "json", "-", url=sandbox, text=text)
    assert sent.returncode == 0, sent.stderr
    there = arrived(sandbox)[0]
    for field in ("type", "source", "sourceRef", "title", "description", "severity", "date", "tlp", "pap"):
        assert there[field] == body[field]
    assert json.loads(sent.stdout)[0]["result"] == "created"


def test_map_says_why_an_alert_is_skipped(tmp_path):
    low = {"rule": {"level": 3, "id": "1"}, "id": "1.1"}
    (tmp_path / "w2thive.json").write_text('{"min_level": 7}')
    result = socctl("alert", "map", "-o", "jsonl", "--config", tmp_path / "w2thive.json", "-", text=json.dumps(low))
    assert json.loads(result.stdout) == {"skipped": "level 3 is below min_level 7"}


def test_send_reads_gzip_and_json_lines_and_reports_each_failure(sandbox, tmp_path):
    import gzip
    lines = b"".join(json.dumps({"rule": {"level": 9, "id": "5"}, "manager": {"name": "m"}, "id": f"1.{i}"}).encode() + b"\n"
                     for i in range(50))
    path = tmp_path / "alerts.json.gz"
    path.write_bytes(gzip.compress(lines + b"this is not an alert\n"))
    result = socctl("alert", "send", "-o", "jsonl", path, url=sandbox)
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["result"] for row in rows] == ["created"] * 50 + ["bad input"]
    assert result.returncode == 6
    assert len(arrived(sandbox)) == 50
    again = socctl("alert", "send", "-o", "jsonl", path, url=sandbox)
    assert [json.loads(line)["result"] for line in again.stdout.splitlines()][:50] == ["duplicate"] * 50


def test_alert_test_creates_and_finds_and_deletes(sandbox):
    result = socctl("alert", "test", "-o", "json", url=sandbox)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)[0]["title"].startswith("socbridge test alert")
    assert len(arrived(sandbox)) == 1
    assert socctl("alert", "test", "--delete", url=sandbox).returncode == 0
    assert len(arrived(sandbox)) == 1


def test_exit_codes_of_send(sandbox):
    alert = json.dumps({"rule": {"level": 9, "id": "5"}, "id": "1.1"})
    assert socctl("alert", "send", "-", url="http://127.0.0.1:1", text=alert).returncode == 5
    wrong = socctl("alert", "send", "-", text=alert, SOCCTL_THEHIVE_URL=sandbox, SOCCTL_THEHIVE_KEY="no-such-key")
    assert wrong.returncode == 4
    assert "no-such-key" not in wrong.stdout + wrong.stderr
    unset = socctl("alert", "send", "-", text=alert)
    assert unset.returncode == 2
    assert unset.stderr.count("\n") == 1


@pytest.mark.parametrize("args, part", [
    (["alert", "mpa"], 'did you mean "map"?'),
    (["alrt"], 'did you mean "alert"?'),
    (["alert", "map", "--explian"], "did you mean --explain?"),
    (["alert", "map", "-o", "jsn"], 'did you mean "json'),
    (["alert"], "needs a command"),
])
def test_a_slip_gets_one_line_with_the_nearest_name(args, part):
    result = socctl(*args)
    assert result.returncode == 2
    assert part in result.stderr
    assert result.stderr.count("\n") == 1 and result.stdout == ""


def test_config_explain_and_check_show_origins_and_no_secret(tmp_path):
    config = tmp_path / "w2thive.json"
    config.write_text('{"min_level": 9, "api_key": "very-secret-key", "spool_dir": "%s"}' % (tmp_path / "spool"))
    explained = socctl("config", "explain", "--config", config, "-o", "json")
    rows = {row["key"]: row for row in json.loads(explained.stdout)}
    assert rows["min_level"]["value"] == 9 and str(config) in rows["min_level"]["origin"]
    assert rows["budget_ms"]["origin"] == "default"
    assert "very-secret-key" not in explained.stdout + explained.stderr
    config.write_text('{"min_lvel": 9}')
    broken = socctl("config", "check", "--config", config, "-o", "json")
    assert broken.returncode == 2
    finding = json.loads(broken.stdout)[0]
    assert f"{config}:1:2" in finding["detail"] and "min_level" in finding["next"]


def test_completions_and_manual_pages_come_from_the_tree(tmp_path):
    for shell in ("bash", "zsh", "fish"):
        script = socctl("completion", shell).stdout
        assert "reconcile" in script and "--explain" in script or "explain" in script
    bash = tmp_path / "socctl.bash"
    bash.write_text(socctl("completion", "bash").stdout)
    asked = subprocess.run(["bash", "-c", f"source {bash}; COMP_WORDS=(socctl alert ma); COMP_CWORD=2; _socctl; "
                            "echo ${COMPREPLY[@]}"], capture_output=True, text=True, check=True)
    assert asked.stdout.split() == ["map"]
    assert socctl("manual", tmp_path).returncode == 0
    pages = sorted(path.name for path in tmp_path.glob("*.1"))
    assert "socctl.1" in pages and "socctl-alert-map.1" in pages
    shown = subprocess.run(["man", "--warnings", "-l", tmp_path / "socctl-alert-map.1"], capture_output=True,
                           text=True, env={**os.environ, "MANPAGER": "cat", "MANWIDTH": "80"})
    assert shown.returncode == 0 and shown.stderr == "" and "--explain" in shown.stdout


def test_help_names_the_whole_command():
    for words in ([], ["queue"], ["queue", "list"], ["opencti", "context"]):
        usage = socctl(*words, "--help").stdout.splitlines()[1]
        assert usage.startswith(" ".join(["Usage: socctl", *words]) + " ["), usage
        if words:
            assert socctl("help", *words).stdout.splitlines()[1] == usage


def test_formats_agree_and_a_pipe_is_plain():
    plain = socctl("help", "exit-codes").stdout
    assert plain.splitlines()[0].split("\t")[:2] == ["0", "ok"]
    rows = json.loads(socctl("help", "exit-codes", "-o", "json").stdout)
    lines = [json.loads(line) for line in socctl("help", "exit-codes", "-o", "jsonl").stdout.splitlines()]
    assert rows == lines and len(rows) == len(plain.splitlines())
    assert "\x1b" not in plain
