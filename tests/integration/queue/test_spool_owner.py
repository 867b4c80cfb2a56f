# SPDX-License-Identifier: Apache-2.0
"""Owner of the spool: read-only commands create nothing, and root keeps it usable for its user, follows no link,
repairs."""

import json
import os
import re
import subprocess
import time

import pytest

import integratord
import tool
from conftest import KEY, make_alert
from entries import count
from integratord import AS_ROOT, GROUP, USER
from servers import answer
from spool_env import configure, env, ids, put, socctl

FOLDERS = ("tmp", "queue", "hold", "dead", "corrupt", "state")
LOOKS = (("config", "check"), ("queue", "list"), ("queue", "stats"), ("queue", "fsck", "--dry-run"),
         ("queue", "flush", "--dry-run"), ("queue", "hold", "--all", "--dry-run"), ("queue", "export"),
         ("health", "wazuh"))

pytestmark = pytest.mark.skipif(not AS_ROOT, reason="files of several users")


def as_user(home, *args):
    """socctl as the user whom the spool belongs to."""
    done = subprocess.run([str(tool.BIN), *map(str, args)], env={**tool.BASE_ENV, **env(home)}, user=USER, group=GROUP,
                          extra_groups=[], capture_output=True, text=True, timeout=60, cwd="/")
    return done


def checks(result, name):
    return [one for one in json.loads(result) if one["check"] == name]


def spool_verdict(home):
    return {one["state"] for one in checks(socctl(home, "config", "check", "-o", "json").out, "spool")}


def health_verdict(home):
    [report] = socctl(home, "health", "wazuh", "-o", "json").json()["components"]
    return [one["state"] for one in report["checks"] if one["check"] == "spool"]


def foreign(home):
    return {str(path.relative_to(home.spool)) for path in home.spool.rglob("*") if path.lstat().st_uid != USER}


@pytest.fixture
def manager(home):
    home.write("etc/ossec.conf", f"""<ossec_config><global><jsonout_output>yes</jsonout_output></global>
      <integration><name>custom-w2thive</name><hook_url>http://127.0.0.1:9</hook_url>
      <api_key>{KEY}</api_key><alert_format>json</alert_format></integration></ossec_config>""")
    return home


@pytest.mark.parametrize("verb", LOOKS, ids=" ".join)
@pytest.mark.parametrize("is_there", [True, False], ids=["empty", "missing"])
def test_what_only_looks_makes_nothing(manager, verb, is_there):
    if not is_there:
        manager.spool.rmdir()
    before = sorted(str(path) for path in manager.path.rglob("*"))
    result = socctl(manager, *verb)
    assert sorted(str(path) for path in manager.path.rglob("*")) == before, result


def test_a_relay_that_root_runs_once_keeps_the_spool_usable(manager, serve):
    server = serve(lambda request: answer(503, {}))
    assert socctl(manager, "relay", "--once").code == 0
    assert foreign(manager) == set()
    assert manager.run(make_alert(), key=KEY, url=server.url, options='{"thehive_version":"5"}').code == 0
    assert count(manager) == 1


def run_by_hand(home, url):
    """custom-w2thive as a root would try it."""
    file = home.temp_file("alert", make_alert())
    done = subprocess.run([str(home.binary), file, KEY, url], env=integratord.ENV, cwd=home.path, check=False, timeout=60,
                          capture_output=True)
    os.unlink(file)
    return done


@pytest.mark.parametrize("is_there", [True, False], ids=["empty", "missing"])
def test_a_first_run_by_hand_as_root_harms_nothing(manager, serve, is_there):
    server = serve(lambda request: answer(503, {}))
    manager.log.unlink()
    if not is_there:
        manager.spool.rmdir()
    run_by_hand(manager, server.url)
    if is_there:
        assert foreign(manager) == set() and count(manager) == 1
    else:  # its parent is root's: only root may create it, for the right user
        assert not manager.spool.exists() or manager.spool.stat().st_uid == USER
        manager.spool.mkdir(mode=0o700, exist_ok=True)
        os.chown(manager.spool, USER, GROUP)
    assert manager.log.stat().st_uid == USER
    before = count(manager)
    assert manager.run(make_alert(2), key=KEY, url=server.url, options='{"thehive_version":"5"}').code == 0
    assert count(manager) == before + 1


