# SPDX-License-Identifier: Apache-2.0
"""The sandbox answers like real servers: recorded requests are replayed against it. Recordings are
tests/fixtures/recorded/PRODUCT.jsonl; remaining differences are in differences.tsv there, with the reason."""

import json
import os
from pathlib import Path

import pytest

import recorded
import tool

FOLDER = Path(os.environ["SOCBRIDGE_SOURCE_DIR"]) / "tests/fixtures/recorded"
LIMITED = "limited-key-0123456789"
ADMIN, ORGADMIN = "admin-key-0123456789", "orgadmin-key-0123456789"
KEYS = {"good": tool.KEY, "limited": LIMITED, "wrong": "wrong-key-0123456789", "admin": ADMIN, "orgadmin": ORGADMIN}

# The data for which the recordings were made: analyzers beyond the sandbox's are not needed.
CORTEX = {"waitingMs": 10, "runningMs": 20, "migrated": False,
          "keys": {LIMITED: [], ADMIN: ["superadmin"], ORGADMIN: ["read", "analyze", "orgadmin"]},
          "analyzers": {"MaxMind_GeoIP": {"rate": 1, "rateUnit": "Hour"},
                        **{name: {"enabled": False} for name in ("VirusTotal_GetReport", "AbuseIPDB", "URLhaus", "FileInfo")}}}


def start(product, tmp_path):
    """The sandbox and the URL in it that the recordings of this product are for."""
    setup = tmp_path / "cortex.json"
    if product == "cortex":
        setup.write_text(json.dumps(CORTEX))
        sandbox = tool.Sandbox("cortex", data={"cortex": setup})
    else:
        setup.write_text(json.dumps({**CORTEX, "migrated": True, "analyzers": {}}))
        sandbox = tool.Sandbox("cortex", version="4.1.24-1", data={"cortex": setup},
                               extra=["--read-only-key", LIMITED, "--admin-key", ADMIN])
    return sandbox, sandbox.urls["thehive" if product == "thehive4" else product]


def names_of(recordings):
    """The recorded server's organisation and user, and their names here."""
    out = {}
    for recording in recordings:
        body = recording["response"]["body"]
        if recording["request"]["path"].endswith("/user/current") and isinstance(body, dict):
            for member in ("organisation", "organization"):
                if body.get(member, "***") != "***":
                    out[body[member]] = "sandbox"
    return out


@pytest.mark.parametrize("product", ["cortex", "thehive4"])
def test_the_sandbox_answers_as_recorded(product, tmp_path):
    recordings = recorded.load(FOLDER / f"{product}.jsonl")
    assert recordings
    sandbox, url = start(product, tmp_path)
    with sandbox:
        replay = recorded.Replay(url, KEYS, names_of(recordings), pause=0.1 if product == "cortex" else 0.0)
        found = replay.run(recordings)
    assert len(found) == len(recordings)
    unknown, gone = recorded.Known(FOLDER / "differences.tsv", product).check(found)
    assert not unknown, "the sandbox differs, and no line of differences.tsv says why:\n" + "\n".join(unknown)
    assert not gone, "these differences are no more: take them out of differences.tsv:\n" + "\n".join(gone)


def one(name, method, path, answer, status=200, body=None):
    return {"product": "x", "name": name, "request": {"method": method, "path": path, "headers": {}, "body": body},
            "response": {"status": status, "headers": {}, "body": answer}}


def test_any_order_of_recordings_is_replayed_in_a_sensible_one():
    made = one("z-made", "POST", "/api/v1/alert", {"_id": "~8", "_createdAt": 1}, 201)
    looked = one("b-looked", "GET", "/api/v1/alert/~8", {"_id": "~8"})
    changed = one("c-changed", "PATCH", "/api/v1/alert/~8", "", 204)
    again = one("d-looked", "GET", "/api/v1/alert/~8", {"_id": "~8", "_updatedAt": 2})
    removed = one("a-removed", "DELETE", "/api/v1/alert/~8", "", 204)
    gone = one("a-gone", "GET", "/api/v1/alert/~8", {"type": "NotFoundError", "message": "Alert not found"}, 404)
    mixed = [gone, removed, looked, changed, again, made]
    ordered = recorded.Order(mixed).sorted(mixed)
    assert [each["name"] for each in ordered] == ["z-made", "b-looked", "c-changed", "d-looked", "a-removed", "a-gone"]


@pytest.mark.parametrize("here, expected", [
    ({"type": "E", "message": "m", "n": 1}, []),
    ({"type": "E", "message": "m"}, ["only real: .n"]),
    ({"type": "E", "message": "m", "n": 1, "more": {"a": 1}}, ["only here: .more"]),
    ({"type": "E", "message": "m", "n": "1"}, ["type .n: number, here text"]),
    ({"type": "F", "message": "m", "n": 1}, ["type 'E', here 'F'"]),
    ({"type": "E", "message": "k", "n": 1}, ["message 'm', here 'k'"]),
])
def test_each_kind_of_difference_is_seen(here, expected):
    real = {"status": 400, "headers": {}, "body": {"type": "E", "message": "m", "n": 1}}
    found = recorded.differences(real, {"status": 400, "headers": {}, "body": here}, lambda text: text)
    assert found == expected
    assert recorded.differences(real, {"status": 200, "headers": {}, "body": here}, lambda text: text) == [
        "status 400, here 200"]


def test_unlisted_differences_and_lines_that_fit_none_are_both_found(tmp_path):
    lines = tmp_path / "differences.tsv"
    lines.write_text("# comment\nx\ta-*\tonly real: .[*\twhy\nx\tb\tstatus 1, here 2\twhy\ny\tc\td\twhy\n")
    known = recorded.Known(lines, "x")
    found = {"a-1": ["only real: .[].n"], "c": ["status 1, here 2"]}
    assert known.check(found) == (["c\tstatus 1, here 2"], ["b\tstatus 1, here 2\twhy"])
