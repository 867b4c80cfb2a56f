# SPDX-License-Identifier: Apache-2.0
"""`socctl relay --from indexer` on a real OpenSearch: every document once, by any number of workers, through kills and restarts."""

import json
import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

import integratord
import opensearch_node
import tool
from conftest import make_alert
from ports import free_port
from spool_env import configure, env, ids, put, references, shared_folder
from tool import wait_until

FIXTURES = Path(os.environ["SOCBRIDGE_SOURCE_DIR"]) / "tests/fixtures/alerts"
QUICK = ["--poll", "200ms", "--lease", "3s", "--late", "3s", "--metrics-every", "300ms"]


def alert(number, minute=0, **more):
    return json.loads(make_alert(number, timestamp=f"2025-07-02T08:{minute:02}:00.000+0000", **more))


def index(node, alerts, name=None):
    node.bulk([(name or opensearch_node.daily(one), None, one) for one in alerts])


@pytest.fixture
def sandbox():
    with tool.Sandbox() as running:
        yield running


@pytest.fixture
def worker(indexer, sandbox):
    """worker() starts one with its own spool."""
    running, homes = [], []

    def start(*args, since="2025-07-01T00:00Z", quick=True, url=None, wait=True):
        home = integratord.new_home()
        homes.append(home)
        configure(home, sandbox.url)
        log = open(home.path / "relay.log", "wb")
        process = subprocess.Popen(
            [str(tool.BIN), "relay", "--from", f"indexer={url or indexer.url}", "--since", since,
             "--metrics-file", str(shared_folder(home) / "relay.prom"), *(QUICK if quick else []), *map(str, args)],
            env={**tool.BASE_ENV, **env(home)}, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        process.home, process.log = home, home.path / "relay.log"
        running.append(process)
        if wait:
            wait_until(lambda: "started:" in process.log.read_text() or process.poll() is not None, what="a worker")
        return process

    yield start
    for process in running:
        if process.poll() is None:
            process.kill()
        process.wait()
    for home in homes:
        opensearch_node.shutil.rmtree(home.path)


def once(home, node, sandbox, *args):
    configure(home, sandbox.url)
    return tool.run("relay", "--once", "--from", f"indexer={node.url}", "--since", "2025-07-01T00:00Z", *args,
                    env=env(home), timeout=120)


def test_each_document_once_over_several_runs(indexer, sandbox, home):
    index(indexer, [alert(n) for n in range(30)])
    first = once(home, indexer, sandbox)
    assert first.code == 0 and first.out.startswith("30 delivered"), first
    again = once(home, indexer, sandbox)
    assert again.code == 0 and again.out.startswith("0 delivered"), again
    # Late ones: indexed now, with times long ago, in an old index and a new one.
    index(indexer, [alert(n, minute=1) for n in range(30, 35)])
    index(indexer, [alert(n) for n in range(35, 40)], "wazuh-alerts-4.x-2025.06.01")
    # Before the beginning of the checkpoint.
    index(indexer, [json.loads(make_alert(99, timestamp="2025-06-01T00:00:00.000+0000"))])
    late = once(home, indexer, sandbox)
    assert late.code == 0 and late.out.startswith("10 delivered"), late
    assert len(references(sandbox)) == len(set(references(sandbox))) == 40


def test_a_single_run_says_that_another_worker_has_everything(indexer, sandbox, home, worker):
    first = worker("--slices", 1)
    wait_until(lambda: slices(first) == 1, what="the slice")
    index(indexer, [alert(1)])
    result = once(home, indexer, sandbox, "--slices", 1)
    assert result.code == 0 and "nothing was read from the indexer: 1 other workers" in result.err, result
    wait_until(lambda: len(references(sandbox)) == 1, what="the alert, by the other worker")


def test_findings_and_alerts_have_the_references_of_the_other_ways(indexer, sandbox, home, place):
    findings = [json.loads(line) for line in (FIXTURES / "findings.ndjson").read_text().splitlines()]
    indexer.bulk([("wazuh-findings-v5-security", None, finding) for finding in findings], action="create")
    index(indexer, [alert(1)])
    result = once(home, indexer, sandbox)
    assert result.code == 0, result
    by_index = sorted(references(sandbox))
    assert len(by_index) == len(findings) + 1 and sum(ref.startswith("w5-") for ref in by_index) == len(findings)
    # By webhook, as Alerting posts it.
    hits = indexer.post("/wazuh-*/_search?size=1000")["hits"]["hits"]
    with tool.Sandbox() as other:
        configure(home, other.url)
        port = free_port()
        process = tool.start("receive", "--listen", f"127.0.0.1:{port}", env=env(home))
        try:
            body = [{"id": "a", "sample_documents": [{k: hit[k] for k in ("_index", "_id", "_source")}]} for hit in hits]
            wait_until(lambda: _up(port), what="the receiver")
            answer = opensearch_node.urllib.request.urlopen(f"http://127.0.0.1:{port}/", json.dumps(body).encode())
            assert answer.status == 202
            wait_until(lambda: not ids(home), what="an empty queue")
        finally:
            process.terminate()
            process.communicate()
        assert sorted(references(other)) == by_index
        severities = {one["sourceRef"]: one["severity"] for one in listed(other)}
        assert severities == {one["sourceRef"]: one["severity"] for one in listed(sandbox)}
    # By file: a saved answer.
    path = Path(place) / "answer.json"
    path.write_text(json.dumps({"hits": {"total": {"value": len(hits), "relation": "eq"}, "hits": hits},
                                "_shards": {"total": 1, "successful": 1, "failed": 0}, "timed_out": False}))
    with tool.Sandbox() as third:
        sent = tool.run("alert", "send", path, "-o", "jsonl", env=third.env(SOCBRIDGE_WAZUH_HOME="/nowhere"))
        assert sent.code == 0, sent
        assert sorted(references(third)) == by_index


def listed(sandbox):
    return tool.run("alert", "list", "--limit", 10000, "-o", "json", env=sandbox.env()).json()


def _up(port):
    try:
        opensearch_node.urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5)
        return True
    except OSError:
        return False


