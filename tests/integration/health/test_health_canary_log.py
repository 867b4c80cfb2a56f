# SPDX-License-Identifier: Apache-2.0
"""socctl health --canary from a line of a log on: analysisd, integratord, TheHive, Cortex and back."""

import json
import re

import pytest

import tool
from analysisd import Analysisd
from canary_run import alerts_left, install, run_canary
from entries import count
from integratord import AS_ROOT

pytestmark = pytest.mark.skipif(not AS_ROOT, reason="runs the integration as another user")


@pytest.fixture
def soc():
    with tool.Sandbox("cortex") as sandbox:
        yield sandbox


def test_all_the_way_from_a_log_line(home, soc):
    install(home, soc.url)
    with Analysisd(home, key=tool.KEY, url=soc.url) as manager:
        result, stages = run_canary(soc.env(), home=home)
        assert result.code == 0, result
        assert list(stages) == ["log line", "wazuh alert", "integration", "alert", "observable", "job", "report", "clean-up"]
        assert {name for name, one in stages.items() if one["state"] != "ok"} == {"integration"}
        assert stages["integration"]["state"] == "skipped" and "integratord runs it" in stages["integration"]["detail"]
        assert manager.codes == [0]  # custom-w2thive ran once, and not by us
    [(queue, location, line)] = manager.lines
    assert (queue, location) == ("1", "socbridge") and json.loads(line)["srcip"] == "9.9.9.9"
    timed = {name: one["took_ms"] for name, one in stages.items() if "took_ms" in one}
    assert set(timed) == {"log line", "wazuh alert", "alert", "observable", "job", "report"}
    assert all(0 <= ms < 60000 for ms in timed.values())
    assert alerts_left(soc) == [] and count(home) == 0


def test_each_stage_is_a_metric(home, soc):
    install(home, soc.url)
    with Analysisd(home, key=tool.KEY, url=soc.url):
        result = tool.run("health", "--canary", "-o", "prometheus",
                          env={**soc.env(), "SOCBRIDGE_WAZUH_HOME": str(home.path)})
    assert result.code == 0, result
    seen = dict(re.findall(r'^socbridge_health_canary_stage_seconds\{stage="([^"]+)"\} ([0-9.]+)$', result.out, re.M))
    assert set(seen) == {"log line", "wazuh alert", "alert", "observable", "job", "report"}


def test_without_a_rule_the_program_is_run_as_before(home, soc):
    install(home, soc.url)
    with Analysisd(home, rule=False) as manager:
        result, stages = run_canary(soc.env(), home=home)
    assert result.code == 0 and manager.lines == []
    assert stages["log line"]["state"] == "skipped" and "canary-rules.xml" in stages["log line"]["next"]
    assert "custom-w2thive accepted it in" in stages["integration"]["detail"]


@pytest.mark.parametrize("how,broken,words", [
    ({"alerts": False}, "wazuh alert", "analysisd made no alert of it"),
    ({"integrates": False}, "alert", "Wazuh has it, but TheHive does not")], ids=["analysisd", "integratord"])
def test_the_stage_that_breaks_is_named(home, soc, how, broken, words):
    install(home, soc.url)
    with Analysisd(home, key=tool.KEY, url=soc.url, **how):
        result, stages = run_canary(soc.env(), "--canary-timeout", "2s", home=home)
    assert result.code == 5
    assert [name for name, one in stages.items() if one["state"] == "down"] == [broken]
    assert words in stages[broken]["detail"] and stages[broken]["next"]


def test_an_analysisd_that_is_gone(home, soc):
    install(home, soc.url)
    manager = Analysisd(home, key=tool.KEY, url=soc.url)
    manager.close()  # the socket's name stays
    result, stages = run_canary(soc.env(), "--canary-timeout", "2s", home=home)
    assert result.code == 5 and stages["log line"]["cause"] == "unreachable"
    assert "Connection refused" in stages["log line"]["detail"] and "wazuh-control" in stages["log line"]["next"]


def test_the_file_of_a_new_day(home, soc):
    """alerts.json is another file when the alert comes."""
    install(home, soc.url)
    with Analysisd(home, key=tool.KEY, url=soc.url) as manager:
        write = manager._alert

        def rotate(location, line):
            manager.file.rename(manager.file.with_name("alerts-1.json"))
            manager.file.write_text("")
            manager._give(manager.file, 0o640)
            write(location, line)
        manager._alert = rotate
        result, stages = run_canary(soc.env(), home=home)
    assert result.code == 0 and stages["wazuh alert"]["state"] == "ok", result
