# SPDX-License-Identifier: Apache-2.0
"""socctl health on a Wazuh manager: its files."""

import datetime
import os
import re
import time

import pytest

import nginx
import tool
from conftest import make_alert
from entries import count
from integratord import AS_ROOT
from ports import free_port
from servers import answer
from wazuh_manager import BLOCK, KEY, configure

pytestmark = pytest.mark.skipif(not AS_ROOT, reason="the files must belong to root")


@pytest.fixture
def manager(home):
    """A manager with the integration installed as documented."""
    home.write("etc/thehive.key", "k3y-0123456789\n")
    configure(home)
    return home


def look(home, *more):
    result = tool.run("health", "wazuh", "-o", "json", *more, env={"SOCBRIDGE_WAZUH_HOME": str(home.path)})
    assert result.err == "", result
    assert "k3y-" not in result.out
    [report] = result.json()["components"]
    return result.code, {one["check"]: one for one in report["checks"]}


def assert_finding(looked, name, code, state, cause, reason):
    exit_code, checks = looked
    found = checks[name]
    assert (found["state"], found["cause"], exit_code) == (state, cause, code), checks
    assert re.search(reason, found["detail"]), found
    assert found["next"] or state == "ok"


def test_all_well(manager):
    before = {path: path.stat().st_mtime_ns for path in manager.path.rglob("*")}
    code, checks = look(manager)
    assert code == 0, checks
    assert checks["integration block 1"]["state"] == "ok"
    assert checks["executable"]["state"] == "ok"
    assert checks["api"]["state"] == "skipped" and checks["indexer block"]["state"] == "skipped"
    # A check changes nothing: not even the folders of the spool are created.
    assert {path: path.stat().st_mtime_ns for path in manager.path.rglob("*")} == before


def hide_behind_a_link(home, conf):
    hidden = home.path / "hidden"
    hidden.mkdir(mode=0o700)
    conf.rename(hidden / "ossec.conf")
    conf.symlink_to(hidden / "ossec.conf")


@pytest.mark.parametrize("lose", [lambda home, conf: conf.unlink(), hide_behind_a_link], ids=["missing", "behind a link"])
def test_an_ossec_conf_that_cannot_be_seen_is_an_error_where_the_executable_is(manager, lose):
    lose(manager, manager.path / "etc/ossec.conf")
    result = tool.run("config", "check", "-o", "json", env={"SOCBRIDGE_WAZUH_HOME": str(manager.path)})
    [found] = [one for one in result.json() if one["check"] == "integration block"]
    assert (found["state"], result.code) == ("error", 2), result
    code, checks = look(manager)
    assert (checks["integration block"]["state"], code) == ("down", 5), checks


def test_several_blocks_in_several_roots(manager):
    configure(manager, blocks=2, more=BLOCK.format(url="https://x", key="k", format="text"))
    _, checks = look(manager)
    assert checks["integration block 1"]["state"] == checks["integration block 2"]["state"] == "ok"
    assert checks["integration block 3"]["state"] == "down"


@pytest.mark.parametrize("how,reason", [({"format": "text"}, "alert_format"),
                                        ({"url": "https://a b"}, "blank")])
def test_a_block_that_does_not_work(manager, how, reason):
    configure(manager, **how)
    assert_finding(look(manager), "integration block 1", 5, "down", "configuration", reason)


def test_a_key_in_the_block(manager):
    configure(manager, key="k3y-in-the-open-0123")
    assert_finding(look(manager), "integration block 1", 3, "degraded", "configuration", "holds the key itself")


def test_no_block(manager):
    manager.write("etc/ossec.conf", "<ossec_config></ossec_config>")
    assert_finding(look(manager), "integration block", 5, "down", "configuration", "no block named custom-w2thive")


def test_no_xml(manager):
    manager.write("etc/ossec.conf", "<ossec_config>\n<integration>\n</ossec_config>")
    assert_finding(look(manager), "integration block", 5, "down", "configuration", r"ossec\.conf:\d+: not readable as XML")


def test_the_executable(manager):
    manager.binary.chmod(0o777)
    assert_finding(look(manager), "executable", 5, "down", "configuration", "writable by other users")
    manager.binary.chmod(0o700)
    assert_finding(look(manager), "executable", 5, "down", "configuration", "cannot be executed")
    manager.binary.chmod(0o750)
    os.chown(manager.binary, 65534, 65534)
    assert_finding(look(manager), "executable", 5, "down", "configuration", "writable by other users than root")
    manager.binary.unlink()
    assert_finding(look(manager), "executable", 5, "down", "missing", "not installed")


