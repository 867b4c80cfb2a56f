# SPDX-License-Identifier: Apache-2.0
"""The exact number of requests of a poll, whatever the amount of data. Size and time of the process are measured with
release executables: release/test_static_metrics.py and tests/bench/metrics."""

import collections
import json
import urllib.request

import pytest

import prometheus
import tool
from health_sandbox import USERS
from integratord import AS_ROOT
from large_thehive import write_state
from metrics_service import NOTHING, Served, samples
from request_counter import RequestCounter


def looks(seen):
    """The requests of each poll: TheHive first, at first with its version."""
    out = []
    for one in seen:
        if one[0] == "thehive" and one[1] == "GET":
            out.append([])
        out[-1].append(one)
    return out


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    path = tmp_path_factory.mktemp("large") / "state"
    made = write_state(path, alerts=2500, cases=300)
    with tool.Sandbox("cortex", "opencti", "opensearch", state=path) as sandbox:
        yield sandbox, made


def test_no_look_takes_more_than_twenty_requests(large):
    sandbox, made = large
    with RequestCounter(sandbox) as counter:
        with Served({**counter.env, **USERS}, "--interval", "300ms") as served:
            served.wait_ready()
            filled = len(looks(counter.seen))
            tool.wait_until(lambda: len(looks(counter.seen)) > filled + 3, what="more looks")
            got = samples(served.get("/metrics")[2])
        costs = [collections.Counter(product for product, _, _ in look) for look in looks(counter.seen)]
    # The last one may be incomplete, and in the first the lists have only their newest page.
    assert {tuple(sorted(cost.items())) for cost in costs[:-1]} == {
        (("cortex", 2), ("opencti", 2), ("opensearch", 3), ("thehive", 10))}
    assert sum(costs[0].values()) == 17 and filled <= 14
    severities = collections.Counter(one["severity"] for one in made["alert"])
    assert got["socbridge_thehive_alerts_by_severity"] == {
        name: severities[level] for level, name in enumerate(["low", "medium", "high", "critical"], 1)}
    assert sum(got["socbridge_thehive_open_cases_by_owner"].values()) == sum(
        one["stage"] != "Closed" for one in made["case"])
    assert got["socbridge_thehive_observables_by_type"]["ip"] == sum(
        one["dataType"] == "ip" for one in made["observable"])


def test_the_api_of_wazuh_takes_its_requests_from_those_of_thehive(tmp_path):
    path = tmp_path / "state"
    write_state(path, alerts=500, cases=50)
    with tool.Sandbox("cortex", "opencti", "opensearch", "wazuh", state=path) as sandbox, RequestCounter(sandbox) as counter:
        with Served({**counter.env, **USERS}, "--interval", "300ms") as served:
            served.wait_ready()
            filled = len(looks(counter.seen))
            tool.wait_until(lambda: len(looks(counter.seen)) > filled + 2, what="more looks")
        costs = [collections.Counter(product for product, _, _ in look) for look in looks(counter.seen)]
    assert {tuple(sorted(cost.items())) for cost in costs[:-1]} == {
        (("cortex", 2), ("opencti", 2), ("opensearch", 3), ("thehive", 8), ("wazuh", 3))}


def write(file, env):
    result = tool.run("metrics", "write", file, env={**NOTHING, **env, **USERS})
    assert (result.code, result.err) == (0, "")
    return samples(result.out if file == "-" else file.read_text())


def test_a_single_run_asks_each_question_once(large):
    sandbox, made = large
    with RequestCounter(sandbox) as counter:
        got = write("-", counter.env)
        asked = collections.Counter(product for product, _, _ in counter.seen)
    questions = asked.pop("thehive") - 4
    assert asked == {"cortex": 2, "opencti": 2, "opensearch": 3}
    # 56, one for each source among the newest alerts and for the others, the same of owners of the cases changed last.
    assert questions == 56 + 5 + 6
    assert sum(got["socbridge_thehive_alerts_by_source"].values()) == len(made["alert"])


def create_alert(sandbox):
    alert = {"type": "t", "source": "wazuh", "sourceRef": "new", "title": "t", "description": "d", "severity": 4, "tags": ["wazuh", "vpn"]}
    request = urllib.request.Request(sandbox.url + "/api/v1/alert", json.dumps(alert).encode(), {
        "Authorization": f"Bearer {tool.KEY}", "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=20):
        pass


def test_runs_after_the_first_have_the_bound_of_a_look(large, tmp_path):
    """The state is in the file: a run continues with the oldest answers, and counts changes since the last run."""
    sandbox, made = large
    file = tmp_path / "soc.prom"
    with RequestCounter(sandbox) as counter:
        got = [write(file, counter.env)]
        assert len(counter.seen) > 60
        create_alert(sandbox)
        for _ in range(13):  # 67 questions, six with each run
            counter.seen.clear()
            got.append(write(file, counter.env))
            assert len(counter.seen) <= 20, counter.seen
    severities = collections.Counter(one["severity"] for one in made["alert"])
    new = {"low": 0, "medium": 0, "high": 0, "critical": 1}
    assert not any(got[0]["socbridge_thehive_new_alerts_total"].values())
    assert [one["socbridge_thehive_new_alerts_total"] for one in got[1:]] == [new] * 13
    assert got[1]["socbridge_thehive_new_alerts_by_rule_group_total"] == {"vpn": 1}
    before, after = (one["socbridge_thehive_alerts_by_severity"]["critical"] for one in (got[0], got[-1]))
    assert (before, after) == (severities[4], severities[4] + 1)
    assert set(got[0]) <= set(got[-1])
    assert prometheus.check_metrics(file.read_text()) == ""


@pytest.mark.skipif(not AS_ROOT, reason="the spool must belong to user wazuh")
def test_root_goes_on_from_a_file_that_only_root_can_read(home, large, tmp_path):
    """The counts are those of user wazuh then, the file is root's."""
    sandbox, _ = large
    tmp_path.chmod(0o700)
    file = tmp_path / "soc.prom"
    with RequestCounter(sandbox) as counter:
        env = {**counter.env, "SOCBRIDGE_WAZUH_HOME": str(home.path)}
        write(file, env)
        counter.seen.clear()
        write(file, env)
        assert 0 < len(counter.seen) <= 20


def test_a_file_that_others_can_change_is_not_trusted(large, tmp_path):
    sandbox, _ = large
    file = tmp_path / "soc.prom"
    env = {**NOTHING, **sandbox.env(), **USERS}
    assert tool.run("metrics", "write", file, env=env).err == ""
    file.chmod(0o666)
    again = tool.run("metrics", "write", file, env=env)
    assert again.code == 0 and "start again" in again.err and again.err.count("\n") == 1
    assert file.stat().st_mode & 0o777 == 0o644
    assert tool.run("metrics", "write", file, env=env).err == ""
