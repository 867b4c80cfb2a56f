# SPDX-License-Identifier: Apache-2.0
"""The .deb in roots without programs: effects of its scripts on Wazuh homes of each kind."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

import integratord
import lifecycle
import servers
import systems
import tool
from systems import HOME, PROGRAM, SPOOL

pytestmark = pytest.mark.skipif(not integratord.AS_ROOT, reason="only root can install a package")
BUILD = integratord.BIN_DIR.parent


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    out = tmp_path_factory.mktemp("package")
    yield next(path for path in systems.make_packages(BUILD, out, "DEB") if path.name.startswith("socbridge_"))
    shutil.rmtree(out)


@pytest.fixture(scope="module")
def later(package):
    return systems.next_version(package, package.parent)


@pytest.fixture
def root(tmp_path):
    tmp_path.chmod(0o755)
    for folder in tmp_path.parents:  # a user of the manager must get there
        if folder.stat().st_uid == os.geteuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o011)
    yield tmp_path / "root"
    shutil.rmtree(tmp_path / "root", ignore_errors=True)


@pytest.mark.parametrize("wazuh", ["4.2", "4.8", "4.14"])
def test_whole_life(package, later, root, wazuh):
    system = systems.System(root, wazuh)
    lifecycle.whole_life(system, systems.Unpacked(system), package, later)


def test_without_wazuh_only_socctl_and_with_a_later_one_the_integration(package, root, tmp_path):
    system = systems.System(root)
    tool = systems.Unpacked(system)
    assert "no Wazuh manager here" in tool.install(package)
    assert system.run("/usr/bin/socctl", "version").stdout.startswith("socctl ")
    assert not system.at(HOME).exists() and not system.at(SPOOL).exists()
    assert not system.at("etc/logrotate.d/socbridge").exists()
    system.add_wazuh("4.14")
    said = tool.install(systems.other_package(tmp_path, "wazuh-manager", {f"{HOME}/integrations/slack": b"#!/bin/sh\n"}))
    assert "custom-w2thive is in place" in said
    os.chown(system.at(f"{HOME}/integrations"), 0, system.gid)
    lifecycle.check_installed(system)
    tool.remove()
    tool.purge()
    assert not system.at(SPOOL).exists()


def test_an_agent_is_not_a_manager(package, root):
    system = systems.System(root, "4.14")
    system.at(f"{HOME}/bin/wazuh-integratord").unlink()
    assert "no Wazuh manager here" in systems.Unpacked(system).install(package)
    assert not system.at(PROGRAM).exists()


def test_a_spool_that_was_there_before_stays_in_use(package, root):
    system = systems.System(root, "4.14")
    spool = system.at(f"{HOME}/queue/w2thive")
    spool.mkdir(mode=0o700)
    os.chown(spool, system.uid, system.gid)
    systems.Unpacked(system).install(package)
    assert not system.at(SPOOL).exists() and not system.at(f"{HOME}/etc/w2thive.json").exists()
    assert system.send(1, lifecycle.NOWHERE).returncode == 0
    assert len(list(spool.glob("queue/*.alert"))) == 1


def test_a_configuration_without_spool_dir_gets_the_folder_it_means(package, root):
    system = systems.System(root, "4.14")
    system.write("etc/w2thive.json", '{"min_level": 3}\n')
    systems.Unpacked(system).install(package)
    assert system.owner(f"{HOME}/queue/w2thive") == (system.uid, system.gid, 0o700)
    assert not system.at(SPOOL).exists()


def test_a_folder_that_others_may_write_is_not_used(package, root):
    system = systems.System(root, "4.14")
    system.at(f"{HOME}/integrations").chmod(0o770)
    said = systems.Unpacked(system).install(package)
    assert "is writable for others than root" in said and "was not put in place" in said
    assert not system.at(PROGRAM).exists()
    system.at(f"{HOME}/integrations").chmod(0o750)
    systems.Unpacked(system).dpkg("--configure", "-a")
    systems.call(system.at("usr/libexec/socbridge/wazuh-integration"), "install", env={"DPKG_ROOT": str(root)})
    lifecycle.check_installed(system)


def test_links_of_user_wazuh_lead_nowhere(package, root):
    system = systems.System(root, "4.14")
    victim = system.at("etc/shadow")
    victim.write_text("secret")
    victim.chmod(0o600)
    os.symlink("/etc/shadow", system.at(f"{HOME}/etc/w2thive.json"))
    systems.Unpacked(system).install(package)
    assert victim.read_text() == "secret" and system.owner("etc/shadow") == (0, 0, 0o600)


INTEGRATION = "usr/libexec/socbridge/wazuh-integration"


def integration(system, *words):
    return systems.call(system.at(INTEGRATION), *words, env={"DPKG_ROOT": str(system.root)})


def hinder(path, kind, system):
    """Replacements that Wazuh's user may make for a file in etc."""
    path.unlink(missing_ok=True)
    if kind == "fifo":
        os.mkfifo(path)
        os.chown(path, system.uid, 0)
    else:
        os.symlink("/dev/zero", path)


