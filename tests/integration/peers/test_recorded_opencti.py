# SPDX-License-Identifier: Apache-2.0
"""The sandbox's OpenCTI answers like a real one: recorded requests are replayed against it. Recordings are
tests/fixtures/recorded/opencti.jsonl, in their original order; `setup` has the user and the platform. Other data of
these platforms is in opencti-entities.json. Remaining differences are in opencti-differences.tsv there, with the
reason. Frames of the live stream are in opencti.sse."""

import fnmatch
import json
import os
import re
import urllib.request
from pathlib import Path

import pytest

import live_stream
import tool

FOLDER = Path(os.environ["SOCBRIDGE_SOURCE_DIR"]) / "tests/fixtures/recorded"
RIGHTS = ["KNOWLEDGE", "KNOWLEDGE_KNUPDATE", "MODULES", "TAXIIAPI"]
BUILT_IN = Path(os.environ["SOCBRIDGE_SOURCE_DIR"]) / "tools/soc-sandbox/opencti/knowledge.json"
SETUPS = {  # changes to the sandbox's own data
    "socctl": {},
    "forbidden": {"rights": []},
    "nostream": {"rights": RIGHTS[:3]},
    "engine-down": {"rights": ["BYPASS"], "search_engine": "down"},
}


def start(setup, folder):
    """A sandbox with this setup."""
    changes = dict(SETUPS[setup])
    rights = changes.pop("rights", RIGHTS)
    bundle = json.loads(BUILT_IN.read_text())
    bundle["objects"] += json.loads((FOLDER / "opencti-entities.json").read_text())
    bundle["sandbox"]["me"]["capabilities"] = [{"name": one} for one in rights]
    bundle["sandbox"].update(changes)
    path = folder / f"{setup}.json"
    path.write_text(json.dumps(bundle))
    return tool.Sandbox("opencti", data={"opencti": path})


def kind(value):
    return {type(None): "null", bool: "boolean", int: "number", float: "number", str: "text", list: "list",
            dict: "object"}[type(value)]


def members(value, path=""):
    """path -> kinds of its values; elements of lists are all called []."""
    out = {path: {kind(value)}}
    inner = value.items() if isinstance(value, dict) else []
    parts = [(f"{path}.{name}", one) for name, one in inner]
    parts += [(path + "[]", one) for one in (value if isinstance(value, list) else [])]
    for at, one in parts:
        for found, kinds in members(one, at).items():
            out.setdefault(found, set()).update(kinds)
    return out


def codes(body):
    """The members that a client uses: code and text of each error."""
    if not isinstance(body, dict):
        return []
    return [(one["extensions"]["code"], one["message"]) for one in body.get("errors", [])]


def parent(path):
    return path[:-2] if path.endswith("[]") else path.rpartition(".")[0]


def differences(real, here):
    """Status, errors, members and their kinds. A difference below another one is not listed."""
    if real["status"] != here["status"]:
        return [f"status {real['status']}, here {here['status']}"]
    out = []
    if codes(real["body"]) != codes(here["body"]):
        out.append(f"errors {codes(real['body'])}, here {codes(here['body'])}")
    theirs, ours = members(real["body"]), members(here["body"])
    out += [f"only real: {path}" for path in theirs.keys() - ours.keys() if parent(path) in ours]
    out += [f"only here: {path}" for path in ours.keys() - theirs.keys() if parent(path) in theirs]
    out += [f"type {path}: {'/'.join(sorted(theirs[path]))}, here {'/'.join(sorted(ours[path]))}"
            for path in theirs.keys() & ours.keys() if theirs[path] != ours[path]]
    return sorted(out)


def learn(real, here, names):
    """Identifiers of the recorded platform, and those here."""
    if isinstance(real, list) and isinstance(here, list):
        for one, other in zip(real, here):
            learn(one, other, names)
    elif isinstance(real, dict) and isinstance(here, dict):
        for name, one in real.items():
            other = here.get(name)
            if name in ("id", "standard_id") and isinstance(one, str) and isinstance(other, str):
                names.setdefault(one, other)
            else:
                learn(one, other, names)


def ask(sandbox, recording, names):
    request = recording["request"]
    body = re.sub(r"[a-z-]*[0-9a-f]{8}-[0-9a-f-]{27}", lambda found: names.get(found.group(), found.group()),
                  json.dumps(request["body"]))
    headers = {**request["headers"], "Authorization": f"Bearer {sandbox.key}"}
    made = urllib.request.Request(sandbox.urls["opencti"] + request["path"], body.encode(), headers)
    with urllib.request.urlopen(made, timeout=60) as answer:
        return {"status": answer.status, "headers": dict(answer.getheaders()), "body": json.loads(answer.read())}