@pytest.fixture
def locked_out(manager):
    """Leftovers of a careless root: folders of root in the spool of another user."""
    for name in FOLDERS:
        (manager.spool / name).mkdir(mode=0o700)
    (manager.spool / "in-flight").touch(mode=0o600)
    return manager


def test_folders_of_root_are_found_by_all_and_repaired_by_root(locked_out, serve):
    assert spool_verdict(locked_out) == {"error"}
    assert health_verdict(locked_out) == ["down"]
    dry = socctl(locked_out, "queue", "fsck", "--dry-run", "-o", "json")
    assert {one["path"] for one in dry.json() if one["problem"] == "owner"} == {*FOLDERS, "in-flight"}
    assert dry.code == 3
    assert foreign(locked_out) == {*FOLDERS, "in-flight"}

    unprivileged = as_user(locked_out, "queue", "fsck", "-o", "plain")
    assert unprivileged.returncode == 3, unprivileged
    assert unprivileged.stdout.count("run it as root") == len(FOLDERS) + 1
    assert foreign(locked_out) == {*FOLDERS, "in-flight"}

    root = socctl(locked_out, "queue", "fsck", "-o", "json")
    assert root.code == 0, root
    assert all(one["repaired"] for one in root.json())
    assert foreign(locked_out) == set()
    assert spool_verdict(locked_out) == {"ok"}
    assert health_verdict(locked_out) == ["ok"]
    server = serve(lambda request: answer(503, {}))
    assert locked_out.run(make_alert(), key=KEY, url=server.url, options='{"thehive_version":"5"}').code == 0
    assert count(locked_out) == 1


def test_a_spool_of_root_in_a_home_of_another_user_is_repaired(locked_out):
    os.chown(locked_out.spool, 0, 0)
    assert spool_verdict(locked_out) == {"error"}
    assert socctl(locked_out, "queue", "fsck").code == 0
    assert locked_out.spool.stat().st_uid == USER
    assert foreign(locked_out) == set()


def test_the_spool_that_the_options_of_a_block_name_is_checked(manager):
    """Not only the default spool, which is not used in that case."""
    conf = manager.path / "etc/ossec.conf"
    block = conf.read_text().split("<global>")[1].split("</global>", 1)[1].split("</ossec_config>")[0]
    second = manager.path / "queue/second"
    other = block.replace("</integration>", '<options>{"spool_dir": "queue/second", "log_file": "nowhere/w2thive.log"}'
                                            "</options></integration>")
    second.mkdir(mode=0o700)
    manager.write("etc/ossec.conf", conf.read_text().replace(block, other))
    found = checks(socctl(manager, "config", "check", "-o", "json").out, "spool")
    assert {(one["state"], str(second) in one["detail"]) for one in found} == {("error", True)}, found
    [log] = checks(socctl(manager, "config", "check", "-o", "json").out, "log")
    assert log["state"] == "warning" and "nowhere" in log["detail"], log
    assert "down" in health_verdict(manager)

    manager.write("etc/ossec.conf", conf.read_text().replace(other, block + other))
    found = checks(socctl(manager, "config", "check", "-o", "json").out, "spool")
    assert {one["state"] for one in found} == {"error", "ok"}, found
    [report] = socctl(manager, "health", "wazuh", "-o", "json").json()["components"]
    states = {one["check"]: one["state"] for one in report["checks"]}
    assert (states["spool"], states["spool 2"]) == ("ok", "down"), states


def named_by_wazuh(home, name):
    """A folder of root's below queue/ that the configuration of user wazuh names as spool."""
    folder = home.path / "queue" / name
    folder.mkdir(mode=0o700)
    home.configure(spool_dir=f"queue/{name}")
    return folder


