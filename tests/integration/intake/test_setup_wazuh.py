# SPDX-License-Identifier: Apache-2.0
"""`socctl setup wazuh`: its output, its files, and that it damages no ossec.conf."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

import integratord
import tool
from conftest import KEY
from integratord import AS_ROOT, GROUP, USER

pytestmark = pytest.mark.skipif(not AS_ROOT, reason="only root can create files with group wazuh")
ROWS = json.loads((Path(os.environ["SOCBRIDGE_SOURCE_DIR"]) / "tests/fixtures/ossec-conf.json").read_text())
CONF = "<ossec_config>\n  <global><jsonout_output>yes</jsonout_output></global>\n</ossec_config>\n"
URL = "https://thehive.example:9000"


@pytest.fixture
def manager(home):
    home.spool.rmdir()
    home.write("etc/ossec.conf", CONF, mode=0o660)
    (home.path / "bin").mkdir()
    set_version(home, "4.14.0")
    key = home.path / "the-key"
    key.write_text(KEY + "\n")
    home.key = str(key)
    return home


def set_version(home, version):
    (home.path / "bin/wazuh-control").write_text(f'#!/bin/sh\n# Installation info\nVERSION="v{version}"\nREVISION="1"\n')


def setup(home, *args, stdin=None, **env):
    result = tool.run("setup", "wazuh", "-o", "json", *args, stdin=stdin,
                      env={"SOCBRIDGE_WAZUH_HOME": str(home.path), **env})
    assert KEY not in result.out + result.err
    steps = {row["step"]: row for row in result.json()} if result.out else {}
    return result, steps


def states(steps):
    return {name: row["state"] for name, row in steps.items()}


def owner(path):
    info = os.lstat(path)
    return info.st_uid, info.st_gid, info.st_mode & 0o7777


def files(home):
    return {str(path): (path.read_bytes() if path.is_file() else None, owner(path)) for path in home.path.rglob("*")}


def test_a_dry_run_shows_all_and_changes_nothing(manager):
    before = files(manager)
    for words in ((), ("--dry-run",)):
        result, steps = setup(manager, "--url", URL, "--key-file", manager.key, *words)
        assert result.code == 0 and result.err == ""
        assert states(steps) == {"wazuh": "present", "executable": "present", "spool": "missing", "key": "missing", "block": "missing"}
        assert steps["wazuh"]["detail"].startswith("4.14 in ")
        assert f"<hook_url>{URL}</hook_url>" in steps["block"]["text"]
    assert files(manager) == before


@pytest.mark.parametrize("version, options, timeout", [
    ("4.2.7", False, False), ("4.6.0", False, False), ("4.7.0", True, False), ("4.8.0", True, True), ("4.14.7", True, True)])
def test_the_block_is_one_that_the_version_takes(manager, version, options, timeout):
    set_version(manager, version)
    plain = setup(manager, "--url", URL, "--key-file", manager.key)[1]["block"]["text"]
    assert ("<timeout>" in plain, "<options>" in plain) == (timeout, False)
    result, steps = setup(manager, "--url", URL, "--key-file", manager.key, "--organisation", "soc")
    if options:
        assert '<options>{"organisation":"soc"}</options>' in steps["block"]["text"].replace(": ", ":")
    else:
        assert result.code == 2 and steps["block"]["state"] == "failed" and "w2thive.json" in steps["block"]["next"]


def test_version_of_a_home_with_version_json_and_of_none(manager):
    (manager.path / "VERSION.json").write_text('{"version": "4.7.5", "stage": "rc1"}')
    assert setup(manager, "--url", URL, "--key-file", manager.key)[1]["wazuh"]["detail"].startswith("4.7 in")
    (manager.path / "VERSION.json").unlink()
    (manager.path / "bin/wazuh-control").unlink()
    steps = setup(manager, "--url", URL, "--key-file", manager.key)[1]
    assert "version unknown" in steps["wazuh"]["detail"] and "<timeout>" not in steps["block"]["text"]
    steps = setup(manager, "--url", URL, "--key-file", manager.key, "--wazuh-version", "4.8")[1]
    assert "<timeout>" in steps["block"]["text"]


def test_write_makes_all_of_it_and_a_second_time_nothing(manager, thehive):
    result, steps = setup(manager, "--url", thehive.url, "--key-file", "-", "--write", stdin=KEY + "\n")
    assert result.code == 0, result
    assert states(steps) == {"wazuh": "present", "executable": "present", "spool": "done", "key": "done", "block": "done", "check": "present"}
    assert "restart the manager" in steps["block"]["next"]
    assert len(thehive.alerts) == 1, "the test alert"
    etc = manager.path / "etc"
    assert owner(manager.spool) == (USER, GROUP, 0o700)
    assert owner(etc / "thehive.key") == (0, GROUP, 0o640) and (etc / "thehive.key").read_text() == KEY + "\n"
    assert owner(etc / "ossec.conf") == (0, GROUP, 0o660)
    assert (etc / "ossec.conf").read_text() == CONF + steps["block"]["text"]
    backup = etc / "ossec.conf.before-w2thive"
    assert backup.read_text() == CONF and owner(backup) == (0, GROUP, 0o660)
    assert not list(etc.glob("*.new"))
    undo = steps["block"]["undo"]
    assert undo == f"mv -T -- {backup} {etc}/ossec.conf"

    before = files(manager)
    again, steps = setup(manager, "--url", "https://other.example", "--key-file", manager.key, "--write", "--no-test")
    assert again.code == 0 and set(states(steps).values()) == {"present"} and files(manager) == before
    assert "ossec.conf:5 has it" in steps["block"]["detail"]

    subprocess.run(undo.split(), check=True)
    assert (etc / "ossec.conf").read_text() == CONF


def test_the_test_alert_goes_with_the_key_that_was_set_up(manager, thehive, place):
    folder = Path(place) / ".config/socctl"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({"thehive": {"url": thehive.url, "key": "a-wrong-key-000"}}))
    result, steps = setup(manager, "--url", thehive.url, "--key-file", manager.key, "--write", HOME=place,
                          SOCCTL_THEHIVE_KEY="another-wrong-key", SOCCTL_THEHIVE_URL=thehive.url)
    assert result.code == 0 and len(thehive.alerts) == 1, result
    keys = {request.headers.get("authorization") for request in thehive.requests} - {None}
    assert keys == {"Bearer " + KEY}


def test_without_network_the_files_are_there_and_the_code_is_that_of_the_test(manager):
    result, steps = setup(manager, "--url", "http://127.0.0.1:9", "--key-file", manager.key, "--write")
    assert result.code == 5 and steps["block"]["state"] == "done", result


@pytest.mark.parametrize("words, step, said", [
    (("--key-file", "KEY"), "block", "URL"), (("--url", URL), "key", "--key-file")])
def test_what_is_not_known_is_asked_for_and_nothing_is_written(manager, words, step, said):
    before = files(manager)
    words = [manager.key if word == "KEY" else word for word in words]
    result, steps = setup(manager, *words, "--write")
    assert result.code == 2 and steps[step]["state"] == "failed", steps
    assert said in steps[step]["detail"] + steps[step]["next"]
    assert files(manager) == before


def test_settings_of_w2thive_json_need_no_lines_in_the_block(manager):
    manager.write("etc/thehive.key", KEY)
    manager.configure(url=URL, api_key="file:etc/thehive.key", spool_dir=str(manager.path / "queue/elsewhere"))
    result, steps = setup(manager, "--write", "--no-test")
    assert result.code == 0, result
    assert "hook_url" not in steps["block"]["text"] and "api_key" not in steps["block"]["text"]
    assert owner(manager.path / "queue/elsewhere") == (USER, GROUP, 0o700)


def test_another_key_replaces_the_file(manager):
    manager.write("etc/thehive.key", "an-old-key-0000\n")
    result, steps = setup(manager, "--url", URL, "--key-file", manager.key, "--write", "--no-test")
    assert result.code == 0 and "replaced" in steps["key"]["detail"]
    assert (manager.path / "etc/thehive.key").read_text() == KEY + "\n"


def test_links_of_the_home_s_user_lead_nowhere(manager, place):
    victim = Path(place) / "victim"
    victim.write_text("secret")
    victim.chmod(0o600)
    for name in ("thehive.key", "thehive.key.new", "ossec.conf.new", "ossec.conf.before-w2thive"):
        os.symlink(victim, manager.path / "etc" / name)
    result, steps = setup(manager, "--url", URL, "--key-file", manager.key, "--write", "--no-test")
    assert result.code == 0, result
    assert victim.read_text() == "secret" and owner(victim) == (0, 0, 0o600)
    os.unlink(manager.path / "etc/ossec.conf")
    os.symlink(victim, manager.path / "etc/ossec.conf")
    result, steps = setup(manager, "--url", URL, "--key-file", manager.key, "--write", "--no-test")
    assert result.code == 2 and "secret" not in result.out and victim.read_text() == "secret"


def test_root_makes_no_folder_that_the_home_s_user_names(manager, place):
    """Such as a drop-in folder of a unit, in which that user could set root's commands."""
    for named in (f"{place}/ssh.service.d", f"{manager.path}/queue/../../{Path(place).name}.service.d"):
        manager.write("etc/w2thive.json", json.dumps({"spool_dir": named}), owner=USER)
        result, steps = setup(manager, "--url", URL, "--key-file", manager.key, "--write", "--no-test")
        assert result.code == 2 and steps["spool"]["state"] == "failed", steps
        assert steps["spool"]["next"].startswith(f"set spool_dir to {manager.path}/queue/w2thive")
        # Not in /tmp, where any user could replace it by a link.
        assert ("install -d" in steps["spool"]["next"]) == named.startswith(place)
        assert not Path(named).exists() and not (manager.path / "etc/thehive.key").exists()


