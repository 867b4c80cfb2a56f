# SPDX-License-Identifier: Apache-2.0
"""The chart packaging/helm/socbridge: `helm template` renders the same objects as kustomize of packaging/kubernetes."""

import copy
import json
import re

import jsonschema
import kubernetes_validate
import pytest
import yaml

import charts
import kustomized
import manifests
from charts import CHART, helm, needs_helm, render
from test_manifests import VERSIONS

VALUES = yaml.safe_load((CHART / "values.yaml").read_text())
SCHEMA = json.loads((CHART / "values.schema.json").read_text())
EVERYTHING = {
    "image": {"digest": "sha256:" + "0" * 64, "pullPolicy": "Always"}, "imagePullSecrets": [{"name": "registry"}],
    "receive": {"replicas": 3, "tls": True, "storage": {"class": "fast"}}, "stream": {"args": ["--min-score=50"]},
    "manager": {"enabled": True}, "nodeSelector": {"kubernetes.io/arch": "amd64"},
    "tolerations": [{"key": "soc", "operator": "Exists"}], "podAnnotations": {"example.org/team": "soc"},
    "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [
        {"matchExpressions": [{"key": "soc", "operator": "Exists"}]}]}}},
    "networkPolicy": {"senders": [], "scrapers": [], "egressPorts": []}}
OF_HELM = {"app.kubernetes.io/managed-by", "helm.sh/chart"}


def plain(one):
    """Without Helm's additions, and with lists in the same form."""
    one = copy.deepcopy(one)
    labels = {name: value for name, value in one["metadata"].pop("labels", {}).items() if name not in OF_HELM}
    one["metadata"].pop("annotations", None)
    return {**one, "labels": labels}


def test_the_default_values_fit_their_schema():
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    jsonschema.Draft7Validator(SCHEMA).validate(VALUES)


@pytest.mark.parametrize("change", [
    {"imige": {}}, {"image": {"repository": ""}}, {"image": {"repository": "x", "digest": "latest"}},
    {"secrets": {"socctl": "socctl", "receive": "socctl-receive", "key": "k3y"}}, {"stream": {"args": ["stream"]}},
    {"health": {"schedule": "often"}}, {"health": {"components": []}}, {"receive": {"resources": {"limits": {"memory": None}}}},
    {"networkPolicy": {"egressPorts": [70000]}}, {"receive": {"replicas": 0}}, {"manager": {"uid": 0}}, {"reconcile": {"since": "yesterday"}},
], ids=json.dumps)
def test_wrong_values_are_refused(change):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(SCHEMA).validate(change)
    if charts.HELM:
        refused = helm("template", "socbridge", CHART, values=change)
        assert refused.returncode != 0 and "schema" in refused.stderr


def test_every_value_has_a_schema_and_the_chart_has_no_secret():
    assert VALUES.keys() == SCHEMA["properties"].keys() - {"global"}
    for name, value in VALUES.items():
        known = SCHEMA["properties"][name]
        if known.get("additionalProperties") is False:
            assert value.keys() == known["properties"].keys(), name
    for path in (CHART / "templates").iterdir():
        assert "kind: Secret" not in path.read_text(), path


def test_chart_and_program_have_one_version():
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    version = re.search(r'kVersion = "([0-9.]+)"', (charts.SOURCE / "lib/base/version.h").read_text())[1]
    assert chart["version"] == chart["appVersion"] == version


def test_the_rules_are_those_of_the_manifests():
    rules = yaml.safe_load((CHART / "files/prometheus-rules.yaml").read_text())
    assert rules == manifests.documents("monitoring")["PrometheusRule", "socbridge"]["spec"]


@needs_helm
def test_helm_lint_is_clean():
    linted = helm("lint", "--strict", CHART)
    assert linted.returncode == 0 and "[WARNING]" not in linted.stdout, linted.stdout


@needs_helm
@kustomized.needs_kubectl
def test_it_gives_what_kustomize_gives():
    chart = render({"monitoring": {"enabled": True}})
    wanted = {**kustomized.kustomize(manifests.ROOT / "socbridge"), **kustomized.kustomize(manifests.ROOT / "monitoring")}
    # Namespace and secrets are created before the release.
    del wanted["Namespace", "socbridge"]
    assert chart.keys() == wanted.keys()
    for key, one in wanted.items():
        assert plain(chart[key]) == plain(one), key