@pytest.mark.parametrize("content", ["file", "empty", "spool names and a file", "folder in queue"])
def test_root_gives_away_no_folder_of_its_own_that_is_not_a_spool(manager, content):
    folder = named_by_wazuh(manager, "keystore")
    if content != "empty":
        for name in ("tmp", "queue"):
            (folder / name).mkdir(mode=0o700)
    if content == "folder in queue":
        (folder / "queue/keys").mkdir(mode=0o700)
    elif content == "file":
        (folder / "MANIFEST").write_text("root's")
        for name in ("tmp", "queue"):
            (folder / name).rmdir()
    elif content == "spool names and a file":
        (folder / "MANIFEST").write_text("root's")
    before = {str(path): path.stat().st_uid for path in (folder, *folder.rglob("*"))}
    result = socctl(manager, "queue", "fsck")
    assert {str(path): path.stat().st_uid for path in (folder, *folder.rglob("*"))} == before, result
    assert result.code != 0 and "check it manually" in result.out, result


def test_no_message_has_root_give_a_system_folder_away(manager):
    manager.configure(spool_dir="/etc")
    for verb in (("config", "check"), ("health", "wazuh"), ("queue", "fsck", "--dry-run"), ("queue", "fsck")):
        result = socctl(manager, *verb, "-o", "json")
        assert f"set spool_dir to {manager.path}/queue/w2thive" in result.out, result
        assert "chown" not in result.out and "as root" not in result.out, result
    steps = {one["step"]: one for one in socctl(manager, "setup", "wazuh", "-o", "json").json()}
    assert steps["spool"]["next"] == f"set spool_dir to {manager.path}/queue/w2thive", steps
    manager.path.chmod(0o775)
    os.chown(manager.path / "logs", USER, GROUP)
    manager.configure(spool_dir=f"{manager.path}/logs/sp")
    for verb in (("config", "check"), ("health", "wazuh"), ("setup", "wazuh")):
        result = socctl(manager, *verb, "-o", "json")
        assert "install -d" not in result.out, result


def test_root_gives_away_a_spool_of_another_name_that_holds_nothing_else(manager):
    folder = named_by_wazuh(manager, "other")
    for name in FOLDERS:
        (folder / name).mkdir(mode=0o700)
    (folder / "in-flight").touch(mode=0o600)
    assert socctl(manager, "queue", "fsck").code == 0
    assert folder.stat().st_uid == USER


def test_the_target_of_a_link_of_root_is_not_given_away(manager, tmp_path):
    target = tmp_path / "data"
    for name in FOLDERS:
        (target / name).mkdir(mode=0o700, parents=True)
    manager.spool.rmdir()
    manager.spool.symlink_to(target)
    result = socctl(manager, "queue", "fsck")
    assert {path.stat().st_uid for path in (target, *target.rglob("*"))} == {0}, result
    assert result.code != 0 and "it is a link" in result.out, result


def test_without_a_spool_and_without_locks_it_is_sent_all_the_same(locked_out, thehive):
    for number in range(3):
        began = time.monotonic()
        run = locked_out.run(make_alert(number), key=KEY, url=thehive.url)
        assert (run.code, time.monotonic() - began < 2.5) == (0, True), run
    assert len(thehive.alerts) == 3
    assert "without being stored first" in locked_out.log_text()


def test_entries_that_root_left_behind_are_given_back(manager):
    whole, strange = put(manager), put(manager, number=2)
    for name in (whole, strange):
        os.chown(manager.spool / f"queue/{name}.alert", 0, 0)
    (manager.spool / f"queue/{strange}.alert").write_text("the key of something else")
    found = {one["path"]: one for one in socctl(manager, "queue", "fsck", "-o", "json").json()
             if one["problem"] == "owner"}
    assert found[f"queue/{whole}.alert"]["repaired"]
    assert not found[f"queue/{strange}.alert"]["repaired"]
    assert foreign(manager) == {f"queue/{strange}.alert"}


