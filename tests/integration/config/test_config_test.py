# SPDX-License-Identifier: Apache-2.0
"""socctl config test: users' own tests of their rules."""

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

import tool
from conftest import make_alert

RULES = {"rules": [{"name": "vpn", "match": {"rule": "5763"}, "set": {"severity": "high"}}]}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "w.json").write_text(json.dumps(RULES))
    (tmp_path / "a.json").write_bytes(make_alert(1))
    return tmp_path


def run(folder, tests, *more, config="w.json"):
    file = folder / "tests.json"
    file.write_text(json.dumps({"config": config, "tests": tests}))
    return tool.run("config", "test", file, *more)


def test_all_as_expected(folder):
    result = run(folder, [
        {"name": "file", "alert": "a.json", "expect": {"severity": 3, "observables": ["ip:203.0.113.9"]}},
        {"name": "inline", "alert": json.loads(make_alert(2, level=3)), "expect": {"severity": "high"}}],
        "-o", "jsonl")
    assert result.code == 0, result
    assert [(row["test"], row["passed"]) for row in result.jsonl()] == [("file", True), ("inline", True)]


def test_differences_name_the_rule_and_the_exit_code_says_so(folder):
    tests = [{"name": "one", "alert": "a.json", "expect": {"severity": 1, "title": "other"}},
             {"name": "gone", "alert": "none.json", "expect": {"severity": 1}}]
    result = run(folder, tests, "-o", "jsonl")
    assert result.code == 1 and "2 of 2 tests failed" in result.err
    one, gone = result.jsonl()
    assert one["differences"][0] == {"field": "severity", "wanted": "1", "got": "3",
                                     "rule": 'rules[0] "vpn": rule 5763'}
    assert [row["field"] for row in one["differences"]] == ["severity", "title"]
    assert "none.json" in gone["error"]
    plain = run(folder, tests, "-o", "plain")
    assert len(plain.out.splitlines()) == 3 and plain.out.startswith("one\tfailed\tseverity\t1\t3\t")

    suite = ElementTree.fromstring(run(folder, tests, "-o", "junit").out).find("testsuite")
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "1", "1")
    assert "wanted 1, got 3" in suite.find("testcase/failure").text


def test_a_wrong_file_or_configuration_is_not_a_failed_test(folder):
    wrong = run(folder, [{"alert": "a.json", "expect": {"severty": 1}}])
    assert wrong.code == 2 and "tests.json:1:" in wrong.err and '"severity"' in wrong.err
    (folder / "w.json").write_text('{"rules": [{"set": {"severity": 9}}]}')
    broken = run(folder, [{"alert": "a.json", "expect": {"severity": 1}}])
    assert broken.code == 2 and "rules[0].set.severity" in broken.err


def test_the_flag_wins_over_the_file(folder):
    (folder / "other.json").write_text("{}")
    result = run(folder, [{"alert": "a.json", "expect": {"severity": 2}}], "--config", folder / "other.json")
    assert result.code == 0, result


def test_the_example_of_the_documents_passes():
    example = Path(__file__).resolve().parents[3] / "examples" / "w2thive-tests.json"
    result = tool.run("config", "test", example)
    assert result.code == 0, result


def test_each_mistake_is_named_and_a_file_that_is_not_there_is_a_wrong_one(folder):
    wrong = run(folder, [{"alert": "a.json", "expect": {"severity": "hgh", "tlp": 9, "promote": "yes"}}])
    assert wrong.code == 2 and len(wrong.err.splitlines()) == 3 and 'did you mean "high"?' in wrong.err
    codes = {what: tool.run("config", "test", *words).code for what, words in (
        ("tests", [folder / "nope.json"]), ("configuration", [folder / "tests.json", "--config", folder / "nope.json"]))}
    assert codes == {"tests": 2, "configuration": 2}
