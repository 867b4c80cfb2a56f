# SPDX-License-Identifier: Apache-2.0
"""The spool is readable by ARCHITECTURE.md, "Files on disk", alone."""

import hashlib
import json
import os
import pathlib
import re
import struct
import time

from conftest import KEY, make_alert
from integratord import NAME
from servers import RESET, answer

OPTIONS = {"retry_min_ms": 60000, "settle_ms": 30000, "budget_ms": 3000}


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def reference(alert):
    fields = json.loads(alert)
    return f"{fields['id']}-{sha(fields['manager']['name'] + chr(10) * 2 + fields['id'])[:16]}"


def read_entry(path):
    """Header and alert of an entry."""
    content = path.read_bytes()
    body, trailer = content[:-73], content[-73:]
    assert trailer == b"\nsha256 " + hashlib.sha256(body).hexdigest().encode() + b"\n"
    magic, header, alert = body.split(b"\n", 2)
    assert magic == b"socbridge-spool 1"
    return json.loads(header), alert


def read_slots(path):
    """{hash: until} of the slots that are not empty."""
    table = path.read_bytes()
    slots = [struct.unpack_from("=Qq", table, at) for at in range(0, len(table), 16)]
    assert all(number == mark % 16384 for number, (mark, _) in enumerate(slots) if mark)
    return {mark: until for mark, until in slots if mark}


def one(folder, pattern):
    [path] = folder.glob(pattern)
    return path


def test_an_entry_its_reason_and_the_state_after_an_ambiguous_end(home, serve):
    def respond(request):
        return answer(200, {"version": "5.5.13-1"}) if request.method == "GET" else RESET

    server, alert = serve(respond), make_alert(1)
    started = time.time() * 1000
    assert home.run(alert, key=KEY, url=server.url, options=json.dumps(OPTIONS)).code == 0

    path = one(home.spool / "queue", "*.alert")
    header, raw = read_entry(path)
    assert raw == alert and header["length"] == len(alert) and header["integration"] == NAME
    assert header["hook_url"] == server.url and KEY not in path.read_text()
    assert path.name[:13] == str(header["accepted_ms"]) and path.name[13] == "-"
    assert path.stat().st_mtime * 1000 > started + 20000  # the time of the next attempt

    reason = json.loads(path.with_suffix(".reason").read_text())
    assert reason["ambiguous"] is True and reason["attempts"] == 1 and reason["kind"] == "retry"

    slot = int(sha(f"{server.url}\n\nwazuh_alert;wazuh;{reference(alert)}")[:16], 16)
    [(mark, until)] = read_slots(home.spool / "in-flight").items()
    assert mark == slot and started < until < started + 60000

    state = home.spool / "state"
    words = (state / f"destination-{sha(server.url + chr(10))[:12]}").read_text().splitlines()[0].split(" ")
    assert words[:2] == ["socbridge-destination", "2"] and len(words) == 10
    words = (state / f"thehive-{sha(server.url)[:12]}").read_text().split()
    assert words[:3] == ["socbridge-version", "1", "5"] and words[4] == "5.5.13-1"


def test_the_document_has_the_versions_of_the_files(home, serve):
    """The first words of each file that a run leaves are those of ARCHITECTURE.md."""
    server = serve(lambda request: answer(503, {}))
    for number in range(2):
        assert home.run(make_alert(number), key=KEY, url=server.url, options=json.dumps(OPTIONS)).code == 0
    heads = set()
    for path in home.spool.rglob("*"):
        if path.is_file():
            heads |= set(re.findall(rb"\Asocbridge-[a-z-]+ \d+", path.read_bytes()))
    assert {b"socbridge-spool 1", b"socbridge-destination 2", b"socbridge-counts 1"} <= heads
    document = (pathlib.Path(os.environ["SOCBRIDGE_SOURCE_DIR"]) / "ARCHITECTURE.md").read_text()
    documented = set(re.findall(r"socbridge-[a-z-]+ \d+", document))
    assert {head.decode() for head in heads} <= documented


def test_a_destination_that_accepts_the_key(home, thehive):
    assert home.run(make_alert(1), key=KEY, url=thehive.url, options=json.dumps(OPTIONS)).code == 0
    state = home.spool / "state"
    words = one(state, "destination-*").read_text().splitlines()[0].split(" ")
    assert words[9] == sha(f"{words[8]}:{KEY}")[:8]
    assert one(state, "delivered-*").stat().st_size == 0
    assert list(read_slots(home.spool / "in-flight").values()) == [1 << 62]  # there, and counted


def test_a_group_is_a_file_of_lines(home, thehive):
    options = json.dumps({**OPTIONS, "group_by": ["rule.id"], "group_window": "1h"})
    for number in (1, 2):
        assert home.run(make_alert(number), key=KEY, url=thehive.url, options=options).code == 0
    lines = [line.split(" ") for line in one(home.spool / "state/buckets", "g-*").read_text().splitlines()]
    members = [line for line in lines if line[0] == "m"]
    assert [line[1] for line in members] == [reference(make_alert(number)) for number in (1, 2)]
    assert all(len(line) == 4 and line[3] == "10" for line in members)
    assert {line[0] for line in lines} <= {"m", "+", "o", "b", "t"}