@pytest.mark.parametrize("name", ["state", "tmp", "queue", "in-flight"])
def test_root_follows_no_link_in_the_spool(manager, tmp_path, name, serve):
    put(manager)
    target = manager.path / "elsewhere"
    target.mkdir(mode=0o755)
    victim = target / "file"
    victim.touch(mode=0o644)
    place = manager.spool / name
    for path in sorted(place.rglob("*")) if place.is_dir() else []:
        path.unlink()
    if place.is_dir():
        place.rmdir()
    place.symlink_to(victim if name == "in-flight" else target)
    os.lchown(place, USER, GROUP)
    server = serve(lambda request: answer(503, {}))
    configure(manager, server.url)
    alerts = tmp_path / "alerts.json"
    alerts.write_bytes(make_alert())
    for args in (("relay", "--once", "--timeout", "1s"), ("queue", "flush", "--all"), ("queue", "fsck"),
                 ("health", "wazuh"), ("reconcile", "--from", alerts)):
        result = socctl(manager, *args)
        assert [str(path) for path in target.iterdir()] == [str(victim)], result
        assert (victim.stat().st_uid, victim.stat().st_size, target.stat().st_uid) == (0, 0, 0), result
    run_by_hand(manager, server.url)
    assert [str(path) for path in target.iterdir()] == [str(victim)]
    dry = socctl(manager, "queue", "fsck", "--dry-run", "-o", "json")
    assert [one for one in dry.json() if one["path"] == name and "it is a link" in one["detail"]], dry
    assert spool_verdict(manager) == {"error"}


def test_a_second_name_of_a_file_is_not_given_away(manager):
    put(manager)
    secret = manager.path / "secret"
    secret.write_text("secret")
    secret.chmod(0o600)
    os.link(secret, manager.spool / "state/due")
    result = socctl(manager, "queue", "fsck", "-o", "json")
    assert [one for one in result.json() if one["problem"] == "links" and one["path"] == "state/due"], result
    assert secret.stat().st_uid == 0


def test_a_spool_that_the_user_cannot_make_is_an_error_with_the_cure(manager):
    manager.spool.rmdir()
    [found] = checks(socctl(manager, "config", "check", "-o", "json").out, "spool")
    assert found["state"] == "error"
    assert re.search(rf"install -d -m 0700 -o {USER} -g {GROUP} -- {manager.spool}", found["next"]), found
    assert not manager.spool.exists()


def test_a_full_disk_and_used_up_inodes_are_found(manager):
    """By config check and by health alike."""
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size=64k,mode=0700,uid={USER},gid={GROUP},nr_inodes=40", "tmpfs",
                       manager.spool], check=False).returncode:
        pytest.skip("cannot mount a small tmpfs")
    try:
        put(manager)
        assert spool_verdict(manager) == {"ok"}
        with open(manager.spool / "filler", "wb", buffering=0) as filler, pytest.raises(OSError):
            while True:
                filler.write(b"x" * 4096)
        assert spool_verdict(manager) == {"error"}
        assert health_verdict(manager) == ["down"]
        (manager.spool / "filler").unlink()
        with pytest.raises(OSError):
            for number in range(100):
                (manager.spool / f"filler{number}").touch()
        assert spool_verdict(manager) == {"error"}
        assert health_verdict(manager) == ["down"]
        subprocess.run(["mount", "-o", "remount,ro", manager.spool], check=True)
        assert "read-only" in socctl(manager, "config", "check").out
    finally:
        subprocess.run(["umount", manager.spool], check=True)
    assert ids(manager) == []


@pytest.mark.parametrize("verb", [("relay", "--once"), ("receive", "--listen", "127.0.0.1:0")])
def test_no_spool_is_made_where_there_is_not_a_wazuh(tmp_path, verb):
    """A mistyped home: its spool would stay empty without an error."""
    home = tmp_path / "no-wazuh"
    result = tool.run(*verb, env={"SOCBRIDGE_WAZUH_HOME": str(home)}, timeout=10)
    assert result.code == 2 and f"no Wazuh at {home}" in result.err and "--spool" in result.err, result
    assert not home.exists()
