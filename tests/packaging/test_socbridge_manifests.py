# SPDX-License-Identifier: Apache-2.0
"""packaging/kubernetes/socbridge and wazuh-manager: kustomize's output, rights, and commands that socctl has."""

import re
import shutil

import kubernetes_validate
import pytest
import yaml

import kustomized
import manifests
import tool
from kustomized import kustomize, needs_kubectl, ours, pods
from test_manifests import VERSIONS

@pytest.fixture
def managers(tmp_path):
    shutil.copytree(manifests.ROOT / "wazuh-manager", tmp_path / "component")
    return kustomized.managers(tmp_path, "components: [component]\n")


def check_command(args):
    words = [word for word in args if not word.startswith("-")]
    components = {"thehive", "cortex", "opencti"} if words[0] == "health" else set()
    help_text = tool.run(*[word for word in words if word not in components], "--help")
    assert help_text.code == 0, args
    for word in args:
        if word.startswith("-"):
            assert word.split("=")[0] in help_text.out, word


@needs_kubectl
@pytest.mark.parametrize("version", VERSIONS)
def test_the_whole_fits_the_schemas(version):
    objects = kustomize(manifests.ROOT)
    assert {*[("Deployment", name) for name in ("opencti-stream", "analyze", "metrics", "cortex")], ("StatefulSet", "receive"),
            *[("CronJob", name) for name in ("health", "health-canary", "reconcile", "connector-mitre")],
            ("Service", "receive"), ("Service", "metrics"), ("NetworkPolicy", "socbridge")} <= objects.keys()
    for one in objects.values():
        kubernetes_validate.validate(one, version, strict=True)


@needs_kubectl
@pytest.mark.parametrize("version", VERSIONS)
def test_the_managers_fit_the_schemas(managers, version):
    for one in managers.values():
        kubernetes_validate.validate(one, version, strict=True)