def test_what_is_printed_to_copy_is_quoted(manager):
    """The spool's name was chosen by the home's user, and the operator may run the undo commands."""
    manager.configure(spool_dir=f"{manager.path}/queue/x'; touch owned; '")
    result, steps = setup(manager, "--url", URL, "--key-file", manager.key, "--write", "--no-test")
    assert result.code == 0 and steps["spool"]["state"] == "done", result
    subprocess.run(["sh", "-c", steps["spool"]["undo"]], check=True, cwd=manager.path)
    assert not (manager.path / "owned").exists() and not list((manager.path / "queue").iterdir())


def test_a_link_of_the_home_s_user_on_the_way_is_not_followed(manager, place):
    """Where the home itself belongs to that user."""
    os.chown(manager.path, USER, GROUP)
    (manager.path / "etc").rename(manager.path / "kept")
    target = Path(place) / "sudoers.d"
    shutil.copytree(manager.path / "kept", target)
    os.symlink(target, manager.path / "etc")
    os.lchown(manager.path / "etc", USER, GROUP)
    before = {path: path.read_bytes() for path in target.iterdir()}
    result, steps = setup(manager, "--url", URL, "--key-file", manager.key, "--write", "--no-test")
    assert result.code == 2, result
    assert {path: path.read_bytes() for path in target.iterdir()} == before


