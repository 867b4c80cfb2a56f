# SPDX-License-Identifier: Apache-2.0
"""The alerts and cases of a sandbox, read without socctl."""

import json
import urllib.request

from tool import KEY

VERSIONS = ("5.7.3-1", "4.1.24-1")
CASES = "path=/api/v1/alert/*,method=POST"  # the requests that create cases and merge in version 5


def ask(sandbox, *operations):
    request = urllib.request.Request(sandbox.url + "/api/v1/query?name=test", json.dumps({"query": operations}).encode(),
                                     {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as reply:
        return json.loads(reply.read())


def cases(sandbox):
    return ask(sandbox, {"_name": "listCase"}, {"_name": "page", "from": 0, "to": 1000})


def alerts(sandbox):
    return ask(sandbox, {"_name": "listAlert"}, {"_name": "page", "from": 0, "to": 1000})


def alerts_of(sandbox, case):
    return len(ask(sandbox, {"_name": "getCase", "idOrName": case["_id"]}, {"_name": "alerts"}))
