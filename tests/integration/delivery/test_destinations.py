# SPDX-License-Identifier: Apache-2.0
"""One alert to one TheHive or to several, by rules: each with its own key, circuit breaker, queue and counts."""

import collections
import json
import shutil
import signal
import time

import pytest

import spool_env
import tool
from conftest import make_alert
from entries import count, in_state
from integratord import AS_ROOT
from servers import HANG, TheHive, answer
from spool_env import socctl
from tenants import (ACME_KEY, BOTH, close_all, configure, destinations, foreign, make_all, relay_until_empty, share,
                     stats, waiting)


@pytest.fixture(name="tenants")
def three_tenants():
    made = make_all()
    yield made
    close_all(made)


# Where alerts go -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delivery", ["direct", "queue"])
def test_by_agent_group_label_and_field(home, tenants, delivery):
    top, acme, beta = tenants
    configure(home, tenants, [
        {"match": {"agent_group": "dmz"}, "set": {"destination": "acme"}},
        {"match": {"path": "data.tenant"}, "set": {"destination": {"from": "data.tenant", "map": {"b*": "beta"}}}},
        {"match": {"label": {"customer": "*"}}, "set": {"destination": "{agent.labels.customer}"}}], delivery=delivery)
    agent = {"id": "003", "name": "web-01", "ip": "192.0.2.7"}
    for number, more in enumerate([
            {}, {"agent": {**agent, "labels": {"group": "dmz,web"}}}, {"data": {"tenant": "b-4711"}},
            {"agent": {**agent, "labels": {"customer": "beta"}}}]):
        assert home.run(make_alert(number, **more)).code == 0
    if delivery == "queue":
        assert waiting(home) == ["", "acme", "beta", "beta"]
        assert socctl(home, "relay", "--once").code == 0
    assert (len(top.alerts), len(acme.alerts), len(beta.alerts)) == (1, 1, 2)
    assert [one.headers.get("x-organisation") for one in beta.creates()] == ["beta", "beta"]
    assert acme.creates()[0].headers.get("x-organisation") is None
    assert count(home) == 0 and home.log_text() == ""


@pytest.mark.parametrize("delivery", ["direct", "queue"])
def test_one_alert_to_two_has_the_same_reference_in_each(home, tenants, delivery):
    top, acme, _ = tenants
    configure(home, tenants, [BOTH], delivery=delivery)
    run = home.run(make_alert(1), debug=True)
    assert run.code == 0
    if delivery == "queue":
        assert waiting(home) == ["", "acme"]
        assert {alert for _, alert, _ in in_state(home)} == {make_alert(1)}
        assert socctl(home, "relay", "--once").code == 0
        assert not AS_ROOT or foreign(home) == set()
    else:
        assert run.output.decode().startswith("custom-w2thive: acme: created (alert 1741938001.1201, rule 5763); created")
    assert top.references() == acme.references() and len(top.alerts) == 1
    assert home.run(make_alert(1)).code == 0  # again: existing in both
    socctl(home, "relay", "--once")
    assert len(top.alerts) == len(acme.alerts) == 1
    assert (share(home, "acme")["created"], share(home, "acme")["duplicate"]) == (1, 1)
    assert (share(home, "default")["created"], share(home, "default")["duplicate"]) == (1, 1)
    [total] = [row for row in stats(home) if row["kind"] == "alerts"]
    assert (total["created"], total["duplicate"]) == (2, 2)


def test_a_name_that_is_not_configured_goes_to_the_top(home, tenants):
    configure(home, tenants, [{"set": {"destination": "{agent.labels.customer}"}}])
    agent = {"id": "003", "name": "web-01", "labels": {"customer": "newco"}}
    assert home.run(make_alert(1, agent=agent)).code == 0
    assert len(tenants[0].alerts) == 1
    assert 'there is no destination "newco"; the alert goes to default' in home.log_text()
    assert home.run(make_alert(2)).code == 0  # without the label: no rule selects a destination
    assert len(tenants[0].alerts) == 2 and len(home.log_text().splitlines()) == 1


