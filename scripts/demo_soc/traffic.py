# SPDX-License-Identifier: Apache-2.0
"""Simulated activity in the SOC of scripts/demo: alerts by the hour, analysts, feeds and runs of socctl."""
import datetime
import json
import random
import signal
import subprocess
import urllib.error
import urllib.request

HOURS = [3, 2, 2, 2, 2, 3, 5, 8, 12, 14, 13, 12, 9, 11, 13, 12, 11, 9, 7, 6, 5, 4, 4, 3]
# (rule, level, description, groups, technique, share)
KINDS = [("5710", 5, "sshd: attempt to log in with a non-existent user", ["syslog", "sshd"], ("T1110", "Password Guessing"), 30),
         ("5763", 10, "sshd: brute force trying to get access", ["syslog", "sshd"], ("T1110", "Brute Force"), 14),
         ("31151", 10, "Multiple web server 400 error codes from the same source", ["web", "accesslog"], ("T1595", "Scanning"), 12),
         ("60106", 3, "Windows logon success", ["windows", "authentication_success"], ("T1078", "Valid Accounts"), 24),
         ("554", 7, "File added to the system", ["syscheck", "syscheck_file"], ("T1105", "Ingress Tool Transfer"), 12),
         ("87105", 13, "VirusTotal: a file is known to be malicious", ["virustotal"], ("T1204", "Malicious File"), 5),
         ("92213", 15, "Executable file dropped in folder commonly used by malware", ["sysmon"], ("T1105", "Ingress Tool Transfer"), 2),
         ("2502", 2, "User missed the password more than once", ["pam"], ("T1110", "Brute Force"), 6)]
AGENTS = [("001", "web-01"), ("002", "web-02"), ("003", "db-01"), ("004", "mail-01"), ("005", "desk-17"), ("006", "desk-23")]
OUTAGE = (13.0, 14.5)  # hours in which the relay is stopped
X = "extension-definition--ea279b3e-5c71-4632-ac08-831c66a786ba"