def test_services_have_no_right_that_they_do_not_need():
    objects = manifests.documents("socbridge")
    assert objects["Namespace", "socbridge"]["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    found = list(pods(objects))
    assert len(found) == 7
    for pod in found:
        assert pod["securityContext"]["runAsNonRoot"] and pod["securityContext"]["runAsUser"] == 65532
        assert pod["securityContext"]["seccompProfile"]["type"] == "RuntimeDefault"
        assert pod["automountServiceAccountToken"] is False
        [container] = pod["containers"]
        context = container["securityContext"]
        assert context["readOnlyRootFilesystem"] and not context["allowPrivilegeEscalation"]
        assert context["capabilities"] == {"drop": ["ALL"]}
        assert container["resources"]["limits"]["memory"]
        check_command(container["args"])
    for name in ("opencti-stream", "analyze", "metrics"):
        spec = objects["Deployment", name]["spec"]
        assert (spec["replicas"], spec["strategy"]["type"]) == (1, "Recreate")
        assert objects["PodDisruptionBudget", name]["spec"]["selector"] == spec["selector"]
    receive = objects["StatefulSet", "receive"]["spec"]
    assert objects["PodDisruptionBudget", "receive"]["spec"]["selector"] == receive["selector"]
    for name in ("health", "health-canary", "reconcile"):
        spec = objects["CronJob", name]["spec"]
        assert spec["concurrencyPolicy"] == "Forbid" and spec["jobTemplate"]["spec"]["backoffLimit"] == 0
    assert objects["CronJob", "health-canary"]["spec"]["suspend"] is True


def test_what_listens_is_reached_by_those_who_need_it_only():
    objects = manifests.documents("socbridge")
    open_ports = {}
    for (kind, _), one in objects.items():
        for rule in one["spec"].get("ingress", []) if kind == "NetworkPolicy" else []:
            [sender] = rule["from"]
            [namespace] = sender["namespaceSelector"]["matchLabels"].values()
            open_ports[namespace] = {port["port"] for port in rule["ports"]}
    assert open_ports == {"wazuh": {9470}, "monitoring": {9469, 9470, 9471}}
    for name in ("opencti-stream", "analyze"):
        [container] = objects["Deployment", name]["spec"]["template"]["spec"]["containers"]
        [port] = container["ports"]
        assert f"--metrics-listen=:{port['containerPort']}" in container["args"]
        assert container["livenessProbe"]["httpGet"]["port"] == port["name"]
    for name in ("receive", "metrics"):
        workload = objects.get(("Deployment", name)) or objects["StatefulSet", name]
        [container] = workload["spec"]["template"]["spec"]["containers"]
        [port] = container["ports"]
        assert f"--listen=:{port['containerPort']}" in container["args"]
        service = objects["Service", name]["spec"]
        assert service["ports"] == [{"name": port["name"], "port": port["containerPort"], "targetPort": port["name"]}]
        assert service["selector"].items() <= workload["spec"]["template"]["metadata"]["labels"].items()
        for probe in ("readinessProbe", "livenessProbe"):
            [how] = [value for value in container[probe].values() if isinstance(value, dict)]
            assert how["port"] == port["name"]


def test_a_spool_outlives_its_pod_and_belongs_to_it_alone():
    spec = manifests.documents("socbridge")["StatefulSet", "receive"]["spec"]
    [claim] = [one["metadata"]["name"] for one in spec["volumeClaimTemplates"]]
    pod = spec["template"]["spec"]
    assert claim not in {volume["name"] for volume in pod["volumes"]}
    [place] = [mount["mountPath"] for mount in pod["containers"][0]["volumeMounts"] if mount["name"] == claim]
    [spool] = [word.partition("=")[2] for word in pod["containers"][0]["args"] if word.startswith("--spool=")]
    assert spool.startswith(place + "/")


def test_alerts_by_http_come_in_at_one_place():
    listening = {name: folder for folder in ("socbridge", "intake") for (_, name), one in manifests.documents(folder).items()
                 for pod in pods({name: one}) if "receive" in pod["containers"][0]["args"]}
    assert listening == {"receive": "socbridge"}


def test_the_secret_has_what_its_configuration_names():
    objects = manifests.documents("socbridge")
    secret = objects["Secret", "socctl"]["stringData"]
    config = yaml.safe_load(secret["config.json"])
    for product in ("thehive", "cortex", "opencti", "opensearch"):
        assert config[product]["key"] == f"file:{product}.key" and f"{product}.key" in secret
    named = {"socctl": set(), "socctl-receive": {"thehive.key"}}
    for pod in pods(objects):
        [source] = [volume["secret"]["secretName"] for volume in pod["volumes"] if volume["name"] == "config"]
        named[source] |= set(re.findall(r"=/etc/socctl/(\S+)", " ".join(pod["containers"][0]["args"])))
    assert named == {"socctl": {"w2thive.json"}, "socctl-receive": {"thehive.key", "receive.token", "w2thive.json"}}
    assert named["socctl"] | {config["opensearch"]["ca_file"].rpartition("/")[2]} <= secret.keys()
    assert objects["Secret", "socctl-receive"]["stringData"].keys() == named["socctl-receive"]
    settings = yaml.safe_load(objects["Secret", "socctl-receive"]["stringData"]["w2thive.json"])
    assert settings["api_key"] == "file:/etc/socctl/thehive.key"


@needs_kubectl
@pytest.mark.parametrize("node", ["master", "worker"])
def test_the_manager_gets_the_integration_and_a_relay(managers, node):
    pod = managers["StatefulSet", f"wazuh-manager-{node}"]["spec"]["template"]["spec"]
    [install] = pod["initContainers"]
    assert install["securityContext"]["capabilities"]["drop"] == ["ALL"]
    containers = {one["name"]: one for one in pod["containers"]}
    assert set(containers) == {"wazuh-manager", "relay"}
    assert "/etc/socbridge" in {mount["mountPath"] for mount in containers["wazuh-manager"]["volumeMounts"]}
    assert "/var/ossec/queue" in {mount["mountPath"] for mount in containers["wazuh-manager"]["volumeMounts"]}
    relay = containers["relay"]
    assert relay["securityContext"]["runAsUser"] == pod["securityContext"]["fsGroup"]
    for one in ours(pod):
        check_command(one["args"])
        paths = {mount["mountPath"]: mount for mount in one["volumeMounts"]}
        assert paths["/var/ossec/queue"]["name"] == f"wazuh-manager-{node}"
    names = {mount["name"] for one in ours(pod) for mount in one["volumeMounts"]}
    assert names <= {volume["name"] for volume in pod["volumes"]} | {f"wazuh-manager-{node}"}


@pytest.mark.parametrize("folder", ["socbridge", "wazuh-manager"])
def test_the_image_is_of_this_version(folder):
    version = re.search(r'kVersion = "([0-9.]+)"', (manifests.ROOT.parent.parent / "lib/base/version.h").read_text())[1]
    [image] = yaml.safe_load((manifests.ROOT / folder / "kustomization.yaml").read_text())["images"]
    assert (image["name"], image["newTag"]) == ("socbridge", version)
