# SPDX-License-Identifier: Apache-2.0
"""The dashboards and the alerts of packaging/: only of what socctl emits, and of a shape that Grafana and Prometheus take."""

import json
import os
import re
import shutil
import subprocess
import time
import urllib.parse
from pathlib import Path

import pytest
import yaml
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models import dashboard as grafana

import live_stream
import prometheus
import servers
import spooled
import tool
from cluster import RIGHTS, kubeconfig
from conftest import make_alert
from health_sandbox import USERS, with_data
from integratord import AS_ROOT, new_home
from wazuh_manager import configure

PACKAGING = Path(os.environ["SOCBRIDGE_SOURCE_DIR"]) / "packaging"
DASHBOARDS = {path.stem: json.loads(path.read_text()) for path in sorted((PACKAGING / "grafana").glob("*.json"))}
DASHBOARD = DASHBOARDS["socbridge"]  # the one that socctl health looks for
PANELS = [panel for one in DASHBOARDS.values() for panel in one["panels"]]
RULES = yaml.safe_load((PACKAGING / "prometheus/socbridge.rules.yml").read_text())
ALERTS = [rule for group in RULES["groups"] for rule in group["rules"]]
WORDS = {"time", "max", "count", "vector", "absent", "avg_over_time", "sort_desc", "or", "and", "unless", "by", "on", "min",
         "sum", "rate", "increase", "histogram_quantile"}

pytestmark = pytest.mark.skipif(not AS_ROOT, reason="the files of the manager must belong to root")


def substituted(expression):
    return expression.replace("$component", ".*").replace("$__range", "1h")


def expressions():
    """(where, PromQL) of each panel, variable and alert."""
    out = [(panel["title"], substituted(target["expr"])) for panel in PANELS for target in panel["targets"]]
    return out + [(rule["alert"], rule["expr"]) for rule in ALERTS]


def metrics_in(expression):
    bare = re.sub(r'"[^"]*"', "", expression)
    bare = re.sub(r"\b(by|on)\s*\([^)]*\)|\{[^}]*\}|\[[^]]*\]", " ", bare)
    return {word for word in re.findall(r"[a-zA-Z_:][\w:]*", bare)} - WORDS


def matchers_in(expression):
    """(metric, {label: alternatives}) of each selector; `.*` alone chooses nothing."""
    for metric, inside in re.findall(r"(socbridge_\w+)\{([^}]*)\}", expression):
        pairs = re.findall(r'(\w+)=~?"([^"]*)"', inside)
        yield metric, {label: text.split("|") for label, text in pairs if text != ".*"}


def samples(text):
    """{metric: [labels]} of the exposition format."""
    out = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, inside = re.match(r"(\w+)(?:\{(.*)\})? ", line).groups()
            out.setdefault(name, []).append(dict(re.findall(r'(\w+)="([^"]*)"', inside or "")))
    return out


@pytest.fixture(scope="module")
def emitted(tmp_path_factory):
    """What socctl writes of a SOC that has everything, with one flaw."""
    place = tmp_path_factory.mktemp("soc")
    (place / "rules.json").write_text(json.dumps({"rules": RIGHTS}))
    (place / "prometheus.json").write_text(json.dumps({"rules": []}))
    products = ("cortex", "opencti", "opensearch", "grafana", "wazuh", "prometheus", "kubernetes")
    data = {"kubernetes": place / "rules.json", "prometheus": place / "prometheus.json"}
    home = new_home()
    home.write("etc/thehive.key", "k3y-0123456789\n")
    configure(home)
    with tool.Sandbox(*products, data=data) as sandbox:
        live_stream.Platform(sandbox).publish(live_stream.event(live_stream.indicator("[ipv4-addr:value = '1.2.3.4']")))
        tool.run("cortex", "submit", "8.8.8.8", "--analyzer", "MaxMind_GeoIP", "--wait", "--quota-dir", place / "q",
                 env=sandbox.env())
        env = {**USERS, **sandbox.env(), "SOCBRIDGE_WAZUH_HOME": str(home.path), "SOCCTL_JOBS_DIRECTORY": str(place),
               "SOCCTL_JOBS_KUBECONFIG": kubeconfig(place, sandbox.urls["kubernetes"])}
        assert home.run(make_alert(), key=sandbox.key, url=sandbox.url).code == 0  # makes the spool
        health = tool.run("health", "-o", "prometheus", env=env).out
        spooled.configure(home, sandbox.url)
        spooled.put(home)
        spooled.put(home, state="hold")
        relay = spooled.shared_folder(home) / "relay.prom"
        assert tool.run("relay", "--once", "--metrics-file", relay, env=env).code == 0
        spooled.put(home, 2)
        queue = tool.run("queue", "stats", "-o", "prometheus", env=env).out
        yield health + relay.read_text() + queue
    shutil.rmtree(home.path)


def test_each_metric_is_one_that_we_emit(emitted):
    ours = set(samples(emitted))
    for where, expression in expressions():
        assert metrics_in(expression) and metrics_in(expression) <= ours, where
    # And all that we emit is shown somewhere.
    assert ours == {metric for _, expression in expressions() for metric in metrics_in(expression)}


