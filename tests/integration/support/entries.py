# SPDX-License-Identifier: Apache-2.0
"""Reads spool entries by docs/spool.md alone, without our code."""

import hashlib
import json

MAGIC = b"socbridge-spool 1\n"
TRAILER = b"\nsha256 "


def decode(data):
    """Header and raw alert of one entry; AssertionError if it is incomplete."""
    assert data.startswith(MAGIC), "magic"
    size = len(TRAILER) + 65
    body, trailer = data[:-size], data[-size:]
    assert trailer == TRAILER + hashlib.sha256(body).hexdigest().encode() + b"\n", "checksum"
    header, _, alert = body[len(MAGIC):].partition(b"\n")
    header = json.loads(header)
    assert header["length"] == len(alert), "length"
    return header, alert


def in_state(home, state="queue"):
    """[(header, alert, reason)] of a state folder; every entry must be complete."""
    out = []
    for path in sorted((home.spool / state).glob("*.alert")):
        reason = path.with_suffix(".reason")
        out.append((*decode(path.read_bytes()), json.loads(reason.read_text()) if reason.exists() else None))
    return out


def count(home, state="queue"):
    return len(in_state(home, state))
