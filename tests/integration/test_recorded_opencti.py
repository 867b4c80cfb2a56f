"""The sandbox's OpenCTI answers as a real one answered: recorded requests are replayed against it. Recordings are
tests/fixtures/recorded/opencti.jsonl, in the order in which they were made; `world` says for which user and platform.
What still differs is in differences.tsv there, with the reason. Frames of the live stream are in opencti.sse."""

import json
import os
import urllib.request
from pathlib import Path

import pytest

import live_stream
import recorded
import tool

FOLDER = Path(os.environ["SOCBRIDGE_SOURCE_DIR"]) / "tests/fixtures/recorded"
RIGHTS = ["KNOWLEDGE", "KNOWLEDGE_KNUPDATE", "MODULES", "TAXIIAPI"]
BUILT_IN = Path(os.environ["SOCBRIDGE_SOURCE_DIR"]) / "lib/sandbox/opencti/knowledge.json"
WORLDS = {  # changes to the sandbox's own world
    "socctl": {},
    "forbidden": {"rights": []},
    "nostream": {"rights": RIGHTS[:3]},
    "engine-down": {"rights": ["BYPASS"], "search_engine": "down"},
}


def start(world, folder):
    """A sandbox with this world."""
    changes = dict(WORLDS[world])
    rights = changes.pop("rights", RIGHTS)
    bundle = json.loads(BUILT_IN.read_text())
    bundle["sandbox"]["me"]["capabilities"] = [{"name": one} for one in rights]
    bundle["sandbox"].update(changes)
    path = folder / f"{world}.json"
    path.write_text(json.dumps(bundle))
    return tool.Sandbox("opencti", data={"opencti": path})


def codes(body):
    """What a client goes by: code and text of each error."""
    if not isinstance(body, dict):
        return []
    return [(one["extensions"]["code"], one["message"]) for one in body.get("errors", [])]


def differences(real, here):
    out = recorded.differences(real, here, lambda text: text)
    if codes(real["body"]) != codes(here["body"]):
        out.append(f"errors {codes(real['body'])}, here {codes(here['body'])}")
    return out


def replay(recordings, world, folder):
    out = {}
    with start(world, folder) as sandbox:
        here = recorded.Replay(sandbox.urls["opencti"], {"good": sandbox.key, "limited": sandbox.key,
                                                         "wrong": "wrong-key-0123456789"}, {})
        for recording in recordings:
            answer = here.ask(recording)
            here.learn(recording["response"]["body"], answer["body"])
            out[recording["name"]] = differences(recording["response"], answer)
    return out


def test_the_sandbox_answers_as_recorded(tmp_path):
    recordings = recorded.load(FOLDER / "opencti.jsonl")
    assert len({one["name"] for one in recordings}) == len(recordings) > 0
    found = {}
    for world in sorted({one["world"] for one in recordings}):
        found.update(replay([one for one in recordings if one["world"] == world], world, tmp_path))
    unknown, gone = recorded.Known(FOLDER / "differences.tsv", "opencti").judge(found)
    assert not unknown, "the sandbox differs, and no line of differences.tsv says why:\n" + "\n".join(unknown)
    assert not gone, "these differences are no more: take them out of differences.tsv:\n" + "\n".join(gone)


@pytest.mark.parametrize("here", [{"errors": [{"message": "m", "extensions": {"code": "OTHER"}}]}, {"data": None}])
def test_another_error_is_a_difference(here):
    real = {"status": 200, "headers": {}, "body": {"errors": [{"message": "m", "extensions": {"code": "SOME"}}]}}
    assert differences(real, {"status": 200, "headers": {}, "body": here})
    assert differences(real, real) == []


def frames(text):
    """{what it is: (has an id, JSON)} of a stream's text; of several of a kind the last."""
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
    """Members with their types; of the object itself only what every object has."""
    found = recorded.members(data)
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
