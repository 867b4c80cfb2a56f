# SPDX-License-Identifier: Apache-2.0
"""socctl config check on many ossec.conf files: its verdict equals that of Wazuh's integratord 4.14.

tests/fixtures/ossec-conf.json holds one file per row, whether an alert of level 10 of rule 5763 in the groups syslog and
sshd arrives with it, the message (a regular expression) and its line.
"""

import json
import os
import re
from pathlib import Path

import pytest

import tool
from conftest import KEY, make_alert
from integratord import AS_ROOT, GROUP

ROWS = json.loads((Path(os.environ["SOCBRIDGE_SOURCE_DIR"]) / "tests/fixtures/ossec-conf.json").read_text())


@pytest.fixture
def manager(home):
    home.write("etc/thehive.key", "k3y-0123456789\n")
    home.write("etc/empty.key", "\n")
    home.write("etc/open.key", "k3y-0123456789\n")
    (home.path / "etc/open.key").chmod(0o666)
    return home


def check(home, text, *more):
    path = home.path / "etc/ossec.conf"
    home.write("etc/ossec.conf", "")
    path.write_bytes(text.replace("{home}", str(home.path)).encode())
    result = tool.run("config", "check", "-o", "json", *more, env={"SOCBRIDGE_WAZUH_HOME": str(home.path)})
    assert result.err == "" and "k3y-" not in result.out, result
    found = [one for one in result.json() if one["check"] not in ("url", "key")]
    return result.code, found


def lines_of(found):
    return "\n".join(f"{one['check']} {one['state']} {one['detail']} -> {one['next']}" for one in found)


@pytest.mark.skipif(not AS_ROOT, reason="the executable must belong to root")
@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_the_verdict_is_the_one_of_integratord(manager, row):
    code, found = check(manager, row["ossec_conf"])
    said = lines_of(found)
    assert (code == 0) == row["alert_arrives"], said
    assert code in (0, 2)
    complete = [one for one in found if one["detail"] == "complete"]
    if not row["alert_arrives"]:
        assert not complete and any(one["state"] == "error" and one["next"] for one in found), said
    wrong = [one for one in found if one["state"] in ("error", "warning")]
    if "says" in row:
        assert any(re.search(row["says"], f"{one['detail']}; {one['next']}") for one in wrong), said
    elif row["alert_arrives"] and not wrong:
        assert complete, said
    if "line" in row:
        assert any(f"/etc/ossec.conf:{row['line']}:" in one["detail"] for one in wrong), said


PLAIN = next(row["ossec_conf"] for row in ROWS if row["name"] == "a plain block")


@pytest.mark.skipif(not AS_ROOT, reason="only root can give a file to another group")
@pytest.mark.parametrize("mode, group, works", [(0o640, GROUP, True), (0o600, GROUP, False), (0o640, 0, False),
                                                (0o644, GROUP, False)])
def test_the_key_file_is_read_as_integratord_would(manager, mode, group, works):
    key = manager.path / "etc/thehive.key"
    os.chown(key, 0, group)
    key.chmod(mode)
    code, found = check(manager, PLAIN)
    assert (code == 0) == works, lines_of(found)
    if not works:
        assert "thehive.key" in lines_of(found) and "ossec.conf:6:" in lines_of(found)


def test_a_file_that_was_named_must_be_there(manager, tmp_path):
    result = tool.run("config", "check", "--ossec-conf", tmp_path / "none.conf", "-o", "json",
                      env={"SOCBRIDGE_WAZUH_HOME": str(manager.path)})
    assert result.code == 2 and "none.conf" in lines_of(result.json())


@pytest.mark.parametrize("path,state,cure", [
    ("/x/api/v1", "error", "end it before /api"), ("/x/API", "error", "end it before /api"),
    ("/index.html", "error", "end it before the page"), ("/thehive/login.jsp", "error", "end it before the page"),
    ("/thehive", "warning", "alert test")])
def test_a_path_that_is_not_a_base_is_an_error(manager, path, state, cure):
    code, found = check(manager, PLAIN.replace("</hook_url>", f"{path}</hook_url>"))
    [one] = [one for one in found if "has the path" in one["detail"]]
    assert (one["state"], cure in one["next"], code) == (state, True, 2 if state == "error" else 0), found


def test_a_url_without_a_scheme_gets_its_own_cure(manager):
    _, found = check(manager, re.sub("<hook_url>https?://", "<hook_url>", PLAIN))
    said = lines_of(found)
    assert "has no http://" in said and "write the scheme" in said and "remove the blanks" not in said, said


def test_the_level_of_the_block_is_the_threshold(manager, thehive):
    """custom-w2thive filters no level by default: <level>3</level> means 3."""
    assert manager.run(make_alert(level=3), key=KEY, url=thehive.url).code == 0
    assert len(thehive.alerts) == 1


def test_the_threshold_of_a_preview_comes_from_the_block(manager, tmp_path):
    low = tmp_path / "low.json"
    low.write_bytes(make_alert(level=5))
    env = {"SOCBRIDGE_WAZUH_HOME": str(manager.path)}
    (manager.path / "etc/ossec.conf").write_text(PLAIN)
    shown = tool.run("alert", "map", low, "-o", "json", env=env)
    assert re.search(r"level 5 is below the block's <level> \(.*ossec\.conf:7\) 7", shown.json()[0]["skipped"]), shown
    explained = tool.run("alert", "map", low, "--explain", "-o", "json", env=env)
    assert "ossec.conf:7" in explained.json()[-1]["rule"], explained
    rows = {row["key"]: row for row in tool.run("config", "explain", "-o", "json", env=env).json()}
    assert rows["min_level"]["value"] == 7 and "ossec.conf:7" in rows["min_level"]["origin"]
    (manager.path / "etc/ossec.conf").write_text(PLAIN.replace("<level>7<", "<level>3<"))
    assert "title" in tool.run("alert", "map", low, "-o", "json", env=env).json()[0]
