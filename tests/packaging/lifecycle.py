# SPDX-License-Identifier: Apache-2.0
"""A package on a manager from its installation to its purge; the tests provide the system and the tool."""

import threading

import servers
import systems
from systems import HOME, PROGRAM, SPOOL

NOWHERE = "http://127.0.0.1:9"  # without a listener


def check_installed(system):
    uid, gid = system.uid, system.gid
    assert system.owner(PROGRAM) == (0, gid, 0o750)
    assert system.owner(SPOOL) == (uid, gid, 0o700)
    assert system.owner(f"{HOME}/etc/w2thive.json") == (0, gid, 0o640)
    assert system.owner(f"{HOME}/integrations") == (0, gid, 0o750)
    rotation = system.at("etc/logrotate.d/socbridge").read_text()
    assert f"/{HOME}/logs/integrations.log {{" in rotation and f"su {system.name} {system.group}\n" in rotation
    assert f"create 0640 {system.name} {system.group}\n" in rotation
    assert system.owner("etc/logrotate.d/socbridge") == (0, 0, 0o644)
    assert not list(system.root.rglob(".socbridge.*"))


def alerts_while(system, url, first, work):
    """Sends alerts one after the other while work() runs; returns their number."""
    done, failed, sent = threading.Event(), [], [0]

    def send():
        while not done.is_set() or sent[0] < 5:
            result = system.send(first + sent[0], url)
            sent[0] += 1
            if result.returncode != 0:
                failed.append(result)

    thread = threading.Thread(target=send)
    thread.start()
    try:
        work()
    finally:
        done.set()
        thread.join()
    assert not failed, failed[0]
    return sent[0]


def keep_in_receiver(system):
    """An alert that socctl-receive has taken and TheHive does not have, where systemd keeps it."""
    folder = system.at("var/lib/private/socctl-receive/spool/queue")
    folder.mkdir(parents=True)
    (folder / "1.alert").write_text("an alert")
    system.at("var/lib/socctl-receive").symlink_to("private/socctl-receive")


def waiting_alerts_go_only_after_a_yes(system, tool, package):
    for answer, left in (("no", 1), ("yes", 0)):
        tool.install(package)
        if not system.at("var/lib/socctl-receive").is_symlink():
            keep_in_receiver(system)
        system.send(5, NOWHERE)
        tool.env = {"SOCBRIDGE_PURGE_SPOOL": answer}
        said = tool.purge()
        assert ("so it stays" in said) == bool(left), said
        assert len(system.waiting()) == left
        assert system.at("var/lib/private/socctl-receive/spool/queue/1.alert").exists() == bool(left)
    assert not system.at(SPOOL).exists() and not list(system.root.glob("var/lib/**/socctl*"))
    assert not system.at("var/lib/socctl-receive").is_symlink()


def whole_life(system, tool, package, later):
    """Installed, used, upgraded under load, removed, a new Wazuh, installed again, purged: no alert is lost."""
    thehive = servers.TheHive()
    try:
        system.at(PROGRAM).write_text("#!/bin/sh\nexec python3 custom-w2thive.py \"$@\"\n")
        tool.install(package)
        check_installed(system)
        assert "custom-w2thive.py" in system.at(f"{PROGRAM}.replaced").read_text()
        assert system.send(1, thehive.url).returncode == 0 and len(thehive.alerts) == 1
        assert system.send(2, NOWHERE).returncode == 0 and len(system.waiting()) == 1

        before = system.at(PROGRAM).read_bytes()
        count = alerts_while(system, thehive.url, 100, lambda: tool.install(later))
        check_installed(system)
        assert system.at(PROGRAM).read_bytes() != before
        system.deliver(thehive.url)
        assert len(thehive.alerts) == 2 + count and not system.waiting()

        assert system.send(3, NOWHERE).returncode == 0
        tool.remove()
        assert not system.at(PROGRAM).exists() and not system.at("usr/bin/socctl").exists()
        assert len(system.waiting()) == 1 and system.at(f"{HOME}/etc/w2thive.json").exists()
        assert system.owner(SPOOL) == (system.uid, system.gid, 0o700)

        system.remove_wazuh()
        system.add_wazuh(uid=966)
        tool.install(later)
        check_installed(system)
        for path in system.at(SPOOL).rglob("*"):
            assert path.lstat().st_uid == 966, path
        system.deliver(thehive.url)
        assert len(thehive.alerts) == 3 + count and not system.waiting()

        system.send(4, NOWHERE)
        tool.purge()
        assert len(system.waiting()) == 1, "an alert that TheHive does not have"
        for path in (PROGRAM, f"{HOME}/etc/w2thive.json", "etc/logrotate.d/socbridge", "var/lib/socbridge"):
            assert not system.at(path).exists(), path
        for path in (f"{HOME}/etc/thehive.key", f"{HOME}/etc/ossec.conf", f"{PROGRAM}.replaced"):
            assert system.at(path).exists(), path

        tool.install(later)
        system.deliver(thehive.url)
        assert len(thehive.alerts) == 4 + count
        system.write("etc/w2thive.json", '{"spool_dir": "/var/spool/w2thive", "min_level": 3}\n')
        tool.purge()
        assert not system.at(SPOOL).exists() and system.at(f"{HOME}/etc/w2thive.json").exists()
        assert not list(system.root.glob("var/lib/**/socctl*"))

        waiting_alerts_go_only_after_a_yes(system, tool, later)
    finally:
        thehive.close()