def test_each_matcher_fits_something(emitted):
    found = samples(emitted)
    for where, expression in expressions():
        for metric, matchers in matchers_in(expression):
            for label, alternatives in matchers.items():
                for one in alternatives:
                    rest = {name: "|".join(texts) for name, texts in matchers.items() if name not in (label, "state")}
                    assert any(re.fullmatch(one, labels[label]) and
                               all(re.fullmatch(texts, labels[name]) for name, texts in rest.items())
                               for labels in found[metric]), f"{where}: {label}={one}"


def test_the_words_are_read_as_meant():
    assert metrics_in('max by (check) (a_b{c="d"}[$__range:5m]) > 0 or absent(e)') == {"a_b", "e"}


def survives(ours, theirs, path=""):
    """Every member that we wrote is known to Grafana's own types, which drop what they do not know."""
    if isinstance(ours, dict):
        for key, value in ours.items():
            assert isinstance(theirs, dict) and key in theirs, f"{path}.{key}"
            survives(value, theirs[key], f"{path}.{key}")
    elif isinstance(ours, list):
        assert len(ours) == len(theirs), path
        for i, value in enumerate(ours):
            survives(value, theirs[i], f"{path}[{i}]")
    else:
        assert ours == theirs, path


@pytest.mark.parametrize("name", DASHBOARDS)
def test_the_dashboard_has_the_shape_that_grafana_wants(name):
    register_default_plugins()
    board = DASHBOARDS[name]
    read = grafana.Dashboard.from_json(json.loads(json.dumps(board)))
    survives(board, json.loads(JSONEncoder().encode(read)))
    bogus = json.loads(json.dumps(board))
    bogus["panels"][0]["gridPos"]["width"] = 4
    with pytest.raises(AssertionError):
        survives(bogus, json.loads(JSONEncoder().encode(grafana.Dashboard.from_json(bogus))))


