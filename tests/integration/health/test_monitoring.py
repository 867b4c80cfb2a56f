# SPDX-License-Identifier: Apache-2.0
"""The dashboards of packaging/: they use only emitted metrics, have a form that Grafana accepts, and data in each
panel."""

import json
import re
import subprocess
import urllib.parse

import pytest
import yaml
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models import dashboard as grafana

import prometheus
import servers
import tool
from health_sandbox import with_data
from integratord import AS_ROOT
from monitoring import (DASHBOARDS, PACKAGING, RECORDS, RULES_FILE, SOURCE, EmittingSoc, expressions, matchers_in, metrics_in,
                        samples, substituted, targets)

DASHBOARD = DASHBOARDS["socbridge"]  # the one that socctl health searches
VARIABLES = {"prometheus": "${datasource}", "grafana-opensearch-datasource": "${opensearch}"}

pytestmark = pytest.mark.skipif(not AS_ROOT, reason="the files of the manager must belong to root")


@pytest.fixture(scope="module")
def soc(tmp_path_factory):
    made = EmittingSoc(tmp_path_factory.mktemp("soc"))
    yield made
    made.close()


def test_each_metric_is_one_that_we_emit(soc):
    ours, recorded = set(samples(soc.after)), {rule["record"] for rule in RECORDS}
    for where, expression in expressions():
        assert metrics_in(expression) and metrics_in(expression) <= ours | recorded, where
    # And all that we emit is shown somewhere.
    used = {metric for _, expression in expressions() for metric in metrics_in(expression)}
    whole = {re.sub("_(bucket|sum|count)$", "", metric) for metric in used}
    assert {metric for metric in ours - used if re.sub("_(bucket|sum|count)$", "", metric) not in whole} == set()
    assert recorded <= used


def test_each_matcher_fits_something(soc):
    found = samples(soc.after)
    for where, expression in expressions():
        for metric, matchers in matchers_in(expression):
            for label, alternatives in matchers.items():
                for one in alternatives:
                    rest = {name: "|".join(texts) for name, texts in matchers.items() if name not in (label, "state")}
                    assert any(re.fullmatch(one, labels[label]) and
                               all(re.fullmatch(texts, labels[name]) for name, texts in rest.items())
                               for labels in found[metric]), f"{where}: {label}={one}"


def test_the_words_are_read_as_meant():
    assert metrics_in('max by (check) (a_b{c="d"}[$__range:5m]) > 0 or absent(e:f:g)') == {"a_b", "e:f:g"}


def survives(ours, theirs, path=""):
    """Every written member is known to Grafana's own types, which drop unknown ones."""
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
def test_the_panels_do_not_overlap_and_read_the_variables(name):
    taken, board = set(), DASHBOARDS[name]
    known = {one["name"]: one for one in board["templating"]["list"] if one["type"] == "datasource"}
    for panel in board["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken and max(x for x, _ in cells) < 24, panel["title"]
        taken |= cells
        source = panel["datasource"]
        assert source["uid"] == VARIABLES[source["type"]] and known[source["uid"][2:-1]]["query"] == source["type"]
        assert all(target["datasource"] == source for target in panel["targets"])
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    assert len({panel["title"] for panel in board["panels"]}) == len(board["panels"])


def test_each_dashboard_has_a_name_of_its_own():
    assert len({board["uid"] for board in DASHBOARDS.values()}) == len(DASHBOARDS) == 5
    # Another one with its tag would be mistaken for it.
    assert [name for name, board in DASHBOARDS.items() if set(board["tags"]) & set(DASHBOARD["tags"])] == ["socbridge"]


def test_the_dashboards_are_made_of_their_source():
    run = subprocess.run([SOURCE / "scripts/dashboards/build", "--check"], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stdout + run.stderr


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
    # A secret is read from a file and not written here.
    for source in sources:
        assert all(text.startswith("$__file{") for text in source.get("secureJsonData", {}).values())


def test_the_metrics_pass_promtool(soc):
    assert prometheus.check_metrics(soc.after) == ""


def test_a_real_prometheus_answers_every_panel(soc):
    """With the rules loaded, while the counters go from `before` to `after`."""
    texts = [soc.before]
    server = servers.Server(lambda request: servers.answer(200, texts[-1], "text/plain; version=0.0.4"))
    real = prometheus.Prometheus(jobs={"soc": f"127.0.0.1:{server.port}"}, rule_file=RULES_FILE)

    def result(expression):
        query = urllib.parse.quote(expression)
        answer = json.loads(real.get(f"/api/v1/query?query={query}"))
        assert answer["status"] == "success", expression
        return [one for one in answer["data"]["result"] if one["value"][1] != "NaN"]

    try:
        real.wait_until(lambda targets, rules: targets and targets[0]["health"] == "up" and
                        all(rule["health"] == "ok" for rule in rules))
        texts.append(soc.after)
        for panel, target in targets("prometheus"):
            expression = substituted(target["expr"]).replace("1h:5m", "1m:1s")
            # Panels cover several scrapes, because on a busy machine a scrape may be late.
            tool.wait_until(lambda expression=expression: result(expression), 30, f"{panel['title']}: {expression}")
    finally:
        real.close()
        server.close()
