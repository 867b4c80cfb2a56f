# SPDX-License-Identifier: Apache-2.0
"""Each unit as shipped, started by a systemd that is the first process of a complete Debian."""

import json
import re
import shutil

import pytest
import requests

import booted
import live_stream
import systems
import tool
from ports import free_port
from systems import HOME, SPOOL
from test_package_systems import BUILD, base, pytestmark  # noqa: F401

TOKEN = "t" * 32
STAYING = ["socctl-relay", "socctl-receive", "socctl-analyze", "socctl-opencti-stream", "socctl-metrics"]
ONCE = ["socctl-health", "socctl-queue-check", "socctl-reconcile"]


@pytest.fixture(scope="module")
def soc():
    with tool.Sandbox("cortex", "opencti") as sandbox:
        yield sandbox


def configure(system, soc):
    """As in docs/operations.md: files of root in /etc/socctl, keys in the folder of config.json."""
    names = ("thehive", "cortex", "opencti")
    config = {name: {"url": soc.urls[name], "key": f"file:{name}.key"} for name in names}
    config["analysis"] = {"rules": {"addresses": {"types": ["ip"], "preset": "reputation"}}}
    port, metrics = free_port(), free_port()
    files = {"config.json": json.dumps(config), **{f"{name}.key": soc.key for name in names}, "receive.token": TOKEN,
             "receive.env": f"LISTEN=127.0.0.1:{port}\n", "metrics.env": f"LISTEN=127.0.0.1:{metrics}\n", "opencti-stream.env": f"STREAM_ID={live_stream.STREAM}\n",
             "w2thive.json": json.dumps({"url": soc.url, "api_key": soc.key})}
    for name, text in files.items():
        system.at(f"etc/socctl/{name}").write_text(text)
        system.at(f"etc/socctl/{name}").chmod(0o600)
    system.write("etc/thehive.key", soc.key)
    system.write("etc/w2thive.json", json.dumps({"spool_dir": f"/{SPOOL}", "delivery": "queue"}))
    system.write("etc/ossec.conf", "<ossec_config>\n<integration>\n<name>custom-w2thive</name>\n"
                 f"<hook_url>{soc.url}</hook_url>\n<api_key>file:/{HOME}/etc/thehive.key</api_key>\n"
                 "<alert_format>json</alert_format>\n</integration>\n</ossec_config>\n", 0o660)
    for name in ("logs/alerts", "logs/alerts/alerts.json"):
        at = system.at(f"{HOME}/{name}")
        at.write_bytes(systems.make_alert(7)) if "." in name else at.mkdir()
        shutil.chown(at, system.uid, system.gid)
    return f"http://127.0.0.1:{port}", f"http://127.0.0.1:{metrics}"


@pytest.fixture(scope="module")
def machine(base, tmp_path_factory, soc):  # noqa: F811
    place = tmp_path_factory.mktemp("machine")
    for folder in (place, *place.parents):
        if folder.stat().st_uid == 0:
            folder.chmod(folder.stat().st_mode | 0o011)
    systems.call("cp", "-a", base, place / "root")
    system = systems.System(place / "root", "4.14")
    (place / "packages").mkdir()
    made = systems.make_packages(BUILD, place / "packages", "DEB")
    systems.Chroot(system).install(next(path for path in made if path.name.startswith("socbridge_")))
    system.receiver, system.metrics = configure(system, soc)
    try:
        system.init = booted.Booted(system.root)
    except OSError as reason:
        pytest.skip(f"systemd does not start here: {reason}")
    yield system
    system.init.close()
    shutil.rmtree(place)


def alerts(soc):
    return tool.run("alert", "list", "-o", "jsonl", env=soc.env()).jsonl()


def check_confined(machine, unit):
    """The unit's hardening as set by systemd and shown by the kernel."""
    pid = machine.init.show(unit, "MainPID")["MainPID"]
    # If systemd expects no notification, a service counts as running before its program is
    # executed.
    tool.wait_until(lambda: machine.init.run("cat", f"/proc/{pid}/comm").stdout == "socctl\n", what="socctl")
    status = dict(line.split(":\t", 1) for line in machine.init.run("cat", f"/proc/{pid}/status").stdout.splitlines() if ":\t" in line)
    assert "0" not in status["Uid"].split() and int(status["CapEff"], 16) == int(status["CapBnd"], 16) == 0, status
    assert status["NoNewPrivs"] == "1" and status["Seccomp"] == "2", status
    assert machine.init.show(unit, "NRestarts") == {"NRestarts": "0"}


