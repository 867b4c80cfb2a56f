# SPDX-License-Identifier: Apache-2.0
"""The alerts of packaging/prometheus: each fires when it should and not before, and names its documentation."""

import re
import subprocess

import pytest
import yaml

import prometheus
from alert_rows import FIRES, series_of
from monitoring import ALERTS, PACKAGING, RECORDS, RULES, RULES_FILE, SOURCE


def promtool(*args):
    run = subprocess.run([prometheus.PROMTOOL, *map(str, args)], capture_output=True, text=True, timeout=60)
    return run.returncode, run.stdout + run.stderr


def test_promtool_takes_the_rules_and_the_example():
    for check in (("check", "rules", RULES_FILE),
                  ("check", "config", PACKAGING / "prometheus/prometheus.yml")):
        code, said = promtool(*check)
        assert code == 0, said


def alerts_of(tmp_path, series, alert, expected):
    # The others would only be evaluated 240 times without effect; recorded series may be read by
    # others.
    rules = tmp_path / "rules.yml"
    rules.write_text(yaml.safe_dump({"groups": [{"name": "tried", "rules": [
        rule for rule in RULES if rule.get("alert", alert) == alert]}]}))
    test = {"rule_files": [str(rules)], "evaluation_interval": "1m",
            "tests": [{"interval": "1m", "input_series": [{"series": name, "values": v} for name, v in series.items()],
                       "alert_rule_test": [{"eval_time": "4h", "alertname": alert, "exp_alerts": expected}]}]}
    file = tmp_path / "test.yml"
    file.write_text(yaml.safe_dump(test))
    return promtool("test", "rules", file)


@pytest.mark.parametrize("row", FIRES, ids=[f"{row[0]}-{i}" for i, row in enumerate(FIRES)])
def test_each_alert_fires_and_is_silent_when_all_is_well(tmp_path, row):
    alert, series, values, labels, *well = row
    # promtool prints firing alerts, because none is expected here.
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


def test_every_alert_names_a_section_of_the_operations_page():
    page = (SOURCE / "docs/operations.md").read_text()
    sections = {heading.lower(): body for heading, body in re.findall(r"^### (\w+)\n\n(.+?)(?=\n\n)", page, re.M | re.S)}
    for rule in ALERTS:
        path, _, anchor = rule["annotations"]["runbook"].partition("#")
        assert path == "docs/operations.md" and anchor == rule["alert"].lower() and len(sections[anchor]) > 60, rule["alert"]


def test_the_records_are_what_they_say(tmp_path):
    hist = "socbridge_thehive_%s_seconds%s"
    series = {
        'socbridge_delivery_alerts_total{result="created"}': "0+60x300",
        'socbridge_thehive_new_alerts_total{severity="high"}': "0+36x300",
        hist % ("alert_first_look", "_sum"): "0+600x300", hist % ("alert_first_look", "_count"): "0+1x300",
        hist % ("case_resolution", "_sum"): "0+7200x300", hist % ("case_resolution", "_count"): "0+2x300",
        hist % ("alert_arrival", '_bucket{le="1"}'): "0+100x300", hist % ("alert_arrival", '_bucket{le="+Inf"}'): "0+100x300"}
    values = {"socbridge:delivery_alerts:rate5m": ('{result="created"}', 1), "socbridge:new_alerts:rate1h": ('{severity="high"}', 0.6),
              "socbridge:alert_arrival_seconds:p95_1h": ("{}", 0.95), "socbridge:alert_first_look_seconds:mean7d": ("{}", 600),
              "socbridge:case_resolution_seconds:mean7d": ("{}", 3600)}
    assert values.keys() == {rule["record"] for rule in RECORDS}
    tests = [{"expr": name, "eval_time": "4h", "exp_samples": [{"labels": name + labels, "value": value}]}
             for name, (labels, value) in values.items()]
    file = tmp_path / "test.yml"
    file.write_text(yaml.safe_dump({
        "rule_files": [str(RULES_FILE)], "evaluation_interval": "1m",
        "tests": [{"interval": "1m", "input_series": [{"series": name, "values": v} for name, v in series.items()],
                   "promql_expr_test": tests}]}))
    code, said = promtool("test", "rules", file)
    assert code == 0, said


def test_the_copies_for_kubernetes_are_current():
    run = subprocess.run([SOURCE / "scripts/copy-rules", "--check"], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stdout + run.stderr
