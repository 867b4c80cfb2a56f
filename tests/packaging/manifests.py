# SPDX-License-Identifier: Apache-2.0
"""Reads the Kubernetes manifests of packaging/kubernetes."""

import os
from pathlib import Path

import yaml

ROOT = Path(os.environ["SOCBRIDGE_SOURCE_DIR"]) / "packaging/kubernetes"


def documents(folder):
    """All objects of a folder but kustomization.yaml, as {(kind, name): object}."""
    found = {}
    for path in sorted((ROOT / folder).glob("*.yaml")):
        if path.name == "kustomization.yaml":
            continue
        for document in yaml.safe_load_all(path.read_text()):
            found[document["kind"], document["metadata"]["name"]] = document
    return found


def granted(role):
    """The rules of a Role as a set of (group, resource, verb)."""
    return {(group, resource, verb) for rule in role["rules"] for group in rule["apiGroups"]
            for resource in rule["resources"] for verb in rule["verbs"]}
