# SPDX-License-Identifier: Apache-2.0
"""The manifests for alerts from the indexer: the commands exist, their files are mounted, and a spool outlives its
pod."""

import re

import pytest
import yaml

import manifests
import tool

OBJECTS = manifests.documents("intake")
WORKLOADS = {name: found for (kind, name), found in OBJECTS.items() if kind in ("StatefulSet", "Job")}


@pytest.mark.parametrize("name", WORKLOADS)
def test_the_command_is_one_that_socctl_has(name):
    pod = WORKLOADS[name]["spec"]["template"]["spec"]
    verb, *options = pod["containers"][0]["args"]
    help_text = tool.run(verb, "--help").out
    for option in options:
        assert option.split("=")[0] in help_text, option
    mounts = {one["mountPath"] for one in pod["containers"][0]["volumeMounts"]}
    paths = re.findall(r"=(/[^ ]+)", " ".join(options))
    assert paths
    for path in paths:
        assert any(path.startswith(mount + "/") for mount in mounts), path
    keys = manifests_secret()
    for path in paths:
        if path.startswith("/etc/socbridge/"):
            assert path.removeprefix("/etc/socbridge/") in keys, path


def manifests_secret():
    return OBJECTS["Secret", "intake"]["stringData"]


@pytest.mark.parametrize("name", WORKLOADS)
def test_a_pod_has_no_rights(name):
    pod = WORKLOADS[name]["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"] and pod["automountServiceAccountToken"] is False
    container = pod["containers"][0]["securityContext"]
    assert container["readOnlyRootFilesystem"] and container["capabilities"]["drop"] == ["ALL"]
    assert container["allowPrivilegeEscalation"] is False


def test_a_spool_outlives_its_pod():
    for name, found in WORKLOADS.items():
        if found["kind"] == "StatefulSet":
            claims = [one["metadata"]["name"] for one in found["spec"]["volumeClaimTemplates"]]
            spool = next(arg for arg in found["spec"]["template"]["spec"]["containers"][0]["args"] if "--spool=" in arg)
            mount = next(one for one in found["spec"]["template"]["spec"]["containers"][0]["volumeMounts"]
                         if one["name"] in claims)
            assert spool.split("=")[1].startswith(mount["mountPath"] + "/"), name


def test_each_part_of_the_job_is_taken_once():
    job = WORKLOADS["intake-reconcile-2026-01-31"]["spec"]
    assert job["completionMode"] == "Indexed"
    args = job["template"]["spec"]["containers"][0]["args"]
    assert f"--slice=$(JOB_COMPLETION_INDEX)/{job['completions']}" in args


def test_the_settings_of_the_secret_are_valid(tmp_path):
    for name, verb in (("w2thive.json", "w2thive"), ("config.json", "socctl")):
        yaml.safe_load(manifests_secret()[name])  # JSON is YAML
    (tmp_path / "w2thive.json").write_text(manifests_secret()["w2thive.json"])
    (tmp_path / "w2thive.json").chmod(0o600)
    shown = tool.run("config", "explain", "--config", tmp_path / "w2thive.json", "-o", "json",
                     env={"SOCBRIDGE_WAZUH_HOME": "/nonexistent"})
    assert "unknown key" not in shown.err, shown