def test_an_ossec_conf_that_cannot_be_replaced_stays_as_it_is(manager):
    """A file system that is mounted on it, or chattr +i, has the same effect."""
    (manager.path / "etc/ossec.conf.new").mkdir()
    result, steps = setup(manager, "--url", URL, "--key-file", manager.key, "--write", "--no-test")
    assert result.code == 1 and steps["block"]["state"] == "failed" and "by hand" in steps["block"]["next"], steps
    assert (manager.path / "etc/ossec.conf").read_text() == CONF
    assert not (manager.path / "etc/ossec.conf.before-w2thive").exists()


def test_what_was_done_before_a_step_failed_is_named(manager):
    (manager.path / "etc/ossec.conf.new").mkdir()
    result = tool.run("setup", "wazuh", "--url", URL, "--key-file", manager.key, "--write", "--no-test", "-o", "table",
                      env={"SOCBRIDGE_WAZUH_HOME": str(manager.path)})
    assert result.code == 1, result
    assert "\nDone and kept: spool, key\n\nTo undo:\n  rm " in result.out, result
    assert "partly done" not in result.out and "mv " not in result.out, "the file is as it was"


def test_the_new_file_has_no_set_user_id_bit(manager):
    (manager.path / "etc/ossec.conf").chmod(0o4660)
    result, steps = setup(manager, "--url", URL, "--key-file", manager.key, "--write", "--no-test")
    assert result.code == 0 and owner(manager.path / "etc/ossec.conf") == (0, GROUP, 0o660)


