# SPDX-License-Identifier: Apache-2.0
"""Fills a spool with many entries, as docs/spool.md describes them."""
import hashlib
import json
import os
import pathlib
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def folders(spool):
    for name in ("tmp", "queue", "hold", "dead", "corrupt", "state"):
        (spool / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    spool.chmod(0o700)


def fill(spool, count, first=0, due_in_s=0):
    """Stores `count` different alerts, due now; returns the average size in bytes."""
    folders(spool)
    alert = json.loads((ROOT / "examples/alerts/01-ssh-brute-force.json").read_text())
    size = 0
    now = int(time.time() * 1000)
    for number in range(first, first + count):
        alert["id"] = f"1769846400.{1000 + number}"
        raw = json.dumps(alert, separators=(",", ":")).encode() + b"\n"
        header = json.dumps({"integration": "custom-w2thive", "hook_url": "", "options": "", "accepted_ms": now,
                             "length": len(raw)}, separators=(",", ":")).encode()
        body = b"socbridge-spool 1\n" + header + b"\n" + raw
        body += b"\nsha256 " + hashlib.sha256(body).hexdigest().encode() + b"\n"
        path = spool / "queue" / f"{now:013d}-{number:016x}.alert"
        fd = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o400)
        os.write(fd, body)
        os.close(fd)
        if due_in_s:
            os.utime(path, (time.time() + due_in_s,) * 2)
        size = len(body)
    return size
