# SPDX-License-Identifier: Apache-2.0
"""Roots of systems with a Wazuh-like home, and the package managers that work in them."""

import json
import os
import pty
import re
import select
import shutil
import subprocess
from pathlib import Path

import integratord

HOME = "var/ossec"
SPOOL = "var/spool/w2thive"
PROGRAM = f"{HOME}/integrations/custom-w2thive"
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


def call(*command, env=None, **how):
    result = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=300,
                            env={"PATH": PATH, "LANG": "C.UTF-8", **(env or {})}, **how)
    assert result.returncode == 0, f"{command}\n{result.stdout}{result.stderr}"
    return result.stdout + result.stderr


def at_terminal(*command, question, answer, env=None):
    """The output of a command at a pseudo-terminal, where `answer` is typed after `question`."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(command[0], [str(word) for word in command], {"PATH": PATH, "TERM": "dumb", "LANG": "C.UTF-8", **(env or {})})
    seen = b""
    while select.select([terminal], [], [], 60)[0]:
        try:
            seen += os.read(terminal, 65536)
        except OSError:  # the other side is closed
            break
        if answer and question.encode() in seen:
            os.write(terminal, answer.encode() + b"\n")
            answer = None
    os.close(terminal)
    assert os.waitpid(pid, 0)[1] == 0 and not answer, seen
    return seen.decode()


def make_alert(number, level=10):
    return json.dumps({
        "timestamp": "2025-03-14T07:40:01.037+0000",
        "rule": {"level": level, "description": "sshd: brute force", "id": "5763", "groups": ["sshd"]},
        "agent": {"id": "003", "name": "web-01"}, "manager": {"name": "wazuh-01"}, "id": f"1741938001.{number}",
        "data": {"srcip": "203.0.113.9"}, "location": "/var/log/auth.log"}).encode() + b"\n"


class System:
    """A root folder; `wazuh` is the version of the Wazuh in it, or nothing."""

    def __init__(self, root, wazuh=None):
        self.root, self.wazuh = Path(root), wazuh
        # As whom integratord runs; before 4.3 etc and logs belong to another user of its group.
        self.name, self.group, self.others = ("ossecm", "ossec", ["ossec"]) if wazuh == "4.2" else ("wazuh", "wazuh", [])
        self.uid = self.gid = 977
        for folder in ("etc/logrotate.d", "tmp", "usr", "var/lib", "var/spool"):
            (self.root / folder).mkdir(parents=True, exist_ok=True)
        (self.root / "tmp").chmod(0o1777)
        for name, line in (("passwd", "root:x:0:0:root:/root:/bin/sh"), ("group", "root:x:0:")):
            if not (self.root / "etc" / name).exists():
                (self.root / "etc" / name).write_text(line + "\n")
        if wazuh:
            self.add_wazuh()

    def at(self, path):
        return self.root / path

    def _give(self, path, owner, group, mode):
        os.chown(self.at(path), owner, group)
        self.at(path).chmod(mode)

    def _name(self, file, line):
        path = self.at(f"etc/{file}")
        kept = [one for one in path.read_text().splitlines() if one.partition(":")[0] != line.partition(":")[0]]
        path.write_text("\n".join([*kept, line]) + "\n")

    def add_wazuh(self, wazuh=None, uid=977):
        """As Wazuh's installer leaves a manager."""
        self.wazuh = wazuh or self.wazuh
        self.uid = self.gid = uid
        for number, name in enumerate([self.name, *self.others], uid):
            self._name("passwd", f"{name}:x:{number}:{uid}::/{HOME}:/sbin/nologin")
            owns = number
        self._name("group", f"{self.group}:x:{uid}:")
        for name, owner, mode in (("", 0, 0o750), ("bin", 0, 0o750), ("integrations", 0, 0o750), ("etc", owns, 0o770),
                                  ("logs", owns, 0o770), ("queue", 0, 0o750)):
            self.at(f"{HOME}/{name}").mkdir(parents=True, exist_ok=True)
            self._give(f"{HOME}/{name}", owner, uid, mode)
        self.write("bin/wazuh-integratord", "#!/bin/sh\n", 0o750)
        self.write("etc/ossec.conf", "<ossec_config>\n</ossec_config>\n", 0o660)

    def remove_wazuh(self):
        """Package removal deletes these folders; integrations stays if it is not empty."""
        for name in ("bin", "queue", "logs"):
            shutil.rmtree(self.at(f"{HOME}/{name}"), ignore_errors=True)

    def write(self, name, text, mode=0o640):
        path = f"{HOME}/{name}"
        self.at(path).write_text(text)
        self._give(path, 0, self.gid, mode)

    def owner(self, path):
        info = os.lstat(self.at(path))
        return info.st_uid, info.st_gid, info.st_mode & 0o7777

    def run(self, *command, user=0):
        """The executables are static, so they run in any root."""
        argv = ["chroot", f"--userspec={user}:{user}", "--groups=", str(self.root), *map(str, command)]
        return subprocess.run(argv, capture_output=True, text=True, timeout=60, env={"PATH": PATH, "TZ": "UTC"})

    def send(self, number, url, key="k3y-0123456789abcdef"):
        """An alert as passed by this version's integratord."""
        name = f"/tmp/custom-w2thive-{number}.alert"
        self.at(name[1:]).write_bytes(make_alert(number))
        argv = integratord.command_line(self.wazuh, name, key, url, False, "", "10", "3")
        result = self.run("/" + PROGRAM, *argv[1:], user=self.uid)
        self.at(name[1:]).unlink()
        return result

    def waiting(self):
        return sorted(path.name for path in self.at(SPOOL).glob("queue/*.alert"))

    def deliver(self, url, key="k3y-0123456789abcdef"):
        self.write("etc/thehive.key", key)
        self.write("etc/once.json", json.dumps({"spool_dir": f"/{SPOOL}", "url": url, "api_key": "file:etc/thehive.key",
                                                "retry_min_ms": 100, "settle_ms": 1000}))
        call("chroot", self.root, "/usr/bin/socctl", "queue", "flush", "--config", f"/{HOME}/etc/once.json")
        return call("chroot", self.root, "/usr/bin/socctl", "relay", "--once", "--config", f"/{HOME}/etc/once.json")


