# SPDX-License-Identifier: Apache-2.0
"""systemd as the first process of a complete Debian, in separate namespaces; it shares the network of this machine."""

import os
import subprocess
import time
from pathlib import Path

import systems

# Argument 0: the root. Devices are separate nodes; the cgroup is the one of this shell.
BOOT = """
mount --make-rprivate / && mount --bind "$0" "$0" && cd "$0"
mount -t proc proc proc && mount -t sysfs -o ro sysfs sys && mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=0755 run run
mount -t tmpfs -o mode=0755,size=4m dev dev && mkdir dev/pts dev/shm && mount -t devpts -o newinstance,ptmxmode=0666 pts dev/pts
for node in null:3 zero:5 full:7 random:8 urandom:9; do mknod -m 0666 "dev/${node%:*}" c 1 "${node#*:}"; done
mknod -m 0666 dev/tty c 5 0 && ln -s pts/ptmx dev/ptmx && ln -s /proc/self/fd dev/fd
pivot_root . mnt && umount -l /mnt
mount --make-rshared / # else credentials that systemd mounts would be seen by no service
exec env -i container=socbridge-test PATH=/usr/sbin:/usr/bin /lib/systemd/systemd --unit=basic.target --log-target=journal-or-kmsg
"""


def unified_cgroup():
    """The mount point of cgroup2 on this machine, or nothing."""
    for line in Path("/proc/mounts").read_text().splitlines():
        _, place, kind, options, *_ = line.split()
        if kind == "cgroup2" and "rw" in options.split(","):
            return Path(place)
    return None


class Booted:
    """Raises OSError with the reason where systemd cannot be started."""

    def __init__(self, root):
        at = unified_cgroup()
        if at is None:
            raise OSError("no cgroup2 is mounted")
        self.cgroup = at / f"socbridge-test-{os.getpid()}"
        self.cgroup.mkdir()
        start = 'echo $$ >"$1/cgroup.procs" && exec unshare --fork --pid --kill-child --mount --uts --ipc --cgroup sh -ec "$2" "$3"'
        self._outer = subprocess.Popen(["sh", "-ec", start, "sh", self.cgroup, BOOT, root], stdin=subprocess.DEVNULL,
                                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={"PATH": systems.PATH})
        try:
            self._wait()
        except BaseException:
            self.close()
            raise

    def _first_process(self):
        children = Path(f"/proc/{self._outer.pid}/task/{self._outer.pid}/children").read_text().split()
        return int(children[0]) if children else None

    def _wait(self):
        for _ in range(600):
            if self._outer.poll() is not None:
                raise OSError(self._outer.communicate()[0])
            self.pid = self._first_process()
            if self.pid and Path(f"/proc/{self.pid}/comm").read_text() == "systemd\n":
                said = self.run("systemctl", "is-system-running").stdout.strip()
                if said in ("running", "degraded"):
                    return
            time.sleep(0.1)
        raise OSError(f"systemd is not ready: {said}")

    def run(self, *command):
        inside = ["nsenter", f"--target={self.pid}", "--mount", "--pid", "--uts", "--ipc", "--cgroup", *map(str, command)]
        return subprocess.run(inside, capture_output=True, text=True, timeout=120, env={"PATH": systems.PATH, "LANG": "C.UTF-8"})

    def systemctl(self, *words):
        done = self.run("systemctl", *words)
        assert done.returncode == 0, f"systemctl {words}: {done.stdout}{done.stderr}\n{self.journal()}"
        return done.stdout

    def show(self, unit, *names):
        """Properties of a unit."""
        out = self.systemctl("show", unit, *[f"--property={name}" for name in names])
        return dict(line.split("=", 1) for line in out.splitlines())

    def journal(self, *words):
        return self.run("journalctl", "--no-pager", "-o", "cat", *words).stdout

    def close(self):
        """--kill-child ends systemd, and with it the complete process namespace."""
        self._outer.kill()
        self._outer.communicate()
        for _ in range(100):
            folders = sorted(self.cgroup.glob("**/"), reverse=True)
            try:
                for folder in folders:
                    folder.rmdir()
                return
            except OSError:
                time.sleep(0.05)
        raise OSError(f"{self.cgroup} is still in use")
