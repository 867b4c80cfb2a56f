# SPDX-License-Identifier: Apache-2.0
"""The state file of a sandbox (docs/sandbox.md, --state) with any number of alerts and cases: 100,000 alerts take a
second to write, where requests would take minutes."""

import json
import time

SOURCES = ["wazuh", "edge", "mail", "cloud"]
STATUSES = [("New", "New"), ("InProgress", "InProgress"), ("TruePositive", "Closed"), ("FalsePositive", "Closed")]
TYPES = ["ip", "domain", "url", "hash", "username"]
HOUR_MS = 3600000


def write_state(path, alerts, cases, observables_each=1):
    """Ages from now to two months. Returns the written records as lists, for counts."""
    now = int(time.time() * 1000)
    made = {"alert": [], "case": [], "observable": []}
    next_id = iter(range(10000, 10000 + 2 * alerts * (1 + observables_each) + 2 * cases))
    for number in range(alerts):
        status, stage = STATUSES[number % len(STATUSES)]
        created = now - number * 1440 * HOUR_MS // max(alerts, 1)
        made["alert"].append({
            "id": next(next_id), "created": created, "updated": created, "date": created - 2000, "type": "wazuh_alert",
            "source": SOURCES[number % len(SOURCES)], "sourceRef": f"{number:032x}", "title": f"sshd: brute force {number}",
            "description": "### Rule 5712\n\n" + "A line as the mapping writes it, with a value.\n" * 20,
            "severity": 1 + number % 4, "tlp": 2, "pap": 2, "status": status, "stage": stage,
            "tags": ["wazuh", "rule:5712", "syslog", "sshd", "T1110"]})
    for number in range(cases):
        status, stage = STATUSES[number % len(STATUSES)]
        created = now - number * 1440 * HOUR_MS // max(cases, 1)
        made["case"].append({
            "id": next(next_id), "number": number + 1, "created": created, "updated": created, "startDate": created,
            "endDate": created + HOUR_MS if stage == "Closed" else 0, "title": f"case {number}", "description": "d",
            "severity": 1 + number % 4, "tlp": 2, "pap": 2, "status": status, "stage": stage,
            "assignee": f"analyst{number % 5}@soc.example"})
    for alert in made["alert"]:
        for number in range(observables_each):
            made["observable"].append({
                "id": next(next_id), "alert": alert["id"], "created": alert["created"], "updated": alert["created"],
                "dataType": TYPES[(alert["id"] + number) % len(TYPES)], "data": f"value-{alert['id']}-{number}",
                "tlp": 2, "pap": 2, "ioc": alert["id"] % 7 == 0})
    with open(path, "w", encoding="utf-8") as out:
        for kind, records in made.items():
            for record in records:
                out.write(json.dumps({kind: record}, separators=(",", ":")) + "\n")
    return made
