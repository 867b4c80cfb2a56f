# SPDX-License-Identifier: Apache-2.0
"""socctl reconcile on trees as Wazuh leaves them, against the sandbox and its faults."""

import gzip
import json
import os
import re
import signal
import time

import pytest
import requests

import servers
import tool
from conftest import make_alert

DAY = "2025/Mar/ossec-alerts-{:02}.json"


def alert(number, level=10, stamp="2025-03-14T07:40:01.037+0000", **more):
    return make_alert(number, level, timestamp=stamp, **more)


class Tree:
    """logs/alerts of a Wazuh manager."""

    def __init__(self, root):
        self.root = root / "alerts"
        self.root.mkdir()

    def write(self, name, *alerts):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = b"".join(alerts)
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    def live(self, name):
        os.link(self.root / name, self.root / "alerts.json")


@pytest.fixture
def tree(tmp_path):
    # After an open end the question waits for settle_ms; half a minute in the field is long for a test.
    (tmp_path / "home/etc").mkdir(parents=True)
    (tmp_path / "home/etc/w2thive.json").write_text('{"settle_ms": 100, "min_level": 7}')
    return Tree(tmp_path)


@pytest.fixture
def sandbox():
    with tool.Sandbox() as running:
        yield running


def references(sandbox, url=None):
    query = {"query": [{"_name": "listAlert"}, {"_name": "page", "from": 0, "to": 100000}]}
    answer = requests.post(f"{url or sandbox.url}/api/v1/query", json=query, timeout=30,
                           headers={"Authorization": f"Bearer {sandbox.key}"})
    answer.raise_for_status()
    return [one["sourceRef"] for one in answer.json()]


def reconcile(tree, sandbox, *args, **env):
    home = tree.root.parent / "home"
    home.mkdir(exist_ok=True)
    return tool.run("reconcile", "--from", tree.root, "-o", "jsonl", *args,
                    env=sandbox.env(SOCBRIDGE_WAZUH_HOME=str(home), **env))


def summary(result):
    last = result.jsonl()[-1]
    assert last["kind"] == "summary", result
    parts = ("present", "queued", "held", "dead", "missing", "not_asked")
    assert last["forwarded"] == sum(last[part] for part in parts), last
    assert last["alerts_read"] == last["forwarded"] + last["not_forwarded"], last
    return last


def test_a_tree_is_completed_and_the_second_run_finds_nothing_new(tree, sandbox):
    tree.write(DAY.format(12) + ".gz", *(alert(i) for i in range(20)), *(alert(i, 3) for i in range(20, 50)))
    tree.write(DAY.format(13) + ".gz", *(alert(i) for i in range(100, 110)))
    tree.write("2025/Mar/ossec-alerts-13-001.json.gz", *(alert(i) for i in range(110, 120)))
    tree.write(DAY.format(14), *(alert(i) for i in range(200, 230)), alert(230)[:-40])
    tree.live(DAY.format(14))
    dry = reconcile(tree, sandbox, "--dry-run")
    assert dry.code == 3 and references(sandbox) == []
    assert summary(dry)["missing"] == 70
    first = reconcile(tree, sandbox)
    assert first.code == 0, first
    totals = summary(first)
    assert (totals["alerts_read"], totals["not_forwarded"], totals["missing"], totals["filled"]) == (100, 30, 70, 70)
    assert totals["complete"] and totals["not_alerts"] == 0
    assert [row["result"] for row in first.jsonl()[:-1]] == ["filled"] * 70
    assert len(references(sandbox)) == len(set(references(sandbox))) == 70
    second = summary(reconcile(tree, sandbox))
    assert (second["present"], second["missing"], second["filled"]) == (70, 0, 0)
    assert len(references(sandbox)) == 70


