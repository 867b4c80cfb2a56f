# SPDX-License-Identifier: Apache-2.0
"""The processes of scripts/demo: started, watched, stopped, and their files removed."""
import http.server
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

KEY = "demo-key-0123456789"
STREAM = "4f8d3c1a-7b6e-4a59-9c0d-1e2f3a4b5c6d"  # the sandbox's stream for users without BYPASS
PRODUCTS = ("cortex", "opencti", "opensearch", "grafana", "wazuh")
PROMETHEUS = """global: {{scrape_interval: 1s, scrape_timeout: 900ms, evaluation_interval: 1s}}
rule_files: ['{rules}']
scrape_configs:
"""
JOB = "  - {{job_name: {name}, static_configs: [{{targets: ['{target}']}}]}}\n"
SETTINGS = {"delivery": "queue", "min_level": 3, "spool_min_free_mb": 0, "retry_min_ms": 1000, "retry_max_ms": 5000}
BLOCK = """<ossec_config>
  <global><jsonout_output>yes</jsonout_output></global>
  <integration><name>custom-w2thive</name><level>3</level><alert_format>json</alert_format></integration>
</ossec_config>
"""
RULES = {"analysis": {"repeat_after": "10m", "rules": {
    "addresses": {"types": ["ip"], "min_severity": "medium", "analyzers": ["MaxMind_GeoIP", "AbuseIPDB"]},
    "hashes": {"types": ["hash"], "analyzers": ["VirusTotal_GetReport"]}}}}


class Process:
    """`url` is the first URL in a line of output that contains `says`, if that is given."""

    def __init__(self, name, argv, env, log, says=None):
        self.name = name
        self.child = subprocess.Popen([str(one) for one in argv], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                      stderr=subprocess.STDOUT, start_new_session=True)
        self.lines, self._new = [], threading.Condition()
        self._log = open(log, "wb")
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.url = self.wait_for(says) if says else None

    def _read(self):
        for line in self.child.stdout:
            self._log.write(line)
            self._log.flush()
            with self._new:
                self.lines.append(line.decode(errors="replace"))
                self._new.notify_all()
        with self._new:
            self._new.notify_all()

    def wait_for(self, says):
        found = None
        with self._new:
            ready = self._new.wait_for(lambda: self.url_of(says) or self.child.poll() is not None, 60)
            found = self.url_of(says)
        if not ready or not found:
            raise SystemExit(f"demo: {self.name} did not start: {''.join(self.lines)[-400:]}")
        return found

    def url_of(self, says):
        for line in self.lines:
            found = re.search(says + r".*?(https?://[^\s/]+)", line)
            if found:
                return found[1]
        return None

    def stop(self):
        for number, seconds in ((signal.SIGCONT, 0), (signal.SIGTERM, 10), (signal.SIGKILL, 10)):
            if self.child.poll() is not None:
                break
            os.killpg(self.child.pid, number)
            try:
                self.child.wait(seconds)
            except subprocess.TimeoutExpired:
                continue
        self._reader.join(5)
        self.child.stdout.close()
        self._log.close()


