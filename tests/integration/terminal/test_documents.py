# SPDX-License-Identifier: Apache-2.0
"""README and docs are correct: each command and option in them exists, socctl accepts each line of code unchanged, other
lines are covered by another test, and blocks marked `sh run` work.

A block ```sh run exit=3 must end with that code, without exit= with 0. It runs in an empty folder with a file `key`, a
Wazuh home in place of /var/ossec and a TheHive in the environment, with=cortex,opencti also these; a command that fails
ends the block. The lines of a following block ```text are in the output, in that order; `…` stands for variable text.
"""

import os
import re
import subprocess
from pathlib import Path

import pytest

import integratord
import tool
import wazuh_manager
from conftest import make_alert

SOURCE = Path(os.environ["SOCBRIDGE_SOURCE_DIR"])
DOCUMENTS = [SOURCE / "README.md", *sorted((SOURCE / "docs").rglob("*.md")), *sorted((SOURCE / "packaging").rglob("*.md"))]
BLOCK = re.compile(r"^```sh run(?: with=([a-z,]+))?(?: exit=(\d+))?\n(.*?)^```$(?:\n\n```text\n(.*?)^```$)?", re.M | re.S)
BLOCKS = [(path, number, found) for path in DOCUMENTS
          for number, found in enumerate(BLOCK.findall(path.read_text()), 1)]
SECTIONS = ["What flows", "What is needed", "Set up", "Check", "When it fails", "Links"]


@pytest.fixture(scope="module")
def commands(tmp_path_factory):
    """{command path: names of its options}, from the manual pages."""
    folder = tmp_path_factory.mktemp("manual")
    assert tool.run("manual", folder).code == 0
    found = {}
    for page in folder.iterdir():
        text = page.read_text().replace("\\-", "-")
        name = re.search(r"^\.SH SYNOPSIS\n\.B (.*)$", text, re.M)[1]
        options = text.partition(".SH OPTIONS\n")[2].partition(".SH EXIT STATUS")[0]
        heads = re.findall(r"^\.TP\n(.*)$", options, re.M)
        found[name] = {option for head in heads for option in re.findall(r"\\fB(--?[a-zA-Z][\w-]*)\\fR", head)}
    return found


def lines_of_code(text, fence=r".*?"):
    joined = text.replace("\\\n", " ")
    lines = re.findall(r"^(?: {4,}|\$ )(.*)$", re.sub(r"^```.*?^```", "", joined, flags=re.M | re.S), re.M)
    return lines + [line for block in re.findall(rf"^```{fence}\n(.*?)^```", joined, re.M | re.S) for line in block.splitlines()]


def spans_of_code(text):
    return re.findall(r"`([^`\n]*(?:\n[^`\n]+)?)`", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))


def quoted(code_pieces):
    """Commands that begin with socctl, one each."""
    for code in code_pieces:
        for part in re.split(r"[|;&#<>]+|  +", " ".join(code.split("\n"))):
            words = part.strip().removeprefix("$ ").split()
            words = words[1:] if words[:1] in (["sudo"], ["root"], ["wazuh"]) else words
            if words and words[0] in ("socctl", "/usr/bin/socctl"):
                yield ["socctl", *words[1:]]


def complaint(words, commands):
    at = "socctl"
    rest = words[1:]
    while rest and f"{at} {rest[0]}" in commands:
        at = f"{at} {rest.pop(0)}"
    below = [name for name in commands if name.startswith(at + " ")]
    if below and rest and re.fullmatch(r"[a-z][a-z-]*", rest[0]):
        return f"{at} has no command {rest[0]}"
    for word in rest:
        option = re.match(r"-{1,2}[a-zA-Z][\w-]*", word.strip("[]()`,."))
        known = commands[at] | commands["socctl"] | {"--help", "-h"}
        if below:  # `socctl queue VERB --yes`
            known = known.union(*(commands[name] for name in below))
        if option and option[0] not in known and not (len(option[0]) > 2 and option[0][:2] in known and option[0][1] != "-"):
            return f"{at} has no option {option[0]}"
    return None


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(SOURCE)))
def test_each_command_and_option_exists(path, commands):
    wrong = [f"{' '.join(words)}: {said}" for words in quoted([*spans_of_code(path.read_text()), *lines_of_code(path.read_text())])
             if (said := complaint(words, commands))]
    assert not wrong, "\n".join(wrong)


def test_a_wrong_command_is_seen(commands):
    assert len(commands) > 40 and "--explain" in commands["socctl alert map"]
    text = "`socctl alert mop --explain`, `socctl alert map --explian`, `socctl queue list --state dead | wc -l`"
    assert [bool(complaint(words, commands)) for words in quoted(spans_of_code(text))] == [True, True, False]


def refusal(words):
    """socctl's message for arguments that it does not understand. It runs as an unprivileged user without any product;
    a command that does not end is stopped."""
    as_user = {"user": integratord.USER, "group": integratord.GROUP, "extra_groups": []} if integratord.AS_ROOT else {}
    process = tool.start(*words[1:], env={"SOCBRIDGE_WAZUH_HOME": "/nonexistent", "HOME": "/nonexistent"}, cwd="/", **as_user)
    try:
        err = process.communicate(timeout=5)[1].decode()
    except subprocess.TimeoutExpired:
        process.terminate()
        process.communicate(timeout=20)
        return []
    return [line for line in re.findall(r"^socctl: .*(?:; see socctl .*--help|; did you mean .*)$", err, re.M)
            if "is required" not in line]  # a synopsis without a required argument


