# SPDX-License-Identifier: Apache-2.0
"""Golden outputs: a verb's output, with ids and times replaced, compared with a file in tests/integration/golden/VERB.

SOCBRIDGE_GOLDEN=write writes the files instead. Read the difference before you commit it.
"""

import os
import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "golden"

PATTERNS = [
    (re.compile(r"~\d+"), "~ID"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"), "TIME"),
    (re.compile(r"\b1[6-9]\d{11}\b"), "MS"),
    (re.compile(r'("cortexJobId":\s*)"[^"]*"'), r'\1"JOB"'),
]


def normal(text):
    for pattern, word in PATTERNS:
        text = pattern.sub(word, text)
    # Columns are as wide as their ids: several blanks become two, the ends of lines go.
    return "\n".join(re.sub(r" {2,}", "  ", line).rstrip() for line in text.split("\n"))


def check(name, text):
    verb = "-".join(name.partition(".")[0].split("-")[:2])
    path = FOLDER / verb / name
    seen = normal(text)
    if os.environ.get("SOCBRIDGE_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(seen)
        return
    assert seen == path.read_text(), f"{path} differs; SOCBRIDGE_GOLDEN=write takes the new text over"


def check_file(path, text):
    """A file of the repository that the program writes."""
    if os.environ.get("SOCBRIDGE_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return
    assert text == path.read_text(), f"{path} differs; SOCBRIDGE_GOLDEN=write takes the new text over"


def check_between(path, start, end, lines):
    """Lines of a document that the program writes, between two marks."""
    before, rest = path.read_text().split(start + "\n")
    _, after = rest.split(end + "\n")
    check_file(path, "\n".join([before + start, *lines, end]) + "\n" + after)
