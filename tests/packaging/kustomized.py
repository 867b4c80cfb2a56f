# SPDX-License-Identifier: Apache-2.0
"""kustomize's output for packaging/kubernetes, and the managers of wazuh-kubernetes to which a component is applied."""

import shutil
import subprocess

import pytest
import yaml

needs_kubectl = pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not installed")
# As in wazuh-kubernetes: the names that the patches refer to.
MANAGER = """
apiVersion: apps/v1
kind: StatefulSet
metadata: {{name: wazuh-manager-{node}, namespace: wazuh}}
spec:
  replicas: 1
  serviceName: wazuh-cluster
  selector: {{matchLabels: {{app: wazuh-manager, node-type: {node}}}}}
  template:
    metadata: {{labels: {{app: wazuh-manager, node-type: {node}}}}}
    spec:
      securityContext: {{fsGroup: 101}}
      containers:
        - name: wazuh-manager
          image: wazuh/wazuh-manager:4.14.0
          volumeMounts:
            - {{name: wazuh-manager-{node}, mountPath: /var/ossec/queue, subPath: wazuh/var/ossec/queue}}
  volumeClaimTemplates:
    - metadata: {{name: wazuh-manager-{node}}}
      spec: {{accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 500Mi}}}}}}
"""


class Loader(yaml.SafeLoader):
    """As Kubernetes reads YAML: a date is a string."""


Loader.yaml_implicit_resolvers = {first: [(tag, pattern) for tag, pattern in rows if tag != "tag:yaml.org,2002:timestamp"]
                                  for first, rows in yaml.SafeLoader.yaml_implicit_resolvers.items()}


def kustomize(folder):
    made = subprocess.run(["kubectl", "kustomize", str(folder)], capture_output=True, text=True, timeout=60)
    assert made.returncode == 0, made.stderr
    return {(one["kind"], one["metadata"]["name"]): one for one in yaml.load_all(made.stdout, Loader)}


def managers(folder, kustomization):
    """The StatefulSets of two managers, changed by `kustomization`."""
    for node in ("master", "worker"):
        (folder / f"{node}.yaml").write_text(MANAGER.format(node=node))
    (folder / "kustomization.yaml").write_text("resources: [master.yaml, worker.yaml]\n" + kustomization)
    return kustomize(folder)


def pods(objects):
    for one in objects.values():
        if one["kind"] in ("Deployment", "StatefulSet"):
            yield one["spec"]["template"]["spec"]
        if one["kind"] == "CronJob":
            yield one["spec"]["jobTemplate"]["spec"]["template"]["spec"]


def ours(pod):
    return [one for one in [*pod.get("initContainers", []), *pod["containers"]] if "socbridge" in one["image"]]