def test_a_cursor_goes_on_behind_midnight_compression_and_a_torn_line(tree, sandbox, tmp_path):
    cursor = ("--cursor-file", tmp_path / "cursor")
    torn = alert(3)
    day = tree.write(DAY.format(14), alert(1), alert(2), torn[:50])
    tree.live(DAY.format(14))
    assert summary(reconcile(tree, sandbox, *cursor))["filled"] == 2
    with day.open("ab") as file:
        file.write(torn[50:])
    more = summary(reconcile(tree, sandbox, *cursor))
    assert (more["alerts_read"], more["filled"]) == (1, 1)
    # Midnight, and a while later the old day is compressed.
    with day.open("ab") as file:
        file.write(alert(4))
    (tree.root / "alerts.json").unlink()
    tree.write(DAY.format(14) + ".gz", day.read_bytes())
    day.unlink()
    tree.write(DAY.format(15), alert(5))
    tree.live(DAY.format(15))
    more = summary(reconcile(tree, sandbox, *cursor))
    assert (more["alerts_read"], more["filled"]) == (2, 2)
    assert summary(reconcile(tree, sandbox, *cursor))["alerts_read"] == 0
    assert len(references(sandbox)) == 5
    state = json.loads((tmp_path / "cursor").read_text())
    assert state["from"] == str(tree.root) and state["position"]["path"].endswith(DAY.format(15))


def test_the_window_is_the_alerts_own_time_not_the_days_file(tree, sandbox):
    # Local days of a manager at +02:00: the file of the 14th begins at 22:00 UTC of the 13th.
    tree.write(DAY.format(13) + ".gz", alert(1, stamp="2025-03-13T23:59:59.999+0200"))
    tree.write(DAY.format(14) + ".gz", alert(2, stamp="2025-03-14T00:00:00.000+0200"),
               alert(3, stamp="2025-03-14T23:59:59.000+0200"))
    tree.write(DAY.format(15) + ".gz", alert(4, stamp="2025-03-15T00:30:00.000+0200"),
               alert(5, stamp="2025-03-15T02:00:00.000+0200"))
    def refs_in(*args, **env):
        result = reconcile(tree, sandbox, "--dry-run", *args, **env)
        return sorted(row["source_ref"].split(".")[1].split("-")[0] for row in result.jsonl()[:-1])
    assert refs_in("--since", "2025-03-14T00:00Z", "--until", "2025-03-15T00:00Z") == ["1203", "1204"]
    assert refs_in("--since", "2025-03-14", "--until", "2025-03-15", TZ="EET-2") == ["1202", "1203"]
    assert refs_in("--since", "2025-03-14T22:00:00Z") == ["1204", "1205"]
    assert refs_in("--until", "2025-03-13T22:00:00Z") == ["1201"]
    assert refs_in("--since", "24h") == []


def test_what_waits_in_the_spool_is_not_sent_twice(tree, sandbox, home):
    for number in (1, 2):
        assert home.run(alert(number), key="k", url="http://127.0.0.1:9").code == 0
    tree.write("alerts.json", *(alert(i) for i in range(1, 6)))
    result = tool.run("reconcile", "--from", tree.root, "-o", "jsonl",
                      env=sandbox.env(SOCBRIDGE_WAZUH_HOME=str(home.path)))
    totals = summary(result)
    assert (totals["queued"], totals["missing"], totals["filled"]) == (2, 3, 3), result
    assert result.code == 0 and len(references(sandbox)) == 3


@pytest.mark.parametrize("rule", ["status=503,rate=0.3,path=/api/v1/query", "status=503,rate=0.2,path=/api/v1/alert",
                                  "commit-then-drop,rate=0.1,path=/api/v1/alert,seed=3",
                                  "status=429,retry-after=1,first=1", "dup-race=50", "query-lag=60000"])
def test_every_alert_is_there_once_under_faults(tree, rule):
    tree.write("alerts.json", *(alert(i) for i in range(40)))
    with tool.Sandbox(rules=[rule]) as faulty:
        for _ in range(20):
            result = reconcile(tree, faulty, "--batch", "7")
            if result.code == 0:
                break
            assert result.code == 5, result
        assert result.code == 0, result
        if "lag" not in rule:
            refs = references(faulty)
            assert len(refs) == len(set(refs)) == 40


def test_thehive_goes_away_and_comes_back(tree, tmp_path):
    tree.write("alerts.json", *(alert(i) for i in range(300)))
    state = tmp_path / "state"
    cursor = ("--cursor-file", tmp_path / "cursor")
    with tool.Sandbox(state=state, latency=5) as sandbox:
        port = int(sandbox.url.rsplit(":", 1)[1])
        home = tmp_path / "home"
        process = tool.start("reconcile", "--from", tree.root, "-o", "jsonl", "--batch", "20", *cursor,
                             env=sandbox.env(SOCBRIDGE_WAZUH_HOME=str(home)))
        for _ in range(60):
            assert json.loads(process.stdout.readline())["result"] == "filled"
        sandbox.process.kill()
        sandbox.process.wait()
        out, err = process.communicate(timeout=60)
    assert process.returncode == 5
    assert re.search(rb"stopped: .*\d+ missing were not sent", err)
    totals = json.loads(out.splitlines()[-1])
    assert totals["stopped"] == "unreachable" and 60 <= totals["filled"] < 300 and totals["not_sent"] > 0
    with tool.Sandbox(state=state, port=port) as sandbox:
        before = len(references(sandbox))
        result = reconcile(tree, sandbox, *cursor)
        assert result.code == 0, result
        refs = references(sandbox)
        assert len(refs) == len(set(refs)) == 300
        # It went on, and did not read everything again.
        assert summary(result)["alerts_read"] <= 300 - before + 20