# One of them fails -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [["acme", "default"], ["default", "acme"]], ids=" ".join)
@pytest.mark.parametrize("how", ["silent", "503"])
def test_one_is_down_and_the_other_gets_it_at_once(home, tenants, how, order):
    top, acme, _ = tenants
    acme.before = lambda request: HANG if how == "silent" else answer(503, {})
    configure(home, tenants, [{"set": {"destination": order}}], budget_ms=1000)
    run = home.run(make_alert(1))
    assert run.code == 0
    assert len(top.alerts) == 1 and acme.alerts == {}
    assert waiting(home) == ["acme"]
    acme.before = None
    relay_until_empty(home)
    assert len(top.creates()) == 1 and acme.references() == top.references()
    assert share(home, "acme")["postponed"] >= 1 and share(home, "default")["postponed"] == 0


def test_the_next_alert_takes_along_what_waits_for_another_destination(home, tenants):
    top, acme, _ = tenants
    acme.before = lambda request: answer(503, {})
    configure(home, tenants, [BOTH])
    assert home.run(make_alert(1)).code == 0
    assert waiting(home) == ["acme"]
    acme.before = None
    time.sleep(0.4)
    for number in range(2, 12):
        assert home.run(make_alert(number)).code == 0
        if not count(home):
            break
        time.sleep(0.3)
    assert sorted(acme.references()) == sorted(top.references())


def test_a_refused_key_stops_its_own_destination_alone(home, tenants):
    top, acme, beta = tenants
    acme.refuse_key = True
    configure(home, tenants, [{"set": {"destination": ["acme", "beta"]}}], auth_probe_ms=60000)
    for number in range(4):
        assert home.run(make_alert(number)).code == 0
    assert waiting(home) == ["acme"] * 4 and len(beta.alerts) == 4 and top.alerts == {}
    asked = len(acme.requests)
    assert home.run(make_alert(9)).code == 0
    assert len(acme.requests) == asked and len(beta.alerts) == 5
    states = {row.get("name"): row["state"] for row in stats(home) if row["kind"] == "destination"}
    assert states == {None: "unknown", "acme": "auth", "beta": "closed"}
    assert socctl(home, "relay", "--once").code == 4
    assert len(acme.requests) == asked
    acme.refuse_key = False
    flushed = socctl(home, "queue", "flush", "--destination", "acme")
    assert flushed.code == 0 and "accepts the key again" in flushed.err
    relay_until_empty(home)
    assert sorted(acme.references()) == sorted(beta.references())


def test_a_key_file_that_cannot_be_used_stops_its_own_destination_alone(home, tenants):
    top, acme, beta = tenants
    configure(home, tenants, [{"set": {"destination": ["acme", "beta"]}}])
    (home.path / "etc/acme.key").chmod(0o644)
    run = home.run(make_alert(1), debug=True)
    assert run.code == 2 and "acme.key" in run.output.decode() and ACME_KEY not in run.output.decode()
    assert len(beta.alerts) == 1 and acme.requests == [] and waiting(home) == ["acme"]
    assert socctl(home, "relay", "--once").code == 2
    (home.path / "etc/acme.key").chmod(0o640)
    relay_until_empty(home)
    assert len(acme.alerts) == len(beta.alerts) == 1


def test_relay_goes_on_with_one_while_the_other_is_down(home, tenants):
    top, acme, _ = tenants
    acme.before = lambda request: answer(503, {})
    configure(home, tenants, [BOTH], delivery="queue")
    for number in range(30):
        assert home.run(make_alert(number)).code == 0
    assert socctl(home, "relay", "--once").code == 5
    assert len(top.alerts) == 30 and waiting(home) == ["acme"] * 30
    acme.before = None
    relay_until_empty(home)
    assert sorted(acme.references()) == sorted(top.references())
    assert len(top.creates()) == len(top.alerts) == len(acme.alerts) == 30


