# SPDX-License-Identifier: Apache-2.0
"""The JSON Schemas and `config check` take and refuse the same configurations."""

import copy
import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

import tool
from config_schema import schema_of

# Mistakes that a schema cannot detect: references of a template, the meaning of a text, dependencies on another
# key or the disk.
ONLY_THE_PROGRAM_KNOWS = (
    "no alert has a member", "has no member", "a { without }", "a } without {", "braces without a field",
    "there is no destination", "is not a number or range", "is not an address block", "is not a severity", "is not a TLP", "is not a PAP",
    "must be a time from 10s to 31d", "is nested too deeply", "url: ", "needs client_", "cannot be used", "needs a proxy",
    "must be user:password", "proxy_login: ", "api_key: ", "has a url of its own", "has the same TheHive")
# Of socctl's: durations, ranges in texts, presets, patterns of indices.
ONLY_SOCCTL_KNOWS = (
    "which is not a duration", "is not a duration", "has no rules", "min_severity is", "max_tlp is", "in has the unknown value", "preset",
    'needs "every"', "would be down", "cannot be \"", "is not a valid index pattern", "bad URL", "has one URL", "pinned_key: must be")

# Wrong and correct values of a key.
VALUES = (None, True, False, 0, 1, -1, 2.5, 10**20, "", " ", "x", "7", [], [""], ["x"], [1], [None], {}, {"x": 1}, {"x": "y"},
          {"x": {}}, [{}])
RIGHT = {"url": "https://x.example", "api_key": "k", "pinned_key": "sha256//" + 43 * "A" + "=", "proxy": "http://p.example:1",
         "group_window": "90m", "presets": ["python-script"], "keep_noise": ["sids", "numbers"],
         "rate_cap": {"by": ["rule.id"], "max": 5, "per": "10m"}, "severity": {"07": 1, "16": 4},
         "destinations": {"a": {"organisation": "a"}}, "data_types": {"ip": "other"}, "organisation": "soc",
         "type": "{rule.id}", "source": "s" * 32, "custom_fields": {"a": 5, "b": {"value": True, "type": "boolean"}}}
WRONG = {"pinned_key": ["sha256//x", "sha256//" + 43 * "A" + "=;"], "proxy": ["http://a:b@p.example", "ht tp://\nx y:99999999", "p\x7f"],
         "organisation": ["{agent.name}", "a\nb"], "group_window": ["1 h", "5w", "h"], "type": ["s" * 33, "a;b"],
         "source": ["s" * 33, ";"], "severity": [{"17": 1}, {"x": 1}, {"7": 0}, {"7": 5}, {"-1": 1}, {"0017": 2}],
         "destinations": [{"default": {}}, {"a b": {}}, {"": {}}, {"a": 1}, {"a": {"urll": "x"}}, {"n" * 65: {}}],
         "presets": [["x"], ["python-scrip"]], "keep_noise": [["sid"]], "built_in_tags": [["Rule"]],
         "group_by": [9 * ["x"]], "promote_by": [9 * ["x"]], "data_types": [{"ip": "o" * 65}, {"ip": 64 * "é"}],
         "custom_fields": [{"": "x"}, {"n" * 65: "x"}, {"a": {"value": "x", "type": "int"}}],
         "thehive_version": ["Auto", 4, 5, "5", 6]}