def test_an_ossec_conf_that_is_a_link_is_not_changed(manager):
    """A link's own mode is 0777: every user could write a file that has it."""
    real, link = manager.path / "etc/real.conf", manager.path / "etc/ossec.conf"
    link.rename(real)
    os.symlink(real, link)
    before = files(manager)
    for words in ((), ("--write", "--no-test")):
        result, steps = setup(manager, "--url", URL, "--key-file", manager.key, *words)
        assert result.code == 2 and steps["block"]["state"] == "failed", result
        assert "is a link" in steps["block"]["detail"] and "by hand" in steps["block"]["next"]
        assert f"<hook_url>{URL}</hook_url>" in steps["block"]["text"]
    assert files(manager) == before


def test_a_key_file_of_several_lines(manager):
    """Only its first line is the key; the rest may be another secret."""
    Path(manager.key).write_bytes(b"\xef\xbb\xbf" + KEY.encode() + b"\r\nsomething else\r\n")
    result, steps = setup(manager, "--url", URL, "--key-file", manager.key, "--write", "--no-test")
    assert result.code == 0, result
    assert (manager.path / "etc/thehive.key").read_text() == KEY + "\n"
    Path(manager.key).write_bytes(b"a key\x07with a control\n")
    result, steps = setup(manager, "--url", URL, "--key-file", manager.key, "--write", "--no-test")
    assert result.code == 2 and "control characters" in result.err, result


def test_a_spool_of_another_user_is_named(manager):
    manager.spool.mkdir(mode=0o700)
    result, steps = setup(manager, "--url", URL, "--key-file", manager.key, "--write", "--no-test")
    assert result.code == 2 and "belongs to root" in steps["spool"]["detail"] and "fsck" in steps["spool"]["next"]


def test_without_a_manager_or_the_executable(manager, place):
    assert tool.run("setup", "wazuh", env={"SOCBRIDGE_WAZUH_HOME": place}).code == 2
    manager.binary.unlink()
    result, steps = setup(manager, "--url", URL, "--key-file", manager.key, "--write")
    assert result.code == 2 and "wazuh-integration install" in steps["executable"]["next"]
    assert (manager.path / "etc/ossec.conf").read_text() == CONF


def test_a_home_that_the_user_may_not_enter_is_named_so(manager):
    manager.path.chmod(0o750)
    os.chown(manager.path, 0, GROUP)
    process = tool.start("setup", "wazuh", env={"SOCBRIDGE_WAZUH_HOME": str(manager.path)}, user=65533, group=65533,
                         extra_groups=[], cwd="/")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (1, b""), err
    assert f"user 65533 may not enter the Wazuh home {manager.path}; run this as root" in err.decode()


@pytest.mark.parametrize("closed", ["", "etc"])
def test_every_command_names_a_home_that_the_user_may_not_enter(manager, closed):
    folder = manager.path / closed
    folder.chmod(0o750)
    os.chown(folder, 0, GROUP)

    def run(*words):
        process = tool.start(*words, env={"SOCBRIDGE_WAZUH_HOME": str(manager.path)}, user=65533, group=65533,
                             extra_groups=[], cwd="/")
        out, err = process.communicate(timeout=60)
        return process.returncode, out.decode(), err.decode()

    said = f"user 65533 may not enter the Wazuh home {manager.path}" + (f": {folder} is closed" if closed else "")
    for words in (("config", "check"), ("queue", "stats"), ("queue", "list"), ("queue", "fsck"), ("setup", "wazuh")):
        code, out, err = run(*words)
        assert (code, out) == (1, ""), (words, err)
        assert f"{said}; run this as root" in err and len(err.splitlines()) == 1, (words, err)
    code, out, err = run("health", "wazuh", "-o", "json")
    reports = {one["component"]: one["checks"] for one in json.loads(out)["components"]}
    [home] = [one for one in reports["wazuh"] if one["check"] == "home"]
    assert (home["state"], home["detail"]) == ("skipped", said) and home["next"].startswith("run this as root"), out
    assert code == 2 and said in reports["configuration"][0]["detail"], out
    code, out, err = run("health", "--require", "wazuh", "wazuh", "-o", "json")
    [report] = json.loads(out)["components"]
    assert code == 2 and {one["check"]: one["state"] for one in report["checks"]}["home"] == "unknown", out


