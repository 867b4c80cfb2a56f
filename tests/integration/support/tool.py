# SPDX-License-Identifier: Apache-2.0
"""Runs socctl and the sandbox of this build as a person would."""

import json
import os
import pty
import select
import subprocess
import tempfile
import time
from pathlib import Path

from sanitizer import ASAN_OPTIONS

BIN = Path(os.environ["SOCBRIDGE_BIN_DIR"]) / "socctl"
SANDBOX = BIN.with_name("soc-sandbox")
KEY = "sandbox-key-0123456789"
# An empty home: nothing of the current user's home is used, and nothing is left behind.
EMPTY_HOME = tempfile.TemporaryDirectory(prefix="socbridge-home-")
os.chmod(EMPTY_HOME.name, 0o755)
BASE_ENV = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "ASAN_OPTIONS": ASAN_OPTIONS, "HOME": EMPTY_HOME.name,
            "TZ": "UTC", "LANG": "C.UTF-8"}


class Sandbox:
    """`soc-sandbox` with TheHive and the named other products, each at a free port.

    Sandbox("cortex", rules=["cortex:status=503,first=1"], data={"opencti": path})
    """

    def __init__(self, *products, rules=(), version=None, latency=0, state=None, data=None, key=KEY, port=0,
                 extra=()):
        self.key = key
        argv = [str(SANDBOX), "--listen", f"127.0.0.1:{port}", "--key", key]
        for product in products:
            argv += ["--with", product if "=" in product else f"{product}=127.0.0.1:0"]
        for rule in rules:
            argv += ["--fail", rule]
        for name, path in (data or {}).items():
            argv += ["--data", f"{name}={path}"]
        if version:
            argv += ["--thehive-version", version]
        if latency:
            argv += ["--latency", str(latency)]
        if state:
            argv += ["--state", str(state)]
        self.argv = argv + list(extra)
        self._errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen(self.argv, stdout=subprocess.PIPE, stderr=self._errors, env=BASE_ENV)
        self.urls = {}
        for _ in range(1 + len(products)):
            line = self.process.stdout.readline().decode()
            if " at " not in line:
                self.process.kill()
                self.process.wait()
                self._errors.seek(0)
                raise RuntimeError("the sandbox did not start: " + self._errors.read().decode())
            name, _, url = line.removeprefix("sandbox ready: ").partition(" at ")
            self.urls[name.lower()] = url.split()[0]
        self.url = self.urls["thehive"]

    def env(self, **more):
        """Variables that point socctl at everything that runs here."""
        out = {}
        for name, url in self.urls.items():
            out[f"SOCCTL_{name.upper()}_URL"] = url
            out[f"SOCCTL_{name.upper()}_KEY"] = self.key
        return {**out, **more}

    def close(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=20)
        self.process.stdout.close()
        self._errors.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def wait_until(condition, seconds=20, what="it"):
    """The value of the condition as soon as it is true."""
    end = time.monotonic() + seconds
    while (asked := time.monotonic()) < end:
        value = condition()
        if value:
            return value
        # A condition that runs programs uses at most half of a processor.
        time.sleep(max(0.02, min(time.monotonic() - asked, 0.3)))
    raise AssertionError(f"waited {seconds} s for {what}")


def within(seconds, act):
    """The result of act(), within the time plus the current start-up time of a program; three tries."""
    taken = []
    while len(taken) < 3:
        started = time.monotonic()
        run("version")
        begun = time.monotonic()
        value = act()
        taken.append(time.monotonic() - begun - (begun - started))
        if taken[-1] < seconds:
            return value
    raise AssertionError(f"{taken} s, not within {seconds} s")


class Result:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def json(self):
        return json.loads(self.out)

    def jsonl(self):
        return [json.loads(line) for line in self.out.splitlines()]

    def rows(self):
        """Cells of the plain form."""
        return [line.split("\t") for line in self.out.splitlines()]

    def __repr__(self):
        return f"code {self.code}\n--- out\n{self.out}\n--- err\n{self.err}"


def start(*args, env=None, stdin=None, program=BIN, **how):
    return subprocess.Popen([str(program), *map(str, args)], env={**BASE_ENV, **(env or {})},
                            stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, **how)


def run(*args, env=None, stdin=None, timeout=60, cwd=None, program=BIN):
    process = start(*args, env=env, stdin=stdin, cwd=cwd, program=program)
    try:
        out, err = process.communicate(stdin.encode() if isinstance(stdin, str) else stdin, timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return Result(process.returncode, out.decode(), err.decode())


def run_on_terminal(*args, env=None, columns=100, timeout=60, answer=None, until=None):
    """With standard output and error on one terminal, as a person sees them, including colours. `answer` is a text to
    wait for and the line that is typed then. The process is killed as soon as `until` accepts the output."""
    master, slave = pty.openpty()
    values = {**BASE_ENV, "TERM": "xterm-256color", "COLUMNS": str(columns), **(env or {})}
    process = subprocess.Popen([str(BIN), *map(str, args)], env=values, stdin=slave, stdout=slave, stderr=slave,
                               start_new_session=True)
    os.close(slave)
    seen = b""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        if not select.select([master], [], [], 0.2)[0]:
            continue
        try:
            more = os.read(master, 65536)
        except OSError:  # the other side is closed
            break
        if not more:
            break
        seen += more
        if until and until(seen.decode(errors="replace")):
            process.kill()
            break
        if answer and answer[0].encode() in seen:
            os.write(master, answer[1].encode() + b"\n")
            answer = None
    else:
        process.kill()
    os.close(master)
    return Result(process.wait(), seen.decode(errors="replace" if until else "strict").replace("\r\n", "\n"), "")
