# SPDX-License-Identifier: Apache-2.0
"""socctl receive, started as a service would."""
import json
import re
import signal
from pathlib import Path

import requests

import tool
from spool_env import env
from tool import wait_until

TOKEN = "token-of-the-test-0123456789"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


class Receiver:
    """`socctl receive` at a free port; `url` answers until close()."""

    def __init__(self, home, *args, token=TOKEN, listen="127.0.0.1:0", before=()):
        file = home.path / "token"
        file.write_text(TOKEN + "\n")
        file.chmod(0o600)
        more = ["--token-file", file] if token else []
        self.log = open(home.path / "receive.log", "wb+")
        self.process = tool.subprocess.Popen(
            [*before, str(tool.BIN), "receive", "--listen", listen, *map(str, [*more, *args])],
            env={**tool.BASE_ENV, **env(home)}, stdin=tool.subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        found = wait_until(lambda: self.process.poll() is not None or
                           re.search(r"listening at (\S+)", self.said()), what="the receiver")
        assert found is not True, self.said()
        self.url = found[1]
        self.port = int(self.url.rsplit(":", 1)[1])

    def said(self):
        return Path(self.log.name).read_text()

    def post(self, body, **how):
        if not isinstance(body, (bytes, str)):
            body = json.dumps(body)
        return requests.post(f"{self.url}/alerts", data=body, **{"headers": BEARER, "timeout": 30, **how})

    def metrics(self):
        text = requests.get(f"{self.url}/metrics", timeout=30).text
        return {name: float(value) for name, value in
                re.findall(r"^(socbridge_\S+(?:\{.*?\})?) (\S+)$", text, re.M)}

    def close(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(timeout=30)
        self.log.close()
        return code
