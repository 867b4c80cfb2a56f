# SPDX-License-Identifier: Apache-2.0
"""The packages in a whole Debian 12 (debootstrap), by its dpkg, and by rpm with that as its root."""

import os
import shutil

import pytest

import integratord
import lifecycle
import systems
from systems import HOME, PROGRAM, SPOOL

pytestmark = [
    pytest.mark.skipif(not integratord.AS_ROOT, reason="only root can install a package"),
    pytest.mark.skipif(shutil.which("debootstrap") is None, reason="debootstrap is not installed")]
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
    if not (BASE / "ready").exists():
        shutil.rmtree(BASE, ignore_errors=True)
        systems.call("debootstrap", "--variant=minbase", "--include=logrotate,systemd,man-db,procps", "bookworm", BASE, mirror(),
                     env={"http_proxy": os.environ.get("http_proxy", ""), "DEBIAN_FRONTEND": "noninteractive"})
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
    systems.call("cpack", "-G", "DEB;RPM", "-B", out, "-D", f"CPACK_OUTPUT_FILE_PREFIX={out}", cwd=BUILD)
    deb = next(out.glob("socbridge_*.deb"))
    later = out / "later"
    systems.call("cp", "-a", BUILD / "bin/custom-w2thive", out / "kept")
    try:  # cpack takes the executable from the build tree
        with open(BUILD / "bin/custom-w2thive", "ab") as file:
            file.write(b"later")
        systems.call("cpack", "-G", "RPM", "-B", later, "-D", f"CPACK_OUTPUT_FILE_PREFIX={later}", "-D",
                     "CPACK_PACKAGE_VERSION=99.0.0", "-D", "CPACK_RPM_PACKAGE_VERSION=99.0.0", cwd=BUILD)
    finally:
        shutil.move(out / "kept", BUILD / "bin/custom-w2thive")
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
    """Executables, manual pages and options are those of the installed package. systemd itself runs nowhere here."""
    system = systems.System(root, "4.14")
    systems.Chroot(system).install(packages["deb"][0])
    units = sorted(path.name for path in system.at("usr/lib/systemd/system").glob("socctl-*"))
    assert len(units) == 9
    systems.call("mount", "-t", "proc", "proc", root / "proc")
    try:
        said = systems.call("chroot", root, "systemd-analyze", "verify", *[f"/usr/lib/systemd/system/{name}" for name in units])
    finally:
        systems.call("umount", root / "proc")
    assert "socctl" not in said, said
