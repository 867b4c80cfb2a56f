# SPDX-License-Identifier: Apache-2.0
"""The dashboards and rules of packaging/, the metrics they read, and a SOC whose programs emit all of them."""

import json
import os
import re
import shutil
import time
import urllib.error
import urllib.request
from pathlib import Path

import yaml

import live_stream
import spool_env
import tool
from cluster import RIGHTS, kubeconfig
from conftest import make_alert
from health_sandbox import USERS
from integratord import new_home
from wazuh_manager import configure

SOURCE = Path(os.environ["SOCBRIDGE_SOURCE_DIR"])
PACKAGING = SOURCE / "packaging"
RULES_FILE = PACKAGING / "prometheus/socbridge.rules.yml"
DASHBOARDS = {path.stem: json.loads(path.read_text()) for path in sorted((PACKAGING / "grafana").glob("*.json"))}
PANELS = [panel for one in DASHBOARDS.values() for panel in one["panels"]]
RULES = [rule for group in yaml.safe_load(RULES_FILE.read_text())["groups"] for rule in group["rules"]]
ALERTS = [rule for rule in RULES if "alert" in rule]
RECORDS = [rule for rule in RULES if "record" in rule]
PROBES = ("wazuh", "thehive", "cortex", "opencti", "opensearch", "prometheus", "grafana")
WORDS = {"time", "max", "count", "vector", "absent", "avg_over_time", "sort_desc", "or", "and", "unless", "by", "on", "min",
         "sum", "rate", "increase", "histogram_quantile", "deriv", "topk"}


def substituted(expression):
    return expression.replace("$component", ".*").replace("$destination", ".*").replace("$__range", "1h")


def targets(kind):
    """(panel, target) of each target that reads such a data source."""
    return [(panel, target) for panel in PANELS for target in panel["targets"] if target["datasource"]["type"] == kind]


def expressions():
    """(where, PromQL) of each panel, alert and record."""
    out = [(panel["title"], substituted(target["expr"])) for panel, target in targets("prometheus")]
    return out + [(rule.get("alert") or rule["record"], rule["expr"]) for rule in RULES]


def metrics_in(expression):
    bare = re.sub(r'"[^"]*"', "", expression)
    bare = re.sub(r"\b(by|on)\s*\([^)]*\)|\{[^}]*\}|\[[^]]*\]", " ", bare)
    return {word for word in re.findall(r"[a-zA-Z_:][\w:]*", bare)} - WORDS


def matchers_in(expression):
    """(metric, {label: alternatives}) of each selector; `.*` alone selects nothing."""
    for metric, inside in re.findall(r"(socbridge_\w+)\{([^}]*)\}", expression):
        pairs = re.findall(r'(\w+)=~?"([^"]*)"', inside)
        yield metric, {label: text.split("|") for label, text in pairs if text != ".*"}


def samples(text):
    """{metric: [labels]} of the exposition format."""
    out = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, inside = re.match(r"(\w+)(?:\{(.*)\})? ", line).groups()
            out.setdefault(name, []).append(dict(re.findall(r'(\w+)="([^"]*)"', inside or "")))
    return out


class Service:
    """`socctl metrics serve` or `receive`: its /metrics answers until close()."""

    def __init__(self, *args, env):
        self.process = tool.start(*args, "--listen", "127.0.0.1:0", env=env)
        for line in iter(self.process.stderr.readline, b""):
            found = re.search(r"listening at (http://[^/\s]+)", line.decode())
            if found:
                self.url = found[1]
                return
        raise RuntimeError(f"{args} did not start")

    def text(self, path="/metrics"):
        with urllib.request.urlopen(self.url + path, timeout=20) as answer:
            return answer.read().decode()

    def is_ready(self):
        try:
            return bool(self.text("/readyz"))
        except urllib.error.HTTPError:
            return False

    def close(self):
        self.process.kill()
        self.process.communicate()