@needs_helm
@kustomized.needs_kubectl
def test_the_manager_gets_what_the_component_gives_it(tmp_path):
    rendered = render({"manager": {"enabled": True}})
    patches = rendered["ConfigMap", "wazuh-manager-patch"]["data"]
    users = rendered["ConfigMap", "wazuh-user"]
    for name in ("passwd", "group"):
        assert users["data"][name] == (manifests.ROOT / "wazuh-manager" / name).read_text()
    component, chart = tmp_path / "component-of", tmp_path / "chart"
    for folder in (component, chart):
        folder.mkdir()
    charts.shutil.copytree(manifests.ROOT / "wazuh-manager", component / "component")
    wanted = kustomized.managers(component, "components: [component]\n")
    for name, text in patches.items():
        (chart / f"patch-{name}").write_text(text)
    found = kustomized.managers(chart, "patches:\n" + "".join(f"  - path: patch-{name}\n" for name in patches))
    sets = [key for key in wanted if key[0] == "StatefulSet"]
    assert len(sets) == len(patches) == 2
    for key in sets:
        text = re.sub(r"wazuh-user-[a-z0-9]{10}", "wazuh-user", json.dumps(wanted[key]))
        assert found[key] == json.loads(text)


@needs_helm
def test_numbers_and_names_stay_what_they_are():
    """A template writes a large number as 1.00065e+09, and a name of digits only must be quoted."""
    rendered = render({"manager": {"enabled": True, "uid": 1000650000, "gid": 1000650001, "namespace": "123", "keySecret": "77"},
                       "secrets": {"socctl": "8", "receive": "9"}, "networkPolicy": {"senders": ["5"], "scrapers": ["true"]}},
                      namespace="42")
    assert "wazuh:x:1000650000:1000650001:" in rendered["ConfigMap", "wazuh-user"]["data"]["passwd"]
    assert rendered["ConfigMap", "wazuh-user"]["metadata"]["namespace"] == "123"
    patch = yaml.safe_load(rendered["ConfigMap", "wazuh-manager-patch"]["data"]["wazuh-manager-master.yaml"])
    assert patch["metadata"]["namespace"] == "123"
    pod = patch["spec"]["template"]["spec"]
    assert pod["containers"][1]["securityContext"]["runAsUser"] == 1000650000
    assert pod["volumes"][1]["secret"]["secretName"] == "77"
    for one in rendered.values():
        kubernetes_validate.validate(one, VERSIONS[-1], strict=True)


@needs_helm
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("values", [{}, EVERYTHING], ids=["default", "everything"])
def test_it_fits_the_schemas(values, version):
    objects = render(values, namespace="soc", version=version)
    assert len(objects) >= 15
    for one in objects.values():
        kubernetes_validate.validate(one, version, strict=True)


@needs_helm
def test_each_value_is_used():
    everything = render(EVERYTHING, namespace="soc")
    for pod in kustomized.pods(everything):
        assert pod["containers"][0]["image"] == "registry.example/socbridge@sha256:" + "0" * 64
        assert pod["containers"][0]["imagePullPolicy"] == "Always" and pod["imagePullSecrets"] == [{"name": "registry"}]
        assert pod["nodeSelector"] and pod["tolerations"] and pod["affinity"]
    receive = everything["StatefulSet", "receive"]["spec"]
    assert receive["replicas"] == 3 and receive["volumeClaimTemplates"][0]["spec"]["storageClassName"] == "fast"
    receive = receive["template"]["spec"]["containers"][0]
    assert "--tls-key=/etc/socctl/tls.key" in receive["args"] and receive["readinessProbe"]["httpGet"]["scheme"] == "HTTPS"
    assert ("NetworkPolicy", "receive") not in everything and ("NetworkPolicy", "scrape") not in everything
    rules = render({"monitoring": {"enabled": True, "labels": {"release": "prom"}}}, namespace="soc")
    text = json.dumps(rules["PrometheusRule", "socbridge"])
    assert 'namespace=\\"soc\\"' in text and "kubectl -n soc " in text and "-n socbridge" not in text
    assert rules["ServiceMonitor", "socbridge"]["metadata"]["labels"]["release"] == "prom"
    off = render({name: {"enabled": False} for name, value in VALUES.items()
                  if isinstance(value, dict) and "enabled" in value})
    assert not off
