# SPDX-License-Identifier: Apache-2.0
"""soc-sandbox itself, as a person starts it."""

import urllib.error
import urllib.request

import pytest

import tool


def test_answers_and_stops():
    with tool.Sandbox() as sandbox:
        with urllib.request.urlopen(sandbox.url + "/api/v1/status/public", timeout=5) as answer:
            assert b'"version"' in answer.read()
        sandbox.process.terminate()
        assert sandbox.process.wait(timeout=10) == 0


def test_rules_for_thehive_may_name_it():
    for rule in ("status=503", "thehive:status=503"):
        with tool.Sandbox(rules=[rule]) as sandbox:
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(sandbox.url + "/api/v1/status/public", timeout=5)
            assert refused.value.code == 503


def test_unknown_product_is_one_clear_line():
    result = tool.run("--listen", "127.0.0.1:0", "--with", "corteks", program=tool.SANDBOX)
    assert result.code == 2
    assert result.out == ""
    assert result.err.count("\n") == 1
    assert '"corteks"' in result.err


def test_list_of_alerts_on_a_terminal_and_in_a_pipe():
    with tool.Sandbox() as sandbox:
        assert "No alerts." in tool.run_on_terminal("alert", "list", env=sandbox.env()).out
        piped = tool.run("alert", "list", env=sandbox.env())
        assert (piped.code, piped.out) == (0, "")
