# SPDX-License-Identifier: Apache-2.0
"""README and docs say nothing false: each command and option they name exists, and blocks marked `sh run` work.

A block ```sh run exit=3 must end with that code, without exit= with 0. It runs in an empty folder with a file `key`, a
Wazuh home in place of /var/ossec and a TheHive in the environment; a command that fails ends the block.
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
BLOCK = re.compile(r"^```sh run(?: exit=(\d+))?\n(.*?)^```$", re.M | re.S)
BLOCKS = [(path, number, int(code or 0), text) for path in DOCUMENTS
          for number, (code, text) in enumerate(BLOCK.findall(path.read_text()), 1)]


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


def quoted(text):
    """What stands in code and begins with socctl, one command each."""
    spans = re.findall(r"`([^`\n]*(?:\n[^`\n]+)?)`", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))
    lines = re.findall(r"^(?: {4,}|\$ )(.*)$", text, re.M)
    lines += [line for block in re.findall(r"^```.*?\n(.*?)^```", text, re.M | re.S) for line in block.splitlines()]
    for code in [*spans, *lines]:
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
    wrong = [f"{' '.join(words)}: {said}" for words in quoted(path.read_text()) if (said := complaint(words, commands))]
    assert not wrong, "\n".join(wrong)


def test_a_wrong_command_is_seen(commands):
    assert len(commands) > 40 and "--explain" in commands["socctl alert map"]
    text = "`socctl alert mop --explain`, `socctl alert map --explian`, `socctl queue list --state dead | wc -l`"
    assert [bool(complaint(words, commands)) for words in quoted(text)] == [True, True, False]


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


@pytest.mark.skipif(not integratord.AS_ROOT, reason="the home belongs to root")
@pytest.mark.parametrize("path, number, code, text", BLOCKS,
                         ids=[f"{path.relative_to(SOURCE)}-{number}" for path, number, _, _ in BLOCKS])
def test_a_block_that_is_marked_works(place, tmp_path, path, number, code, text):
    script = text.replace("/usr/share/socbridge/examples", str(SOURCE / "examples")).replace("/var/ossec", str(place.path))
    with tool.Sandbox() as sandbox:
        env = {**tool.BASE_ENV, **sandbox.env(), "SOCBRIDGE_WAZUH_HOME": str(place.path),
               "PATH": f"{tool.BIN.parent}:{tool.BASE_ENV['PATH']}"}
        result = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", script], cwd=tmp_path, env=env, capture_output=True,
                                text=True, timeout=120)
    assert result.returncode == code, f"{script}\n{result.stdout}{result.stderr}"


def test_there_are_blocks_to_run():
    assert len(BLOCKS) >= 5