@pytest.mark.parametrize("kind", ["fifo", "endless"])
def test_the_scripts_wait_for_nothing_that_user_wazuh_made(package, root, kind):
    system = systems.System(root, "4.14")
    hinder(system.at(f"{HOME}/etc/w2thive.json"), kind, system)
    systems.Unpacked(system).install(package)
    assert system.at(PROGRAM).exists()
    hinder(system.at(f"{HOME}/etc/w2thive.json"), kind, system)
    system.at("var/lib/socbridge").mkdir(parents=True, exist_ok=True)
    system.at("var/lib/socbridge/written").write_text(f"{'0' * 64}  /{HOME}/etc/w2thive.json\n")
    hinder(system.at(f"{HOME}/etc/ossec.conf"), kind, system)
    integration(system, "install")
    integration(system, "remove")
    integration(system, "purge")
    assert os.path.lexists(system.at(f"{HOME}/etc/w2thive.json"))


def test_purge_follows_no_link_of_the_receivers_user(package, root):
    system = systems.System(root, "4.14")
    systems.Unpacked(system).install(package)
    state = system.at("var/lib/private/socctl-receive")
    state.mkdir(parents=True)
    system.at("var/lib/socctl-receive").symlink_to("private/socctl-receive")
    queue = system.at(f"{HOME}/queue")
    (queue / "state").mkdir()
    (queue / "tmp").mkdir()
    (state / "spool").symlink_to(queue)
    integration(system, "purge")
    assert (queue / "state").exists() and (queue / "tmp").exists()
    assert not state.exists() and not os.path.lexists(system.at("var/lib/socctl-receive"))


def test_rotation_by_the_user_that_writes_and_its_group(package, root):
    """logrotate itself is in test_package_systems.py."""
    system = systems.System(root, "4.2")
    systems.Unpacked(system).install(package)
    text = system.at("etc/logrotate.d/socbridge").read_text()
    assert "su ossecm ossec\n" in text and "create 0640 ossecm ossec\n" in text


def test_setup_before_wazuh_4_3(package, root):
    """integratord is ossecm there; etc and logs belong to ossec."""
    system = systems.System(root, "4.2")
    systems.Unpacked(system).install(package)
    thehive = servers.TheHive()
    try:
        process = start_setup(system, thehive.url)
        out, err = process.communicate("k3y-0123456789abcdef\n", timeout=60)
        assert process.returncode == 0 and len(thehive.alerts) == 1, out + err
    finally:
        thehive.close()
    assert system.owner(SPOOL) == (system.uid, system.gid, 0o700)
    assert system.owner(f"{HOME}/etc/thehive.key") == (0, system.gid, 0o640)


@pytest.mark.parametrize("answer, left", [("", 1), ("n", 1), ("yes", 0)])
def test_purge_by_hand_asks_at_a_terminal(package, root, answer, left):
    system = systems.System(root, "4.14")
    systems.Unpacked(system).install(package)
    assert system.send(1, lifecycle.NOWHERE).returncode == 0
    said = systems.at_terminal(system.at("usr/libexec/socbridge/wazuh-integration"), "purge", question="[y/N] ",
                               answer=answer or " ", env={"DPKG_ROOT": str(root)})
    assert "1 alerts wait here that TheHive does not have" in said
    assert len(system.waiting()) == left and system.at(SPOOL).exists() == bool(left)


@pytest.fixture
def bare(package, root):
    """A root with nothing mounted, so without /proc: socctl and custom-w2thive must find their own files in another
    way."""
    system = systems.System(root, "4.14")
    systems.Unpacked(system).install(package)
    assert not system.at("proc").exists()
    thehive = servers.TheHive()
    yield system, thehive
    thehive.close()


SETUP = ["/usr/bin/socctl", "setup", "wazuh", "--key-file", "-", "--write", "--url"]


def start_setup(system, url, **env):
    return subprocess.Popen(["chroot", system.root, *SETUP, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, env={"PATH": systems.PATH, **env})


def test_setup_sends_its_test_alert_where_no_proc_is(bare):
    system, thehive = bare
    process = start_setup(system, thehive.url)
    out, err = process.communicate("k3y-0123456789abcdef\n", timeout=60)
    assert process.returncode == 0 and len(thehive.alerts) == 1, out + err


def test_setup_says_why_its_test_alert_cannot_be_sent(bare):
    system, thehive = bare
    process = start_setup(system, thehive.url, SOCBRIDGE_WAZUH_HOME=f"/{HOME}")
    running = Path(f"/proc/{process.pid}/exe")
    tool.wait_until(lambda: running.readlink().name == "socctl", what="socctl")  # before that it is chroot
    system.at("usr/bin/socctl").unlink()
    out, err = process.communicate("k3y-0123456789abcdef\n", timeout=60)
    assert process.returncode == 1 and "socctl alert test cannot be started: No such file or directory; run socctl" in err, out + err
    assert not thehive.alerts


@pytest.mark.parametrize("start", ["/", ""], ids=["absolute", "relative"])
def test_custom_w2thive_finds_its_home_where_no_proc_is(bare, start):
    system, _ = bare
    other = system.at("opt/wazuh")
    other.parent.mkdir()
    system.at(HOME).rename(other)
    (system.at("tmp") / "1.alert").write_bytes(systems.make_alert(1))
    words = integratord.command_line("4.14", "/tmp/1.alert", "k3y-0123456789abcdef", lifecycle.NOWHERE, False, "", "10", "3")
    result = system.run(f"{start}opt/wazuh/integrations/custom-w2thive", *words[1:], user=system.uid)
    assert result.returncode == 0 and len(system.waiting()) == 1, result
    assert "custom-w2thive" in (other / "logs/integrations.log").read_text()
