# SPDX-License-Identifier: Apache-2.0
"""The JSON Schemas of both configuration files, and the reference made from the same table."""

import json
import re
from pathlib import Path

import jsonschema
import pytest

import golden
import tool

ROOT = Path(__file__).resolve().parents[3]


def schema_of(which):
    shown = tool.run("config", "schema", which)
    assert shown.code == 0, shown
    schema = json.loads(shown.out)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def load(path):
    """JSON with comments and trailing commas."""
    text = re.sub(r'("(?:\\.|[^"\\])*")|//[^\n]*', lambda found: found[1] or "", path.read_text())
    return json.loads(re.sub(r'("(?:\\.|[^"\\])*")|,(?=\s*[}\]])', lambda found: found[1] or "", text))


@pytest.fixture(scope="module")
def w2thive():
    return schema_of("w2thive")


@pytest.fixture(scope="module")
def socctl():
    return schema_of("socctl")


@pytest.mark.parametrize("name", ["w2thive.json", "w2thive-rules.json"])
def test_the_schema_takes_the_examples(w2thive, name):
    assert list(w2thive.iter_errors(load(ROOT / "examples" / name))) == []


def test_the_schema_takes_the_example_of_socctl(socctl):
    assert list(socctl.iter_errors(load(ROOT / "examples" / "socctl.json"))) == []


def accepted(home, text):
    home.write("etc/w2thive.json", text)
    rows = tool.run("config", "check", "-o", "jsonl", env={"SOCBRIDGE_WAZUH_HOME": str(home.path)}).jsonl()
    return all(row["state"] == "ok" for row in rows if row["check"] == "configuration")


RULE = {"match": {"rule": "1"}, "set": {"severity": 3}}


@pytest.mark.parametrize("good", [
    {"include": [{"rule": 5710, "label": {"a": "b"}, "not": {"level": "0-3"}}]},
    {"exclude": [{"path": "data.srcip", "cidr": ["10.0.0.0/8"]}]},
    {"rules": [{"match": [{"group": "a"}], "set": {"severity": {"from": "data.p", "map": {"1": 4}}, "tlp": "red",
                                                   "group": False, "tags": "x"}, "stop": True}]},
    {"rate_cap": {"by": ["rule.id"], "max": 5, "per": "10m"}, "group_by": ["rule.id"], "group_window": "1h"},
    {"severity": {"0": 1, "12": 4}, "observables": [{"path": "data.x", "type": "ip", "ioc": True}]},
    {"custom_fields": {"a": "{rule.id}", "b": {"value": "{rule.level}", "type": "integer"}}},
    {"$schema": "w2thive.schema.json", "built_in_tags": ["rule"], "data_types": {"username": "other"}},
], ids=str)
def test_what_the_program_takes_the_schema_takes(home, w2thive, good):
    assert accepted(home, json.dumps(good))
    assert list(w2thive.iter_errors(good)) == []


@pytest.mark.parametrize("wrong", [
    {"min_levl": 3}, {"min_level": 17}, {"thehive_version": "6"}, {"tags": "a"},
    {"include": [{"rul": "1"}]}, {"include": [{}]}, {"exclude": [{"path": "x", "globb": "*"}]},
    {"rules": [{**RULE, "stopp": True}]}, {"rules": [{"match": {"rule": "1"}}]},
    {"rules": [{"set": {"sevrity": 3}}]}, {"rules": [{"set": {}}]},
    {"rules": [{"set": {"severity": {"from": "data.p", "map": {}}}}]},
    {"rules": [{"match": {"not": {"agnt": "x"}}, "set": {"drop": True}}]},
    {"rules": [{"match": {"fields": [{"path": "x", "glb": "*"}]}, "set": {"drop": True}}]},
    {"rate_cap": {"by": ["rule.id"], "maximum": 1, "per": "1m"}}, {"severity": {"17": 1}}, {"severity": {"7": 5}},
    {"observables": [{"type": "ip"}]}, {"custom_fields": {"a": {"val": "x"}}},
    {"custom_fields": {"a": {"value": "x", "type": "int"}}}, {"built_in_tags": ["rules"]}, {"presets": ["python"]},
], ids=str)
def test_what_is_misspelt_neither_takes(home, w2thive, wrong):
    assert not accepted(home, json.dumps(wrong))
    assert list(w2thive.iter_errors(wrong)) != []


@pytest.mark.parametrize("wrong", [
    {"thehiv": {}}, {"thehive": {"ulr": "x"}}, {"analysis": {"rules": {"a": {"typs": []}}}},
    {"analysis": {"repeat": "1h"}}, {"connectors": {"mitre": {"mode": "sometimes"}}}, {"jobs": {"dir": "x"}},
    {"presets": {"a": "b"}}], ids=str)
def test_what_is_misspelt_for_socctl_is_refused(socctl, wrong):
    assert list(socctl.iter_errors(wrong)) != []


def test_strict_makes_warnings_count(tmp_path):
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "w2thive.json").write_text("{}")
    env = {"SOCBRIDGE_WAZUH_HOME": str(tmp_path)}
    usual = tool.run("config", "check", "-o", "jsonl", env=env)
    assert {"ok", "warning"} <= {row["state"] for row in usual.jsonl()} and usual.code == 0, usual
    assert tool.run("config", "check", "--strict", env=env).code == 3
    (tmp_path / "etc" / "w2thive.json").write_text('{"min_levl": 1}')
    assert tool.run("config", "check", "--strict", env=env).code == 2


def test_the_schemas_that_are_shipped_are_those_of_the_program():
    for which in ("w2thive", "socctl"):
        shown = tool.run("config", "schema", which).out
        golden.check_file(ROOT / "packaging" / "schema" / f"{which}.schema.json", shown)


def test_the_reference_is_that_of_the_program(tmp_path):
    """docs/configuration.md: one row for each key, in the order of the table."""
    rows = tool.run("config", "explain", "-o", "jsonl", env={"SOCBRIDGE_WAZUH_HOME": str(tmp_path)})
    properties = json.loads(tool.run("config", "schema").out)["properties"]
    lines = ["| key | value | default | meaning |", "|---|---|---|---|"]
    for row in rows.jsonl():
        shape = properties[row["key"]]
        kind = shape.get("type") or type(shape["default"]).__name__.replace("dict", "object").replace("list", "array")
        kind = kind.replace("str", "string") if kind == "str" else kind
        bounds = f", {shape['minimum']} to {shape['maximum']}" if "minimum" in shape else ""
        choices = ", ".join(f"`{one}`" for one in shape.get("enum", []))
        what = row["meaning"].replace("|", "\\|").replace("<", "\\<")
        lines.append(f"| `{row['key']}` | {choices or kind + bounds} | `{json.dumps(shape.get('default', ''))}` "
                     f"| {what} |")
    golden.check_between(ROOT / "docs" / "configuration.md", "<!-- keys -->", "<!-- /keys -->", lines)
