# SPDX-License-Identifier: Apache-2.0
"""A real Prometheus of this test alone, on a free port, with its data in a temporary folder."""

import json
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from ports import free_port


PROMTOOL = shutil.which("promtool")

CONFIG = """
global: {{ scrape_interval: 200ms, scrape_timeout: 150ms, evaluation_interval: 200ms }}
rule_files: [{rules}]
scrape_configs:
{jobs}
"""
JOB = "  - job_name: {name}\n    static_configs: [{{ targets: ['{target}'] }}]\n"
SECURE = ("    scheme: {scheme}\n    tls_config: {{ ca_file: {ca} }}\n"
          "    basic_auth: {{ username: {login[0]}, password: {login[1]} }}\n")
RULE = "groups: [{{ name: soc, rules: [{{ record: r, expr: '{expr}' }}] }}]\n"


class Prometheus:
    """jobs: {name: target}, `self` is its own address, a target with TLS is a mapping; rule: an expression or None,
    rule_file: a file of rules instead."""

    def __init__(self, jobs, rule=None, rule_file=None):
        self.dir = Path(tempfile.mkdtemp(prefix="socbridge-prometheus-"))
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        rules = str(rule_file or "")
        if rule:
            (self.dir / "rules.yml").write_text(RULE.format(expr=rule))
            rules = "rules.yml"
        text = "".join(self._job(name, f"127.0.0.1:{port}" if target == "self" else target) for name, target in jobs.items())
        (self.dir / "prometheus.yml").write_text(CONFIG.format(rules=rules, jobs=text or "  []"))
        self.process = subprocess.Popen(
            ["prometheus", f"--config.file={self.dir}/prometheus.yml", f"--storage.tsdb.path={self.dir}/data",
             f"--web.listen-address=127.0.0.1:{port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    @staticmethod
    def _job(name, target):
        if isinstance(target, str):
            return JOB.format(name=name, target=target)
        return JOB.format(name=name, target=target["target"]) + SECURE.format(**target)

    def get(self, path):
        with urllib.request.urlopen(self.url + path, timeout=5) as answer:
            return answer.read()

    def wait_until(self, seen, timeout=30):
        """Until seen(targets, rules) is true."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            try:
                targets = json.loads(self.get("/api/v1/targets"))["data"]["activeTargets"]
                groups = json.loads(self.get("/api/v1/rules"))["data"]["groups"]
                if seen(targets, [rule for group in groups for rule in group["rules"]]):
                    return self
            except (urllib.error.URLError, ConnectionError, json.JSONDecodeError):
                pass
            time.sleep(0.05)
        raise AssertionError("Prometheus did not get there")

    def close(self):
        self.process.kill()
        self.process.wait(timeout=10)
        shutil.rmtree(self.dir)


def check_metrics(text):
    """promtool's findings in metrics; empty if there are none."""
    run = subprocess.run([PROMTOOL, "check", "metrics"], input=text.encode(), capture_output=True, timeout=60)
    return (run.stdout + run.stderr).decode() if run.returncode or run.stdout else ""
