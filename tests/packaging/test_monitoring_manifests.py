# SPDX-License-Identifier: Apache-2.0
"""packaging/kubernetes/monitoring: the scraped targets exist, and Prometheus accepts the rules."""

import subprocess

import yaml

import manifests
import prometheus

OBJECTS = manifests.documents("monitoring")
RULES = OBJECTS["PrometheusRule", "socbridge"]["spec"]
SHIPPED = {group["name"]: group for group in
           yaml.safe_load((manifests.ROOT.parent / "prometheus/socbridge.rules.yml").read_text())["groups"]}


def test_the_monitor_finds_the_services():
    spec = OBJECTS["ServiceMonitor", "socbridge"]["spec"]
    services = {key[1]: one for key, one in manifests.documents("socbridge").items() if key[0] == "Service"}
    assert services.keys() == {"metrics", "receive"}
    [endpoint] = spec["endpoints"]
    for service in services.values():
        assert spec["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()
        assert endpoint["port"] in {port["name"] for port in service["spec"]["ports"]}
        assert service["metadata"]["namespace"] == OBJECTS["ServiceMonitor", "socbridge"]["metadata"]["namespace"]


def test_the_pod_monitor_finds_what_has_no_service():
    spec = OBJECTS["PodMonitor", "socbridge"]["spec"]
    [choice] = spec["selector"]["matchExpressions"]
    [endpoint] = spec["podMetricsEndpoints"]
    deployments = {key[1]: one["spec"]["template"] for key, one in manifests.documents("socbridge").items()
                   if key[0] == "Deployment"}
    services = {key[1] for key in manifests.documents("socbridge") if key[0] == "Service"}
    assert set(choice["values"]) == {name for name, pod in deployments.items()
                                     if name not in services and pod["spec"]["containers"][0].get("ports")}
    for name in choice["values"]:
        assert deployments[name]["metadata"]["labels"][choice["key"]] == name
        assert endpoint["port"] in {port["name"] for port in deployments[name]["spec"]["containers"][0]["ports"]}


def promtool(*args):
    return subprocess.run([prometheus.PROMTOOL, *map(str, args)], capture_output=True, text=True, timeout=60)


def test_the_rules_are_those_that_are_shipped():
    groups = {group["name"]: group for group in RULES["groups"]}
    # Health and reconcile are jobs there, whose metrics are not scraped.
    assert SHIPPED.keys() - groups.keys() == {"socbridge-health", "socbridge-flow", "socbridge-reconcile"}
    assert groups.keys() - SHIPPED.keys() == {"socbridge-jobs"}
    for name in groups.keys() & SHIPPED.keys():
        assert groups[name] == SHIPPED[name]


def test_the_rules_fire_for_jobs_that_fail(tmp_path):
    (tmp_path / "rules.yml").write_text(yaml.safe_dump(RULES))
    checked = promtool("check", "rules", tmp_path / "rules.yml")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    jobs = manifests.documents("socbridge")
    for alert, job in (("SocHealthJobFails", "health"), ("SocReconcileJobFails", "reconcile")):
        assert ("CronJob", job) in jobs
        series = f'kube_cronjob_status_last_successful_time{{namespace="socbridge",cronjob="{job}"}}'
        for values, fires in (("0x300", True), ("0+60x300", False)):
            (tmp_path / "test.yml").write_text(yaml.safe_dump({
                "rule_files": ["rules.yml"], "evaluation_interval": "1m",
                "tests": [{"interval": "1m", "input_series": [{"series": series, "values": values}],
                           "alert_rule_test": [{"eval_time": "4h", "alertname": alert, "exp_alerts": []}]}]}))
            tested = promtool("test", "rules", tmp_path / "test.yml")
            assert (tested.returncode != 0) == fires, tested.stdout + tested.stderr