@pytest.mark.parametrize("name", DASHBOARDS)
def test_the_panels_do_not_overlap_and_read_the_variable(name):
    taken = set()
    for panel in DASHBOARDS[name]["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken and max(x for x, _ in cells) < 24, panel["title"]
        taken |= cells
        assert panel["datasource"]["uid"] == "${datasource}"
        assert {target["datasource"]["uid"] for target in panel["targets"]} == {"${datasource}"}
    assert len({panel["id"] for panel in DASHBOARDS[name]["panels"]}) == len(DASHBOARDS[name]["panels"])


def test_each_dashboard_has_a_name_of_its_own():
    assert len({board["uid"] for board in DASHBOARDS.values()}) == len(DASHBOARDS)
    # Another one with its tag would be taken for it.
    assert [name for name, board in DASHBOARDS.items() if set(board["tags"]) & set(DASHBOARD["tags"])] == ["socbridge"]


@pytest.mark.parametrize("board,state", [
    ({"uid": DASHBOARD["uid"], "tags": []}, "ok"), ({"uid": "x1", "tags": DASHBOARD["tags"]}, "ok"),
    ({"uid": "x1", "tags": ["soc"]}, "degraded")])
def test_the_probe_finds_this_dashboard(tmp_path, board, state):
    with with_data(tmp_path, "grafana", {"dashboards": [{**board, "title": DASHBOARD["title"]}]}) as sandbox:
        [report] = tool.run("health", "grafana", "-o", "json", env=sandbox.env()).json()["components"]
    assert [one["state"] for one in report["checks"] if one["check"] == "own dashboards"] == [state]


def test_provisioning_leads_to_the_dashboard():
    folder = PACKAGING / "grafana/provisioning"
    [provider] = yaml.safe_load((folder / "dashboards/socbridge.yaml").read_text())["providers"]
    sources = yaml.safe_load((folder / "datasources/socbridge.yaml").read_text())["datasources"]
    readme = (PACKAGING / "grafana/README.md").read_text()
    assert provider["type"] == "file" and all(f"{provider['options']['path']}/{name}.json" in readme for name in DASHBOARDS)
    assert {source["type"] for source in sources} >= {"prometheus", "grafana-opensearch-datasource"}
    # A secret is read from a file, it does not stand here.
    for source in sources:
        assert all(text.startswith("$__file{") for text in source.get("secureJsonData", {}).values())


def promtool(*args):
    run = subprocess.run([prometheus.PROMTOOL, *map(str, args)], capture_output=True, text=True, timeout=60)
    return run.returncode, run.stdout + run.stderr


def test_promtool_takes_the_rules_and_the_example():
    for check in (("check", "rules", PACKAGING / "prometheus/socbridge.rules.yml"),
                  ("check", "config", PACKAGING / "prometheus/prometheus.yml")):
        code, said = promtool(*check)
        assert code == 0, said


def test_the_metrics_pass_promtool(emitted):
    assert prometheus.check_metrics(emitted) == ""


CHECK = "socbridge_health_check_severity"
TOOK = "socbridge_relay_delivery_seconds"
NOW = "0+60x300"  # a time that goes with the clock
FIRES = [
    # alert, what is so for hours, labels of the alert, and what is so when all is well (else: 0)
    ("SocHealthOutdated", "socbridge_health_last_run_timestamp_seconds", "0x300", {}),
    ("SocHealthOutdated", "up", "1x300", {}),
    ("SocPartDown", 'socbridge_health_component_state{component="cortex",state="down"}', "1x300", {"component": "cortex"}),
    ("SocPartDegraded", 'socbridge_health_component_state{component="x",state="degraded"}', "1x300", {"component": "x"}),
    ("SocPartSlow", 'socbridge_health_answer_seconds{component="thehive"}', "3x300", {"component": "thehive"}),
    ("SocAlertsWait", CHECK + '{component="wazuh",check="spool queue"}', "2x300", {"check": "spool queue"}),
    ("SocAlertsRefused", CHECK + '{component="wazuh",check="spool dead"}', "2x300", {"check": "spool dead"}),
    ("SocJobsFail", CHECK + '{component="cortex",check="job folder"}', "3x300", {"check": "job folder"}),
    ("SocFeedStale", CHECK + '{component="opencti",check="feed mitre"}', "2x300", {"check": "feed mitre"}),
    ("SocIndexStale", CHECK + '{component="opensearch",check="alerts index"}', "2x300", {"check": "alerts index"}),
    ("SocIndexStale", CHECK + '{component="opensearch",check="writes"}', "3x300", {"check": "writes"}),
    ("SocIndexStale", CHECK + '{component="opensearch",check="shards"}', "2x300", {"check": "shards"}),
    ("SocRelayGone", 'socbridge_relay_last_update_timestamp_seconds{instance="m1"}', "0x300", {"instance": "m1"}, NOW),
    ("SocTheHiveBlocked", 'socbridge_relay_destinations_blocked{reason="key_refused"}', "1x300", {"reason": "key_refused"}),
    ("SocSpoolFails", 'socbridge_relay_spool_errors_total{instance="m1"}', "0+1x300", {"instance": "m1"}),
    ("SocSpoolFails", 'socbridge_relay_held_by_others{instance="m1"}', "2x300", {"instance": "m1"}),
    ("SocDeliveryLate", None, {TOOK + "_sum": "0+24060x300", TOOK + "_count": "0+60x300"}, {},
     {TOOK + "_sum": "0+60x300", TOOK + "_count": "0+60x300"}),
    ("SocQueueStatsOutdated", 'socbridge_queue_last_update_timestamp_seconds{instance="m1"}', "0x300", {"instance": "m1"}, NOW),
]


def alerts_of(tmp_path, series, alert, expected):
    test = {"rule_files": [str(PACKAGING / "prometheus/socbridge.rules.yml")], "evaluation_interval": "1m",
            "tests": [{"interval": "1m", "input_series": [{"series": name, "values": v} for name, v in series.items()],
                       "alert_rule_test": [{"eval_time": "4h", "alertname": alert, "exp_alerts": expected}]}]}
    file = tmp_path / "test.yml"
    file.write_text(yaml.safe_dump(test))
    return promtool("test", "rules", file)


def series_of(series, values):
    return values if isinstance(values, dict) else {series: values}


@pytest.mark.parametrize("row", FIRES, ids=[f"{row[0]}-{i}" for i, row in enumerate(FIRES)])
def test_each_alert_fires_and_is_silent_when_all_is_well(tmp_path, row):
    alert, series, values, labels, *well = row
    # promtool prints what fires, since none is expected here.
    code, said = alerts_of(tmp_path, series_of(series, values), alert, [])
    assert code != 0 and f'alertname="{alert}"' in said, said
    for name, value in labels.items():
        assert f'{name}="{value}"' in said
    if alert != "SocHealthOutdated":
        code, said = alerts_of(tmp_path, series_of(series, well[0] if well else "0x300"), alert, [])
        assert code == 0, said


def test_every_alert_is_tried():
    assert {row[0] for row in FIRES} == {rule["alert"] for rule in ALERTS}
    assert all({"summary", "description"} <= set(rule["annotations"]) and rule["labels"]["severity"] for rule in ALERTS)


def test_a_real_prometheus_answers_every_panel(emitted):
    server = servers.Server(lambda request: servers.answer(200, emitted, "text/plain; version=0.0.4"))
    real = prometheus.Prometheus(jobs={"soc": f"127.0.0.1:{server.port}"})
    try:
        real.wait_until(lambda targets, rules: targets and targets[0]["health"] == "up")
        time.sleep(2.5)  # panels look back
        for panel in PANELS:
            for target in panel["targets"]:
                query = urllib.parse.quote(substituted(target["expr"]).replace("1h:5m", "1m:1s"))
                answer = json.loads(real.get(f"/api/v1/query?query={query}"))
                assert answer["status"] == "success" and answer["data"]["result"], panel["title"]
    finally:
        real.close()
        server.close()
