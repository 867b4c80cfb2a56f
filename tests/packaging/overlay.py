# SPDX-License-Identifier: Apache-2.0
"""An overlay root over the files of this machine: writes go to memory and are lost at the end."""

import subprocess

MOUNTS = """
mount -t tmpfs -o mode=0755 files "$0" && mkdir "$0/upper" "$0/work" "$0/root"
mount -t overlay -o "lowerdir=/,upperdir=$0/upper,workdir=$0/work" root "$0/root"
mount -t proc proc "$0/root/proc" && mount --rbind /dev "$0/root/dev"
echo ready && exec cat
"""


class Root:
    def __init__(self, folder):
        self._root = f"{folder}/root"
        self._holder = subprocess.Popen(["unshare", "--mount", "sh", "-ec", MOUNTS, str(folder)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if self._holder.stdout.readline() != "ready\n":
            raise OSError(self._holder.communicate()[1])

    def run(self, *command, env, cwd="/", timeout=300):
        inside = ["nsenter", f"--target={self._holder.pid}", "--mount", "chroot", self._root, "env", "-C", str(cwd),
                  *map(str, command)]
        return subprocess.run(inside, capture_output=True, text=True, timeout=timeout, env=env)

    def close(self):
        self._holder.communicate("")
