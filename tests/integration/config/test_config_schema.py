# SPDX-License-Identifier: Apache-2.0
"""The JSON Schemas of both configuration files, and the reference generated from the same table."""

import json
from pathlib import Path

import pytest

import golden
import tool
from config_schema import parse, schema_of

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def w2thive():
    return schema_of("w2thive")


@pytest.fixture(scope="module")
def socctl():
    return schema_of("socctl")


@pytest.mark.parametrize("name", ["w2thive.json", "w2thive-rules.json", "w2thive-destinations.json"])
def test_the_schema_takes_the_examples(w2thive, name):
    assert list(w2thive.iter_errors(parse((ROOT / "examples" / name).read_text()))) == []


def test_the_schema_takes_the_example_of_socctl(socctl):
    assert list(socctl.iter_errors(parse((ROOT / "examples" / "socctl.json").read_text()))) == []


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
    {"promote": True, "promote_by": ["rule.id"], "rules": [{"set": {"promote": False}}, {"set": {"promote": ["agent.id"]}}]},
    {"rate_cap": {"by": ["rule.id"], "max": 5, "per": "10m"}, "group_by": ["rule.id"], "group_window": "1h"},
    {"severity": {"0": 1, "12": 4}, "observables": [{"path": "data.x", "type": "ip", "ioc": True}]},
    {"custom_fields": {"a": "{rule.id}", "b": {"value": "{rule.level}", "type": "integer"}}},
    {"url": "https://x.example", "destinations": {"a": {"organisation": "a"}, "b": {"url": "https://b.example",
                                                                                    "api_key": "file:etc/b.key"}},
     "rules": [{"set": {"destination": ["a", {"from": "data.t", "map": {"x": "b"}}, "default"]}}]},
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
    {"destinations": {"a": {"organization": "a"}}}, {"rules": [{"set": {"destination": []}}]},
    {"rules": [{"set": {"destination": {"from": "data.t"}}}]},
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


def health_rows(tmp_path, section):
    """config check's report on socctl's thresholds, and its exit code."""
    file = tmp_path / ".config/socctl/config.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"health": section} if section is not None else {}))
    file.chmod(0o600)
    result = tool.run("config", "check", "-o", "jsonl", env={"SOCBRIDGE_WAZUH_HOME": str(tmp_path / "none"), "HOME": str(tmp_path)})
    return [row for row in result.jsonl() if row["check"] == "health thresholds"], result.code


@pytest.mark.parametrize("section,good", [
    ({"thehive": {"licence": {"degraded": "30d", "down": "2d"}}}, True), ({"wazuh": {"spool dead": {"down": 100}}}, True),
    ({"opensearch": {"alerts index": {"degraded": "never"}, "refused documents": {"degraded": 5}}}, True), ({}, True),
    ({"thehiv": {}}, False), ({"thehive": {"license": {}}}, False), ({"thehive": {"licence": {"degraded": 14}}}, False),
    ({"thehive": {"licence": {"degraded": "soon"}}}, False), ({"wazuh": {"spool dead": {"degraded": "5"}}}, False),
    ({"cortex": {"answer": {"warn": "1s"}}}, False)], ids=str)
def test_thresholds_of_health(socctl, tmp_path, section, good):
    [row], code = health_rows(tmp_path, section)
    assert (row["state"] == "ok") == good and (code == 2) == (not good), row
    assert (list(socctl.iter_errors({"health": section})) == []) == good


def test_each_mistake_in_the_thresholds_is_named(tmp_path):
    rows, code = health_rows(tmp_path, {"thehiv": {}, "cortex": {"answer": {"warn": "1s"}}, "thehive": {"answer": {"down": 5}}})
    assert code == 2 and [row["state"] for row in rows] == ["error"] * 3, rows
    for row, word in zip(rows, ("thehiv", "warn", "cannot be 5")):
        assert word in row["detail"] and ".json:1:" in row["detail"] and row["next"], row
    result = tool.run("health", "thehive", env={"SOCCTL_THEHIVE_URL": "http://127.0.0.1:1", "HOME": str(tmp_path)})
    assert result.code == 2 and len(result.err.splitlines()) == 3, result


def test_no_thresholds_are_not_a_finding(tmp_path):
    assert health_rows(tmp_path, None)[0] == []


def test_the_table_of_thresholds_is_that_of_the_program():
    """docs/health.md: one row for each threshold, in the order of the table."""
    health = json.loads(tool.run("config", "schema", "socctl").out)["properties"]["health"]["properties"]
    lines = ["| component | check | what is compared | degraded | down |", "|---|---|---|---|---|"]
    for component, checks in health.items():
        for check, shape in checks["properties"].items():
            levels = " | ".join(f"`{json.dumps(shape['properties'][level]['default'])}`" for level in ("degraded", "down"))
            lines.append(f"| `{component}` | `{check}` | {shape['description']} | {levels} |")
    golden.check_between(ROOT / "docs" / "health.md", "<!-- thresholds -->", "<!-- /thresholds -->", lines)


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
        choices = ", ".join(f"`{one}`" for one in shape.get("enum", []) if isinstance(one, str))
        what = row["meaning"].replace("|", "\\|").replace("<", "\\<")
        lines.append(f"| `{row['key']}` | {choices or kind + bounds} | `{json.dumps(shape.get('default', ''))}` "
                     f"| {what} |")
    golden.check_between(ROOT / "docs" / "configuration.md", "<!-- keys -->", "<!-- /keys -->", lines)
