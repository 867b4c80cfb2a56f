# SPDX-License-Identifier: Apache-2.0
"""Renders the chart packaging/helm/socbridge with helm."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from kustomized import Loader

SOURCE = Path(os.environ["SOCBRIDGE_SOURCE_DIR"])
CHART = SOURCE / "packaging/helm/socbridge"
# scripts/setup --full builds the second.
HELM = shutil.which("helm") or shutil.which(str(SOURCE / ".deps/bin/helm"))
needs_helm = pytest.mark.skipif(HELM is None, reason="helm is not installed; scripts/setup --full builds it")


def helm(*args, values=None):
    return subprocess.run([HELM, *map(str, args), *(["--values", "-"] if values is not None else [])],
                          input=None if values is None else yaml.safe_dump(values), capture_output=True, text=True,
                          timeout=120, env={"PATH": os.environ["PATH"], "HOME": "/nonexistent"})


def render(values, namespace="socbridge", version="1.31"):
    """{(kind, name): object} of `helm template`."""
    made = helm("template", "socbridge", CHART, "--namespace", namespace, "--kube-version", version, values=values)
    assert made.returncode == 0, made.stderr
    found = {}
    for one in yaml.load_all(made.stdout, Loader):
        if one is not None:
            key = one["kind"], one["metadata"]["name"]
            assert key not in found, key
            found[key] = one
    return found