def test_no_spool(manager):
    manager.spool.rmdir()
    assert_finding(look(manager), "spool", 5, "down", "missing", "queue/w2thive does not exist")
    assert not manager.spool.exists()


def wait_in_queue(manager, serve):
    server = serve(lambda request: answer(503, {}))
    assert manager.run(make_alert(), key=KEY.format(home=manager.path), url=server.url,
                       options='{"thehive_version":"5"}').code == 0
    assert count(manager) == 1


def move(manager, state, age_s):
    """Moves the one entry to another state, accepted this long ago."""
    [entry] = (manager.spool / "queue").glob("*.alert")
    older = f"{int((time.time() - age_s) * 1000):013d}" + entry.name[13:]
    entry.rename(manager.spool / state / older)


def test_a_young_queue_is_well_and_an_old_one_is_not(manager, serve):
    wait_in_queue(manager, serve)
    manager.log.write_bytes(b"")
    code, checks = look(manager)
    assert (code, checks["spool queue"]["state"]) == (0, "ok")
    assert "1 alert waiting" in checks["spool queue"]["detail"]
    move(manager, "queue", 1300)
    assert_finding(look(manager), "spool queue", 3, "degraded", "stale", "1 alert waiting, the oldest for 21 minutes")


@pytest.mark.parametrize("state,reason", [("hold", "set aside"), ("dead", "refused by TheHive"),
                                          ("corrupt", "damaged, or not an alert")])
def test_other_states(manager, serve, state, reason):
    wait_in_queue(manager, serve)
    manager.log.write_bytes(b"")
    move(manager, state, 200000)
    assert_finding(look(manager), f"spool {state}", 3, "degraded", "reported_error", f"1 alert {reason}.*2 days ago")


def test_errors_in_the_log(manager, serve):
    now = datetime.datetime.now(datetime.timezone.utc)

    def line(age_s, program, level, text):
        at = now - datetime.timedelta(seconds=age_s)
        return at.strftime("%Y-%m-%dT%H:%M:%S.000Z") + f" {program} {level}: {text}\n"

    old = line(9000, "custom-w2thive", "ERROR", "long ago")
    others = line(5, "slack", "ERROR", "hunter2x") + "# slack.py https://hooks/k3y-other\n\0\xff\n"
    manager.log.write_text(old + others + line(5, "custom-w2thive", "INFO", "hm"), "latin-1")
    code, checks = look(manager)
    assert (code, checks["log"]["state"]) == (0, "ok")
    warned = line(50, "custom-w2thive", "WARNING", "delivered without being stored first, the spool is full")
    manager.log.write_text(old + others + warned, "latin-1")
    assert_finding(look(manager), "log", 3, "degraded", "reported_error",
                   "1 warning in the last hour, the newest: delivered without being stored first")
    manager.log.write_text(warned + line(5, "custom-w2thive", "ERROR", "cannot connect to x"))
    assert_finding(look(manager), "log", 3, "degraded", "reported_error",
                   "1 error and 1 warning in the last hour, the newest: cannot connect")
    new = line(60, "custom-w2thive", "ERROR", "first") + line(5, "custom-w2thive", "ERROR", "cannot connect to x")
    manager.log.write_text("x" * 2_000_000 + "\n" + new)
    assert_finding(look(manager), "log", 3, "degraded", "reported_error", "2 errors in the last hour, the newest: cannot connect")


INDEXER = """<ossec_config>
  <indexer>
    <enabled>{enabled}</enabled>
    <hosts>{hosts}</hosts>
    <ssl>
      <certificate_authorities><ca>{ca}</ca></certificate_authorities>
      <certificate>{cert}</certificate>
      <key>{key}</key>
    </ssl>
  </indexer>
</ossec_config>
"""


@pytest.fixture(scope="module")
def proxy():
    made = nginx.Proxy()
    yield made
    made.close()


def indexer(proxy, hosts, enabled="yes", cert=None):
    cert = cert or proxy.dir / "valid.pem"
    return INDEXER.format(enabled=enabled, hosts="".join(f"<host>{host}</host>" for host in hosts), ca=proxy.ca,
                          cert=cert, key=proxy.dir / "valid.key")


