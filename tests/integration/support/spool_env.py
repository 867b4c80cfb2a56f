# SPDX-License-Identifier: Apache-2.0
"""A Wazuh home whose spool is filled without custom-w2thive, by docs/spool.md alone, and socctl at work on it."""

import hashlib
import json
import os
import random
import time
import urllib.request

import integratord
import tool
from conftest import make_alert
from entries import MAGIC

KEY = tool.KEY
# Short pauses: a test waits for them.
QUICK = {"thehive_version": "5", "retry_min_ms": 200, "retry_max_ms": 1000, "settle_ms": 200, "breaker_open_ms": 300,
         "auth_probe_ms": 400}


def encode(alert, accepted_ms, hook_url="", options="", integration="custom-w2thive"):
    header = json.dumps({"integration": integration, "hook_url": hook_url, "options": options,
                         "accepted_ms": accepted_ms, "length": len(alert)}, separators=(",", ":"))
    body = MAGIC + header.encode() + b"\n" + alert
    return body + b"\nsha256 " + hashlib.sha256(body).hexdigest().encode() + b"\n"


def put(home, number=1, state="queue", age_s=0.0, due_in_s=0.0, reason=None, alert=None, content=None):
    """Adds one entry; returns its id."""
    for name in ("tmp", "queue", "hold", "dead", "corrupt", "state"):
        folder = home.spool / name
        if not folder.exists():
            folder.mkdir(mode=0o700, exist_ok=True)  # a process of the test may create it at the same time
            home._give(folder, integratord.USER, 0o700)
    now = time.time()
    accepted = int((now - age_s) * 1000)
    name = f"{accepted:013d}-{random.getrandbits(64):016x}"
    path = home.spool / state / f"{name}.alert"
    made = home.spool / "tmp" / path.name  # as accepted: a running relay may claim it as soon as it is in the queue
    made.write_bytes(content if content is not None else encode(alert or make_alert(number), accepted))
    home._give(made, integratord.USER, 0o600)
    os.utime(made, (now + due_in_s, now + due_in_s))
    if reason is not None:
        why = path.with_suffix(".reason")
        why.write_text(json.dumps(reason))
        home._give(why, integratord.USER, 0o600)
    made.rename(path)
    return name


def make_due(home):
    """All waiting entries can be tried now, without their pauses."""
    for path in (home.spool / "queue").glob("*.alert"):
        os.utime(path, (0, time.time() - 1))
    (home.spool / "state/due").unlink(missing_ok=True)


def end_breaker_pause(home):
    """The pauses of all open circuit breakers are over (docs/spool.md, state/destination-*)."""
    for path in (home.spool / "state").glob("destination-*"):
        words = path.read_bytes().split(b" ")
        words[5] = b"1"  # UNTIL
        path.write_bytes(b" ".join(words))


def shared_folder(home):
    """A folder that the relay, which runs as the owner of the spool, can write."""
    folder = home.path / "metrics"
    folder.mkdir()
    home._give(folder, integratord.USER, 0o755)
    return folder


def env(home, **more):
    return {"SOCBRIDGE_WAZUH_HOME": str(home.path), **more}


def socctl(home, *args, **how):
    return tool.run(*args, env=env(home), **how)


def ids(home, state="queue"):
    return sorted(path.stem for path in (home.spool / state).glob("*.alert"))


def configure(home, url, **more):
    home.configure(**{"url": url, "api_key": KEY, **QUICK, **more})


def references(sandbox):
    """sourceRef of every alert in the sandbox, with duplicates; read without socctl, as tests wait for it."""
    question = {"query": [{"_name": "listAlert"}, {"_name": "page", "from": 0, "to": 10000}]}
    request = urllib.request.Request(sandbox.url + "/api/v1/query?name=references", json.dumps(question).encode(),
                                     {"Authorization": f"Bearer {sandbox.key}", "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return [alert["sourceRef"] for alert in json.loads(answer.read())]
