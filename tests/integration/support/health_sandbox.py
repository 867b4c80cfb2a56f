# SPDX-License-Identifier: Apache-2.0
"""Settings of `socctl health` for the sandbox, and the sandbox with one product in a given state."""

import json

import tool

USERS = {"SOCCTL_OPENSEARCH_USER": "admin", "SOCCTL_WAZUH_USER": "wazuh"}


def with_data(tmp_path, component, data):
    file = tmp_path / f"{component}.json"
    file.write_text(json.dumps(data))
    return tool.Sandbox(component, data={component: file})