def test_workers_share_the_slices(indexer, sandbox, worker):
    first = worker("--slices", 6)
    wait_until(lambda: slices(first) == 6, what="all slices")
    second = worker("--slices", "auto")
    wait_until(lambda: slices(first) == slices(second) == 3, seconds=30, what="three slices each")
    # The assignment of an index is random: 1 in 130,000 that all get the same worker.
    for day in range(1, 19):
        index(indexer, [alert(100 * day + n) for n in range(10)], f"wazuh-alerts-4.x-2025.07.{day:02}")
    wait_until(lambda: len(references(sandbox)) == 180, seconds=60, what="180 alerts")
    wait_until(lambda: taken(first) + taken(second) >= 180, seconds=30, what="metrics of 180 documents")
    assert taken(first) > 0 and taken(second) > 0
    first.kill()
    index(indexer, [alert(5000 + n) for n in range(25)], "wazuh-alerts-4.x-2025.07.20")
    wait_until(lambda: slices(second) == 6, seconds=40, what="the slices of the dead one")
    wait_until(lambda: len(references(sandbox)) == 205, seconds=40, what="205 alerts")
    assert len(set(references(sandbox))) == 205
    second.terminate()
    assert second.wait(timeout=40) == 0
    third = worker("--slices", "auto")  # does not wait for a released lease
    wait_until(lambda: slices(third) == 6, seconds=40, what="all slices at once")


def metric(process, name):
    path = process.home.path / "metrics/relay.prom"
    for line in path.read_text().splitlines() if path.exists() else []:
        if line.startswith(name + " "):
            return float(line.split()[1])
    return 0.0


def slices(process):
    return metric(process, "socbridge_follow_slices")


def taken(process):
    return metric(process, "socbridge_follow_documents_total")