def test_ctrl_c_stops_cleanly_and_keeps_its_place(tree, tmp_path):
    tree.write("alerts.json", *(alert(i) for i in range(200)))
    cursor = ("--cursor-file", tmp_path / "cursor")
    with tool.Sandbox(latency=10) as sandbox:
        env = sandbox.env(SOCBRIDGE_WAZUH_HOME=str(tmp_path / "home"))
        process = tool.start("reconcile", "--from", tree.root, "-o", "jsonl", "--batch", "50", *cursor, env=env)
        for _ in range(30):
            process.stdout.readline()
        asked = time.monotonic()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        assert process.returncode == 130, err
        assert time.monotonic() - asked < 5
        totals = json.loads(out.splitlines()[-1])
        assert totals["stopped"] == "interrupted"
        assert len(references(sandbox)) == totals["filled"] < 200
        rest = summary(reconcile(tree, sandbox, *cursor))
        assert rest["filled"] == 200 - totals["filled"] and rest["alerts_read"] == rest["filled"]
        refs = references(sandbox)
        assert len(refs) == len(set(refs)) == 200


def test_kill_9_with_a_cursor_loses_nothing(tree, tmp_path):
    tree.write("alerts.json", *(alert(i) for i in range(150)))
    cursor = ("--cursor-file", tmp_path / "cursor")
    with tool.Sandbox(latency=3) as sandbox:
        env = sandbox.env(SOCBRIDGE_WAZUH_HOME=str(tmp_path / "home"))
        for lines in (20, 35, 5):
            process = tool.start("reconcile", "--from", tree.root, "-o", "jsonl", "--batch", "10", *cursor, env=env)
            for _ in range(lines):
                process.stdout.readline()
            process.kill()
            process.communicate()
        assert reconcile(tree, sandbox, *cursor).code == 0
        refs = references(sandbox)
        assert len(refs) == len(set(refs)) == 150


def test_a_wrong_key_is_asked_once(tree, sandbox):
    tree.write("alerts.json", *(alert(i) for i in range(10)))
    result = reconcile(tree, sandbox, SOCCTL_THEHIVE_KEY="wrong-key-123456")
    assert result.code == 4 and "wrong-key" not in result.out + result.err
    assert summary(result)["not_asked"] == 10


def test_a_key_that_is_refused_here_is_not_sent_by_others(tree, home, serve):
    """Servers ban repeated use of a refused key, by any of our programs."""
    options = '{"thehive_version": "5", "delivery": "queue"}'
    assert home.run(alert(90), key="k-123456", url="http://127.0.0.1:9", options=options).code == 0  # creates the spool
    server = serve(lambda request: servers.answer(200, {"versions": {"TheHive": "5.4.0"}})
                   if "status" in request.path
                   else servers.answer(401, {"type": "AuthenticationError", "message": "Authentication failure"}))
    tree.write("alerts.json", *(alert(i) for i in range(10)))
    result = tool.run("reconcile", "--from", tree.root, "-o", "jsonl",
                      env={"SOCCTL_THEHIVE_URL": server.url, "SOCCTL_THEHIVE_KEY": "k-123456",
                           "SOCBRIDGE_WAZUH_HOME": str(home.path)})
    assert result.code == 4, result
    keyed = [r.path for r in server.requests if "authorization" in r.headers]
    assert len(keyed) == 2 and keyed[1] == "/api/v1/user/current"  # one refusal, confirmed once
    run = home.run(alert(91), key="k-123456", url=server.url, options='{"thehive_version": "5"}')
    assert run.code == 0
    assert [r.path for r in server.requests if "authorization" in r.headers] == keyed
    # Wazuh can read root's leftovers in its spool.
    owner = home.spool.stat().st_uid
    assert {path.name for path in home.spool.rglob("*") if path.stat().st_uid != owner} == set()


