# SPDX-License-Identifier: Apache-2.0
"""`socctl metrics serve` as a process, and its text as numbers."""

import re
import time
import urllib.error
import urllib.request

import tool

NOTHING = {"SOCBRIDGE_WAZUH_HOME": "/nonexistent"}


def samples(text):
    """{metric: {label value or None: number}}; each metric here has one label at most, or several joined."""
    out = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, inside, value = re.match(r"(\w+)(?:\{(.*)\})? (\S+)$", line).groups()
            labels = ",".join(re.findall(r'="([^"]*)"', inside or ""))
            out.setdefault(name, {})[labels] = float(value)
    return out


class Served:
    def __init__(self, env, *more):
        self.process = tool.start("metrics", "serve", "--listen", "127.0.0.1:0", *more, env={**NOTHING, **env})
        line = self.process.stderr.readline().decode()
        assert line.startswith("socctl: listening at http://"), line
        self.url = line.split()[-1].removesuffix("/metrics")

    def get(self, path, accept=None, method="GET"):
        request = urllib.request.Request(self.url + path, headers={"Accept": accept} if accept else {}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()

    def wait_ready(self, seconds=30):
        end = time.monotonic() + seconds
        while self.get("/readyz")[0] != 200:
            assert time.monotonic() < end, "not ready"
            time.sleep(0.05)
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