def replay(recordings, setup, folder):
    out, names = {}, {}
    with start(setup, folder) as sandbox:
        for recording in recordings:
            answer = ask(sandbox, recording, names)
            learn(recording["response"]["body"], answer["body"], names)
            out[recording["name"]] = differences(recording["response"], answer)
    return out


def known():
    """Lines of recording, difference and reason; `*` matches any text in the first two."""
    lines = [line.split("\t") for line in (FOLDER / "opencti-differences.tsv").read_text().splitlines()
             if line and not line.startswith("#")]
    assert all(len(line) == 3 and all(line) for line in lines)
    return lines


def fits(pattern, text):
    return fnmatch.fnmatchcase(text.replace("[", "("), pattern.replace("[", "("))


def test_the_sandbox_answers_as_recorded(tmp_path):
    recordings = [json.loads(line) for line in (FOLDER / "opencti.jsonl").read_text().splitlines()]
    assert len({one["name"] for one in recordings}) == len(recordings) > 0
    found = {}
    for setup in sorted({one["setup"] for one in recordings}):
        found.update(replay([one for one in recordings if one["setup"] == setup], setup, tmp_path))
    lines, used, unknown = known(), set(), []
    for name, differing in found.items():
        for one in differing:
            about = [i for i, line in enumerate(lines) if fits(line[0], name) and fits(line[1], one)]
            used.update(about)
            unknown += [] if about else [f"{name}\t{one}"]
    assert not unknown, "the sandbox differs, and no line of opencti-differences.tsv says why:\n" + "\n".join(unknown)
    gone = ["\t".join(line) for i, line in enumerate(lines) if i not in used]
    assert not gone, "these differences are no more: take them out of opencti-differences.tsv:\n" + "\n".join(gone)


@pytest.mark.parametrize("here", [{"errors": [{"message": "m", "extensions": {"code": "OTHER"}}]}, {"data": None}])
def test_another_error_is_a_difference(here):
    real = {"status": 200, "headers": {}, "body": {"errors": [{"message": "m", "extensions": {"code": "SOME"}}]}}
    assert differences(real, {"status": 200, "headers": {}, "body": here})
    assert differences(real, real) == []


def frames(text):
    """{kind: (has an id, JSON)} of a stream's text; the last one of each kind."""
    out = {}
    for frame in text.replace("\r", "").split("\n\n"):
        lines = dict(line.split(": ", 1) for line in frame.splitlines() if ": " in line)
        if "data" not in lines:
            continue
        data = json.loads(lines["data"])
        kind = lines["event"]
        if isinstance(data, dict) and data.get("origin", {}).get("referer"):
            kind += " " + data["origin"]["referer"]
        out[kind] = ("id" in lines, data)
    return out


def envelope(data):
    """Members with their types; of the object itself only the common ones."""
    found = members(data)
    return {path: kinds for path, kinds in found.items()
            if not path.startswith((".data.", ".context.", ".origin.user_metadata."))}


def test_the_stream_has_the_recorded_frames():
    real = frames((FOLDER / "opencti.sse").read_text())
    with tool.Sandbox("opencti") as sandbox:
        platform = live_stream.Platform(sandbox)
        platform.settings(heartbeat_ms=100)
        one = live_stream.indicator("[ipv4-addr:value = '198.51.100.7']")
        patches = {"patch": [], "reverse_patch": []}
        platform.publish(live_stream.event(one, dependencies=[live_stream.AUTHOR]),
                         live_stream.event(one, "update", context=patches),
                         live_stream.event(one, "delete", type="update", context=patches),
                         live_stream.event(one, "merge", context={**patches, "sources": [one]}))
        url = f"{sandbox.urls['opencti']}/stream/{live_stream.STREAM}?from=0-1&no-dependencies=true"
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {sandbox.key}"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            text = ""
            while "event: heartbeat" not in text or "event: merge" not in text:
                text += answer.readline().decode()
            text += answer.readline().decode() + "\n\n"
    here = frames(text)
    assert set(real) <= set(here)
    for kind, (has_id, data) in real.items():
        assert here[kind][0] == has_id, kind
        assert envelope(here[kind][1]) == envelope(data), kind
