# SPDX-License-Identifier: Apache-2.0
"""Runs an integration as Wazuh's integratord does (src/os_integrator/integrator.c, src/shared/exec_op.c)."""

import json
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from sanitizer import ASAN_OPTIONS

BIN_DIR = Path(os.environ["SOCBRIDGE_BIN_DIR"])
NAME = "custom-w2thive"
AS_ROOT = os.geteuid() == 0
USER = 65534 if AS_ROOT else os.geteuid()
GROUP = 65534 if AS_ROOT else os.getegid()
ENV = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "ASAN_OPTIONS": ASAN_OPTIONS}
REDIRECTION = " > /dev/null 2>&1"
# The maximum number of pieces of the command line, and the pieces after the URL.
VERSIONS = {
    "4.2": (5, ("debug",)),
    "4.6": (5, ("debug",)),
    "4.7": (7, ("debug", "options")),
    "4.8": (9, ("debug", "options", "timeout", "retries")),
    "4.14": (9, ("debug", "options", "timeout", "retries")),
}


def str_break(text, limit):
    """OS_StrBreak: split at single blanks, a backslash before a blank joins, the last piece has the rest."""
    pieces, piece, i = [], "", 0
    while i < len(text):
        if text[i] == "\\" and text[i + 1 : i + 2] == " ":
            piece += " "
            i += 2
            continue
        if text[i] == " " and len(pieces) < limit - 1:
            pieces.append(piece)
            piece = ""
        else:
            piece += text[i]
        i += 1
    return pieces + [piece]


def command_line(version, alert_file, key, url, debug, options_file, timeout, retries):
    limit, behind = VERSIONS[version]
    values = {
        "debug": "debug" if debug else "",
        "options": options_file,
        "timeout": timeout,
        "retries": retries,
    }
    text = " ".join(["integrations", alert_file, key, url] + [values[name] for name in behind])
    return str_break(text if debug else text + REDIRECTION, limit)


@dataclass
class Run:
    code: int
    output: bytes
    seconds: float  # until the pipe ended and the process exited
    pid: int

    @property
    def lines(self):
        return self.output.decode().splitlines()


class Child:
    """A running integration whose pipe is read by wait()."""

    def __init__(self, process, files, log_fd):
        self.process, self.files, self.log_fd = process, files, log_fd
        self.started = time.monotonic()

    def wait(self):
        output = self.process.stdout.read()  # integratord reads to the end of file first
        code = self.process.wait()
        seconds = time.monotonic() - self.started
        for file in self.files:
            os.unlink(file)
        os.close(self.log_fd)
        return Run(code, output, seconds, self.process.pid)


class WazuhHome:
    """A Wazuh installation with only the parts that an integration uses."""

    def __init__(self, root):
        self.path = root
        for name, owner, mode in (("integrations", 0, 0o750), ("etc", USER, 0o770),
                                  ("logs", USER, 0o770), ("queue", 0, 0o750), ("queue/w2thive", USER, 0o700)):
            folder = root / name
            folder.mkdir()
            self._give(folder, owner, mode)
        self.binary = root / "integrations" / NAME
        shutil.copyfile(BIN_DIR / NAME, self.binary)
        self._give(self.binary, 0, 0o750)
        self.log = root / "logs/integrations.log"
        self.log.write_bytes(b"")
        self._give(self.log, USER, 0o640)
        self.alerts_json = root / "logs/alerts.json"
        self.alerts_json.write_bytes(b'{"rule":{}}\n' * 3)
        self.spool = root / "queue/w2thive"

    @staticmethod
    def _give(path, owner, mode):
        if AS_ROOT:
            os.chown(path, owner, GROUP)
        path.chmod(mode)

    def write(self, name, text, mode=0o640, owner=0):
        path = self.path / name
        path.write_text(text)
        self._give(path, owner, mode)
        return path

    def configure(self, **values):
        return self.write("etc/w2thive.json", json.dumps(values))

    def temp_file(self, suffix, data):
        name = f"/tmp/{NAME}-{int(time.time())}-{random.randint(-2**31, 2**31)}.{suffix}"
        with open(name, "wb") as file:
            file.write(data)
        os.chmod(name, 0o644)
        return name

    def start(self, alert, key="", url="", version="4.14", debug=False, options=None, timeout="10",
              retries="3", argv=None, wrapper=()):
        files = []
        alert_file = ""
        if alert is not None:
            alert_file = self.temp_file("alert", alert)
            files.append(alert_file)
        options_file = ""
        if options is not None:
            options_file = self.temp_file("options", options.encode())
            files.append(options_file)
        if argv is None:
            argv = command_line(version, alert_file, key, url, debug, options_file, timeout, retries)
        else:
            argv = [alert_file if arg is ... else arg for arg in argv]
        log_fd = os.open(self.alerts_json, os.O_RDONLY)
        os.lseek(log_fd, 7, os.SEEK_SET)

        def in_child():
            os.setsid()
            os.umask(0o022)
            signal.signal(signal.SIGHUP, signal.SIG_IGN)

        # With a wrapper argv[0] cannot be set: it is the path. strace changes the user itself.
        command = [*wrapper, str(self.binary), *argv[1:]] if wrapper else argv
        identity = {}
        if AS_ROOT and "strace" not in wrapper:
            identity = {"user": USER, "group": GROUP, "extra_groups": []}
        process = subprocess.Popen(
            command, executable=None if wrapper else f"integrations/{NAME}", cwd=self.path,
            env=ENV, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            pass_fds=(log_fd,), preexec_fn=in_child, **identity)
        return Child(process, files, log_fd)

    def run(self, alert, **how):
        return self.start(alert, **how).wait()

    def log_text(self):
        return self.log.read_text()

    def every_file(self):
        """All regular files below the home but the executable, with their bytes."""
        return {path: path.read_bytes() for path in self.path.rglob("*")
                if path.is_file() and path != self.binary}


def new_home():
    root = Path(tempfile.mkdtemp(prefix="socbridge-home-"))
    root.chmod(0o755)
    return WazuhHome(root)


def session_members(session):
    """Processes that still exist in a session: a remaining child would be one."""
    members = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            members.append(stat.parent.name)
    return members
