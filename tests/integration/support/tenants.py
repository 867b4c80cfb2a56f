# SPDX-License-Identifier: Apache-2.0
"""Three TheHives with a key each, and a manager that sends to them by rules."""

import json
import time

import integratord
from entries import count, in_state
from servers import TheHive, answer
from spool_env import QUICK, socctl

TOP_KEY, ACME_KEY, BETA_KEY = "top-key-0123456789", "acme-key-0123456789", "beta-key-0123456789"


class Tenant(TheHive):
    """TheHive with one key, and a list of every key that it was shown."""

    def __init__(self, key):
        self.key, self.shown = key, set()
        self.refuse_key = False
        self.before = None  # answers in its place
        super().__init__()

    def _answer(self, request):
        self.shown.add(request.headers.get("authorization"))
        if self.before:
            reply = self.before(request)
            if reply is not None:
                return reply
        if request.path == "/api/v1/status/public":
            return super()._answer(request)
        if self.refuse_key or request.headers.get("authorization") != f"Bearer {self.key}":
            return answer(401, {"type": "AuthenticationError", "message": "Authentication failure"})
        if request.path == "/api/v1/user/current":
            return answer(200, {"login": "bot", "organisation": request.headers.get("x-organisation", "soc"),
                                "permissions": ["manageAlert/create"]})
        if request.path.startswith("/api/v1/query"):
            wanted = json.dumps(request.json())
            return answer(200, [{"sourceRef": ref} for ref in self.references() if ref in wanted])
        if request.method == "PATCH":
            return answer(204, b"")
        if request.path.endswith("/observable"):
            return answer(201, [])
        return super()._answer(request)

    def references(self):
        return [key[2] for key in self.alerts]

    def creates(self):
        return [one for one in self.posts() if one.path == "/api/v1/alert"]


BOTH = {"name": "both", "match": {"group": "sshd"}, "set": {"destination": ["acme", "default"]}}


def destinations(tenants):
    _, acme, beta = tenants
    return {"acme": {"url": acme.url, "api_key": "file:etc/acme.key"},
            "beta": {"url": beta.url, "api_key": "file:etc/beta.key", "organisation": "beta"}}


def configure(home, tenants, rules, **more):
    home.write("etc/acme.key", ACME_KEY + "\n")
    home.write("etc/beta.key", BETA_KEY + "\n")
    home.configure(**{**QUICK, "url": tenants[0].url, "api_key": TOP_KEY, "destinations": destinations(tenants),
                      "rules": rules, **more})


def waiting(home):
    """Destination of each entry of queue/, `` for the top-level one."""
    return sorted(header.get("destination", "") for header, _, _ in in_state(home))


def foreign(home):
    return {str(path) for path in home.spool.rglob("*") if path.lstat().st_uid != integratord.USER}


def relay_until_empty(home, seconds=20):
    """Waiting entries may be settling or pausing: the relay is run until none is left."""
    end = time.monotonic() + seconds
    while count(home) and time.monotonic() < end:
        socctl(home, "relay", "--once")
        time.sleep(0.1)
    assert count(home) == 0, in_state(home)


def stats(home):
    return socctl(home, "queue", "stats", "-o", "jsonl").jsonl()


def share(home, name):
    [one] = [row for row in stats(home) if row["kind"] == "totals" and row["destination"] == name]
    return one


def make_all():
    return [Tenant(key) for key in (TOP_KEY, ACME_KEY, BETA_KEY)]


def close_all(tenants):
    """Each must have seen no key but its own."""
    for one in tenants:
        one.close()
        assert one.shown <= {None, f"Bearer {one.key}"}, "a key was shown to a server that it is not for"
