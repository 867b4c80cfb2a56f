# SPDX-License-Identifier: Apache-2.0
"""The peak RSS of a command, without that of the Python that starts it: see peak.c."""

import os
import pathlib
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent


class Peak:
    """`Peak().of(argv)` is the command to start instead; kib() is its peak once that has ended."""

    def __init__(self):
        self.dir = tempfile.TemporaryDirectory(prefix="socbridge-peak-")
        self.launcher = os.path.join(self.dir.name, "peak")
        self.out = os.path.join(self.dir.name, "kib")
        subprocess.run(["gcc", "-O2", "-static", "-o", self.launcher, HERE / "peak.c"], check=True)

    def of(self, argv):
        return [self.launcher, self.out, *map(str, argv)]

    def kib(self):
        return int(pathlib.Path(self.out).read_text())