def test_what_it_finds_out_closes_the_breaker_for_all(tree, home):
    options = '{"thehive_version": "5", "breaker_failures": 1, "breaker_open_ms": 600000, "settle_ms": 0}'
    with tool.Sandbox() as first:
        port = int(first.url.rsplit(":", 1)[1])
        url, key = first.url, first.key
    assert home.run(alert(1), key=key, url=url, options=options).code == 0  # connection refused: it opens
    with tool.Sandbox(port=port) as sandbox:
        home.run(alert(2), key=key, url=url, options=options)
        assert references(sandbox) == []  # blocked by the circuit breaker
        tree.write("alerts.json", *(alert(i) for i in range(3, 6)))
        result = tool.run("reconcile", "--from", tree.root, "-o", "jsonl",
                          env=sandbox.env(SOCBRIDGE_WAZUH_HOME=str(home.path)))
        assert result.code == 0 and summary(result)["filled"] == 3, result
        home.run(alert(7), key=key, url=url, options=options)
        assert len(references(sandbox)) >= 4  # and perhaps waiting ones


def test_refused_alerts_are_gaps(tree):
    tree.write("alerts.json", *(alert(i) for i in range(5)))
    with tool.Sandbox(rules=["status=400,path=/api/v1/alert,method=POST,after=1,first=10"]) as sandbox:
        result = reconcile(tree, sandbox)
        assert result.code == 3
        totals = summary(result)
        assert totals["filled"] + totals["refused"] == 5 and totals["refused"] > 0
        assert totals["gaps"] == totals["refused"]


def test_the_filters_of_the_mapping_decide_what_should_be_there(tree, sandbox, tmp_path):
    tree.write("alerts.json", *(alert(i, level) for i, level in enumerate((3, 7, 9, 12, 15))))
    config = tmp_path / "w2thive.json"
    config.write_text('{"min_level": 12}')
    totals = summary(reconcile(tree, sandbox, "--config", config))
    assert (totals["not_forwarded"], totals["filled"]) == (3, 2)


def test_forms_of_input(tree, sandbox, tmp_path):
    array = tmp_path / "array.json"
    array.write_text("[" + alert(1).decode() + "," + alert(2).decode() + "]")
    hits = tmp_path / "hits.json"
    hits.write_text(json.dumps({"hits": {"total": {"value": 1, "relation": "eq"},
                                         "hits": [{"_index": "i", "_id": "x", "_source": json.loads(alert(3))}]}}))
    packed = tmp_path / "more.ndjson.gz"
    packed.write_bytes(gzip.compress(alert(4) + alert(5)[:-1]))
    for path, count in ((array, 2), (hits, 1), (packed, 2)):
        result = tool.run("reconcile", "--from", path, "-o", "jsonl", env=sandbox.env())
        assert result.code == 0 and summary(result)["filled"] == count, result
    piped = tool.run("reconcile", "--from", "-", "-o", "json", env=sandbox.env(), stdin=alert(6) + alert(1))
    assert piped.code == 0 and piped.json()[-1]["filled"] == 1 and piped.json()[-1]["present"] == 1


def test_lines_that_prove_nothing_make_the_result_incomplete(tree, sandbox):
    tree.write("alerts.json", alert(1), b"\0" * 100 + b"\n", b"x" * (9 << 20) + b"\n", alert(2))
    result = reconcile(tree, sandbox)
    totals = summary(result)
    assert result.code == 3 and not totals["complete"]
    assert (totals["filled"], totals["not_alerts"], totals["too_long"]) == (2, 1, 1)


def test_thehive_4(tree):
    tree.write("alerts.json", *(alert(i) for i in range(30)))
    with tool.Sandbox(version="4.1.24-1") as old:
        assert summary(reconcile(tree, old))["filled"] == 30
        assert summary(reconcile(tree, old))["present"] == 30


