# SPDX-License-Identifier: Apache-2.0
"""A sandbox with TheHive and Cortex, and cases, alerts and observables in it."""

import tempfile
import time

import requests

import tool


class Hive:
    """A sandbox with its Cortex, and changes that tests make without socctl."""

    def __init__(self, **how):
        self.sandbox = tool.Sandbox("cortex", **how)
        self.folder = tempfile.TemporaryDirectory(prefix="socctl-state-")
        # Version 4 takes no alert without a date.
        self.dated = {"date": int(time.time() * 1000)} if how.get("version", "").startswith("4") else {}
        self.env = self.sandbox.env(SOCCTL_STATE_DIR=self.folder.name)

    def post(self, path, **body):
        answer = requests.post(self.sandbox.url + "/api/v1/" + path, json=body, timeout=10,
                               headers={"Authorization": "Bearer " + tool.KEY})
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def alert(self, ref="ref-1", **more):
        return self.post("alert", **{"type": "wazuh", "source": "siem", "sourceRef": ref, "title": "Brute force",
                                     "description": "d", "severity": 3, "tags": ["wazuh"], **self.dated, **more})

    def case(self, **more):
        return self.post("case", **{"title": "Intrusion", "description": "d", "severity": 3, "tlp": 1, **more})

    def run(self, *args, **how):
        return tool.run(*args, env={**self.env, **how.pop("env", {})}, **how)

    def terminal(self, *args, **how):
        return tool.run_on_terminal(*args, env=self.env, columns=160, **how)

    def close(self):
        self.sandbox.close()
        self.folder.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
