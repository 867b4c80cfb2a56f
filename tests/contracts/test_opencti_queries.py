# SPDX-License-Identifier: Apache-2.0
"""Our GraphQL documents against the used parts of OpenCTI's schema, or against a complete one in
SOCBRIDGE_OPENCTI_SCHEMA."""

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(os.environ["SOCBRIDGE_SOURCE_DIR"])
SCHEMA = Path(os.environ.get("SOCBRIDGE_OPENCTI_SCHEMA", ROOT / "tests/fixtures/opencti-schema.graphql"))
QUERIES = sorted((ROOT / "lib/opencti/queries").glob("*.graphql"))


def validate(*files):
    command = ["node", ROOT / "tests/contracts/validate_queries.mjs", SCHEMA, *files]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return {Path(line["file"]).name: line["errors"] for line in map(json.loads, done.stdout.splitlines())}


def test_every_document_is_valid():
    found = validate(*QUERIES)
    assert set(found) == {path.name for path in QUERIES} and len(QUERIES) >= 13
    assert {name: errors for name, errors in found.items() if errors} == {}


@pytest.mark.parametrize("document, word", [
    ("{ me { nothing } }", "nothing"),
    ("query($id: Int!) { indicator(id: $id) { id } }", "Int"),
    ("{ a: about { version } b: about { version } c: about { version } }", "more than 2"),
    ("mutation { a: systemAdd(input: {name: \"a\"}) { id } b: systemAdd(input: {name: \"b\"}) { id } }", "more than 1"),
    ("{ me ", "Syntax Error"),
])
def test_a_wrong_document_is_seen(tmp_path, document, word):
    file = tmp_path / "wrong.graphql"
    file.write_text(document)
    errors = validate(file)["wrong.graphql"]
    assert any(word in error for error in errors), errors


def test_the_brokers_password_is_never_asked_for():
    for path in [*QUERIES, *(ROOT / "lib/opencti/queries/parts").glob("*.graphql")]:
        lines = [line.split("#")[0].split() for line in path.read_text().splitlines()]
        words = {word for line in lines for word in line}
        # Only the set-up of OpenCTI reads a token: that of the created user, never that of the
        # requesting user.
        forbidden = {"config", "api_tokens"} | (set() if path.stem in ("user-token", "token-renew") else {"api_token"})
        assert not words & forbidden, path.name
        assert "api_token" not in words or "me" not in words, path.name