def test_the_executable_is_put_in_place_by_rename(manager):
    manager.binary.write_bytes(b"old")
    old = manager.binary.stat().st_ino
    words = ("--executable", str(integratord.BIN_DIR / "custom-w2thive"), "--only", "executable", "--only", "spool")
    result, steps = setup(manager, *words)
    assert result.code == 0 and states(steps) == {"wazuh": "present", "executable": "missing", "spool": "missing"}
    assert manager.binary.read_bytes() == b"old"
    result, steps = setup(manager, *words, "--write")
    assert result.code == 0 and states(steps) == {"wazuh": "present", "executable": "done", "spool": "done"}, result
    assert manager.binary.read_bytes() == (integratord.BIN_DIR / "custom-w2thive").read_bytes()
    assert owner(manager.binary) == (0, GROUP, 0o750) and manager.binary.stat().st_ino != old
    assert (manager.path / "etc/ossec.conf").read_text() == CONF
    assert set(states(setup(manager, *words, "--write")[1]).values()) == {"present"}
    (manager.path / "integrations").chmod(0o777)
    result, steps = setup(manager, *words, "--write")
    assert result.code == 2 and steps["executable"]["state"] == "failed"


@pytest.mark.parametrize("words, said", [(("--only", "blok"), "no step blok"), (("--executable", "KEY"), "is not an executable"),
                                         (("--executable", "/nowhere"), "/nowhere")])
def test_wrong_words(manager, words, said):
    result, _ = setup(manager, *[manager.key if word == "KEY" else word for word in words], "--write")
    assert result.code == 2 and said in result.err and result.out == ""


def check(home):
    return tool.run("config", "check", "-o", "json", env={"SOCBRIDGE_WAZUH_HOME": str(home.path)})


@pytest.mark.parametrize("row", ROWS[::12], ids=[row["name"] for row in ROWS[::12]])
def test_no_ossec_conf_is_spoilt(manager, row):
    """A file unchanged, and with its blocks renamed: then ours is added. unit/integration/block_text_test has all the
    files."""
    os.symlink("custom-w2thive", manager.path / "integrations/custom-other")
    for text in (row["ossec_conf"], row["ossec_conf"].replace("custom-w2thive", "custom-other")):
        before = text.replace("{home}", str(manager.path)).encode()
        conf = manager.path / "etc/ossec.conf"
        conf.write_bytes(before)
        result, steps = setup(manager, "--url", URL, "--key-file", manager.key, "--write", "--no-test")
        after = conf.read_bytes()
        if steps["block"]["state"] != "done":
            assert after == before and steps["block"]["detail"], steps
            continue
        added = after.removeprefix(before)
        assert len(added) == len(after) - len(before) and added.lstrip(b"\n") == steps["block"]["text"].encode()
        found = check(manager).json()
        assert not [one for one in found if one["check"] == "ossec.conf" and one["state"] == "failed"], found
        assert [one["state"] for one in found if one["check"].startswith("integration block ")] == ["ok"], found


def test_on_a_terminal_it_prints_the_block_and_how_to_undo_it(manager, thehive):
    env = {"SOCBRIDGE_WAZUH_HOME": str(manager.path)}
    shown = tool.run_on_terminal("setup", "wazuh", "--url", thehive.url, "--key-file", manager.key, env=env)
    assert shown.code == 0 and "<name>custom-w2thive</name>" in shown.out and "--write creates" in shown.out
    done = tool.run_on_terminal("setup", "wazuh", "--url", thehive.url, "--key-file", manager.key, "--write", env=env)
    assert done.code == 0 and "socctl alert test:" in done.out, done
    undo = done.out.split("To undo:\n")[1].split("\n\n")[0].splitlines()
    assert [line.split()[0] for line in undo] == ["mv", "rm", "rmdir", "restart"], "the block goes before what it names"
    assert undo[-1] == f"  restart the manager: {manager.path}/bin/wazuh-control restart"
