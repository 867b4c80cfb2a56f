# SPDX-License-Identifier: Apache-2.0
"""The JSON Schemas of the configuration files, as socctl shows them."""

import json
import re

import jsonschema

import tool


def schema_of(which):
    shown = tool.run("config", "schema", which)
    assert shown.code == 0, shown
    schema = json.loads(shown.out)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def parse(text):
    """JSON with comments and trailing commas."""
    text = re.sub(r'("(?:\\.|[^"\\])*")|//[^\n]*', lambda found: found[1] or "", text)
    return json.loads(re.sub(r'("(?:\\.|[^"\\])*")|,(?=\s*[}\]])', lambda found: found[1] or "", text))