def test_people_see_a_bar_while_it_runs_and_figures_in_the_end(tree, tmp_path):
    tree.write("alerts.json", *(alert(i) for i in range(120)))
    with tool.Sandbox(latency=20) as slow:
        env = slow.env(SOCBRIDGE_WAZUH_HOME=str(tmp_path / "home"))
        seen = tool.run_on_terminal("reconcile", "--from", tree.root, env=env, columns=90)
        assert seen.code == 0
        assert re.search(r"\rreconcile \[#", seen.out) and "alerts" in seen.out
        assert re.search(r"… and 70 more; -o jsonl shows all\n", seen.out)
        assert re.search(r"filled +.*120", seen.out) and "\x1b[" in seen.out
        for piece in re.findall(r"\r(reconcile[^\x1b\r]*)", seen.out):
            assert len(piece) < 90
        # After the last figure the bar is removed.
        assert seen.out.rindex("WHAT") > seen.out.rindex("reconcile [")
        plain = tool.run("reconcile", "--from", tree.root, env=env)
        assert ["count", "present", "120"] == plain.rows()[3][:3] and plain.err == ""
        no_color = tool.run_on_terminal("reconcile", "--from", tree.root, "--dry-run", env={**env, "NO_COLOR": "1"})
        assert "\x1b[3" not in no_color.out


@pytest.mark.parametrize("args,words", [
    (["--since", "24"], "24h"),
    (["--since", "1h", "--until", "2h"], "is not before"),
    (["--from", "/nonexistent/alerts"], "/nonexistent/alerts"),
    (["--cursor-file", "/dev/null/cursor"], "cursor"),
    (["--batch", "0"], "batch"),
])
def test_bad_input_gets_one_line(tree, sandbox, args, words):
    tree.write("alerts.json", alert(1))
    given = ["reconcile", *args] + ([] if "--from" in args else ["--from", tree.root])
    result = tool.run(*given, env=sandbox.env())
    assert result.code in (1, 2, 6) and result.out == ""
    assert len(result.err.splitlines()) == 1 and words in result.err


def test_two_runs_with_one_cursor(tree, tmp_path):
    tree.write("alerts.json", *(alert(i) for i in range(100)))
    cursor = ("--cursor-file", tmp_path / "cursor")
    with tool.Sandbox(latency=20) as slow:
        env = slow.env(SOCBRIDGE_WAZUH_HOME=str(tmp_path / "home"))
        first = tool.start("reconcile", "--from", tree.root, "-o", "jsonl", *cursor, env=env)
        first.stdout.readline()
        second = tool.run("reconcile", "--from", tree.root, *cursor, env=env)
        assert second.code == 1 and "another run" in second.err
        first.communicate(timeout=60)
        assert first.returncode == 0


BLOCK = """  <integration>
    <name>custom-w2thive</name><hook_url>{url}</hook_url><api_key>file:{key}</api_key>{more}
    <alert_format>json</alert_format>
  </integration>
"""


@pytest.fixture
def manager(tree, tmp_path):
    """Writes ossec.conf with the given blocks, each as (URL, further elements)."""
    home = tmp_path / "home"
    key = home / "etc/thehive.key"
    key.write_text(tool.KEY + "\n")
    key.chmod(0o640)

    def write(*blocks, config='{"settle_ms": 100}'):
        (home / "etc/w2thive.json").write_text(config)
        text = "".join(BLOCK.format(url=url, key=key, more=more) for url, more in blocks)
        (home / "etc/ossec.conf").write_text(f"<ossec_config>\n{text}</ossec_config>\n")

    return write


def mixed():
    """Alerts of levels 3 to 15, of two rules, groups and locations; numbers are levels."""
    def one(level, rule, groups, location):
        rule = {"level": level, "description": "d", "id": rule, "groups": groups}
        return alert(level, rule=rule, location=location)
    return [one(3, "5710", ["sshd"], "/var/log/auth.log"), one(5, "5763", ["syslog", "sshd"], "/var/log/auth.log"),
            one(7, "5710", ["web"], "syscheck"), one(10, "5763", ["web"], "/var/log/nginx.log"),
            one(12, "5763", ["sshd"], "syscheck"), one(15, "100001", ["local"], "/var/log/auth.log")]


def levels(result):
    return [row["level"] for row in result.jsonl()[:-1]]


