# SPDX-License-Identifier: Apache-2.0
"""Shared by the tests of the live stream: cases in the sandbox's TheHive, events, our comments."""

import json
import re
import urllib.request

from tool import run, start

X = "extension-definition--ea279b3e-5c71-4632-ac08-831c66a786ba"
SCO = "extension-definition--f93e2c80-4231-4f9a-af8b-95c9bd566a82"
STREAM = "4f8d3c1a-7b6e-4a59-9c0d-1e2f3a4b5c6d"
AUTHOR = {"id": "identity--e8bee170-9a53-5d5a-98a6-f3f4ceb1dc55", "type": "identity", "spec_version": "2.1",
          "name": "Example CTI Team", "identity_class": "organization",
          "extensions": {X: {"id": "6f2b7c1e-9a2d-4d7c-8a5e-1f3c2b4d5e6f", "type": "Organization"}}}
MARK = re.compile(r"socbridge:opencti:([0-9a-f]{16}):([a-z]+):(\d+-\d+)")


def call(base, key, path, body=None, method=None):
    request = urllib.request.Request(base + path, method=method or ("POST" if body is not None else "GET"),
                                     data=None if body is None else json.dumps(body).encode(),
                                     headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        text = answer.read()
    return json.loads(text) if text else None


class Hive:
    """Direct requests to the sandbox's TheHive."""

    def __init__(self, sandbox):
        self.sandbox = sandbox

    def call(self, path, body=None, method=None):
        return call(self.sandbox.urls["thehive"], self.sandbox.key, path, body, method)

    def case(self, *observables):
        case = self.call("/api/v1/case", {"title": "A case", "description": "For a test"})
        for data_type, data in observables:
            self.call(f"/api/v1/case/{case['_id']}/observable", {"dataType": data_type, "data": data})
        return case["_id"]

    def alert(self, ref, *observables):
        return self.call("/api/v1/alert", {
            "type": "t", "source": "s", "sourceRef": ref, "title": "An alert", "description": "For a test",
            "observables": [{"dataType": kind, "data": data} for kind, data in observables]})["_id"]

    def query(self, *ops):
        return self.call("/api/v1/query?name=test", {"query": list(ops)})

    def comments(self, subject=None, kind="getCase"):
        if subject is None:
            return [one["message"] for one in self.query({"_name": "listComment"})]
        return [one["message"] for one in self.query({"_name": kind, "idOrName": subject}, {"_name": "comments"})]

    def marks(self):
        return [mark for text in self.comments() for mark in MARK.findall(text)]

    def tags(self, subject):
        found = self.query({"_name": "getCase", "idOrName": subject}, {"_name": "observables"})
        return {one["data"]: one["tags"] for one in found}


class Platform:
    """The sandbox's OpenCTI: publishes events."""

    def __init__(self, sandbox):
        self.sandbox = sandbox

    def settings(self, **settings):
        return call(self.sandbox.urls["opencti"], self.sandbox.key, "/sandbox/stream", settings)

    def publish(self, *events):
        return self.settings(events=list(events))["last"]


class Soc:
    def __init__(self, sandbox, folder):
        self.sandbox, self.folder = sandbox, folder
        self.hive, self.platform = Hive(sandbox), Platform(sandbox)
        self.platform.settings(heartbeat_ms=100)

    def args(self, *more):
        # The default stream `live` is for administrators.
        stream = () if "--stream" in more else ("--stream", STREAM)
        return ("opencti", "stream", "--state-dir", self.folder / "state", "-o", "jsonl", "--retry", "20ms", *stream,
                *more)

    def once(self, *more, code=0, env=None, **how):
        result = run(*self.args("--once", *more), env=env or self.sandbox.env(), **how)
        assert result.code == code, result
        return Run(result)

    def daemon(self, *more):
        return start(*self.args(*more), env=self.sandbox.env())


class Run:
    def __init__(self, result):
        self.events = result.jsonl()
        self.err = result.err
        line = [one for one in result.err.splitlines() if one.startswith("socctl: stream ")][0]
        self.counts = json.loads(line.removeprefix("socctl: stream "))

    def named(self, name):
        return [one for one in self.events if one["event"] == name]


def indicator(pattern, number=1, *, updated="2026-11-01T10:00:00.000Z", score=80, pattern_type="stix", **more):
    data = {"id": f"indicator--00000000-0000-5000-9000-{number:012x}", "type": "indicator", "spec_version": "2.1",
            "extensions": {X: {"id": f"00000000-0000-4000-9000-{number:012x}", "type": "Indicator", "score": score,
                               "updated_at": updated, "creator_ids": ["5a1f6f0e"], **more.pop("extension", {})}},
            "created": "2026-10-01T10:00:00.000Z", "modified": updated, "revoked": False, "labels": ["c2"],
            "name": f"Indicator {number}", "pattern": pattern, "pattern_type": pattern_type,
            "valid_from": "2026-10-01T10:00:00.000Z", "valid_until": "2099-01-01T00:00:00.000Z"}
    return {**data, **more}


def event(data, name="create", **more):
    return {"event": name, "data": data, **more}