@pytest.mark.parametrize("unit", STAYING)
def test_a_service_starts_stays_and_ends_in_order(machine, soc, unit):
    machine.init.systemctl("start", unit)
    try:
        tool.wait_until(lambda: machine.init.show(unit, "SubState")["SubState"] == "running", what=unit)
        check_confined(machine, unit)
    finally:
        machine.init.systemctl("stop", unit)
    assert machine.init.show(unit, "ActiveState", "Result") == {"ActiveState": "inactive", "Result": "success"}
    journal = machine.init.journal()
    assert soc.key not in journal and "disconnected" not in journal, journal


def test_the_relay_delivers_what_waits_and_reads_its_configuration_again(machine, soc):
    assert machine.send(1, soc.url, key=f"file:/{HOME}/etc/thehive.key").returncode == 0 and len(machine.waiting()) == 1
    before = len(alerts(soc))
    machine.init.systemctl("start", "socctl-relay")
    machine.init.systemctl("reload", "socctl-relay")
    tool.wait_until(lambda: len(alerts(soc)) == before + 1, what="the alert")
    tool.wait_until(lambda: not machine.waiting(), what="an empty spool")
    assert "delivered" in machine.init.show("socctl-relay", "StatusText")["StatusText"]
    assert "socbridge_relay" in machine.at("var/lib/socctl-relay/relay.prom").read_text()
    machine.init.systemctl("stop", "socctl-relay")


def test_the_receiver_takes_an_alert_with_its_credentials(machine, soc):
    machine.init.systemctl("start", "socctl-receive")
    before = len(alerts(soc))
    assert requests.post(machine.receiver + "/alerts", systems.make_alert(2), timeout=10).status_code == 401
    taken = requests.post(machine.receiver + "/alerts", systems.make_alert(2), timeout=10, headers={"Authorization": "Bearer " + TOKEN})
    assert taken.status_code == 202, taken.text
    tool.wait_until(lambda: len(alerts(soc)) == before + 1, what="the alert")
    machine.init.systemctl("stop", "socctl-receive")
    assert machine.at("var/lib/private/socctl-receive/spool").is_dir()


def test_the_metrics_are_served_with_the_keys_of_the_credentials(machine, soc):
    machine.init.systemctl("start", "socctl-metrics")
    page = tool.wait_until(lambda: requests.get(machine.metrics + "/metrics", timeout=30), what="numbers")  # 503 before that
    text = page.text
    for product in ("thehive", "cortex", "opencti"):
        assert f'socbridge_scrape_success{{product="{product}"}} 1' in text, text
    assert soc.key not in text
    machine.init.systemctl("stop", "socctl-metrics")


@pytest.mark.parametrize("unit", ONCE)
def test_what_a_timer_starts_ends_well(machine, unit):
    machine.init.systemctl("start", unit)
    assert machine.init.show(unit, "Result") == {"Result": "success"}


def test_what_they_left_behind(machine, soc):
    for unit in ONCE:
        machine.init.systemctl("start", unit)
    assert 'component="thehive"' in machine.at("var/lib/private/socctl-health/soc.prom").read_text()
    assert "socbridge_reconcile" in machine.at("var/lib/socctl-reconcile/reconcile.prom").read_text()
    assert any("1741938001.7" in json.dumps(alert) for alert in alerts(soc)), "alerts.json has it, so reconcile sends it"
    assert machine.owner(SPOOL) == (machine.uid, machine.gid, 0o700)


def test_a_timer_runs_its_service(machine):
    timers = [f"{unit}.timer" for unit in ONCE]
    machine.init.systemctl("start", *timers)
    listed = machine.init.systemctl("list-timers", "--no-pager", "--all", "socctl-*")
    for timer in timers:
        assert re.search(rf"^\S+ \d.*{timer} ", listed, re.M), listed
    place = machine.at("etc/systemd/system/socctl-health.timer.d")
    place.mkdir(parents=True)
    (place / "soon.conf").write_text("[Timer]\nOnActiveSec=100ms\nAccuracySec=10ms\n")
    machine.init.systemctl("daemon-reload")
    metrics = machine.at("var/lib/private/socctl-health/soc.prom")
    before = metrics.stat().st_mtime_ns if metrics.exists() else 0
    machine.init.systemctl("restart", "socctl-health.timer")
    tool.wait_until(lambda: metrics.exists() and metrics.stat().st_mtime_ns != before, seconds=60, what="the timer's service")


def test_a_missing_configuration_is_named_by_systemd(machine):
    config = machine.at("etc/socctl/config.json")
    config.rename(config.with_name("away"))
    try:
        assert machine.init.run("systemctl", "start", "socctl-health").returncode != 0
        assert machine.init.show("socctl-health", "ExecMainStatus") == {"ExecMainStatus": "243"}, "docs/operations.md says so"
    finally:
        config.with_name("away").rename(config)
