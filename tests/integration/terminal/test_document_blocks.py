# SPDX-License-Identifier: Apache-2.0
"""Blocks of code in documents that are not socctl commands: JSON is valid configuration by its schema, YAML and shell
parse, and the files of the repository that commands name exist."""

import re
import subprocess

import pytest
import yaml

from config_schema import parse, schema_of
from test_documents import DOCUMENTS as OF_USERS
from test_documents import SOURCE

DOCUMENTS = [*OF_USERS, *(SOURCE / name for name in ("CONTRIBUTING.md", "SECURITY.md")), *sorted((SOURCE / "examples").rglob("*.md"))]
# Blocks that are neither configuration nor a command: the beginning of their first line.
OTHERS = {
    "README.md": ["Wazuh --alert-->"],
    "docs/health.md": ["define command {"],
    "docs/mapping.md": ["**Seen again:**"],
    "docs/opencti-stream.md": ["socctl opencti stream --stream ID"],
    "docs/receive.md": ["{{#toJson}}"],
    "docs/reliability.md": ["socbridge-destination 2"],
    "docs/rules.md": ['{ "config": "w2thive.json"'],
    "docs/sandbox.md": ['{ "analyzers"', '{ "rules": [ { "apiGroups"'],
    "docs/socctl.md": ["socctl alert map [FILE...|-]"],
    "docs/spool.md": ["socbridge-spool 1"],
    "packaging/kubernetes/wazuh-manager/README.md": ["<integration>"],
}
NAMED = re.compile(r"(?<![\w./-])(?:scripts|packaging|examples|tests|cmake)/[\w./-]*\w")


def blocks(text):
    """Fenced blocks without a language, and indented ones up to the next empty line without their indent."""
    found = [block for language, block in re.findall(r"^```([^\n]*)\n(.*?)^```$", text, re.M | re.S) if not language]
    bare = re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)
    for block in re.findall(r"(?<=\n\n)(?: {4,}\S.*\n)+", bare):
        indent = re.match(" *", block)[0]
        found.append(re.sub(f"^{indent}", "", block, flags=re.M))
    return found


def kind_of(block):
    if block[0] in '{"':
        return "json"
    if re.search(r"^\[\w+\]$", block, re.M):
        return "unit"
    return "yaml" if re.match(r"(- )?[\w$-]+:( |$)", block, re.M) else "shell"


def begins(block, start):
    return " ".join(block.split()).startswith(start)


def of_kind(kind):
    for path in DOCUMENTS:
        name = str(path.relative_to(SOURCE))
        for number, block in enumerate(blocks(path.read_text()), 1):
            if kind_of(block) == kind and not any(begins(block, start) for start in OTHERS.get(name, [])):
                yield pytest.param(block, id=f"{name}-{number}")


def configuration(block):
    """A block may be members alone."""
    text = block.strip().rstrip(",")
    return parse(text if text[0] == "{" else f"{{{text}}}")


@pytest.fixture(scope="module")
def schemas():
    return {which: schema_of(which) for which in ("w2thive", "socctl")}


def complaints(value, schemas):
    """Of the schema that fits better; none if one takes it."""
    return min(([error.message for error in schema.iter_errors(value)] for schema in schemas.values()), key=len)


@pytest.mark.parametrize("block", of_kind("json"))
def test_json_is_configuration_that_its_schema_takes(block, schemas):
    assert complaints(configuration(block), schemas) == []


def test_a_wrong_key_is_seen(schemas):
    assert complaints(configuration('"rate_cup": {"max": 20}'), schemas)
    assert complaints(configuration('{"opensearch": {"urls": "https://indexer:9200"}}'), schemas)


@pytest.mark.parametrize("block", of_kind("yaml"))
def test_yaml_parses(block):
    assert isinstance(yaml.safe_load(block), (dict, list))


@pytest.mark.parametrize("block", of_kind("shell"))
def test_commands_are_shell(block):
    run = subprocess.run(["bash", "-n"], input=block, capture_output=True, text=True, timeout=10)
    assert run.stderr == ""


@pytest.mark.parametrize("path", [path for path in DOCUMENTS if path.parent.name != "protocols"],
                         ids=lambda path: str(path.relative_to(SOURCE)))
def test_files_of_the_repository_that_a_document_names_are_there(path):
    named = [name for name in NAMED.findall(path.read_text()) if not re.search(r"/[A-Z]+\b(?!\.md)", name)]  # placeholders
    absent = [name for name in named if not (SOURCE / name).exists() and not (path.parent / name).exists()]
    assert absent == []


def test_each_exception_is_needed():
    for name, starts in OTHERS.items():
        of_it = blocks((SOURCE / name).read_text())
        for start in starts:
            assert any(begins(block, start) for block in of_it), f"{name}: {start}"