class Unpacked:
    """dpkg of this machine with a root without programs: maintainer scripts run here and work there."""

    def __init__(self, system):
        self.system, self.env = system, {}
        dpkg = system.at("var/lib/dpkg")
        for name in ("info", "updates", "triggers"):
            (dpkg / name).mkdir(parents=True, exist_ok=True)
        if not (dpkg / "status").exists():
            (dpkg / "status").write_text("Package: debconf\nStatus: install ok installed\nVersion: 1.5.82\nArchitecture: all\n"
                                         "Maintainer: test <test@invalid>\nDescription: on every Debian\n\n")

    def dpkg(self, *words):
        return call("dpkg", f"--root={self.system.root}", "--force-script-chrootless", "--force-depends",
                    f"--log={self.system.root}/var/log-dpkg", *words, env=self.env)

    def install(self, *packages):
        return self.dpkg("-i", *packages)

    def remove(self):
        return self.dpkg("-r", "socbridge")

    def purge(self):
        return self.dpkg("-P", "socbridge")


class Chroot(Unpacked):
    """dpkg inside of a Debian system."""

    def dpkg(self, *words):
        inside = []
        for word in map(str, words):
            if word.endswith(".deb"):
                shutil.copy(word, self.system.at("tmp"))
                word = "/tmp/" + Path(word).name
            inside.append(word)
        return call("chroot", self.system.root, "dpkg", *inside, env={"DEBIAN_FRONTEND": "noninteractive", **self.env})


class Rpm:
    """rpm of this machine with the root of another system; its scripts run inside."""

    def __init__(self, system):
        self.system, self.env = system, {}

    def rpm(self, *words):
        return call("rpm", f"--root={self.system.root}", "--dbpath=/var/lib/rpm", "--nodeps", *words)

    def install(self, *packages):
        return self.rpm("-U", "--force", *packages)

    def remove(self):
        return self.rpm("-e", "socbridge")

    def purge(self):
        """rpm has no purge: run it by hand before the removal."""
        said = call("chroot", self.system.root, "/usr/libexec/socbridge/wazuh-integration", "purge", env=self.env)
        return said + self.remove()


def make_packages(build, folder, *kinds):
    """Packages of a build tree, compressed as fast as can be where that can be chosen."""
    call("cpack", "-G", ";".join(kinds), "-B", folder, "-D", f"CPACK_OUTPUT_FILE_PREFIX={folder}", "-D",
         "CPACK_DEBIAN_COMPRESSION_TYPE=gzip", cwd=build)
    return [path for path in folder.iterdir() if path.is_file()]


def next_version(package, folder):
    """The same .deb as a later version, with another custom-w2thive."""
    tree = Path(folder) / "next"
    call("dpkg-deb", "-R", package, tree)
    control = tree / "DEBIAN/control"
    control.write_text(re.sub(r"^Version: .*$", "Version: 99.0.0-1", control.read_text(), flags=re.M))
    with open(tree / "usr/libexec/socbridge/custom-w2thive", "ab") as file:
        file.write(b"later")
    out = Path(folder) / "socbridge_99.deb"
    call("dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "-b", tree, out)
    shutil.rmtree(tree)
    return out


def other_package(folder, name, files):
    """A .deb with only these files: {path: bytes}."""
    tree = Path(folder) / name
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "DEBIAN/control").write_text(f"Package: {name}\nVersion: 1\nArchitecture: all\n"
                                         "Maintainer: test <test@invalid>\nDescription: test\n")
    for path, data in files.items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_bytes(data)
    out = Path(folder) / f"{name}.deb"
    call("dpkg-deb", "--root-owner-group", "-Zgzip", "-b", tree, out)
    return out