@pytest.mark.parametrize("elements, taken", [
    ("<level>12</level>", [12, 15]), ("<level>3</level>", [3, 5, 7, 10, 12, 15]), ("", [3, 5, 7, 10, 12, 15]),
    ("<level></level>", [3, 5, 7, 10, 12, 15]),
    ("<rule_id>5710, 100001</rule_id>", [3, 7, 15]), ("<rule_id>5000-6000</rule_id>", []),
    ("<group>sshd,local</group>", [3, 5, 12, 15]), ("<group>sshd, local</group>", [3, 5, 12]),
    ("<group>ssh</group>", []),
    ("<event_location>^/var/log/AUTH|nginx</event_location>", [3, 5, 10, 15]),
    ("<event_location>!^/var</event_location>", [7, 12]),
    ("<level>5</level><group>sshd</group><rule_id>5763</rule_id>", [5, 12]),
])
def test_only_what_a_block_takes_is_forwarded(tree, sandbox, manager, elements, taken):
    manager((sandbox.url, elements))
    tree.write(DAY.format(14), *mixed())
    result = reconcile(tree, sandbox)
    assert levels(result) == taken, result
    total = summary(result)
    assert (total["filled"], total["not_forwarded"], total["not_for_block"]) == (len(taken), 6 - len(taken), 6 - len(taken))
    assert len(references(sandbox)) == len(taken) and result.code == 0
    assert len(total["blocks"]) == 1 and total["blocks"][0].endswith("ossec.conf:2") and result.err == ""


def test_several_blocks_of_one_thehive_are_one_policy(tree, sandbox, manager):
    manager((sandbox.url, "<level>15</level><options>{\"tags\": [\"first\"]}</options>"),
            (sandbox.url, "<level>3</level><group>web</group><options>{\"tags\": [\"second\"], \"min_level\": 8}</options>"))
    tree.write(DAY.format(14), *mixed())
    result = reconcile(tree, sandbox)
    assert levels(result) == [10, 15], result
    total = summary(result)
    # Level 7 matches the second block and is filtered by its min_level.
    assert (total["not_forwarded"], total["not_for_block"], len(total["blocks"])) == (4, 3, 2)
    query = {"query": [{"_name": "listAlert"}]}
    answer = requests.post(f"{sandbox.url}/api/v1/query", json=query, timeout=30,
                           headers={"Authorization": f"Bearer {sandbox.key}"})
    tags = {one["severity"]: one["tags"] for one in answer.json()}
    assert "second" in tags[2] and "first" in tags[4], tags


def test_two_thehives_are_kept_apart(tree, sandbox, manager):
    with tool.Sandbox() as other:
        manager((sandbox.url, "<level>12</level>"), (other.url, "<level>10</level>"))
        tree.write(DAY.format(14), *mixed())
        env = {"SOCBRIDGE_WAZUH_HOME": str(tree.root.parent / "home")}
        run = ("reconcile", "--from", tree.root, "-o", "jsonl")
        first = tool.run(*run, env=env)
        total = summary(first)
        assert levels(first) == [12, 15] and total["thehive"] == sandbox.url
        assert [one.split(" to ")[1] for one in total["elsewhere"]] == [other.url]
        assert f"checked {sandbox.url} alone" in first.err and f"--block 2 ({other.url})" in first.err
        assert len(references(sandbox)) == 2 and references(other) == []
        second = tool.run(*run, "--block", "2", env=env)
        total = summary(second)
        assert levels(second) == [10, 12, 15] and total["thehive"] == other.url
        assert len(references(other)) == 3
        none = tool.run(*run, "--block", "3", env=env)
        assert none.code == 2 and "there is no block 3" in none.err
        both = tool.run(*run, "--block", "1", "--url", other.url, env=env)
        assert both.code == 2 and "name two targets" in both.err


def test_another_name_of_thehive_takes_all_blocks(tree, sandbox, manager):
    manager(("http://thehive.example:9000", "<level>12</level>"))
    tree.write(DAY.format(14), *mixed())
    result = reconcile(tree, sandbox)
    assert levels(result) == [12, 15] and f"no block leads to {sandbox.url}" in result.err


def test_a_file_that_wazuh_refuses_proves_nothing(tree, sandbox, manager):
    manager((sandbox.url, "<level>seven</level>"))
    tree.write(DAY.format(14), *mixed())
    result = reconcile(tree, sandbox)
    assert result.code == 2 and "ossec.conf:3" in result.err and "seven" in result.err
    assert references(sandbox) == []


def test_without_ossec_conf_the_usual_level_is_said(tree, sandbox, manager):
    manager((sandbox.url, ""))
    (tree.root.parent / "home/etc/ossec.conf").unlink()
    tree.write(DAY.format(14), *mixed())
    result = reconcile(tree, sandbox)
    assert levels(result) == [7, 10, 12, 15] and "alerts below level 7 were left out" in result.err
