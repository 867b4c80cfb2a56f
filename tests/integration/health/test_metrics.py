# SPDX-License-Identifier: Apache-2.0
"""`socctl metrics`: its counts are correct, and Prometheus can read them."""

import json
import os
import re
import signal
import socket
import time
import urllib.request
from pathlib import Path

import pytest

import prometheus
import servers
import spool_env
import tool
from health_sandbox import USERS
from integratord import AS_ROOT
from metrics_service import NOTHING, Served, samples

ROOT = Path(os.environ["SOCBRIDGE_SOURCE_DIR"])
DOCUMENT = ROOT / "docs/metrics.md"
OPEN, CLOSE = "<!-- made by socctl metrics list -->\n", "<!-- end -->\n"


def ask(url, operations):
    request = urllib.request.Request(url + "/api/v1/query?name=t", json.dumps({"query": operations}).encode(),
                                     {"Authorization": f"Bearer {tool.KEY}", "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def post(url, path, body, method="POST"):
    request = urllib.request.Request(url + path, json.dumps(body).encode(),
                                     {"Authorization": f"Bearer {tool.KEY}", "Content-Type": "application/json"},
                                     method=method)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.loads(answer.read() or b"null")


def fill(url):
    """A few of everything, so that no two numbers are the same by chance."""
    for number in range(7):
        observables = [{"dataType": "ip", "data": f"192.0.2.{number}"}, {"dataType": "domain", "data": f"a{number}.example"}]
        post(url, "/api/v1/alert", {"type": "t", "source": "s", "sourceRef": f"r{number}", "title": "t", "description": "d",
                                    "severity": 1 + number % 4, "observables": observables[:1 + number % 2]})
    cases = [post(url, "/api/v1/case", {"title": "t", "description": "d", "severity": 1 + number % 3}) for number in range(5)]
    post(url, f"/api/v1/case/{cases[0]['_id']}", {"status": "TruePositive", "summary": "s"}, "PATCH")
    post(url, f"/api/v1/case/{cases[1]['_id']}", {"status": "TruePositive", "summary": "s"}, "PATCH")
    post(url, f"/api/v1/case/{cases[2]['_id']}", {"status": "InProgress", "assignee": "socbridge@sandbox.test"}, "PATCH")


def counted(items, field):
    out = {}
    for item in items:
        out[str(item[field])] = out.get(str(item[field]), 0) + 1
    return out


def non_zero(metric):
    return {label: int(value) for label, value in metric.items() if value}


@pytest.fixture(scope="module")
def soc(tmp_path_factory):
    with tool.Sandbox("cortex") as sandbox:
        fill(sandbox.url)
        done = tool.run("cortex", "submit", "8.8.8.8", "--analyzer", "MaxMind_GeoIP", "--wait", "--quota-dir",
                        tmp_path_factory.mktemp("q"), env=sandbox.env())
        assert done.code == 0, done
        yield sandbox


def test_what_is_counted_is_what_is_there(soc):
    result = tool.run("metrics", "write", "-", env={**NOTHING, **soc.env()})
    assert (result.code, result.err) == (0, "")
    got = samples(result.out)
    names = {"1": "low", "2": "medium", "3": "high", "4": "critical"}
    for subject, select in (("alerts", "listAlert"), ("cases", "listCase")):
        items = ask(soc.url, [{"_name": select}])
        assert len(items) >= 5
        by_severity = {names[level]: count for level, count in counted(items, "severity").items()}
        assert non_zero(got[f"socbridge_thehive_{subject}_by_severity"]) == by_severity
        assert non_zero(got[f"socbridge_thehive_{subject}_by_status"]) == counted(items, "status")
    assert non_zero(got["socbridge_thehive_cases_by_resolution"]) == {"TruePositive": 2}
    assert non_zero(got["socbridge_thehive_observables_by_type"]) == counted(ask(soc.url, [{"_name": "listObservable"}]), "dataType")
    assert non_zero(got["socbridge_cortex_jobs"]) == {"Success": 1}
    assert got["socbridge_scrape_success"] == {"thehive": 1, "cortex": 1}
    assert prometheus.check_metrics(result.out) == ""


def test_what_the_indexer_and_the_manager_say():
    with tool.Sandbox("opensearch", "wazuh") as sandbox:
        env = {**NOTHING, **sandbox.env(), **USERS}
        result = tool.run("metrics", "write", "-", env=env)
    assert (result.code, result.err) == (0, "")
    got = samples(result.out)
    assert got["socbridge_scrape_success"] == {"thehive": 1, "opensearch": 1, "wazuh": 1}
    assert got["socbridge_opensearch_recent_alerts_by_level"] == {"3": 61, "5": 20, "7": 9, "10": 4, "12": 1}
    assert got["socbridge_opensearch_recent_alerts_by_agent"]["dc-01"] == 31
    assert got["socbridge_wazuh_agents"] == {"active": 41, "disconnected": 3, "never_connected": 2, "pending": 0}
    assert got["socbridge_wazuh_queue_usage_ratio"] == {
        "127.0.0.1,alerts": 0.02, "127.0.0.1,syscheck": 0.25, "127.0.0.1,remoted": 0.1}
    assert 'socbridge_wazuh_events_dropped_total{node="127.0.0.1"} 12\n' in result.out
    assert prometheus.check_metrics(result.out) == ""


def test_the_load_of_wazuh_where_its_api_is_not_configured():
    with tool.Sandbox("opensearch") as sandbox:
        result = tool.run("metrics", "write", "-", env={**NOTHING, **sandbox.env(), **USERS})
    assert (result.code, result.err) == (0, "")
    got = samples(result.out)
    assert got["socbridge_wazuh_events_dropped_total"] == {"default": 7}
    assert got["socbridge_wazuh_queue_usage_ratio"] == {
        "default,alerts": 0.02, "default,others": 0, "default,remoted": 0.1, "default,syscheck": 0.25}
    assert "socbridge_wazuh_agents" not in got
    assert prometheus.check_metrics(result.out) == ""


HOSTILE = [b'a\\"\\n# TYPE x counter\\nx 1', b"\\u0000\\ud800", b"\xff\xfe", b"n" * 5000, b"n" * 4999]


def test_names_of_nodes_agents_and_levels_cannot_break_the_text(serve):
    now = int(time.time() * 1000)
    state = b'{"events_received":-1,"events_processed":1e400,"events_dropped":7,"event_queue_usage":-0.5,"alerts_queue_usage":9e99}'
    hits = b",".join(b'{"sort":[%d],"_source":{"nodeName":"%s","apiName":[7],"analysisd":%s}}' % (now, name, state) for name in HOSTILE)
    buckets = b",".join(b'{"key":"%s","doc_count":%d}' % (name, number - 1) for number, name in enumerate(HOSTILE))
    counted = b'{"hits":{"hits":[]},"aggregations":{"level":{"buckets":[%s]},"agent":{"buckets":[%s]}}}' % (buckets, buckets)
    newest = b'{"hits":{"total":{"value":-5},"hits":[{"sort":[9223372036854775807]}]}}'
    answers = {"/_cluster/health": b'{"status":"green","number_of_data_nodes":-3,"unassigned_shards":-7}', "/_cluster/settings": b"[]",
               "/_msearch": b'{"responses":[%s]}' % b",".join([newest, counted, newest, counted, b'{"hits":{"hits":[%s]}}' % hits])}
    server = serve(lambda request: servers.answer(200, answers[request.path.partition("?")[0]]))
    result = tool.run("metrics", "write", "-", env={**NOTHING, "SOCCTL_OPENSEARCH_URL": server.url})
    assert (result.code, result.err) == (0, "")
    assert prometheus.check_metrics(result.out) == ""
    assert not [line for line in result.out.splitlines() if not line.startswith(("# ", "socbridge_"))]
    got = samples(result.out)
    assert set(got["socbridge_wazuh_events_dropped_total"].values()) == {7}
    assert "socbridge_wazuh_events_received_total" not in got and "socbridge_wazuh_events_processed_total" not in got
    assert all(0 <= value <= 1 for value in got["socbridge_wazuh_queue_usage_ratio"].values())


def test_version_4_has_what_it_has(tmp_path):
    with tool.Sandbox(version="4.1.24") as sandbox:
        result = tool.run("metrics", "write", "-", env={**NOTHING, **sandbox.env()})
        assert (result.code, result.err) == (0, "")
        got = samples(result.out)
        assert set(got["socbridge_thehive_cases_by_status"]) == {"Open", "Resolved", "Duplicated", "custom"}
        assert "socbridge_thehive_alerts_by_status" not in got
        assert "socbridge_thehive_cases_by_resolution" not in got


def test_a_product_that_fails_does_not_hide_the_others(soc):
    down = servers.Server(lambda request: servers.answer(503, {"message": "no"}))
    result = tool.run("metrics", "write", "-", env={**NOTHING, **soc.env(), "SOCCTL_CORTEX_URL": down.url})
    down.close()
    assert result.code == 3 and result.err.startswith("socctl: warning: cortex: ")
    got = samples(result.out)
    assert got["socbridge_scrape_success"] == {"thehive": 1, "cortex": 0}
    assert "socbridge_thehive_alerts_by_severity" in got and "socbridge_cortex_jobs" not in got
    assert prometheus.check_metrics(result.out) == ""
    assert tool.KEY not in result.out + result.err


def test_all_that_fails_is_not_success(tmp_path):
    file = tmp_path / "soc.prom"
    env = {**NOTHING, "SOCCTL_THEHIVE_URL": "http://127.0.0.1:1", "SOCCTL_THEHIVE_KEY": tool.KEY}
    result = tool.run("metrics", "write", file, env=env)
    assert result.code == 5
    assert samples(file.read_text())["socbridge_scrape_success"] == {"thehive": 0}
    assert file.stat().st_mode & 0o777 == 0o644  # the node exporter is another user


@pytest.mark.parametrize("verb", [("metrics", "write"), ("health", "thehive", "--out")])
def test_a_device_is_never_replaced(verb, soc, tmp_path):
    """As root a rename would take /dev/null away from every user."""
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to("/dev/null")
    for path in (pipe, link):
        result = tool.run(*verb, path, env={**NOTHING, **soc.env()})
        assert result.code in (1, 2), result
        assert str(path) in result.err.splitlines()[-1], result
    assert pipe.is_fifo() and link.is_symlink() and Path("/dev/null").is_char_device()


def test_the_file_is_checked_before_the_products_are_asked(tmp_path):
    server = servers.Server(lambda request: servers.answer(503, {"message": "no"}))
    env = {**NOTHING, "SOCCTL_THEHIVE_URL": server.url, "SOCCTL_THEHIVE_KEY": tool.KEY}
    target, link = tmp_path / "target.prom", tmp_path / "link.prom"
    target.write_text("kept")
    link.symlink_to("target.prom")
    for file, reason in ((link, f"{link} is a link; name its target, or - for standard output"),
                         (tmp_path / "no/x.prom", f"the folder {tmp_path}/no does not exist; create it"),
                         (f"{tmp_path}/", f"{tmp_path}/ is a folder, not a file; name a file in it")):
        result = tool.run("metrics", "write", file, env=env)
        assert (result.code, result.out) == (2, "") and result.err.startswith(f"socctl: {reason}"), result
        assert len(result.err.splitlines()) == 1, result
    server.close()
    assert server.requests == [] and link.is_symlink() and target.read_text() == "kept"


def test_a_file_without_a_name_is_a_mistake_of_the_command_line(soc):
    """Such as a variable that is not set. No request is sent for it."""
    for env in (NOTHING, {**NOTHING, **soc.env()}):
        result = tool.run("metrics", "write", "", env=env)
        assert (result.code, result.out) == (2, "") and "socctl: the name of the file is empty; " in result.err, result
        assert len(result.err.splitlines()) == 1


def test_nothing_configured_is_an_error(tmp_path):
    for verb in (["write", tmp_path / "x"], ["serve", "--listen", "127.0.0.1:0"]):
        result = tool.run("metrics", *verb, env=NOTHING)
        assert (result.code, result.out) == (2, "") and "nothing is configured" in result.err
    assert not (tmp_path / "x").exists()


@pytest.mark.skipif(not AS_ROOT, reason="the spool must belong to user wazuh")
def test_documented_is_emitted(home, tmp_path):
    """With all products: each family of the list is served, and no other, with the labels of the list."""
    with tool.Sandbox("cortex", "opencti", "opensearch", "wazuh") as sandbox:
        fill(sandbox.url)
        home.configure(url=sandbox.url, api_key=tool.KEY, destinations={"other": {"organisation": "sandbox"}},
                       rules=[{"set": {"destination": ["other", "default"]}}])
        spool_env.put(home, 1)
        spool_env.put(home, 2, state="hold")
        assert home.run(spool_env.make_alert(3)).code == 0  # a delivery, so that its time is set
        listed = {one["metric"]: one for one in tool.run("metrics", "list", "-o", "jsonl").jsonl()}
        env = {**sandbox.env(), **USERS, "SOCBRIDGE_WAZUH_HOME": str(home.path)}
        with Served(env, "--interval", "200ms") as served:
            served.wait_ready()
            # Counters that begin at the program's start.
            assert home.run(spool_env.make_alert(4)).code == 0
            done = tool.run("cortex", "submit", "8.8.8.8", "--analyzer", "MaxMind_GeoIP", "--wait", "--quota-dir",
                            tmp_path / "q", env=sandbox.env())
            assert done.code == 0, done
            text = ""

            def missing():
                nonlocal text
                text = served.get("/metrics")[2]
                return set(listed) - names_of(text, listed)
            end = time.monotonic() + 60
            while missing() and time.monotonic() < end:
                time.sleep(0.1)
        assert names_of(text, listed) == set(listed)
        for name, one in listed.items():
            lines = [line for line in text.splitlines() if re.match(name + "(_bucket)?[{]", line)]
            assert {label for line in lines for label in re.findall(r'(\w+)="', line)} == set(one["labels"]), name
        assert prometheus.check_metrics(text) == ""


def names_of(text, listed):
    return {name if name in listed else re.sub("_(bucket|sum|count)$", "", name) for name in samples(text)}


@pytest.mark.skipif(not AS_ROOT, reason="the spool must belong to user wazuh")
def test_root_counts_a_named_spool_and_writes_where_only_root_may(home, tmp_path):
    spool_env.put(home, 1)
    tmp_path.chmod(0o700)
    file = tmp_path / "queue.prom"
    result = tool.run("metrics", "write", file, "--spool", home.spool, env=NOTHING)
    assert (result.code, result.err) == (0, "")
    got = samples(file.read_text())
    assert got["socbridge_scrape_success"] == {"queue": 1} and got["socbridge_queue_entries"]["queue"] == 1
    assert file.stat().st_uid == 0


def test_the_document_has_what_the_list_has():
    rows = [f"| `{one['metric']}` | {one['type']} | {', '.join(one['labels'])} | {one['help']} |\n"
            for one in tool.run("metrics", "list", "-o", "jsonl").jsonl()]
    table = "| metric | type | labels | meaning |\n|---|---|---|---|\n" + "".join(rows).replace("|  |", "| |")
    before, rest = DOCUMENT.read_text().split(OPEN)
    now, after = rest.split(CLOSE)
    if os.environ.get("SOCBRIDGE_GOLDEN") == "write":
        DOCUMENT.write_text(before + OPEN + table + CLOSE + after)
        now = table
    assert now == table


def test_served_in_both_formats(soc):
    with Served(soc.env()) as served:
        assert served.get("/healthz")[::2] == (200, "ok\n")
        served.wait_ready()
        status, headers, text = served.get("/metrics", "text/plain")
        assert (status, headers["Content-Type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
        assert samples(text)["socbridge_scrape_success"] == {"thehive": 1, "cortex": 1}
        assert prometheus.check_metrics(text) == ""
        _, headers, opened = served.get("/metrics", "application/openmetrics-text; version=1.0.0, text/plain;q=0.5")
        assert headers["Content-Type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8"
        assert samples(opened) == samples(text) and opened.endswith("# EOF\n")
        assert "# TYPE socbridge_thehive_new_alerts counter\n" in opened
        assert served.get("/metrics")[1]["Content-Type"].startswith("text/plain")
        assert served.get("/else")[0] == 404
        assert served.get("/metrics", method="POST")[0] == 405
        assert served.get("/metrics", method="HEAD")[::2] == (200, "")
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(timeout=20) == 0


def test_a_real_prometheus_scrapes_it(soc):
    with Served(soc.env()) as served:
        served.wait_ready()
        scraper = prometheus.Prometheus({"soc": served.url.removeprefix("http://")})
        try:
            scraper.wait_until(lambda targets, _: [one["health"] for one in targets] == ["up"])
            found = json.loads(scraper.get("/api/v1/query?query=sum(socbridge_thehive_alerts_by_severity)"))
            assert float(found["data"]["result"][0]["value"][1]) == len(ask(soc.url, [{"_name": "listAlert"}]))
        finally:
            scraper.close()


def test_a_silent_client_and_a_hung_product_hold_up_no_other():
    server = servers.Server(lambda request: servers.HANG)
    env = {"SOCCTL_THEHIVE_URL": server.url, "SOCCTL_THEHIVE_KEY": tool.KEY}
    try:
        with Served(env, "--timeout", "60s") as served:
            host, port = served.url.removeprefix("http://").split(":")
            silent = [socket.create_connection((host, int(port))) for _ in range(10)]
            assert served.get("/healthz")[0] == 200
            assert served.get("/readyz")[0] == 503
            assert served.get("/metrics")[0] == 503
            served.process.send_signal(signal.SIGTERM)
            assert served.process.wait(timeout=20) == 0  # not after the minute
            for one in silent:
                one.close()
    finally:
        server.close()


def test_scrapes_cost_the_products_nothing():
    def respond(request):
        if request.path.startswith("/api/v1/status"):
            return servers.answer(200, {"version": "5.7.3-1"})
        return servers.answer(200, "5" if b'"count"' in request.body else "[]")

    server = servers.Server(respond)
    try:
        with Served({"SOCCTL_THEHIVE_URL": server.url, "SOCCTL_THEHIVE_KEY": tool.KEY}) as served:
            served.wait_ready()
            asked = len(server.requests)
            assert 60 < asked <= 5 * 20
            for _ in range(20):
                assert served.get("/metrics")[0] == 200
            assert len(server.requests) == asked
    finally:
        server.close()


@pytest.mark.parametrize("args", [["--listen", "nowhere"], ["--listen", "127.0.0.1"], ["--interval", "0s"],
                                  ["--timeout", "soon"]])
def test_a_wrong_command_line(args, soc):
    result = tool.run("metrics", "serve", *args, env={**NOTHING, **soc.env()})
    assert (result.code, result.out) == (2, "") and result.err.count("\n") == 1