class Files(http.server.BaseHTTPRequestHandler):
    """A textfile collector like the node exporter's: the files of a folder as one page."""

    folder = None

    def do_GET(self):
        text = b"".join(file.read_bytes() for file in sorted(self.folder.glob("*.prom")))
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.send_header("Content-Length", str(len(text)))
        try:
            self.end_headers()
            self.wfile.write(text)
        except ConnectionError:
            pass  # the client has closed the connection

    def log_message(self, *_):
        pass


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Soc:
    def __init__(self, programs, root):
        self.programs, self.root = programs, root
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="socbridge-demo-"))
        self.home, self.logs, self.metrics = self.place / "wazuh", self.place / "logs", self.place / "metrics"
        for folder in (self.home / "integrations", self.home / "etc", self.home / "logs/alerts", self.home / "queue", self.logs,
                       self.metrics):
            folder.mkdir(parents=True)
        program = shutil.copy(programs / "custom-w2thive", self.home / "integrations")
        pathlib.Path(program).chmod(0o750)
        self.alerts_json = self.home / "logs/alerts/alerts.json"
        self.alerts_json.touch()
        self.urls, self.processes, self.runs, self.env, self.node, self._files = {}, {}, {}, {}, None, None

    def start(self, with_indexer):
        self._start_sandbox()
        if with_indexer:
            self._start_indexer()
        self.env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(self.place), "SOCBRIDGE_WAZUH_HOME": str(self.home),
                    "SOCCTL_STATE_DIR": str(self.place / "state"), "SOCCTL_OPENSEARCH_USER": "admin", "SOCCTL_WAZUH_USER": "wazuh"}
        for name in ("thehive", *PRODUCTS):
            self.env[f"SOCCTL_{name.upper()}_URL"] = self.urls[name]
            self.env[f"SOCCTL_{name.upper()}_KEY"] = KEY
        self._write("wazuh/etc/thehive.key", KEY + "\n")
        self._write("wazuh/etc/w2thive.json", json.dumps({**SETTINGS, "url": self.urls["thehive"], "api_key": "file:etc/thehive.key"}))
        self._write("wazuh/etc/ossec.conf", BLOCK)
        self._write("config.json", json.dumps(RULES))
        self._start_services()
        self._start_prometheus()

    def _start_sandbox(self):
        argv = [self.programs / "soc-sandbox", "--listen", "127.0.0.1:0", "--key", KEY, "--cortex-check", "5000"]
        for name in PRODUCTS:
            argv += ["--with", f"{name}=127.0.0.1:0"]
        sandbox = self._run("sandbox", argv, None)
        for name in ("thehive", *PRODUCTS):
            self.urls[name] = sandbox.wait_for(f"(?i)sandbox ready: {name} at")

    def _start_indexer(self):
        os.environ.setdefault("SOCBRIDGE_SOURCE_DIR", str(self.root))
        sys.path.insert(0, str(self.root / "tests/integration/support"))
        import opensearch_node
        self.node = opensearch_node.Node()
        self.node.put("/_template/wazuh-dashboard", {"order": 0, "index_patterns": ["wazuh-statistics-*", "wazuh-monitoring-*"],
                                                     "settings": {"number_of_shards": 1, "number_of_replicas": 0}})
        self.urls["opensearch"] = self.node.url

    def _start_services(self):
        listen = ("--metrics-listen", "127.0.0.1:0")
        self.socctl("relay", "relay", *listen, says="metrics at")  # creates the spool, which the exporter counts
        self.socctl("exporter", "metrics", "serve", "--listen", "127.0.0.1:0", "--interval", "1s", says="listening at")
        self.socctl("receiver", "receive", "--accept-only", "--listen", "127.0.0.1:0", *listen, says="metrics at")
        self.urls["webhooks"] = self.processes["receiver"].url_of("listening at")
        self.socctl("stream", "opencti", "stream", "--state-dir", self.place / "stream", "--stream", STREAM, "--from", "0-0", *listen,
                    says="metrics at")
        self.socctl("analyze", "analyze", "--new", "--follow", "--interval", "2s", "--profile", self.place / "config.json", "--state",
                    self.place / "analyze.json", *listen, says="metrics at")
        self.socctl("health", "health", "--watch", "--interval", "3s", "-o", "prometheus", "--out", self.metrics / "health.prom")
        self.socctl("page", "health", "--watch", "--interval", "5s", "-o", "html", "--out", self.place / "health.html")

    def _start_prometheus(self):
        self._files = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("OurFiles", (Files,), {"folder": self.metrics}))
        threading.Thread(target=self._files.serve_forever, daemon=True).start()
        targets = {name: self.processes[name].url for name in ("exporter", "relay", "receiver", "stream", "analyze")}
        targets["files"] = f"http://127.0.0.1:{self._files.server_address[1]}"
        text = PROMETHEUS.format(rules=self.root / "packaging/prometheus/socbridge.rules.yml")
        text += "".join(JOB.format(name=name, target=url.removeprefix("http://")) for name, url in targets.items())
        self._write("prometheus.yml", text)
        self.urls["prometheus"] = f"http://127.0.0.1:{free_port()}"
        self._run("prometheus", ["prometheus", f"--config.file={self.place}/prometheus.yml", f"--storage.tsdb.path={self.place}/tsdb",
                                 f"--web.listen-address={self.urls['prometheus'].removeprefix('http://')}"], None)
        for _ in range(300):
            try:
                self.call("prometheus", "/api/v1/targets")
                return
            except OSError:
                self.check()
                time.sleep(0.1)
        raise SystemExit("demo: Prometheus does not answer")

    def _write(self, name, text):
        path = self.place / name
        path.write_text(text)
        path.chmod(0o600)

    def _run(self, name, argv, says):
        self.processes[name] = Process(name, argv, self.env or None, self.logs / f"{name}.log", says)
        return self.processes[name]

    def socctl(self, name, *args, says=None):
        """Starts the service of that name."""
        return self._run(name, [self.programs / "socctl", *args], says)

    def once(self, *args):
        """Runs socctl; returns its exit code."""
        with open(self.logs / "commands.log", "ab") as log:
            return subprocess.run([str(self.programs / "socctl"), *map(str, args)], env=self.env, stdin=subprocess.DEVNULL, stdout=log,
                                  stderr=log).returncode

    def beside(self, name, *args):
        """Runs socctl in the background, unless the previous run has not ended."""
        if name in self.runs and self.runs[name].poll() is None:
            return
        with open(self.logs / "commands.log", "ab") as log:
            self.runs[name] = subprocess.Popen([str(self.programs / "socctl"), *map(str, args)], env=self.env,
                                               stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def call(self, product, path, body=None, method=None):
        request = urllib.request.Request(self.urls[product] + path, None if body is None else json.dumps(body).encode(), method=method,
                                         headers={"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def check(self):
        for process in self.processes.values():
            if process.child.poll() is not None:
                raise SystemExit(f"demo: {process.name} ended with {process.child.returncode}: {''.join(process.lines)[-400:]}")

    def directions(self):
        return (f"TheHive of the sandbox   {self.urls['thehive']}/\n"
                f"Prometheus               {self.urls['prometheus']}/alerts\n"
                f"exporter                 {self.processes['exporter'].url}/metrics\n"
                f"health, as a page        file://{self.place}/health.html\n"
                f"logs                     {self.logs}\n"
                f"by hand                  SOCCTL_THEHIVE_URL={self.urls['thehive']} SOCCTL_THEHIVE_KEY={KEY} "
                f"{self.programs}/socctl alert list\n"
                "Ctrl-C ends all of it.")

    def stop(self):
        for run in self.runs.values():
            run.terminate()
        for run in self.runs.values():
            try:
                run.wait(30)
            except subprocess.TimeoutExpired:
                run.kill()
                run.wait()
        for process in reversed(self.processes.values()):
            process.stop()
        if self._files:
            self._files.shutdown()
            self._files.server_close()
        if self.node:
            self.node.close()
        shutil.rmtree(self.place)