class Traffic:
    """Alerts of Wazuh, passed to custom-w2thive as by integratord; some are sent as webhooks."""

    def __init__(self, soc, day, alerts):
        self.soc, self.day = soc, day
        self.chance, self.number, self.stands = random.Random(1), 0, False
        self.times = self._plan(alerts)

    def _plan(self, alerts):
        whole = sum(HOURS)
        times = [(hour + self.chance.random()) * self.day / 24 for hour, share in enumerate(HOURS)
                 for _ in range(round(alerts * share / whole))]
        return sorted(times)

    def step(self, now):
        today, hour = now % self.day, now % self.day * 24 / self.day
        days = int(now // self.day)
        while self.number < days * len(self.times) + sum(at <= today for at in self.times):
            self.number += 1
            self._send()
        stand = OUTAGE[0] <= hour < OUTAGE[1]
        if stand != self.stands:
            self.stands = stand
            self.soc.processes["relay"].child.send_signal(signal.SIGSTOP if stand else signal.SIGCONT)

    def _alert(self):
        rule, level, text, groups, (technique, name), _ = self.chance.choices(KINDS, [kind[-1] for kind in KINDS])[0]
        agent, host = self.chance.choice(AGENTS)
        moment = datetime.datetime.now(datetime.timezone.utc)
        data = {"srcip": f"203.0.113.{int(self.chance.paretovariate(0.9)) % 250 + 1}"}
        if level == 13:
            data["sha256"] = f"{self.chance.getrandbits(256):064x}"
        return {"timestamp": moment.isoformat(timespec="milliseconds").replace("+00:00", "+0000"),
                "id": f"{int(moment.timestamp())}.{self.number}",
                "rule": {"id": rule, "level": level, "description": text, "groups": groups,
                         "mitre": {"id": [technique], "technique": [name], "tactic": ["Credential Access"]}},
                "agent": {"id": agent, "name": host}, "manager": {"name": "wazuh-01"}, "decoder": {"name": groups[-1]},
                "location": "/var/log/messages", "data": data}

    def _send(self):
        alert = self._alert()
        raw = json.dumps(alert) + "\n"
        with open(self.soc.alerts_json, "a", encoding="utf-8") as out:
            out.write(raw)
        if self.soc.node:
            self.soc.node.bulk([(f"wazuh-alerts-4.x-{alert['timestamp'][:10].replace('-', '.')}", None, alert)])
        if self.number % 12 == 0:
            request = urllib.request.Request(self.soc.urls["webhooks"] + "/alerts", raw.encode(), {"Content-Type": "application/json"})
            urllib.request.urlopen(request, timeout=20).close()
            return
        file = self.soc.home / "custom-w2thive.alert"
        file.write_text(raw)
        # As integratord since 4.8: alert file, key, URL, debug, options, timeout, retries, redirection.
        subprocess.run(["integrations", str(file), "", "", "", "", "10", "3", "> /dev/null 2>&1"],
                       executable=str(self.soc.home / "integrations/custom-w2thive"), cwd=self.soc.home, env=self.soc.env,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Managers:
    """Statistics that Wazuh's dashboard writes to the indexer, for two managers; in busy hours they drop events."""
    NODES = [("wazuh-01", 55), ("wazuh-02", 35)]  # events by share of the hour

    def __init__(self, soc, day):
        self.soc, self.day, self.next, self.chance = soc, day, 0.0, random.Random(4)

    def step(self, now):
        if self.soc.node is None or now < self.next:
            return
        self.next = now + self.day / 96
        moment = datetime.datetime.now(datetime.timezone.utc)
        year, week, _ = moment.isocalendar()
        self.common = {"timestamp": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"), "cluster": "true"}
        self.week = f"{year}.{week:02}w"
        share = HOURS[int(now % self.day * 24 / self.day)]
        documents = [document for node in self.NODES for document in self._statistics(*node, share)]
        self.soc.node.bulk(documents + [self._monitoring(*agent) for agent in AGENTS])

    def _statistics(self, node, events, share):
        received = int(share * events * self.chance.uniform(0.7, 1.3))
        dropped = max(0, received - 800)
        usage = min(received / 900 + 0.01, 0.99)
        analysisd = {"total_events_decoded": received - dropped, "events_processed": received - dropped, "events_received": received,
                     "events_dropped": dropped, "alerts_written": share, "event_queue_usage": usage, "event_queue_size": 16384}
        remoted = {"queue_size": int(131072 * usage * 0.2), "total_queue_size": 131072, "tcp_sessions": 20, "evt_count": received,
                   "discarded_count": dropped // 10}
        for daemon, numbers in (("analysisd", analysisd), ("remoted", remoted)):
            yield f"wazuh-statistics-{self.week}", None, {**self.common, "apiName": "default", "nodeName": node, daemon: numbers}

    def _monitoring(self, agent, name):
        return f"wazuh-monitoring-{self.week}", None, {**self.common, "id": agent, "name": name, "status": "active", "host": "wazuh-01"}


class Analysts:
    """Analysts who read alerts by day, create cases from some and close them."""

    def __init__(self, soc, day):
        self.soc, self.day, self.next, self.chance = soc, day, 0.0, random.Random(2)
        self.cases = []

    def step(self, now):
        if now < self.next:
            return
        hour = now % self.day * 24 / self.day
        self.next = now + self.day / 24 / (4 if 7 <= hour < 19 else 1)
        try:
            self._work()
        except urllib.error.HTTPError:
            pass  # refused by the sandbox: skipped

    def _query(self, *operations):
        return self.soc.call("thehive", "/api/v1/query?name=demo", {"query": list(operations)})

    def _work(self):
        new = self._query({"_name": "listAlert"}, {"_name": "filter", "_is": {"_field": "status", "_value": "New"}},
                          {"_name": "sort", "_fields": [{"severity": "desc"}]}, {"_name": "page", "from": 0, "to": 9})
        for alert in new:
            path, kind = f"/api/v1/alert/{alert['_id']}", self.chance.random()
            if alert["severity"] >= 3 or kind < 0.05:
                case = self.soc.call("thehive", path + "/case", {})
                self.cases.append(case["_id"])
            else:
                status = "FalsePositive" if kind < 0.5 else "Ignored" if kind < 0.8 else "InProgress"
                self.soc.call("thehive", path, {"status": status}, "PATCH")
        for case in list(self.cases):
            if self.chance.random() < 0.15:
                self.cases.remove(case)
                status = self.chance.choice(["TruePositive", "TruePositive", "FalsePositive", "Indeterminate"])
                end = int(datetime.datetime.now().timestamp() * 1000)
                self.soc.call("thehive", f"/api/v1/case/{case}", {"status": status, "summary": "done", "endDate": end}, "PATCH")
            elif self.chance.random() < 0.4:
                change = {"status": "InProgress", "assignee": "socbridge@sandbox.test"}
                self.soc.call("thehive", f"/api/v1/case/{case}", change, "PATCH")


class Feeds:
    """Indicators that OpenCTI publishes, and runs of timers: reconcile, a canary."""

    def __init__(self, soc, day):
        self.soc, self.day, self.number, self.chance = soc, day, 0, random.Random(3)
        self.published = self.reconciled = self.tried = -1000.0

    def step(self, now):
        if now - self.published > self.day / 96:
            self.published = now
            self._publish()
        if now - self.reconciled > max(self.day / 24, 8):
            self.reconciled = now
            self.soc.once("reconcile", "--from", self.soc.alerts_json, "--since", "1h", "--metrics-file",
                          self.soc.metrics / "reconcile.prom")
        if now - self.tried > max(self.day / 24, 6):
            self.tried = now
            self.soc.beside("canary", "health", "--canary", "--canary-timeout", "10s", "-o", "prometheus", "--out",
                            self.soc.metrics / "canary.prom")

    def _publish(self):
        self.number += 1
        moment = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        inner = {"id": f"00000000-0000-4000-9000-{self.number:012x}", "type": "Indicator", "score": 80, "updated_at": moment,
                 "creator_ids": ["5a1f6f0e"]}
        data = {"id": f"indicator--00000000-0000-5000-9000-{self.number:012x}", "type": "indicator", "spec_version": "2.1",
                "extensions": {X: inner}, "created": moment, "modified": moment, "revoked": False, "labels": ["c2"],
                "name": f"Indicator {self.number}", "pattern_type": "stix", "valid_from": moment, "valid_until": "2099-01-01T00:00:00.000Z",
                "pattern": f"[ipv4-addr:value = '203.0.113.{int(self.chance.paretovariate(0.9)) % 250 + 1}']"}
        self.soc.call("opencti", "/sandbox/stream", {"events": [{"event": "create", "data": data}]})
