# SPDX-License-Identifier: Apache-2.0
"""Every Kubernetes manifest of packaging/kubernetes against the schemas of several Kubernetes versions."""

import kubernetes_validate
import pytest
import yaml

import manifests

VERSIONS = ("1.27", "1.31", "1.37")
# The patches of wazuh-manager are complete only when applied (test_socbridge_manifests.py); those in monitoring need the
# Prometheus Operator (test_monitoring_manifests.py).
FILES = sorted(path for path in manifests.ROOT.rglob("*.yaml")
               if path.name != "kustomization.yaml" and path.parent.name not in ("wazuh-manager", "monitoring"))


def read(path):
    return [document for document in yaml.safe_load_all(path.read_text()) if document is not None]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_manifest_fits_the_schema(path, version):
    documents = read(path)
    assert documents
    for document in documents:
        kubernetes_validate.validate(document, version, strict=True)


@pytest.mark.parametrize("change", [
    lambda spec: spec.update(replicas="one"),
    lambda spec: spec.update(replica=1),
    lambda spec: spec["template"]["spec"]["containers"][0].pop("name"),
])
def test_a_wrong_manifest_is_seen(change):
    document = read(manifests.ROOT / "opencti/virustotal.yaml")[0]
    change(document["spec"])
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(document, VERSIONS[-1], strict=True)


@pytest.mark.parametrize("folder", sorted({path.parent for path in FILES}), ids=lambda folder: folder.name)
def test_the_kustomization_names_what_is_there(folder):
    kustomization = folder / "kustomization.yaml"
    if not kustomization.exists():
        pytest.skip("applied without kustomize")
    for resource in yaml.safe_load(kustomization.read_text())["resources"]:
        assert (folder / resource).is_file(), resource
