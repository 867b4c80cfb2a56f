# SPDX-License-Identifier: Apache-2.0
"""A real Prometheus fires each alert of packaging/prometheus on scraped metrics. The duration `for` is tested by
promtool (test_alert_rules.py) and removed here."""

import json
import re
import time

import pytest
import yaml

import prometheus
import servers
import tool
from alert_rows import FIRES, NOW, series_of
from health_sandbox import USERS
from metrics_service import Served
from monitoring import ALERTS, RULES_FILE


def rules_at_once(place):
    rules = yaml.safe_load(RULES_FILE.read_text())
    for group in rules["groups"]:
        for rule in group["rules"]:
            rule.pop("for", None)
    file = place / "rules.yml"
    file.write_text(yaml.safe_dump(rules))
    return file


def at(values, scrape):
    """The value of `A+BxN` or `AxN` at a scrape; a time that goes with the clock is that of now."""
    if values == NOW:
        return time.time()
    first, step = re.fullmatch(r"(-?\d+(?:\.\d+)?)(?:\+(\d+))?x\d+", values).groups()
    return float(first) + int(step or 0) * scrape


def phases():
    """Rows that can hold at the same time, without contradicting values of a series."""
    out = []
    for alert, series, values, labels, *_ in FIRES:
        wanted = series_of(series, values)
        if series == "up" or any(" " in one for one in wanted.values()):
            continue  # series that Prometheus writes itself, and those that take hours
        free = next((one for one in out if not set(one[0]) & set(wanted)), None)
        if free is None:
            free = ({}, [])
            out.append(free)
        free[0].update(wanted)
        free[1].append((alert, {name: value for name, value in labels.items() if name != "instance"}))
    return out


def firing(real):
    """(alert, its labels) of all that fire."""
    groups = json.loads(real.get("/api/v1/rules"))["data"]["groups"]
    return [(rule["name"], one["labels"]) for group in groups for rule in group["rules"] if rule["type"] == "alerting"
            for one in rule["alerts"] if one["state"] == "firing"]


def missing(real, wanted):
    found = firing(real)
    return [(alert, labels) for alert, labels in wanted
            if not any(name == alert and labels.items() <= its.items() for name, its in found)]


def wait_for(real, wanted, seconds=60):
    end = time.monotonic() + seconds
    while rest := missing(real, wanted):
        assert time.monotonic() < end, rest
        time.sleep(0.1)


def test_each_alert_fires(tmp_path):
    now = {"series": {}, "scrape": 0}

    def respond(_):
        now["scrape"] += 1
        lines = [f"{name} {at(values, now['scrape'])}\n" for name, values in now["series"].items()]
        return servers.answer(200, "".join(sorted(lines)), "text/plain; version=0.0.4")

    tried = phases()
    assert {alert for _, wanted in tried for alert, _ in wanted} == {rule["alert"] for rule in ALERTS}
    server = servers.Server(respond)
    real = prometheus.Prometheus(jobs={"soc": f"127.0.0.1:{server.port}"}, rule_file=rules_at_once(tmp_path))
    try:
        real.wait_until(lambda targets, _: targets and targets[0]["health"] == "up")
        for series, wanted in tried:
            now["series"] = series
            wait_for(real, wanted)
    finally:
        real.close()
        server.close()


@pytest.fixture
def sick(tmp_path):
    """An indexer and a manager with one defect of each kind."""
    data = {
        "opensearch": {"unassigned_shards": 3, "other_shards": 950, "indices": [
            {"name": "wazuh-alerts-4.x-{today}", "docs": 5, "age_s": 7200},
            {"name": "wazuh-statistics-2026.48w", "docs": 9, "age_s": 60}], "statistics": [
                {"nodeName": "w1", "analysisd": {"event_queue_usage": 0.97}}, {"nodeName": "w2", "analysisd": {}}]}}
    files = {}
    for product, facts in data.items():
        files[product] = tmp_path / f"{product}.json"
        files[product].write_text(json.dumps(facts))
    with tool.Sandbox("opensearch", "wazuh", data=files) as sandbox:
        yield sandbox


def test_what_the_exporter_serves_fires(sick, tmp_path):
    env = {**sick.env(), **USERS, "SOCCTL_CORTEX_URL": "http://127.0.0.1:1", "SOCCTL_CORTEX_KEY": "k"}
    with Served(env, "--interval", "200ms") as served:
        served.wait_ready()
        real = prometheus.Prometheus(jobs={"soc": served.url.removeprefix("http://")}, rule_file=rules_at_once(tmp_path))
        try:
            real.wait_until(lambda targets, _: targets and targets[0]["health"] == "up")
            wait_for(real, [("SocNotCounted", {"product": "cortex"}), ("SocIndexerStale", {}), ("SocShardsUnassigned", {}),
                            ("SocShardsNearLimit", {}), ("SocWazuhQueueFull", {"node": "w1", "queue": "others"})])
            assert ("SocNotCounted", "thehive") not in [(name, its.get("product")) for name, its in firing(real)]
        finally:
            real.close()