ROW = {"rule": "1"}
RULE = {"match": dict(ROW), "set": {"severity": 3}, "name": "n", "stop": True}
CHOICE = {"from": "data.x", "map": {"1": 2}, "default": 3}
OBSERVABLE = {"path": "data.x", "type": "ip", "tags": ["a"], "ioc": True}
CAP = RIGHT["rate_cap"]
FIELD = {"value": "x", "type": "string"}
# The place of an object with a fixed shape: the object, and the configuration that contains it.
SHAPES = {
    "row": (ROW, lambda one: {"exclude": [one]}),
    "field": ({"path": "data.x", "equals": "1"}, lambda one: {"include": [{"fields": [one]}]}),
    "rule": (RULE, lambda one: {"rules": [one]}),
    "set": ({"tlp": 1}, lambda one: {"rules": [{"set": one}]}),
    "severity": (CHOICE, lambda one: {"rules": [{"set": {"severity": one}}]}),
    "choice": ({**CHOICE, "map": {"1": "t"}}, lambda one: {"rules": [{"set": {"type": one}}]}),
    "observable": (OBSERVABLE, lambda one: {"observables": [one]}),
    "rate cap": (CAP, lambda one: {"rate_cap": one}),
    "custom field": (FIELD, lambda one: {"custom_fields": {"a": one}}),
    "destination": ({"organisation": "a"}, lambda one: {"destinations": {"a": one}}),
}
MORE = [
    {"exclude": [{"path": "data.x", "field": "data.y"}]}, {"exclude": [{"equals": "x"}]},
    {"exclude": [{"path": "data.x", "equals": "x", "glob": "y"}]}, {"exclude": [{"path": "data.x"}]},
    {"exclude": [{"path": "data.x", "cidr": "10.0.0.0/8"}]}, {"exclude": [{"path": "data.x", "range": 5}]},
    {"exclude": [{"not": [ROW, {"level": 3}]}]}, {"exclude": [{"not": []}]}, {"include": [{"fields": [{"glob": "x"}]}]},
    {"rules": [{"stop": True}]}, {"rules": [{"stop": False}]}, {"rules": [{"set": {"group": True}}]},
    {"rules": [{"set": {"group": [5]}}]}, {"rules": [{"set": {"promote": [True]}}]}, {"rules": [{"set": {"pap": 4}}]},
    {"rules": [{"set": {"tlp": 4, "pap": 3, "severity": 4}}]}, {"rules": [{"set": {"tlp": 5}}]},
    {"rules": [{"set": {"severity": {"from": "data.x", "map": {"1": 0}}}}]}, {"rules": [{"set": {"tags": 101 * ["x"]}}]},
    {"rules": [{"set": {"custom_fields": {"n" * 65: 1}}}]}, {"rules": [{"match": [], "stop": True}]},
    {"rate_cap": {}}, {"rate_cap": {"by": ["x"], "max": 1}}, {"rate_cap": {**CAP, "per": 9}}, {"rate_cap": {**CAP, "per": 600}},
    {"rate_cap": {**CAP, "max": 100001}}, {"min_levl": 1}, {"": 1}, {"URL": "x"},
    {"destinations": {"a": {"organisation": "a", "pinned_key": "x"}}}, {"destinations": {"a": {"organisation": "{x}"}}},
    {"destinations": {"a": {"organisation": "a", "proxy": "http://a:b@p.example"}}},
    {"include": [{"path": "\u2003", "equals": "x"}]}, {"include": [{"path": " \t", "equals": "x"}]},
    {"include": [{"path": "\f", "equals": "x"}]}, {"rules": [{"name": "\u2003", "set": {"title": "\u00a0"}}]},
    {"observables": [{"path": "data.x", "type": 17 * "\U0001f600"}]}, {"observables": [{"path": "data.x", "type": 65 * "é"}]},
    {"rules": [{"set": {"type": "s" * 32, "source": "{rule.id}" + "s" * 32}}]}, {"rules": [{"set": {"type": "s" * 33}}]},
    {"rules": [{"set": {"source": "s;t"}}]}, {"rules": [{"set": {"source": 7}}]},
    {"rules": [{"set": {"source": {**CHOICE, "default": "s" * 33}}}]}, {"rules": [{"set": {"type": {**CHOICE, "map": {"1": "a;b"}}}}]},
    {"include": [{"path": "data.x", "regex": "\bfoo\b"}]}, {"include": [{"path": "data.x", "regex": ["x", "\x7f"]}]},
    {"include": [{"path": "data.x", "regex": ["\\bfoo\\b", "a\tb", "a\r\nb", 5]}]},
    {"include": [{"fields": [{"path": "data.x", "regex": "\x1f"}]}]},
]


def of_key(name, shape):
    """Values of one key of the table: of every type, around its range, and its choices."""
    yield from VALUES
    for bound, outside in (("minimum", -1), ("maximum", 1)):
        if bound in shape:
            yield shape[bound]
            yield shape[bound] + outside
    yield from shape.get("enum", [])
    yield shape.get("default", "")
    if name in RIGHT:
        yield RIGHT[name]
    yield from WRONG.get(name, [])


def members_of(schema, name):
    """The members that an object of a shape may have."""
    places = {"severity": ["$defs", "choice", "anyOf", 1], "choice": ["$defs", "choice", "anyOf", 1],
              "observable": ["properties", "observables", "allOf", 0, "items"],
              "rate cap": ["properties", "rate_cap", "allOf", 0], "destination": ["properties", "destinations", "additionalProperties"],
              "custom field": ["properties", "custom_fields", "allOf", 0, "additionalProperties", "anyOf", 1]}
    for step in places.get(name, ["$defs", name]):
        schema = schema[step]
    return list(schema["properties"])