def test_a_worker_that_slept_through_its_lease_makes_nothing_twice(indexer, sandbox, worker):
    first = worker()
    index(indexer, [alert(n) for n in range(20)])
    wait_until(lambda: len(references(sandbox)) == 20, seconds=30, what="20 alerts")
    first.send_signal(signal.SIGSTOP)
    second = worker()
    index(indexer, [alert(n) for n in range(20, 40)])
    wait_until(lambda: len(references(sandbox)) == 40, seconds=40, what="40 alerts")
    first.send_signal(signal.SIGCONT)
    index(indexer, [alert(n) for n in range(40, 60)])
    wait_until(lambda: len(references(sandbox)) == 60, seconds=40, what="60 alerts")
    time.sleep(0.5)
    assert len(set(references(sandbox))) == len(references(sandbox)) == 60
    assert second.poll() is None and first.poll() is None


def test_killed_again_and_again(indexer, sandbox, worker):
    """SIGKILL of a random worker of three while documents come in: each arrives once."""
    chance = random.Random(3)
    workers = [worker("--slices", 4) for _ in range(3)]
    for round_ in range(6):
        index(indexer, [alert(1000 * round_ + n) for n in range(100)], f"wazuh-alerts-4.x-2025.07.{10 + round_ % 3}")
        time.sleep(chance.uniform(0.1, 0.6))
        victim = chance.randrange(3)
        workers[victim].kill()
        workers[victim].wait()
        home = workers[victim].home
        # The next one on that machine delivers its spool.
        process = subprocess.Popen(
            [str(tool.BIN), "relay", "--from", f"indexer={indexer.url}", "--slices", "auto", "--metrics-file",
             str(home.path / "metrics/relay.prom"), *QUICK], env={**tool.BASE_ENV, **env(home)}, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        process.home, process.log = home, workers[victim].log
        workers[victim] = process
    try:
        wait_until(lambda: len(references(sandbox)) >= 600, seconds=60, what="600 alerts")
        time.sleep(0.5)
        assert len(set(references(sandbox))) == len(references(sandbox)) == 600
    finally:
        for process in workers:
            process.kill()
            process.wait()


def test_a_node_that_is_killed_costs_nothing(indexer, sandbox, worker):
    first = worker()
    index(indexer, [alert(n) for n in range(50)])
    wait_until(lambda: len(references(sandbox)) > 0, seconds=30, what="the first alert")
    indexer.kill()
    time.sleep(0.3)
    indexer.start()
    index(indexer, [alert(n) for n in range(50, 80)])
    wait_until(lambda: len(references(sandbox)) == 80, seconds=90, what="80 alerts")
    assert first.poll() is None


def test_mistakes(indexer, sandbox, home):
    assert once(home, indexer, sandbox, "--slices", 4).code == 0
    other = once(home, indexer, sandbox, "--slices", 8)
    assert other.code == 2 and "has 4 slices" in other.err, other
    assert once(home, indexer, sandbox, "--slice", "1/4").code == 0
    for words in (["--slice", "4/4"], ["--slice", "x"], ["--slices", "0"], ["--slices", "2", "--slice", "0/2"],
                  ["--lease", "never"], ["--checkpoint", "a b"]):
        wrong = once(home, indexer, sandbox, *words)
        assert wrong.code == 2, (words, wrong)
    file = tool.run("relay", "--from", "alerts.json", env=env(home))
    assert file.code == 2 and "indexer" in file.err, file
    gone = tool.run("relay", "--from", f"indexer=http://127.0.0.1:{free_port()}", "--once", env=env(home),
                    timeout=100)
    assert gone.code == 5, gone


def test_what_waits_is_delivered_without_the_indexer(indexer, sandbox, worker):
    port = free_port()
    first = worker(url=f"http://127.0.0.1:{port}", wait=False)
    put(first.home, 1)
    wait_until(lambda: len(references(sandbox)) == 1, seconds=40, what="the alert of the spool")
    assert first.poll() is None and "OpenSearch" in first.log.read_text()
