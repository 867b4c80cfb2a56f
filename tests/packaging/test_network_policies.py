# SPDX-License-Identifier: Apache-2.0
"""Every pod selector selects some pods, each pod has a network policy, and analyzers cannot reach the cluster."""

import ipaddress

import pytest

import manifests

FOLDERS = ("cortex", "intake", "opencti", "socbridge")
# Kubernetes and Cortex create pods of these; no manifest has them.
OF_ANALYZERS = {"job-name": "abc"}  # since Kubernetes 1.27 also with the prefix batch.kubernetes.io/


def labels_of_pods(folder):
    """{name of the workload: labels of its pods}, with those that Kubernetes adds to the pods of jobs."""
    found = {}
    for (kind, name), one in manifests.documents(folder).items():
        spec = one.get("spec", {})
        if kind == "CronJob":
            spec = spec["jobTemplate"]["spec"]
        if "template" in spec:
            job = {"batch.kubernetes.io/job-name": name} if kind in ("CronJob", "Job") else {}
            found[name] = {**spec["template"]["metadata"].get("labels", {}), **job}
    return found


def selects(selector, labels):
    for one in selector.get("matchExpressions", []):
        there = one["key"] in labels
        fits = {"Exists": there, "DoesNotExist": not there, "In": labels.get(one["key"]) in one.get("values", [])}
        if not fits[one["operator"]]:
            return False
    return selector.get("matchLabels", {}).items() <= labels.items()


def policies(folder):
    return {name: one["spec"] for (kind, name), one in manifests.documents(folder).items() if kind == "NetworkPolicy"}


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_pod_is_behind_a_policy_for_what_comes_in(folder):
    pods = labels_of_pods(folder)
    assert pods
    for name, labels in {**pods, **({"an analyzer": OF_ANALYZERS} if folder == "cortex" else {})}.items():
        behind = [one for one in policies(folder).values() if selects(one["podSelector"], labels)]
        assert any("Ingress" in one["policyTypes"] for one in behind), name


@pytest.mark.parametrize("folder", FOLDERS)
def test_nothing_selects_nothing(folder):
    pods = labels_of_pods(folder)
    for (kind, name), one in manifests.documents(folder).items():
        spec = one.get("spec", {})
        selector = {"NetworkPolicy": spec.get("podSelector"), "PodDisruptionBudget": spec.get("selector"),
                    "Service": {"matchLabels": spec.get("selector")}}.get(kind)
        if selector is not None and name != "analyzers":
            assert any(selects(selector, labels) for labels in pods.values()), (kind, name)


def test_analyzers_reach_the_internet_and_nothing_of_the_cluster():
    policy = policies("cortex")["analyzers"]
    assert selects(policy["podSelector"], OF_ANALYZERS)
    assert not any(selects(policy["podSelector"], labels) for labels in labels_of_pods("cortex").values())
    # An Elasticsearch in the same namespace is not a job.
    assert not selects(policy["podSelector"], {"app": "elasticsearch"})
    assert policy["ingress"] == [] and policy["policyTypes"] == ["Ingress", "Egress"]
    names, internet = policy["egress"]
    assert {port["port"] for port in names["ports"]} == {53} and {port["port"] for port in internet["ports"]} == {80, 443}
    blocks = [one["ipBlock"] for one in internet["to"]]

    def reached(address):
        address = ipaddress.ip_address(address)
        return any(address in ipaddress.ip_network(block["cidr"]) and
                   not any(address in ipaddress.ip_network(but) for but in block["except"]) for block in blocks)

    assert reached("203.0.113.7") and reached("2001:db8::7")
    for own in ("10.96.0.1", "172.20.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254", "fd00::1", "fe80::1", "::1"):
        assert not reached(own), own
    for block in blocks:
        for but in block["except"]:
            assert ipaddress.ip_network(but).subnet_of(ipaddress.ip_network(block["cidr"]))


def test_no_pod_of_an_analyzer_gets_a_token():
    assert manifests.documents("cortex")["ServiceAccount", "default"]["automountServiceAccountToken"] is False
