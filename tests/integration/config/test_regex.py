# SPDX-License-Identifier: Apache-2.0
"""Regular expressions in conditions: against those of Python, their mistakes, and their bounds."""

import json
import random
import re

import pytest

import tool
from conftest import make_alert

LITERALS = ["a", "b", "ab", "x", "é", "A", "_", "-", "0", "\n", r"\.", r"\x61"]
SETS = [".", "[ab]", "[^a]", r"\w", r"\W", r"\d", r"\D", r"\s", r"\S", "[a-c_]", r"[^\w]", r"[\Wa]", "[é-ü]",
        "[^é]", "[]a]", "[^]a]", "[a-]", r"[\]\-x]"]
PLACES = ["^", r"\Z", r"\b", r"\A"]  # \B of Python does not match in an empty text
GROUPS = ["", "?:", "?i:", "?s:", "?m:", "?-i:", "?im-s:"]
TIMES = ["*", "+", "?", "{2}", "{0,2}", "{1,}", "{1,3}", "{0}", "*?", "+?", "??", "{1,2}?"]
MOST_TAGS = 80  # an alert gets at most 100
CHARACTERS = list("abcxABéüE_-01 \n.]☃") + ["\0"]


def pattern(rng, depth):
    kind = rng.random()
    if depth == 0 or kind < 0.35:
        kind = rng.random()
        return rng.choice(LITERALS if kind < 0.55 else SETS if kind < 0.85 else PLACES)
    if kind < 0.6:
        return "".join(pattern(rng, depth - 1) for _ in range(rng.randint(1, 3)))
    if kind < 0.75:
        ways = [pattern(rng, depth - 1) if rng.random() < 0.9 else "" for _ in range(rng.randint(1, 3))]
        return "(" + rng.choice(GROUPS) + "|".join(ways) + ")"
    return "(?:" + pattern(rng, depth - 1) + ")" + rng.choice(TIMES)


def mapped(folder, rules, texts):
    (folder / "w2thive.json").write_text(json.dumps({"rules": rules, "built_in_tags": []}))
    (folder / "alerts.json").write_bytes(
        b"".join(make_alert(i, data={"text": text}) for i, text in enumerate(texts)))
    done = tool.run("alert", "map", "--config", folder / "w2thive.json", "-o", "jsonl", folder / "alerts.json")
    assert done.code == 0, done
    return done.jsonl()


def test_the_same_texts_as_pythons_expressions(tmp_path):
    rng = random.Random(20)
    patterns = [pattern(rng, rng.randint(1, 3)) for _ in range(400)]
    texts = ["".join(rng.choice(CHARACTERS) for _ in range(rng.choice([1, 2, 3, 5, 8, 30]))) for _ in range(150)]
    found = 0
    for first in range(0, len(patterns), MOST_TAGS):
        some = patterns[first:first + MOST_TAGS]
        rules = [{"match": {"path": "data.text", "regex": one.replace(r"\Z", r"\z")}, "set": {"tags": [f"r{i}"]}}
                 for i, one in enumerate(some)]
        rows = mapped(tmp_path, rules, texts)
        assert len(rows) == len(texts)
        for text, row in zip(texts, rows):
            ours = {tag for tag in row["tags"] if re.fullmatch(r"r\d+", tag)}
            theirs = {f"r{i}" for i, one in enumerate(some) if re.search(one, text, re.ASCII)}
            assert ours == theirs, (text, [some[int(tag[1:])] for tag in ours ^ theirs])
            found += len(theirs)
    assert 10000 < found < 50000


def test_explain_names_the_expression(tmp_path):
    (tmp_path / "c.json").write_text(json.dumps({"rules": [
        {"name": "enc", "match": {"fields": [{"path": "data.cmd", "regex": [r"^x", r"(?i)\s-enc\b"]}]},
         "set": {"severity": 4}}]}))
    (tmp_path / "a.json").write_bytes(make_alert(1, data={"cmd": "powershell -ENC AAAA"}))
    rows = tool.run("alert", "map", "--explain", "-o", "jsonl", "--config", tmp_path / "c.json",
                    tmp_path / "a.json").jsonl()
    [rule] = [row["rule"] for row in rows if row["field"] == "severity"]
    assert rule == 'rules[0] "enc": data.cmd powershell -ENC AAAA matches "(?i)\\s-enc\\b"'


def test_a_mistake_has_line_and_column(home):
    home.write("etc/w2thive.json", '{\n  "exclude": [\n    {"path": "data.x", "regex": ["a",\n      "\\\\d+(x"]}\n  ]\n}')
    checked = tool.run("config", "check", "-o", "jsonl", env={"SOCBRIDGE_WAZUH_HOME": str(home.path)})
    assert checked.code == 2
    wrong = [row for row in checked.jsonl() if row["state"] == "error"][0]
    assert wrong["detail"].endswith("w2thive.json:4:12: exclude[0].regex[1]: has a ( without )")
    assert wrong["next"] == "write [(] for the character"


@pytest.mark.parametrize("one", [
    "(a{1,255}){1,255}", "((((a{256}){256}){256}){256}){256}", "(((|){256}){256}){256}", "(" * 1000, "|" * 1024,
    "a" * 70000, "(a)\\1", "(?=a)"], ids=lambda one: one[:20])
def test_a_hostile_expression_is_refused_at_once(home, one):
    home.write("etc/w2thive.json", json.dumps({"rules": [{"match": {"path": "data.x", "regex": one},
                                                          "set": {"tags": ["t"]}}]}))
    checked = tool.run("config", "check", "-o", "jsonl", env={"SOCBRIDGE_WAZUH_HOME": str(home.path)}, timeout=20)
    assert checked.code == 2
    [wrong] = [row["detail"] for row in checked.jsonl() if row["check"] == "configuration"]
    assert "rules[0].match.regex: " in wrong and len(wrong) < 1000


def test_the_worst_alert_is_bounded(tmp_path):
    """Expressions of the full size, whose places are all alive, over a field of full length."""
    rules = [{"match": {"path": "data.text", "regex": "(a?){255}b"}, "set": {"tags": [f"r{i}"]}} for i in range(32)]
    [row] = mapped(tmp_path, rules, ["a" * 65535])
    assert "r0" not in row["tags"]
    [row] = mapped(tmp_path, rules, ["a" * 65535 + "b"])
    assert "r31" in row["tags"]
    [row] = mapped(tmp_path, rules, ["a" * 65536 + "b"])
    assert "r0" not in row["tags"]
