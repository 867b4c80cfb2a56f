# SPDX-License-Identifier: Apache-2.0
"""The .deb in roots without programs: what its scripts do to Wazuh homes of each kind."""

import os
import shutil
from pathlib import Path

import pytest

import integratord
import lifecycle
import systems
from systems import HOME, PROGRAM, SPOOL

pytestmark = pytest.mark.skipif(not integratord.AS_ROOT, reason="only root can install a package")
BUILD = integratord.BIN_DIR.parent


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    out = tmp_path_factory.mktemp("package")
    systems.call("cpack", "-G", "DEB", "-B", out, "-D", f"CPACK_OUTPUT_FILE_PREFIX={out}", "-D",
                 "CPACK_DEBIAN_COMPRESSION_TYPE=gzip", cwd=BUILD)
    yield next(out.glob("socbridge_*.deb"))
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


def test_an_agent_is_no_manager(package, root):
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