# Notation of optional, repeated and alternative parts in a synopsis.
SYNOPSIS = re.compile(r"[\[\]…]|\.\.\.|\w\|\w| (?:VERB|COMMAND|N)\b")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(SOURCE)))
def test_socctl_takes_each_line_as_it_stands(path):
    lines = [line for line in lines_of_code(path.read_text(), "sh.*?") if not SYNOPSIS.search(line.partition("  ")[0])]
    wrong = [f"{' '.join(words)}: {said}" for words in quoted(lines) if (said := refusal(words))]
    assert not wrong, "\n".join(wrong)


def test_a_line_that_socctl_does_not_take_is_seen():
    assert refusal(["socctl", "alert", "search", "--level", "high"])
    assert refusal(["socctl", "queue", "lits"]) and not refusal(["socctl", "queue", "show"])
    assert not refusal(["socctl", "alert", "search", "--level", "12"])


PROGRAMS = [path for folder in ("lib", "tools", "integrations") for path in (SOURCE / folder).rglob("*") if path.suffix in (".cc", ".h")]


def texts(path):
    """String literals of a source file, those of several lines as one."""
    code = re.sub(r"^\s*//.*$", "", path.read_text(), flags=re.M)
    return re.findall(r'"((?:[^"\\\n]|\\.)*)"', re.sub(r'"\s*\n\s*"', "", code))


def test_messages_name_what_an_installation_has():
    """An installation has only the documents that `socctl help TOPIC` prints."""
    said = {text: path for path in PROGRAMS for text in texts(path)}
    assert len(said) > 5000
    assert not {text: path for text, path in said.items() if re.search(r"docs/[\w/-]+\.md", text)}
    plain = [re.sub(r"\\+(f[BIR])?", "", text) for text in said]  # some are of manual pages
    topics = {topic for text in plain for topic in re.findall(r"socctl help ([a-z][a-z0-9-]*)", text)}
    assert {"analysis", "exit-codes", "webhooks"} <= topics
    for topic in topics:
        result = tool.run("help", topic)
        assert result.code == 0 and len(result.out) > 500, topic
    assert tool.run("help", "rules").out == (SOURCE / "docs/rules.md").read_text()


def test_a_topic_that_is_not_there_names_those_that_are():
    result = tool.run("help", "rulse")
    topics = result.err.rpartition("the topics are ")[2].strip().split(", ")
    assert result.code == 2 and len(topics) > 10
    assert [topic for topic in topics if tool.run("help", topic).code != 0] == []
    pages = {path.stem for path in (SOURCE / "docs").glob("*.md") if tool.run("help", path.stem).out == path.read_text()}
    assert len(pages) > 10 and pages <= set(topics) and topics == sorted(topics)
    assert ", ".join(topics) in " ".join(tool.run("help", "help").out.split())


@pytest.fixture
def place(home, tmp_path):
    wazuh_manager.configure(home)
    home.write("etc/thehive.key", tool.KEY)
    (home.path / "logs/alerts").mkdir()
    (home.path / "logs/alerts/alerts.json").write_bytes(make_alert(1) + make_alert(2))
    for path in (home.path / "logs/alerts", home.path / "logs/alerts/alerts.json"):
        os.chown(path, integratord.USER, integratord.GROUP)
    (tmp_path / "key").write_text(tool.KEY)
    return home


def missing_line(expected, output):
    """The first line of `expected` that is missing in the output after the previous match."""
    lines = iter(output.splitlines())
    for line in expected.splitlines():
        pattern = re.compile(".*".join(re.escape(part) for part in line.rstrip().split("…")) + r"\s*")
        if not any(pattern.fullmatch(one) for one in lines):
            return line
    return None


@pytest.mark.skipif(not integratord.AS_ROOT, reason="the home belongs to root")
@pytest.mark.parametrize("path, number, found", BLOCKS,
                         ids=[f"{path.relative_to(SOURCE)}-{number}" for path, number, _ in BLOCKS])
def test_a_block_that_is_marked_works(place, tmp_path, path, number, found):
    products, code, text, expected = found
    script = text.replace("/usr/share/socbridge/examples", str(SOURCE / "examples")).replace("/var/ossec", str(place.path))
    with tool.Sandbox(*filter(None, products.split(","))) as sandbox:
        env = {**tool.BASE_ENV, **sandbox.env(), "SOCBRIDGE_WAZUH_HOME": str(place.path),
               "PATH": f"{tool.BIN.parent}:{tool.BASE_ENV['PATH']}"}
        result = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", script], cwd=tmp_path, env=env, capture_output=True,
                                text=True, timeout=120)
    assert result.returncode == int(code or 0), f"{script}\n{result.stdout}{result.stderr}"
    absent = missing_line(expected, result.stdout)
    assert absent is None, f"{script}\nprints no line {absent!r}:\n{result.stdout}{result.stderr}"


def test_an_output_that_differs_is_seen():
    assert missing_line("a\t1…\nb\n", "a\t1 of 2\nx\nb\t\n") is None
    assert missing_line("b\na\n", "a\nb\n") == "a" and missing_line("a.\n", "ab\n") == "a."


def test_each_integration_has_a_page_of_one_form():
    folder = SOURCE / "docs/integrations"
    pages = {path.name: path.read_text() for path in folder.glob("*.md") if path.name != "README.md"}
    assert set(re.findall(r"\]\(([\w-]+\.md)\)", (folder / "README.md").read_text())) == pages.keys() and len(pages) >= 9
    for name, text in pages.items():
        assert re.findall(r"^## (.*)$", text, re.M) == SECTIONS, name
        check = text.partition("## Check")[2].partition("## When it fails")[0]
        assert [found[3] for found in BLOCK.findall(check) if found[3]], f"{name}: a command and its output"


def test_there_are_blocks_to_run():
    assert len(BLOCKS) >= 5
