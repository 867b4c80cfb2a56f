# SPDX-License-Identifier: Apache-2.0
"""A Kubernetes cluster as Cortex's jobs need it: the rights of its account, and a kubeconfig for the sandbox."""

from pathlib import Path

import tool

RIGHTS = [{"apiGroups": ["batch"], "resources": ["jobs"], "verbs": ["create", "get", "list", "watch", "delete"]},
          {"apiGroups": [""], "resources": ["pods", "pods/log"], "verbs": ["get", "list", "watch"]}]


def kubeconfig(folder, url, token=tool.KEY):
    file = Path(folder) / "kubeconfig"
    file.write_text(f"""
apiVersion: v1
current-context: soc
clusters: [{{name: c, cluster: {{server: "{url}"}}}}]
contexts: [{{name: soc, context: {{cluster: c, user: u, namespace: cortex}}}}]
users: [{{name: u, user: {{token: "{token}"}}}}]
""")
    file.chmod(0o600)
    return str(file)
