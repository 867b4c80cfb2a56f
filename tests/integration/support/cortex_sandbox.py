# SPDX-License-Identifier: Apache-2.0
"""The sandbox's Cortex with a separate state folder for socctl."""

import json
import os
import urllib.request

import tool

QUICK = {"waitingMs": 5, "runningMs": 10}


def write(place, name, content):
    path = os.path.join(place, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(content if isinstance(content, str) else json.dumps(content))
    return path


class Cortex(tool.Sandbox):
    """The sandbox with a Cortex and a separate state folder for socctl."""

    def __init__(self, place, rules=(), data=None, products=("cortex",), more_data=None):
        self.place = place
        files = {"cortex": write(place, "cortex.json", {**QUICK, **(data or {})}), **(more_data or {})}
        super().__init__(*products, rules=rules, data=files)

    def env(self, **more):
        return super().env(SOCCTL_STATE_DIR=self.place, **more)

    def run(self, *args, **how):
        return tool.run("cortex", *args, env=self.env(), **how)

    def on_terminal(self, *args):
        return tool.run_on_terminal("cortex", *args, env=self.env(), columns=140)

    def jobs(self):
        request = urllib.request.Request(self.urls["cortex"] + "/api/job?range=all",
                                         headers={"Authorization": "Bearer " + self.key})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)
