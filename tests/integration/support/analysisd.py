# SPDX-License-Identifier: Apache-2.0
"""A simulation of a manager's analysisd and integratord: reads lines at the queue socket, writes the alerts of
examples/wazuh/canary-rules.xml to alerts.json and passes them to the integration (docs/protocols/wazuh.md)."""

import datetime
import json
import os
import re
import shutil
import socket
import threading
from pathlib import Path

from integratord import AS_ROOT, GROUP, USER

RULES = Path(os.environ["SOCBRIDGE_SOURCE_DIR"]) / "examples/wazuh/canary-rules.xml"


class Analysisd:
    def __init__(self, home, rule=True, alerts=True, integrates=True, key="", url=""):
        self.home, self.alerts, self.integrates, self.key, self.url = home, alerts, integrates, key, url
        self.lines, self.codes = [], []
        for name in ("queue/sockets", "etc/rules", "logs/alerts"):
            (home.path / name).mkdir(exist_ok=True)
            self._give(home.path / name, 0o770)
        self.file = home.path / "logs/alerts/alerts.json"
        self.file.write_text('{"id":"1.1","rule":{"id":"5501"}}\n')
        self._give(self.file, 0o640)
        if rule:
            shutil.copyfile(RULES, home.path / "etc/rules/socbridge_canary.xml")
            self._give(home.path / "etc/rules/socbridge_canary.xml", 0o640)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(home.path / "queue/sockets/queue"))
        self._give(home.path / "queue/sockets/queue", 0o660)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @staticmethod
    def _give(path, mode):
        if AS_ROOT:
            os.chown(path, USER, GROUP)
        path.chmod(mode)

    def _run(self):
        while True:
            message = self._socket.recv(65536).decode()
            if message == "end":
                return
            queue, location, line = message.split(":", 2)
            self.lines.append((queue, location, line))
            if self.alerts:
                self._alert(location, line)

    def _alert(self, location, line):
        rule = re.search(r'<rule id="(\d+)" level="(\d+)">', RULES.read_text())
        now = datetime.datetime.now(datetime.timezone.utc)
        text = json.dumps({
            "timestamp": now.isoformat(timespec="milliseconds").replace("+00:00", "+0000"),
            "rule": {"level": int(rule[2]), "description": "socbridge canary: removed automatically, please ignore",
                     "id": rule[1], "firedtimes": 1, "mail": False, "groups": ["socbridge_canary"]},
            "agent": {"id": "000", "name": "wazuh-01"}, "manager": {"name": "wazuh-01"},
            "id": f"{int(now.timestamp())}.{self.file.stat().st_size}", "full_log": line, "decoder": {"name": "json"},
            "data": json.loads(line), "location": location}, separators=(",", ":")) + "\n"
        with open(self.file, "a", encoding="utf-8") as out:
            for part in (text[:100], text[100:]):  # a reader may see a part of it
                out.write(part)
                out.flush()
        if self.integrates:
            self.codes.append(self.home.run(text.encode(), key=self.key, url=self.url).code)

    def close(self):
        if not self._thread.is_alive():
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            out.sendto(b"end", str(self.home.path / "queue/sockets/queue"))
        self._thread.join()
        self._socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
