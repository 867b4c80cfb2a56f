# SPDX-License-Identifier: Apache-2.0
"""Files of a release other than packages, and the workflow that signs and publishes them."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
import yaml

import charts
import integratord

SOURCE = Path(os.environ["SOCBRIDGE_SOURCE_DIR"])
WORKFLOWS = {path.stem: yaml.safe_load(path.read_text()) for path in (SOURCE / ".github/workflows").glob("*.yml")}
VERSION = re.search(r'kVersion = "([0-9.]+)"', (SOURCE / "lib/base/version.h").read_text())[1]


def make(script, *args):
    made = subprocess.run([SOURCE / "scripts" / script, *map(str, args)], capture_output=True, text=True, timeout=300,
                          env={**os.environ, "SOURCE_DATE_EPOCH": "1767225600"})
    assert made.returncode == 0, made.stderr


def test_the_chart_is_the_same_twice_and_helm_takes_it(tmp_path):
    for name in ("a", "b"):
        make("chart", tmp_path / name)
    first, second = (tmp_path / name / f"socbridge-{VERSION}.tgz" for name in ("a", "b"))
    assert first.read_bytes() == second.read_bytes()
    with tarfile.open(first) as archive:
        packed = {member.name for member in archive if member.isfile()}
        assert {(member.uid, member.mtime) for member in archive} == {(0, 1767225600)}
    there = {str(path.relative_to(charts.CHART.parent)) for path in charts.CHART.rglob("*") if path.is_file()}
    assert packed == there
    if charts.HELM:
        rendered = charts.helm("template", "socbridge", first, "--kube-version", "1.31")
        assert rendered.returncode == 0 and rendered.stdout.count("kind: Deployment") == 3


@pytest.mark.skipif(not integratord.AS_ROOT, reason="buildah runs as root here")
@pytest.mark.skipif(shutil.which("buildah") is None, reason="buildah is not installed")
def test_the_image_is_the_same_twice(tmp_path):
    for name in ("a", "b"):
        make("image", tmp_path / name, integratord.BIN_DIR)
    first, second = (tmp_path / name / f"socbridge-{VERSION}-oci.tar" for name in ("a", "b"))
    assert first.read_bytes() == second.read_bytes()
    with tarfile.open(first) as archive:
        def blob(digest):
            data = archive.extractfile("./blobs/" + digest.replace(":", "/")).read()
            assert "sha256:" + hashlib.sha256(data).hexdigest() == digest
            return json.loads(data)

        [entry] = json.loads(archive.extractfile("./index.json").read())["manifests"]
        assert entry["digest"] == first.with_suffix(".digest").read_text().strip()
        config = blob(blob(entry["digest"])["config"]["digest"])["config"]
    assert (config["User"], config["Entrypoint"]) == ("65532:65532", ["/usr/bin/socctl"])


def steps(workflow):
    return [(name, job, step) for name, job in WORKFLOWS[workflow]["jobs"].items() for step in job["steps"]]


def test_only_the_job_that_publishes_has_rights():
    for name, workflow in WORKFLOWS.items():
        assert workflow["permissions"] == {"contents": "read"}, name
        with_rights = {job for job, body in workflow["jobs"].items() if body.get("permissions")}
        assert with_rights == ({"publish"} if name == "release" else set()), name
    publish = WORKFLOWS["release"]["jobs"]["publish"]
    assert publish["permissions"] == {"contents": "write", "packages": "write", "id-token": "write"}
    assert publish["needs"] == "build"
    assert not [step for job, _, step in steps("release") if job == "publish" and "checkout" in step.get("uses", "")]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_what_a_workflow_runs_is_there(name):
    for _, _, step in steps(name):
        text = step.get("run", "")
        # An expression would be pasted into the script: values come by the environment.
        assert "${{" not in text, text
        checked = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr
        for script in re.findall(r"(?:^|\s)(scripts/[\w-]+)", text):
            assert os.access(SOURCE / script, os.X_OK), script
        if "uses" in step:
            assert re.search(r"@(v\d+|[0-9a-f]{40})$", step["uses"]), step["uses"]


def test_the_release_signs_and_attaches_what_the_document_lists():
    text = "\n".join(step.get("run", "") for _, _, step in steps("release"))
    for command in ("scripts/test --full", "scripts/reproduce", "cosign sign-blob", "cosign sign --yes", "cosign attest",
                    "minisign -S", "helm push", "gh release create \"$GITHUB_REF_NAME\" dist/*"):
        assert command in text, command
    files = (SOURCE / "docs/release.md").read_text().partition("## Files")[2].partition("## ")[0]
    for name in (f"socbridge-{VERSION}-oci.tar", f"socbridge-{VERSION}-oci.digest", f"socbridge-{VERSION}.tgz",
                 "socbridge.cdx.json", "SHA256SUMS.bundle", "SHA256SUMS.minisig"):
        assert f"`{name}`" in files, name