def generated(schema):
    """Each key with each value, each member of each shape with each value, none twice."""
    made = [copy.deepcopy(one) for one in MORE]
    for name, shape in schema["properties"].items():
        # Three of the plain values for each key, others for the next one; all specific values.
        offset = len(made)
        values = list(of_key(name, shape))
        own = values[len(VALUES):]
        made += [{name: value} for value in own]
        made += [{name: VALUES[(offset + 7 * i) % len(VALUES)]} for i in range(3)]
        made.append({name[:-1]: own[0]})
    for name, (whole, around) in SHAPES.items():
        for i, member in enumerate(members_of(schema, name)):
            made += [around({**whole, member: VALUES[(5 * i + 3 * k) % len(VALUES)]}) for k in range(3)]
            made.append(around({one: value for one, value in whole.items() if one != member}))
            made.append(around({**whole, member + "x": 1}))
    return list({json.dumps(one): one for one in made}.values())


def checked(folder, config):
    """The mistakes that config check finds in a configuration."""
    folder.mkdir()
    (folder / "etc").mkdir()
    (folder / "etc/w2thive.json").write_text(json.dumps(config))
    rows = tool.run("config", "check", "-o", "jsonl", env={"SOCBRIDGE_WAZUH_HOME": str(folder)}).jsonl()
    assert any(row["check"] == "configuration" for row in rows), config
    return [row["detail"] for row in rows
            if row["state"] == "error" and (row["check"] == "configuration" or row["check"].startswith("destination "))]


def disagreements(configs, validator, check, only_the_program_knows):
    """Of both kinds: refused by one of them alone."""
    with ThreadPoolExecutor(max_workers=3) as pool:
        found = list(pool.map(check, range(len(configs)), configs))
    wrong = []
    for config, mistakes in zip(configs, found):
        refused = [error.message for error in validator.iter_errors(config)]
        unknown_to_the_schema = mistakes and all(any(one in text for one in only_the_program_knows) for text in mistakes)
        if bool(refused) != bool(mistakes) and not (unknown_to_the_schema and not refused):
            wrong.append((json.dumps(config)[:300], refused[:1], mistakes[:2]))
    return wrong, sum(bool(mistakes) for mistakes in found)


def test_w2thive(tmp_path):
    validator = schema_of("w2thive")
    configs = generated(validator.schema)
    wrong, refused = disagreements(configs, validator, lambda i, config: checked(tmp_path / str(i), config), ONLY_THE_PROGRAM_KNOWS)
    assert wrong == []
    assert len(configs) > 600 and len(configs) * 0.3 < refused < len(configs) * 0.9, (len(configs), refused)


def own_mistakes(home, config):
    (home / ".config/socctl").mkdir(parents=True)
    file = home / ".config/socctl/config.json"
    file.write_text(config if isinstance(config, str) else json.dumps(config))
    file.chmod(0o600)
    rows = tool.run("config", "check", "-o", "jsonl", env={"SOCBRIDGE_WAZUH_HOME": "/nonexistent", "HOME": str(home)}).jsonl()
    assert any(row["check"] == "socctl configuration" for row in rows), config
    return [row["detail"] for row in rows if row["state"] == "error" and row["check"] in ("socctl configuration", "health thresholds")]


def test_socctl(tmp_path):
    validator = schema_of("socctl")
    sections = validator.schema["properties"]
    rule = sections["analysis"]["properties"]["rules"]["allOf"][0]["additionalProperties"]
    tables = [(lambda one: {"thehive": one}, sections["thehive"]), (lambda one: {"wazuh": one}, sections["wazuh"]),
              (lambda one: {"analysis": {"rules": {"r": {}}, **one}}, sections["analysis"]),
              (lambda one: {"analysis": {"rules": {"r": one}}}, rule),
              (lambda one: {"connectors": {"mitre": one}}, sections["connectors"]["additionalProperties"]),
              (lambda one: {"indices": one}, sections["indices"]), (lambda one: {"jobs": one}, sections["jobs"]),
              (lambda one: {"health": {"thehive": one}}, sections["health"]["properties"]["thehive"]),
              (lambda one: {"health": {"wazuh": {"spool dead": one}}}, sections["health"]["properties"]["wazuh"]["properties"]["spool dead"]),
              (lambda one: {"health": {"thehive": {"licence": one}}},
               sections["health"]["properties"]["thehive"]["properties"]["licence"])]
    configs = [{name: value} for name in [*sections, "thehiv", "Health"] for value in (5, [], {}, {"x": 1}, {"x": ["a"]}, {"x": "a"})]
    for k, (around, shape) in enumerate(tables):
        for i, name in enumerate(shape["properties"]):
            configs += [around({name: VALUES[(k + 5 * i + 3 * step) % len(VALUES)]}) for step in range(4)]
            configs += [around({name: value}) for value in shape["properties"][name].get("enum", [])]
            configs.append(around({name + "x": "1d"}))
    configs += [{"health": {"thehive": {"answer": {"degraded": value}}}} for value in ("5s", " 5s ", "5", "never", "x", 5)]
    wrong, refused = disagreements(configs, validator, lambda i, config: own_mistakes(tmp_path / str(i), config), ONLY_SOCCTL_KNOWS)
    assert wrong == []
    assert len(configs) > 200 and refused > 100, (len(configs), refused)