# No loss, no duplicates -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("victim", ["custom-w2thive", "relay"])
@pytest.mark.parametrize("created", [True, False], ids=["created", "not created"])
def test_killed_in_the_middle(home, tenants, victim, created):
    """The first destination has received the request and not answered when the process is killed."""
    top, acme, _ = tenants
    configure(home, tenants, [BOTH], delivery="direct" if victim == "custom-w2thive" else "queue")

    def hang(request):
        if request.path != "/api/v1/alert":
            return None
        if created:
            TheHive._answer(acme, request)
        return HANG

    acme.before = hang
    if victim == "custom-w2thive":
        child = home.start(make_alert(1))
        process = child.process
    else:
        assert home.run(make_alert(1)).code == 0
        process = tool.start("relay", env=spool_env.env(home))
    tool.wait_until(lambda: acme.creates(), what="the request")
    if victim == "relay":
        tool.wait_until(lambda: top.alerts, what="the other destination")
    process.send_signal(signal.SIGKILL)
    child.wait() if victim == "custom-w2thive" else process.communicate()
    acme.before = None
    assert "acme" in waiting(home)
    relay_until_empty(home, 60)
    assert top.references() == acme.references() and len(top.alerts) == 1
    assert len(top.creates()) == 1
    assert len(acme.creates()) == (1 if created else 2)
    assert share(home, "acme")["created"] == 1 and share(home, "default")["created"] == 1


def traced(*arguments):
    return ("strace", "-qq", *(("-u", "nobody") if AS_ROOT else ()), *arguments)


CALLS = ("write", "fsync", "rename", "renameat", "unlink", "unlinkat", "connect", "sendto", "recvfrom", "pwrite64",
         "exit_group")


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_killed_before_each_system_call(home, tenants, tmp_path):
    """An accepted alert is at both destinations in the end, once; one that was not accepted can be passed again."""
    top, acme, _ = tenants
    configure(home, tenants, [BOTH], settle_ms=0)
    assert home.run(make_alert(0)).code == 0
    trace = tmp_path / "trace"
    assert home.run(make_alert(1), wrapper=traced("-o", str(trace))).code == 0
    seen = collections.Counter(line.split("(")[0] for line in trace.read_text().splitlines())
    points = [(name, when) for name in CALLS for when in range(1, seen[name] + 1)]
    assert len(points) > 20 and seen["fsync"] >= 3
    ends = collections.Counter()
    for number, (name, when) in enumerate(points, 2):
        run = home.run(make_alert(number), wrapper=traced(
            "-o", "/dev/null", f"-e", f"trace={name}", "-e", f"inject={name}:signal=KILL:when={when}"))
        ends["accepted" if run.code == 0 else "killed"] += 1
        if waiting(home) == ["", "acme"]:
            ends["both wait"] += 1
        if run.code != 0 and not waiting(home):
            ends["nothing waits"] += 1
        relay_until_empty(home)
        again = home.run(make_alert(number))
        assert again.code == 0 and count(home) == 0
        reference = f"1741938001.{1200 + number}-"
        for server in (top, acme):
            assert len([one for one in server.references() if one.startswith(reference)]) == 1, (name, when)
    assert ends["killed"] > 10 and ends["both wait"] and ends["nothing waits"], ends


def test_nothing_is_accepted_if_one_entry_cannot_be_stored(home, tenants):
    """The bound of the spool has room for one of two."""
    top, acme, _ = tenants
    configure(home, tenants, [BOTH], delivery="queue", spool_max_entries=1)
    run = home.run(make_alert(1))
    assert run.code != 0 and count(home) == 0
    configure(home, tenants, [BOTH], delivery="direct", spool_max_entries=1)
    assert home.run(make_alert(1)).code == 0  # sent without being stored first
    assert len(top.alerts) == len(acme.alerts) == 1
    acme.before = lambda request: answer(503, {})
    run = home.run(make_alert(2), debug=True)
    assert run.code != 0 and b"acme: not delivered and not stored" in run.output
    assert len(top.alerts) == 2 and count(home) == 0


def test_a_waiting_entry_keeps_its_destination(home, tenants):
    top, acme, beta = tenants
    configure(home, tenants, [BOTH], delivery="queue")
    assert home.run(make_alert(1)).code == 0
    configure(home, tenants, [{"set": {"destination": "beta"}}], delivery="queue")
    assert socctl(home, "relay", "--once").code == 0
    assert len(top.alerts) == len(acme.alerts) == 1 and beta.alerts == {}


