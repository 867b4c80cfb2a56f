# SPDX-License-Identifier: Apache-2.0
"""A real OpenSearch of one node on loopback, with its data in a temporary folder.

It starts in about ten seconds, so the files that use it share one: `node` in conftest.py.
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from ports import free_port


# SOCBRIDGE_OPENSEARCH: a folder with jars/ and classes/ of another version, or of Elasticsearch.
PLACE = Path(os.environ.get("SOCBRIDGE_OPENSEARCH") or Path(os.environ["SOCBRIDGE_SOURCE_DIR"]) / ".deps/opensearch")
HEAP = "384m"
JAVA = ["java", f"-Xms{HEAP}", f"-Xmx{HEAP}", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto",
        "-Dopensearch.networkaddress.cache.ttl=60", "-Dio.netty.noUnsafe=true", "-Dlog4j2.formatMsgNoLookups=true",
        "-Djava.locale.providers=SPI,COMPAT", "--add-opens=java.base/java.io=ALL-UNNAMED"]
LOGGING = """status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%c{1.}] %m%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
"""
# At each update the disk monitor takes read_only_allow_delete off: none during a test of it.
SETTINGS = """cluster.name: soc
node.name: test-node
network.host: 127.0.0.1
http.port: {http}
transport.port: {transport}
http.type: netty4
transport.type: netty4
discovery.type: single-node
path.data: {dir}/data
path.logs: {dir}/logs
cluster.info.update.interval: 1d
"""
# Mappings as Wazuh's template has them, of the fields that are searched: all text is a keyword.
TEMPLATE = {
    "order": 0, "index_patterns": ["wazuh-alerts-4.x-*", "wazuh-archives-4.x-*"],
    "settings": {"number_of_shards": 3, "number_of_replicas": 0, "refresh_interval": "1s"},
    "mappings": {
        "dynamic_templates": [{"strings": {"match_mapping_type": "string", "mapping": {"type": "keyword"}}}] + [
            {f"data_{kind}": {"match_mapping_type": kind, "path_match": "data.*", "mapping": {"type": "keyword"}}}
            for kind in ("long", "double", "boolean")],
        "date_detection": False,
        "properties": {
            "timestamp": {"type": "date", "format": "date_optional_time||epoch_millis"},
            "@timestamp": {"type": "date"},
            "rule": {"properties": {"level": {"type": "long"}, "id": {"type": "keyword"}}},
            "data": {"properties": {"srcip": {"type": "keyword"}, "port": {"properties": {"remote_ip": {"type": "ip"}}}}},
        }}}
FINDINGS_TEMPLATE = {
    "index_patterns": ["wazuh-findings-v5-*"], "data_stream": {},
    "template": {"settings": {"number_of_shards": 1, "number_of_replicas": 0},
                 "mappings": {"dynamic_templates": TEMPLATE["mappings"]["dynamic_templates"], "date_detection": False,
                              "properties": {"@timestamp": {"type": "date"}}}}}


class Refused(Exception):
    def __init__(self, status, body):
        super().__init__(f"HTTP {status}: {body}")
        self.status, self.body = status, body


class Node:
    """`url` answers until close(). kill() and start() are a crash and the start after it, on the same data."""

    def __init__(self):
        self.dir = Path(tempfile.mkdtemp(prefix="socbridge-opensearch-"))
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        config = self.dir / "config"
        config.mkdir()
        (self.dir / "plugins").mkdir()
        (self.dir / "modules").mkdir()
        (config / "log4j2.properties").write_text(LOGGING)
        settings = SETTINGS.format(dir=self.dir, http=self.port, transport=free_port())
        for product in ("opensearch", "elasticsearch"):
            (config / f"{product}.yml").write_text(settings)
        self.process = None
        self.start()
        self.put("/_template/wazuh", TEMPLATE)
        number = self.get("/")["version"]["number"]
        self.is_default = number.startswith("2.")
        self.has_data_streams = not number.startswith("7.")  # Elasticsearch has them in a plug-in
        if self.has_data_streams:
            self.put("/_index_template/findings", FINDINGS_TEMPLATE)

    def start(self):
        log = open(self.dir / "node.log", "ab")
        path = f"{PLACE}/classes:{PLACE}/jars/*"
        self.process = subprocess.Popen([*JAVA, "-cp", path, "TestNode", str(self.dir)], stdout=log, stderr=log,
                                        stdin=subprocess.DEVNULL, cwd=self.dir)
        log.close()
        end = time.monotonic() + 180
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError("OpenSearch did not start: " + (self.dir / "node.log").read_text()[-2000:])
            try:
                self.get("/_cluster/health?wait_for_status=yellow&wait_for_no_initializing_shards=true&timeout=10s")
                return
            except (urllib.error.URLError, ConnectionError, Refused):
                time.sleep(0.1)
        raise RuntimeError("OpenSearch did not answer: " + (self.dir / "node.log").read_text()[-2000:])

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=30)

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.kill()
        shutil.rmtree(self.dir)

    def request(self, method, path, body=None, content_type="application/json"):
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, body, {"Content-Type": content_type}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            raise Refused(error.code, error.read().decode()) from None

    def get(self, path):
        return self.request("GET", path)

    def put(self, path, body):
        return self.request("PUT", path, body)

    def post(self, path, body=None):
        return self.request("POST", path, body)

    def delete(self, path):
        return self.request("DELETE", path)

    def bulk(self, documents, action="index"):
        """(index, id or None, document) of each; refused ones raise."""
        lines = []
        for index, id, document in documents:
            lines.append(json.dumps({action: {"_index": index, **({"_id": id} if id else {})}}))
            lines.append(json.dumps(document))
        answer = self.request("POST", "/_bulk?refresh=true", ("\n".join(lines) + "\n").encode(), "application/x-ndjson")
        if answer["errors"]:
            raise Refused(200, json.dumps([one for one in answer["items"] if "error" in next(iter(one.values()))][:3]))
        return [next(iter(one.values())) for one in answer["items"]]

    def clear(self):
        """Without indices, and with the initial settings, for the next test."""
        self.put("/_cluster/settings", {"persistent": {"cluster.*": None}, "transient": {"cluster.*": None}})
        if self.has_data_streams:
            self.delete("/_data_stream/*")
        for name in self.get("/_all/_settings?expand_wildcards=all"):
            self.put(f"/{name}/_settings?expand_wildcards=all", {"index.blocks.*": None})
            self.delete(f"/{name}")
        if not self.is_default:  # no points in time before 2.4
            return
        for name in self.get("/_search/point_in_time/_all")["pits"]:
            self.request("DELETE", "/_search/point_in_time", {"pit_id": name["pit_id"]})


def daily(alert, prefix="wazuh-alerts-4.x-"):
    """The index that Filebeat writes an alert to: the UTC day of its time."""
    import datetime
    moment = datetime.datetime.fromisoformat(alert["timestamp"][:-2] + ":" + alert["timestamp"][-2:])
    return prefix + moment.astimezone(datetime.timezone.utc).strftime("%Y.%m.%d")