PLACE = re.compile(r"^(?P<file>\S+):(?P<line>\d+):(?P<column>\d+): (?P<what>.+)$")


def test_config_check_names_every_mistake_with_its_place(home):
    file = home.write("etc/w2thive.json", """{
  "min_levl": 3,
  "tlp": 9,
  "group_window": "soon",
  "observables": [{"path": "data.x", "kind": "ip"}],
  "severity": {"7": 5},
  "destinations": {"acme": {"organization": "a"}},
  "rules": [
    {"match": {"rulle": "1"}, "set": {"severity": 7}},
    {"set": {"title": "{agnt.name}"}}
  ]
}""")
    result = tool.run("config", "check", "-o", "jsonl", env={"SOCBRIDGE_WAZUH_HOME": str(home.path)})
    found = [PLACE.match(row["detail"]) for row in result.jsonl() if row["check"] == "configuration"]
    assert result.code == 2 and all(found), result
    assert all(one["file"] == str(file) for one in found)
    assert [(int(one["line"]), one["what"].partition(" ")[0].rstrip(":")) for one in found] == [
        (2, "unknown"), (3, "tlp"), (7, "destinations.acme"), (4, "group_window"), (6, "severity[7]"),
        (5, "observables[0]"), (9, "rules[0].match"), (9, "rules[0].set.severity"), (10, "rules[1].set.title")]
    explained = tool.run("config", "explain", env={"SOCBRIDGE_WAZUH_HOME": str(home.path)})
    assert explained.code == 2 and explained.err.count(str(file)) == len(found), explained


@pytest.mark.parametrize("count,last", [(20, None), (21, "and 1 more error"), (45, "and 25 more errors"),
                                        (900, "and at least 81 more errors")])
def test_no_more_than_20_are_shown(home, count, last):
    home.configure(exclude=[{} for _ in range(count)])
    result = tool.run("config", "check", "-o", "jsonl", env={"SOCBRIDGE_WAZUH_HOME": str(home.path)})
    found = [row["detail"] for row in result.jsonl() if row["check"] == "configuration"]
    assert len([one for one in found if PLACE.match(one)]) == 20
    assert found[20:] == ([last] if last else [])


def test_custom_w2thive_writes_no_more_than_20_to_its_log(home):
    home.configure(exclude=[{} for _ in range(45)])
    run = home.run(b'{"timestamp": "2025-03-14T07:40:01.037+0000", "id": "1", "rule": {"id": "1", "level": 9}}')
    assert run.code == 2 and b"exclude[0]" in run.output
    assert home.log_text().count("exclude[") == 20 and "and 25 more errors" in home.log_text()


def test_every_mistake_of_socctls_own_file_is_named(tmp_path):
    own = {"thehiv": {}, "thehive": {"ulr": "x", "key": 12345}, "analysis": {"rules": {"r": {"typs": [], "tags": "x"}}},
           "connectors": {"mitre": {"mode": "sometimes"}}, "presets": {"a": "b"},
           "health": {"thehive": {"license": {}, "answer": {"degraded": 5}}}}
    found = own_mistakes(tmp_path / "home", own)
    assert "12345" not in " ".join(found)
    assert [PLACE.match(one)["what"].partition(" ")[0].rstrip(":") for one in found] == [
        "unknown", "thehive", "thehive.key", "analysis.rules.r", "analysis.rules.r.tags", "connectors.mitre.mode",
        "presets.a", "health.thehive", '"degraded"']


def placed_mistakes(home, config):
    """Line and text of each mistake of socctl's own file."""
    found = own_mistakes(home, config)
    return [(int(PLACE.match(one)["line"]), PLACE.match(one)["what"]) for one in found]


