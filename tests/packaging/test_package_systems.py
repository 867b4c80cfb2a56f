# SPDX-License-Identifier: Apache-2.0
"""The packages in a complete Debian 12 (debootstrap), by its dpkg, and by rpm with that as its root."""

import fcntl
import os
import shutil
from pathlib import Path

import pytest

import integratord
import lifecycle
import systems
from systems import HOME, PROGRAM, SPOOL

pytestmark = [
    pytest.mark.skipif(not integratord.AS_ROOT, reason="only root can install a package"),
    pytest.mark.skipif(shutil.which("debootstrap") is None, reason="debootstrap is not installed")]
SOURCE = Path(os.environ["SOCBRIDGE_SOURCE_DIR"])
BUILD = integratord.BIN_DIR.parent
BASE = BUILD / "debian-12"


def mirror():
    """Where this machine takes its packages from."""
    for line in systems.call("apt-get", "indextargets", "--format", "$(SITE) $(CODENAME)").splitlines():
        site, _, codename = line.partition(" ")
        if codename == "bookworm":
            return site
    return "http://deb.debian.org/debian"


@pytest.fixture(scope="module")
def base():
    """Created once; a test of another file that runs at the same time waits for it."""
    with open(f"{BASE}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (BASE / "ready").exists():
            shutil.rmtree(BASE, ignore_errors=True)
            systems.call("debootstrap", "--variant=minbase", "--include=logrotate,systemd,man-db,procps", "bookworm", BASE, mirror(),
                         env={"http_proxy": os.environ.get("http_proxy", ""), "DEBIAN_FRONTEND": "noninteractive"})
            for folder in ("var/cache/apt/archives", "var/lib/apt/lists", "usr/share/doc", "usr/share/locale"):
                shutil.rmtree(BASE / folder)  # each test gets a copy
            (BASE / "ready").touch()
    return BASE


@pytest.fixture
def root(base, tmp_path):
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == 0:
            folder.chmod(folder.stat().st_mode | 0o011)
    systems.call("cp", "-a", base, tmp_path / "root")
    yield tmp_path / "root"
    shutil.rmtree(tmp_path / "root", ignore_errors=True)


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    """{kind: (this version, a later one)}"""
    out = tmp_path_factory.mktemp("packages")
    systems.make_packages(BUILD, out, "DEB", "RPM")
    deb = next(out.glob("socbridge_*.deb"))
    later = out / "later"
    change = out / "change.cmake"
    change.write_text(f"""file(GLOB_RECURSE programs "${{CPACK_TEMPORARY_DIRECTORY}}/*/custom-w2thive")
foreach(program IN LISTS programs)
  file(APPEND "${{program}}" later)
endforeach()
include("{os.environ['SOCBRIDGE_SOURCE_DIR']}/cmake/PackageTimes.cmake")
""")
    systems.call("cpack", "-G", "RPM", "-B", later, "-D", f"CPACK_OUTPUT_FILE_PREFIX={later}", "-D",
                 "CPACK_PACKAGE_VERSION=99.0.0", "-D", "CPACK_RPM_PACKAGE_VERSION=99.0.0", "-D",
                 f"CPACK_PRE_BUILD_SCRIPTS={change}", cwd=BUILD)
    yield {"deb": (deb, systems.next_version(deb, out)),
           "rpm": (next(out.glob("socbridge-[0-9]*.rpm")), next(later.glob("socbridge-99*.rpm")))}
    shutil.rmtree(out)


@pytest.mark.parametrize("wazuh", ["4.2", "4.8", "4.14"])
@pytest.mark.parametrize("kind, tool", [("deb", systems.Chroot), ("rpm", systems.Rpm)])
def test_whole_life(packages, root, kind, tool, wazuh):
    system = systems.System(root, wazuh)
    lifecycle.whole_life(system, tool(system), *packages[kind])


@pytest.mark.parametrize("kind, tool", [("deb", systems.Chroot), ("rpm", systems.Rpm)])
def test_without_wazuh_only_socctl(packages, root, kind, tool):
    system = systems.System(root)
    made = tool(system)
    made.install(packages[kind][0])
    assert systems.call("chroot", root, "socctl", "version").startswith("socctl ")
    assert not system.at(HOME).exists() and not system.at(SPOOL).exists()
    assert systems.call("chroot", root, "getent", "passwd", "socctl")
    assert system.at("etc/socctl").stat().st_mode & 0o777 == 0o750
    made.remove()
    assert not system.at("usr/bin/socctl").exists()


def test_rotation_works_and_services_are_known(packages, root):
    system = systems.System(root, "4.14")
    systems.Chroot(system).install(packages["deb"][0])
    log = f"{HOME}/logs/integrations.log"
    system.at(log).write_text("a line\n")
    os.chown(system.at(log), system.uid, system.gid)
    systems.call("chroot", root, "logrotate", "--force", "/etc/logrotate.d/socbridge")
    assert system.at(log + ".1").read_text() == "a line\n"
    assert system.owner(log) == (system.uid, system.gid, 0o640)
    assert system.at(PROGRAM).exists()
    assert "socctl-alert-map" in systems.call("chroot", root, "man", "-w", "socctl-alert-map")


def test_the_units_are_verified_as_shipped(packages, root):
    """Executables, manual pages and options are those of the installed package; test_services_started.py starts them."""
    system = systems.System(root, "4.14")
    systems.Chroot(system).install(packages["deb"][0])
    units = sorted(path.name for path in system.at("usr/lib/systemd/system").glob("socctl-*"))
    assert units == sorted(path.name for path in (SOURCE / "packaging/systemd").iterdir())
    systems.call("mount", "-t", "proc", "proc", root / "proc")
    try:
        said = systems.call("chroot", root, "systemd-analyze", "verify", *[f"/usr/lib/systemd/system/{name}" for name in units])
    finally:
        systems.call("umount", root / "proc")
    assert "socctl" not in said, said


@pytest.mark.parametrize("answer, left", [("no", 1), ("yes", 0)])
def test_purge_asks_by_debconf(packages, root, answer, left):
    """Also after an earlier removal: the question's file was removed with the package, and debconf has it."""
    system = systems.System(root, "4.14")
    dpkg = systems.Chroot(system)
    dpkg.install(packages["deb"][0])
    assert system.send(1, lifecycle.NOWHERE).returncode == 0
    dpkg.remove()
    said = systems.at_terminal("/usr/sbin/chroot", root, "dpkg", "-P", "socbridge", answer=answer, env={"DEBIAN_FRONTEND": "teletype"},
                               question="Delete alerts that TheHive does not have?")
    assert len(system.waiting()) == left and ("so it stays" in said) == bool(left), said


def test_purge_takes_an_answer_that_debconf_was_given_before(packages, root):
    system = systems.System(root, "4.14")
    dpkg = systems.Chroot(system)
    dpkg.install(packages["deb"][0])
    assert system.send(1, lifecycle.NOWHERE).returncode == 0
    systems.call("chroot", root, "debconf-set-selections", input="socbridge socbridge/purge-spool boolean true\n")
    dpkg.purge()
    assert not system.at(SPOOL).exists()
    assert "purge-spool" not in systems.call("chroot", root, "debconf-show", "socbridge")
