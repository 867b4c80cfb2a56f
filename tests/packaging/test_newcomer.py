# SPDX-License-Identifier: Apache-2.0
"""A newcomer's way by docs/quickstart.md, timed: from the package to the first alert in TheHive, in a Debian 12 without /proc."""

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

import integratord
import systems
import tool
from setup_steps import ADMIN_KEY
from test_package_systems import base, pytestmark, root  # noqa: F401

SOURCE = Path(os.environ["SOCBRIDGE_SOURCE_DIR"])
INSTALL = {"apt": "apt install ", "rpm": "rpm -i ", "tar": "tar -xzf "}
CONTROL = """#!/bin/sh
VERSION="v4.14.0"
echo "$@" >>/root/control
"""


def section(document, heading):
    return (SOURCE / document).read_text().partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def commands(document, heading):
    """Lines of code of a section: indented ones, and those of blocks that tests run."""
    found = re.findall(r"^(?: {7}| {4})(\S[^\n]*)$|^```sh run\n(.*?)^```$", section(document, heading), re.M | re.S)
    return [re.sub("  +#.*", "", line) for one, block in found for line in [one, *block.splitlines()] if line]


WAY = commands("docs/quickstart.md", "On a Wazuh manager")


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    out = tmp_path_factory.mktemp("packages")
    made = systems.make_packages(integratord.BIN_DIR.parent, out, "DEB", "TGZ")
    yield [path for path in made if path.name.startswith("socbridge") and "doc" not in path.name]
    shutil.rmtree(out)


def run(system, line, url):
    """As typed by a user, as root in the folder with the downloads; returns output and seconds."""
    line = line.replace("https://thehive.example:9000", url)
    started = time.monotonic()
    done = subprocess.run(["chroot", system.root, "/bin/sh", "-ec", f"cd /root; {line}"], capture_output=True, text=True, timeout=120,
                          env={"PATH": systems.PATH, "HOME": "/root", "TERM": "dumb"})
    assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    return done.stdout, time.monotonic() - started


@pytest.mark.parametrize("kind", ["apt", "tar"])
def test_five_minutes_are_enough(packages, root, kind, capsys):  # noqa: F811
    system = systems.System(root, "4.14")
    system.write("bin/wazuh-control", CONTROL, 0o750)
    assert not list(system.at("proc").iterdir())
    for package in packages:
        shutil.copy(package, system.at("root"))
    (system.at("root") / "admin.key").write_text(ADMIN_KEY)
    others = tuple(prefix for name, prefix in INSTALL.items() if name != kind)
    with tool.Sandbox(extra=("--admin-key", ADMIN_KEY)) as thehive:
        times = []
        for line in WAY:
            if not line.startswith(others):
                out, seconds = run(system, line, thehive.url)
                times.append((seconds, line))
        assert system.at("root/control").read_text() == "restart\n"
        assert system.send(1, thehive.url, key=f"file:/{systems.HOME}/etc/thehive.key").returncode == 0
        titles = run(system, "socctl alert list -o plain", thehive.url)[0]
        assert titles.count("\n") == 2 and "sshd: brute force" in titles, titles
    with capsys.disabled():  # docs/quickstart.md refers to ctest -V
        print("", *(f"{seconds:6.2f} s  {line}" for seconds, line in times), f"{sum(seconds for seconds, _ in times):6.2f} s  all", sep="\n")
    # The other time of five minutes is for reading and typing.
    assert sum(seconds for seconds, _ in times) < 60, times


def test_the_way_has_each_step_and_the_readme_no_other():
    for prefix in (*INSTALL.values(), "socctl setup thehive ", "socctl setup wazuh ", "rm key", "socctl alert list"):
        assert [line for line in WAY if line.startswith(prefix)], prefix
    readme = commands("README.md", "Install it on a Wazuh manager")
    assert len(readme) >= 6 and set(readme) <= set(WAY), set(readme) - set(WAY)