def test_a_name_that_stands_twice_in_socctls_own_file_is_named(tmp_path):
    found = placed_mistakes(tmp_path / "home", """{
"thehive": {"url": "https://a.example", "url": "https://b.example",
  "key": "x", "key": "y"},
"thehive": {"ulr": "x"},
"connectors": {"mitre": {}, "mitre": {"evry": 1}},
"presets": {"a": [], "a": 5},
"analysis": {"exclude": [], "exclude": 5, "rules": {"r": {"in": [], "in": 5}}},
"health": {"thehive": {}, "thehive": {}}, "health": {"nope": 1}}""")
    assert all(what.endswith(" is given twice") for _, what in found)
    assert [(line, what.partition(" ")[0].rstrip(":")) for line, what in found] == [
        (2, "thehive.url"), (3, "thehive.key"), (2, "thehive"), (5, "connectors.mitre"), (6, "presets.a"),
        (7, "analysis.exclude"), (7, "analysis.rules.r.in"), (8, "health"), (8, "health.thehive")]


def test_what_means_nothing_in_socctls_own_file_is_named_beside_what_is_wrong_in_form(tmp_path):
    found = placed_mistakes(tmp_path / "home", """{"thehiv": 1,
"connectors": {"mitre": {"every": "x"},
  "b": {"every": "y"},
  "c": {"mod": 1}},
"indices": {"alerts": "",
  "state": ""},
"analysis": {"repeat_after": "z", "rules": {"a": {"types": ["ip"], "max_tlp": "zz", "min_severity": "zz"},
  "b": {"preset": "nope", "tags": 5}, "c": {"preset": "p"}}},
"presets": {"p": 5}}""")
    assert [(line, what.partition(" ")[0]) for line, what in found] == [
        (1, "unknown"), (4, "connectors.c:"), (8, "analysis.rules.b.tags:"), (9, "presets.p:"),
        (7, "repeat_after"), (7, "max_tlp"), (7, "min_severity"), (8, "there"), (2, '"mitre.every"'), (3, '"b.every"'), (5, '""'), (6, '""')]


def test_products_of_socctls_own_file_are_checked_as_they_are_used(tmp_path):
    found = placed_mistakes(tmp_path / "home", """{"thehive": {"url": "https://u:Secr3tPw@x/",
"key": "file:nope", "key_file": "nope2",
"pinned_key": "zz", "ca_file": "nope"},
"cortex": {"url": "htp:/x", "zzzz": 1}, "opencti": {"url": "http://a,http://b"}, "opensearch": {"url": "http://a,http://b"}}""")
    assert [(line, what.partition(" ")[0]) for line, what in found] == [
        (1, "thehive.url:"), (2, "thehive.key_file:"), (3, "thehive.pinned_key:"), (4, "cortex:"), (4, "cortex.url:"),
        (4, "opencti.url:")]
    assert "Secr3tPw" not in str(found)


@pytest.mark.parametrize("config,last", [({f"k{i}zzzzzzzzzz": 1 for i in range(150)}, "and at least 81 more errors"),
                                         ({"presets": {f"k{i}": 1 for i in range(45)}}, "and 25 more errors")])
def test_of_socctls_own_file_no_more_than_20_are_shown(tmp_path, config, last):
    found = own_mistakes(tmp_path / "home", config)
    assert len(found) == 21 and found[20] == last


def test_a_folder_in_place_of_socctls_own_file(tmp_path):
    file = tmp_path / ".config/socctl/config.json"
    file.mkdir(parents=True)
    rows = tool.run("config", "check", "-o", "jsonl", env={"SOCBRIDGE_WAZUH_HOME": "/nonexistent", "HOME": str(tmp_path)}).jsonl()
    row = next(row for row in rows if row["check"] == "socctl configuration")
    assert row["state"] == "error" and row["detail"].count(str(file)) == 1 and not row["next"].startswith(","), row


def test_the_keys_that_are_known_in_a_section_are_listed(home, tmp_path):
    own = tmp_path / "own/.config/socctl/config.json"
    own.parent.mkdir(parents=True)
    own.write_text('{"thehive": {"zzzz": 1}}')
    own.chmod(0o600)
    home.write("etc/w2thive.json", '{"destinations": {"a": {"zzzz": 1}}, "zzzz": 1}')
    rows = tool.run("config", "check", "-o", "jsonl", env={"SOCBRIDGE_WAZUH_HOME": str(home.path), "HOME": str(tmp_path / "own")}).jsonl()
    hints = {row["check"] + str(i): row["next"] for i, row in enumerate(row for row in rows if "zzzz" in row["detail"])}
    assert sorted(hint[:25] for hint in hints.values()) == sorted(
        ["`socctl config explain` lists the known keys"[:25], "known are url, api_key, or"[:25], "known are url, user, key, "[:25]]), hints
