# SPDX-License-Identifier: Apache-2.0
"""examples/ansible: ansible-playbook runs the role, with package and manager, in an overlay root over this machine's.
No systemd runs there, so units and the manager's restart are not tested.
"""

import json
import os
import re
import shutil
import sys
from pathlib import Path

import pytest
import yaml

import integratord
import overlay
import systems
import tool

SOURCE = Path(os.environ["SOCBRIDGE_SOURCE_DIR"])
EXAMPLE = SOURCE / "examples/ansible"
ROLE = EXAMPLE / "roles/socbridge"
ANSIBLE = shutil.which("ansible-playbook") or shutil.which(str(SOURCE / ".deps/ansible/bin/ansible-playbook"))
pytestmark = [pytest.mark.skipif(not integratord.AS_ROOT, reason="only root can mount"),
              pytest.mark.skipif(ANSIBLE is None, reason="ansible is not installed; scripts/setup --full brings it"),
              pytest.mark.skipif(not Path("/usr/bin/dpkg-deb").exists(), reason="the package is a .deb")]
MANAGER = r"""
import shutil, sys
sys.path[:0] = %r
import systems
shutil.rmtree("/var/ossec", ignore_errors=True)
system = systems.System("/", "4.14")
system.write("bin/wazuh-control", "#!/bin/sh\nVERSION=\"v4.14.0\"\n", 0o750)
"""


@pytest.fixture
def package(tmp_path):
    """The programs only: test_package_life.py tests the package's scripts."""
    tree = tmp_path / "tree"
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "DEBIAN/control").write_text("Package: socbridge\nVersion: 0.1.0-1\nArchitecture: amd64\n"
                                         "Maintainer: test <test@invalid>\nDescription: test\n")
    for name, at in (("socctl", "usr/bin"), ("custom-w2thive", "usr/libexec/socbridge")):
        (tree / at).mkdir(parents=True)
        shutil.copy(integratord.BIN_DIR / name, tree / at)
    systems.call("dpkg-deb", "--root-owner-group", "-Znone", "-b", tree, tmp_path / "socbridge_0.1.0-1_amd64.deb")
    shutil.rmtree(tree)
    return tmp_path / "socbridge_0.1.0-1_amd64.deb"


class Manager:
    def __init__(self, folder, package, url):
        self.folder, self.sent = folder, set()
        (folder / "files").mkdir()
        self.root = overlay.Root(folder / "files")
        made = self.run(sys.executable, "-c", MANAGER % [str(Path(__file__).parent), *sys.path])
        assert made.returncode == 0, made.stderr
        self.values = {"socbridge_package": str(package), "socbridge_thehive_url": url, "socbridge_restart_manager": False,
                       "socbridge_executable": "/usr/libexec/socbridge/custom-w2thive"}
        (folder / "inventory").write_text("[wazuh_managers]\nhere ansible_connection=local "
                                          "ansible_python_interpreter=/usr/bin/python3\n")

    def run(self, *command):
        env = {**tool.BASE_ENV, "HOME": "/root", "SOCBRIDGE_BIN_DIR": str(integratord.BIN_DIR),
               "SOCBRIDGE_SOURCE_DIR": str(SOURCE), "PYTHONDONTWRITEBYTECODE": "1", "ANSIBLE_NOCOLOR": "1",
               "ANSIBLE_LOCAL_TEMP": "/root/ansible"}
        return self.root.run(*command, env=env, cwd=EXAMPLE)

    def play(self, *words, key, **values):
        """(result, number of changed tasks); no output ever has the key."""
        (self.folder / "values.json").write_text(json.dumps({**self.values, **values, "socbridge_thehive_key": key}))
        result = self.run(ANSIBLE, "-i", self.folder / "inventory", "-e", f"@{self.folder}/values.json", "-vvv", "--diff",
                          *words, "site.yml")
        self.sent |= {key, *values.get("socbridge_keys", {}).values()}
        for secret in self.sent:
            assert secret not in result.stdout + result.stderr
        changed = re.search(r"changed=(\d+)", result.stdout)
        return result, int(changed[1]) if changed else None

    def read(self, path):
        found = self.run("sh", "-c", f"cat {path} && stat -c '%U:%G %a' {path} >&2")
        return (found.stdout, found.stderr.strip()) if found.returncode == 0 else None


@pytest.fixture
def manager(tmp_path, package):
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == 0:
            folder.chmod(folder.stat().st_mode | 0o011)
    with tool.Sandbox() as sandbox:
        made = Manager(tmp_path, package, sandbox.url)
        made.sandbox = sandbox
        yield made
        made.root.close()


def ended(play, changed=None):
    result, count = play
    assert result.returncode == 0, result.stdout[-6000:] + result.stderr
    if changed is not None:
        assert count == changed, result.stdout
    return count


def test_each_variable_is_described():
    names = yaml.safe_load((ROLE / "defaults/main.yml").read_text()).keys()
    options = yaml.safe_load((ROLE / "meta/argument_specs.yml").read_text())["argument_specs"]["main"]["options"]
    readme = (EXAMPLE / "README.md").read_text()
    assert names == options.keys()
    assert not [name for name in names if f"`{name}`" not in readme]
    example = yaml.safe_load((EXAMPLE / "group_vars/wazuh_managers.example.yml").read_text())
    assert example.keys() <= names


def test_check_run_run_again_and_another_key(manager):
    more = {"socbridge_config": {"cortex": {"url": "http://127.0.0.1:9", "key": "file:cortex.key"}},
            "socbridge_keys": {"cortex": "another-key-0123456789"}}
    key = manager.sandbox.key
    conf = "/var/ossec/etc/ossec.conf"
    before = manager.read(conf)

    assert ended(manager.play("--check", key=key, **more)) > 0
    assert manager.read("/usr/bin/socctl") is None and manager.read("/etc/socctl/config.json") is None
    assert manager.read(conf) == before

    ended(manager.play(key=key, **more))
    assert manager.read("/var/ossec/etc/thehive.key") == (key + "\n", "root:wazuh 640")
    text, owner = manager.read(conf)
    assert owner == before[1] and f"<hook_url>{manager.sandbox.url}</hook_url>" in text
    assert json.loads(manager.read("/etc/socctl/config.json")[0]) == more["socbridge_config"]
    assert manager.read("/etc/socctl/cortex.key") == ("another-key-0123456789\n", "root:root 600")
    assert manager.run("stat", "-c", "%U:%G %a", "/var/ossec/integrations/custom-w2thive").stdout == "root:wazuh 750\n"
    listed = tool.run("alert", "list", "-o", "jsonl", env=manager.sandbox.env())
    assert listed.out.count("\n") == 1, "the test alert"

    ended(manager.play(key=key, **more), changed=0)
    ended(manager.play("--check", key=key, **more), changed=0)

    other = "one-more-key-0123456789"
    assert ended(manager.play("--check", key=other, **more)) == 1
    assert manager.read("/var/ossec/etc/thehive.key")[0] == key + "\n"
    assert ended(manager.play(key=other, socbridge_setup_test=False, **more)) == 1
    assert manager.read("/var/ossec/etc/thehive.key")[0] == other + "\n" and manager.read(conf)[0] == text

    # TheHive does not accept that key: the play reports it without the key.
    refused, _ = manager.play(key="a-refused-key-0123456789", **more)
    assert refused.returncode != 0 and "exit code 4" in refused.stdout, refused.stdout[-3000:]