def test_a_destination_that_is_gone_keeps_its_alerts(home, tenants):
    top, acme, _ = tenants
    configure(home, tenants, [BOTH], delivery="queue")
    assert home.run(make_alert(1)).code == 0
    only_beta = {"beta": destinations(tenants)["beta"]}
    configure(home, tenants, [], delivery="queue", destinations=only_beta)
    result = socctl(home, "relay", "--once")
    assert result.code != 0 and 'there is no destination "acme"' in result.err
    assert len(top.alerts) == 1 and waiting(home) == ["acme"] and acme.requests == []
    [shown] = socctl(home, "queue", "show", *spool_env.ids(home), "-o", "json").json()
    assert shown["destination"] == "acme" and 'no destination "acme"' in shown["not_mapped"]
    configure(home, tenants, [BOTH], delivery="queue")
    relay_until_empty(home)
    assert len(acme.alerts) == 1


@pytest.mark.parametrize("delivery", ["direct", "queue"])
def test_what_came_with_a_broken_configuration_goes_where_the_corrected_rules_say(home, tenants, delivery):
    top, acme, _ = tenants
    configure(home, tenants, [BOTH], delivery=delivery, min_levl=3)
    assert home.run(make_alert(1)).code == 2
    assert waiting(home) == ["?"]
    assert socctl(home, "relay", "--once").code == 2
    assert waiting(home) == ["?"]
    configure(home, tenants, [BOTH], delivery=delivery)
    relay_until_empty(home)
    assert len(acme.alerts) == len(top.alerts) == 1 and acme.references() == top.references()


def test_groups_are_counted_for_each_destination(home, tenants):
    top, acme, _ = tenants
    configure(home, tenants, [
        {"match": {"path": "data.srcport", "equals": "1"}, "set": {"destination": ["acme", "default"]}},
        {"match": {"path": "data.srcport", "equals": "2"}, "set": {"destination": "default"}}], delivery="queue",
        group_by=["rule.id"])
    assert home.run(make_alert(1, data={"srcip": "203.0.113.9", "srcport": "1"})).code == 0
    assert home.run(make_alert(2, data={"srcip": "203.0.113.10", "srcport": "2"})).code == 0
    folder = home.spool / "state/buckets"
    relay_until_empty(home)
    assert len(top.alerts) == len(acme.alerts) == 1 and top.references() == acme.references()
    members = sorted(text.count("\nm ") + text.startswith("m ")
                     for text in (path.read_text() for path in folder.iterdir()))
    assert members == [1, 2]


def test_each_set_of_destinations_has_its_own_summary(home, tenants):
    top, acme, beta = tenants
    configure(home, tenants, [
        {"match": {"path": "data.srcport", "equals": "1"}, "set": {"destination": ["acme", "beta"]}},
        {"match": {"path": "data.srcport", "equals": "2"}, "set": {"destination": "default"}}], delivery="queue",
        rate_cap={"by": ["rule.id"], "max": 1, "per": "10s"})
    for number in range(6):
        data = {"srcip": "203.0.113.9", "srcport": str(1 + number % 2)}
        assert home.run(make_alert(number, data=data)).code == 0
    assert waiting(home) == ["", "", "acme", "acme", "beta", "beta"]  # the first of each, and a summary
    relay_until_empty(home)
    assert len(top.alerts) == 2 and sorted(acme.references()) == sorted(beta.references())
    assert not set(acme.references()) & set(top.references())


def test_a_missing_key_file_of_the_top_level_hides_no_spool(home, tenants):
    """There is not an integration block with the location of the spool, as on a machine with a relay only."""
    _, acme, _ = tenants
    configure(home, tenants, [{"match": {"group": "sshd"}, "set": {"destination": "acme"}}], delivery="queue",
              api_key="file:etc/none.key")
    assert home.run(make_alert(1)).code == 0
    listed = socctl(home, "queue", "list", "-o", "json")
    assert listed.code == 0 and len(listed.json()) == 1, listed
    sent = socctl(home, "relay", "--once")
    assert sent.code == 0 and len(acme.alerts) == 1, sent