class EmittingSoc:
    """A SOC of the sandbox with some data of every kind, one defect, and the output of its programs: `before` and
    `after` a few alerts, jobs and cases."""

    def __init__(self, place):
        self.place, self.home = place, new_home()
        (place / "rules.json").write_text(json.dumps({"rules": RIGHTS}))
        (place / "prometheus.json").write_text(json.dumps({"rules": []}))
        products = ("cortex", "opencti", "opensearch", "grafana", "wazuh", "prometheus", "kubernetes")
        data = {"kubernetes": place / "rules.json", "prometheus": place / "prometheus.json"}
        self.sandbox = tool.Sandbox(*products, data=data)
        self.home.write("etc/thehive.key", "k3y-0123456789\n")
        configure(self.home)
        self.env = {**USERS, **self.sandbox.env(), "SOCBRIDGE_WAZUH_HOME": str(self.home.path),
                    "SOCCTL_JOBS_DIRECTORY": str(place),
                    "SOCCTL_JOBS_KUBECONFIG": kubeconfig(place, self.sandbox.urls["kubernetes"])}
        self.hive, self.shared = live_stream.Hive(self.sandbox), spool_env.shared_folder(self.home)
        self._deliver(1)
        spool_env.configure(self.home, self.sandbox.url)
        health = tool.run("health", *PROBES, "--canary", "-o", "prometheus", env=self.env).out
        counting = Service("metrics", "serve", "--interval", "200ms", env=self.env)
        receiving = Service("receive", "--accept-only", env=self.env)
        try:
            tool.wait_until(counting.is_ready, 60, "the first numbers")
            rest = health + self._stream() + self._reconcile()
            self.before = rest + self._relay(1) + receiving.text() + counting.text()
            self._act(receiving)
            tool.wait_until(lambda: self._is_counted(counting.text()), 60, "the new numbers")
            relay = self._relay(11, 12, 13)
            self.after = rest + relay + receiving.text() + self._text_with_a_waiting_alert(counting)
        finally:
            counting.close()
            receiving.close()

    def _deliver(self, number):
        run = self.home.run(make_alert(number), key=self.sandbox.key, url=self.sandbox.url)
        assert run.code == 0, run

    def _relay(self, *numbers):
        """Metrics of a relay that delivers these; another alert waits after it, and one is on hold."""
        for number in numbers:
            spool_env.put(self.home, number)
        spool_env.put(self.home, state="hold")
        file = self.shared / "relay.prom"
        assert tool.run("relay", "--once", "--metrics-file", file, env=self.env).code == 0
        spool_env.put(self.home, 20 + len(numbers))
        return file.read_text()

    def _stream(self):
        self.hive.case(("ip", "1.2.3.4"))
        live_stream.Platform(self.sandbox).publish(
            live_stream.event(live_stream.indicator("[ipv4-addr:value = '1.2.3.4']")))
        file = self.place / "stream.prom"
        run = tool.run("opencti", "stream", "--stream", live_stream.STREAM, "--state-dir", self.place / "stream", "--from",
                       "0-0", "--once", "--metrics-file", file, env=self.env)
        assert run.code == 0, run
        return file.read_text()

    def _reconcile(self):
        alerts, file = self.place / "alerts.json", self.place / "reconcile.prom"
        alerts.write_bytes(b"".join(make_alert(number, 12) for number in (1, 7, 8)))
        run = tool.run("reconcile", "--from", alerts, "--dry-run", "--metrics-file", file, env=self.env)
        assert run.code == 3, run
        return file.read_text()

    def _act(self, receiving):
        """Events that the counters count: an alert, its first change of stage, a case that ends, a job, a webhook."""
        self._deliver(5)
        alert = self.hive.alert("r1", ("ip", "192.0.2.1"))
        self.hive.call(f"/api/v1/alert/{alert}/case", {})
        case = self.hive.case(("ip", "192.0.2.2"))
        owned = self.hive.case(("domain", "open.example"))
        self.hive.call(f"/api/v1/case/{owned}", {"status": "InProgress", "assignee": "socbridge@sandbox.test"}, "PATCH")
        ended = {"status": "TruePositive", "summary": "s", "endDate": int(time.time() * 1000) + 1000}
        self.hive.call(f"/api/v1/case/{case}", ended, "PATCH")
        done = tool.run("cortex", "submit", "8.8.8.8", "--analyzer", "MaxMind_GeoIP", "--wait", "--quota-dir",
                        self.place / "q", env=self.env)
        assert done.code == 0, done
        request = urllib.request.Request(receiving.url + "/alerts", make_alert(9, 12), {"Content-Type": "application/json"})
        assert urllib.request.urlopen(request, timeout=20).status == 202

    @staticmethod
    def _is_counted(text):
        counts = dict(re.findall(r"^(socbridge_\w+)(?:\{\})? (\d+)$", text, re.M))
        wanted = ("thehive_alert_first_look_seconds_count", "thehive_case_resolution_seconds_count",
                  "cortex_job_duration_seconds_count", "thehive_alert_arrival_seconds_count")
        asked = ("open_cases_by_owner{", 'cases_by_resolution{resolution="TruePositive"} 1\n')
        return all(one in text for one in asked) and all(int(counts.get("socbridge_" + name, 0)) > 0 for name in wanted)

    @staticmethod
    def _text_with_a_waiting_alert(counting):
        """The alert from `_relay` is counted only at the next interval."""
        waiting = 'socbridge_queue_oldest_timestamp_seconds{state="queue"}'
        return tool.wait_until(lambda: next((text for text in [counting.text()] if waiting in text), None), 60,
                               "the waiting alert")

    def close(self):
        self.sandbox.close()
        shutil.rmtree(self.home.path)