def test_the_indexer_block(manager, proxy):
    good, dead = proxy.urls["valid"], f"https://localhost:{free_port()}"
    configure(manager, more=indexer(proxy, [good, good]))
    code, checks = look(manager)
    assert (code, checks["indexer block"]["state"]) == (0, "ok"), checks
    configure(manager, more=indexer(proxy, [good, dead]))
    assert_finding(look(manager), "indexer block", 3, "degraded", "unreachable", "1 of 2 hosts do not answer.*refused")
    configure(manager, more=indexer(proxy, [proxy.urls["expired"]]))
    assert_finding(look(manager), "indexer block", 3, "degraded", "unreachable", "certificate has expired")
    configure(manager, more=indexer(proxy, [good], cert="etc/filebeat.pem"))
    assert_finding(look(manager), "indexer block", 3, "degraded", "missing", "etc/filebeat.pem")
    configure(manager, more=indexer(proxy, []))
    assert_finding(look(manager), "indexer block", 3, "degraded", "configuration", "no <host>")
    configure(manager, more=indexer(proxy, [dead], enabled="no"))
    assert look(manager)[1]["indexer block"]["state"] == "skipped"


def test_the_certificates_of_the_indexer_block(manager, proxy):
    good = proxy.urls["valid"]
    configure(manager, more=indexer(proxy, [good], cert=proxy.dir / "expired.pem"))
    assert_finding(look(manager), "indexer block", 3, "degraded", "configuration", "expired.pem expired 24 hours ago")
    configure(manager, more=indexer(proxy, [good], cert=proxy.dir / "wrong_host.pem"))
    assert_finding(look(manager), "indexer block", 3, "degraded", "configuration",
                   "valid.key is not the key of .*wrong_host.pem")
    text = manager.path / "etc/no.pem"
    text.write_text("no certificate")
    configure(manager, more=indexer(proxy, [good], cert=text))
    assert_finding(look(manager), "indexer block", 3, "degraded", "configuration", "no certificate in PEM form")
    closed = manager.path / "etc/of root.pem"
    closed.write_text("")
    closed.chmod(0o600)
    configure(manager, more=indexer(proxy, [good], cert=closed))
    found = look(manager)[1]["indexer block"]
    assert found["state"] == "skipped" and found["next"].endswith(f"-in '{closed}'"), found
    configure(manager, more=indexer(proxy, [good], cert=text))
    # The indexer's own check reads the same block.
    check = tool.run("indexer", "check", "--url", "http://127.0.0.1:1", "-o", "json",
                     env={"SOCBRIDGE_WAZUH_HOME": str(manager.path)})
    [found] = [one for one in check.json()["components"][0]["checks"] if one["check"] == "indexer block"]
    assert (check.code, found["state"]) == (5, "degraded") and "no certificate" in found["detail"], check


def test_the_preset_needs_both(manager, thehive):
    home = {"SOCBRIDGE_WAZUH_HOME": str(manager.path)}
    configure(manager, url=thehive.url)
    result = tool.run("health", "wazuh-thehive", "-o", "json", env=home)
    # TheHive's address and key are found in the block.
    assert [report["component"] for report in result.json()["components"]] == ["wazuh", "thehive"]
    assert result.json()["components"][1]["url"] == thehive.url
    manager.write("etc/ossec.conf", "<ossec_config></ossec_config>")
    result = tool.run("health", "wazuh-thehive", env=home)
    assert result.code == 2 and "TheHive is not configured" in result.err


@pytest.mark.parametrize("status,code,state,cause", [(201, 0, "ok", "none"), (401, 4, "down", "auth")])
def test_what_the_last_delivery_met(manager, serve, status, code, state, cause):
    server = serve(lambda request: answer(status, {"_id": "~1", "type": "AuthenticationError", "message": "no"}))
    configure(manager, url=server.url, more="")
    text = (manager.path / "etc/ossec.conf").read_text()
    options = '<options>{"thehive_version":"5"}</options>'
    manager.write("etc/ossec.conf", text.replace("<level>", options + "<level>"))
    assert look(manager)[1]["delivery 1"]["detail"] == "nothing was sent yet"
    manager.run(make_alert(), key=KEY.format(home=manager.path), url=server.url, options='{"thehive_version":"5"}')
    manager.log.write_bytes(b"")
    assert_finding(look(manager), "delivery 1", code, state, cause, "TheHive (accepts alerts|refuses the key)")
    # To the minute; an alert that was refused is not a success.
    assert ("last alert delivered" in look(manager)[1]["delivery 1"]["detail"]) == (status == 201)
