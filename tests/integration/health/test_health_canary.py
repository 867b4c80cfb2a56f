# SPDX-License-Identifier: Apache-2.0
"""socctl health --canary: one alert through the whole chain, with nothing left behind."""

import hashlib
import json
import os
import signal
import time
import urllib.request

import pytest

import servers
import tool
from canary_run import alerts_left, install, run_canary
from conftest import make_alert
from entries import count
from integratord import AS_ROOT, GROUP, USER
from live_stream import call

pytestmark = pytest.mark.skipif(not AS_ROOT, reason="runs the integration as another user")
STAGES = ["integration", "alert", "observable", "job", "report", "clean-up"]


@pytest.fixture
def soc():
    with tool.Sandbox("cortex") as sandbox:
        yield sandbox


def states(stages):
    return [stages[name]["state"] for name in STAGES]


def test_its_job_counts_in_the_quota_though_it_was_deleted(soc, tmp_path):
    env = soc.env(SOCCTL_STATE_DIR=str(tmp_path))

    def left():
        rows = tool.run("cortex", "quota", "-o", "json", env=env).json()
        return next(row["left"] for row in rows if row["analyzer"].startswith("VirusTotal_GetReport"))
    before = left()
    result, stages = run_canary(env, "--canary-analyzer", "VirusTotal_GetReport")
    assert result.code == 0 and stages["job"]["detail"].startswith("VirusTotal_GetReport"), result
    assert left() == before - 1
    assert list((tmp_path / "quota").glob("*.deleted"))


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/etc/hostname")], ids=["FIFO", "link"])
def test_what_stops_the_spool_is_named(home, soc, make):
    install(home, soc.url)
    make(home.spool / "in-flight")
    os.chown(home.spool / "in-flight", USER, GROUP, follow_symlinks=False)
    result, stages = run_canary(soc.env(), "--canary-timeout", "3s", home=home)
    broken = [stage for stage in stages.values() if stage["state"] == "down"]
    assert (not broken and result.code == 0) or "in-flight" in broken[0]["detail"], result


def test_all_the_way_through_the_integration(home, soc):
    install(home, soc.url)
    result, stages = run_canary(soc.env(), home=home)
    assert result.code == 0, result
    assert list(stages) == STAGES and set(states(stages)) == {"ok"}
    assert "custom-w2thive accepted it in" in stages["integration"]["detail"]
    assert all(" ms" in stage["detail"] for stage in stages.values())
    assert alerts_left(soc) == [] and count(home) == 0


def test_a_key_in_the_block_is_on_no_command_line_and_in_no_file_left(home, soc, tmp_path):
    # The replacement program records its call; it needs no shell quoting of the key.
    install(home, soc.url, more="<options>{\"organisation\": \"sandbox\"}</options>")
    seen = home.path / "logs/seen"
    home.binary.write_text(f'#!/bin/sh\nfor word; do echo "$word" >> {seen}; done\ncat "${{2#file:}}" >> {seen}\nexit 9\n')
    result, stages = run_canary(soc.env(), home=home)
    words = seen.read_text().splitlines()
    assert words[0].startswith("/tmp/custom-w2thive-") and words[0].endswith(".alert")
    assert words[1].startswith("file:/tmp/") and words[2] == soc.url and words[4].endswith(".options")
    assert words[-1] == tool.KEY and tool.KEY not in words[:-1]
    assert stages["integration"]["state"] == "down" and "ended with 9" in stages["integration"]["detail"]
    assert states(stages)[1:5] == ["skipped"] * 4 and result.code == 5
    for name in (words[0], words[1].removeprefix("file:"), words[4]):
        assert not tmp_path.joinpath(name).exists()


def test_without_a_manager_here(soc):
    result, stages = run_canary(soc.env())
    assert result.code == 0, result
    assert "without a Wazuh manager" in stages["integration"]["detail"]
    assert alerts_left(soc) == []


def test_behind_named_components_and_as_junit(soc):
    result = tool.run("health", "thehive", "--canary", "-o", "junit",
                      env={**soc.env(), "SOCBRIDGE_WAZUH_HOME": "/nonexistent"})
    assert result.code == 0
    assert 'name="thehive"' in result.out and 'classname="health.canary" name="report"' in result.out


def test_thehive_down_leaves_nothing_in_the_spool(home, soc):
    dead = "http://127.0.0.1:1"
    install(home, dead)
    result, stages = run_canary({**soc.env(), "SOCCTL_THEHIVE_URL": dead}, "--canary-timeout", "2s", home=home)
    assert result.code == 5
    assert states(stages)[:3] == ["ok", "down", "skipped"]  # accepted, but not in TheHive
    assert stages["alert"]["cause"] == "unreachable"
    assert stages["clean-up"]["state"] in ("ok", "degraded")
    assert count(home) == 0


def test_a_wrong_key_is_named(home, soc):
    install(home, soc.url, key="wrong-key-000")
    result, stages = run_canary({**soc.env(), "SOCCTL_THEHIVE_KEY": "wrong-key-000"}, "--canary-timeout", "2s", home=home)
    assert (result.code, stages["alert"]["cause"]) == (4, "auth")
    assert count(home) == 0


def test_a_job_that_hangs_is_the_broken_stage_and_the_alert_is_gone(soc):
    with tool.Sandbox("cortex", rules=["cortex:status=500,method=POST"]) as sick:
        result, stages = run_canary(sick.env(), "--canary-timeout", "3s")
        assert result.code == 5
        assert [name for name in STAGES if stages[name]["state"] == "down"] in (["job"], ["report"])
        assert alerts_left(sick) == []


def test_ctrl_c_cleans_up(home):
    with tool.Sandbox("cortex", rules=["cortex:hang,method=POST", "delay=2000,path=/api/v1/connector/*"]) as slow:
        install(home, slow.url)
        process = tool.start("health", "--canary", "-o", "json",
                             env={**slow.env(), "SOCBRIDGE_WAZUH_HOME": str(home.path)})
        end = time.monotonic() + 20
        while not alerts_left(slow):
            assert time.monotonic() < end
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=40)
        assert process.returncode == 130
        stages = {one["check"]: one for one in json.loads(out)["components"][0]["checks"]}
        assert stages["clean-up"]["state"] == "ok", stages
        assert alerts_left(slow) == [] and count(home) == 0


def killed(soc, home=None, time_limit="2m"):
    """A run that dies by SIGKILL once its alert is in TheHive; the alert."""
    place = str(home.path) if home else "/nonexistent"
    process = tool.start("health", "--canary", "--canary-timeout", time_limit, "-o", "json",
                         env={**soc.env(), "SOCBRIDGE_WAZUH_HOME": place})
    end = time.monotonic() + 20
    while not alerts_left(soc):
        assert time.monotonic() < end and process.poll() is None
    process.kill()
    process.communicate(timeout=20)
    [left] = alerts_left(soc)
    return left


def put(soc, **fields):
    """An alert next to the canary's; by default with all marks of one."""
    body = {"type": "wazuh_alert", "source": "wazuh", "sourceRef": "1700000000.1-0123456789abcdef", "title": "t",
            "description": "d", "date": 1700000000000, "tags": ["wazuh", "rule:100998", "socbridge_canary"]}
    request = urllib.request.Request(f"{soc.url}/api/v1/alert", data=json.dumps({**body, **fields}).encode(),
                                     headers={"Authorization": f"Bearer {soc.key}", "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)["_id"]


def reference(seconds, nonce="4711"):
    """How the mapping names an alert of socctl's own."""
    alert_id = f"{seconds}.{nonce}"
    return f"{alert_id}-{hashlib.sha256(f'socctl{chr(10)}{chr(10)}{alert_id}'.encode()).hexdigest()[:16]}"


def made_earlier(sandbox, left, seconds):
    """The alert `left` as the same run would have created it this many seconds ago."""
    alert_id, _, digest = left["sourceRef"].partition("-")
    begun, _, nonce = alert_id.partition(".")
    assert left["sourceRef"] == reference(begun, nonce), "the reference of a canary is made as here"
    call(sandbox.url, sandbox.key, f"/api/v1/alert/{left['_id']}", method="DELETE")
    fields = {name: left[name] for name in ("title", "description", "tags", "type", "source")}
    put(sandbox, **fields, sourceRef=reference(int(begun) - seconds, nonce))
    [now] = alerts_left(sandbox)
    return now


SLOW = ["delay=60000,path=/api/v1/connector/*"]


def test_what_a_killed_run_left_is_taken_away_by_a_later_one(home):
    with tool.Sandbox("cortex", rules=SLOW) as slow:
        install(home, slow.url)
        left = killed(slow, home)
        # A killed run looks like an active one until its time limit plus 15 s for the clean-up has
        # passed.
        _, stages = run_canary(slow.env(), "--canary-timeout", "1s", home=home)
        assert "earlier canaries" not in stages
        assert [one["_id"] for one in alerts_left(slow)] == [left["_id"]]
        left = made_earlier(slow, left, 8)
        _, stages = run_canary(slow.env(), "--canary-timeout", "1s", home=home)
        assert "earlier canaries" not in stages
        assert [one["_id"] for one in alerts_left(slow)] == [left["_id"]]
        made_earlier(slow, left, 9)
        _, stages = run_canary(slow.env(), "--canary-timeout", "1s", home=home)
        assert stages["earlier canaries"]["state"] == "ok"
        assert stages["earlier canaries"]["detail"] == "1 canary of killed runs removed"
        assert alerts_left(slow) == [] and count(home) == 0


def test_version_4_too():
    with tool.Sandbox(version="4.1.24-1") as four:
        put(four, sourceRef=reference(1700000000))
        put(four, sourceRef=reference(int(time.time())))
        _, stages = run_canary(four.env())
        assert stages["earlier canaries"]["detail"].startswith("1 canary ") and len(alerts_left(four)) == 1


def test_only_canaries_of_old_are_taken_away(soc):
    old, now = 1700000000, int(time.time())
    gone = put(soc, sourceRef=reference(old))
    kept = {
        put(soc, sourceRef=reference(now)),                                  # still active
        put(soc),                                                            # its reference is not the digest
        put(soc, sourceRef=reference(old, "1"), source="other"),             # another source
        put(soc, sourceRef=reference(old, "2"), tags=["socbridge_canary"]),  # another tag
        put(soc, sourceRef=reference(old, "3"), tags=["rule:100998"]),
        put(soc, sourceRef=reference(old, "4"), tags=["wazuh"]),
    }
    result, stages = run_canary(soc.env())
    assert result.code == 0, result
    assert stages["earlier canaries"]["detail"].startswith("1 canary ")
    assert {one["_id"] for one in alerts_left(soc)} == kept and gone not in kept


def test_one_that_became_a_case_is_not_deleted(soc):
    alert = put(soc, sourceRef=reference(1700000000))
    assert tool.run("alert", "promote", alert, env=soc.env()).code == 0
    _, stages = run_canary(soc.env())
    assert "earlier canaries" not in stages
    assert [one["_id"] for one in alerts_left(soc)] == [alert]


def test_one_that_cannot_be_deleted_is_reported(soc):
    with tool.Sandbox("cortex", rules=["status=403,method=DELETE,path=/api/v1/alert/*,first=1"]) as sick:
        put(sick, sourceRef=reference(1700000000))
        result, stages = run_canary(sick.env())
        assert (stages["earlier canaries"]["state"], stages["earlier canaries"]["cause"]) == ("degraded", "auth")
        assert stages["clean-up"]["state"] == "ok"
        assert result.code == 4


def test_an_old_canary_in_the_spool_is_taken_out(home, soc):
    install(home, "http://127.0.0.1:1")
    process = tool.start("health", "--canary", "-o", "json",
                         env={**soc.env(), "SOCBRIDGE_WAZUH_HOME": str(home.path)})
    tool.wait_until(lambda: "not delivered" in home.log_text(), what="the end of custom-w2thive")
    process.kill()
    process.communicate(timeout=20)
    [entry] = (home.spool / "queue").glob("*.alert")
    entry.rename(entry.with_name(f"{int(entry.name.split('-')[0].split('.')[0]) - 3_600_000}"
                                 + entry.name[13:]))
    assert home.run(make_alert(), key=tool.KEY, url="http://127.0.0.1:1").code == 0
    install(home, soc.url)
    _, stages = run_canary(soc.env(), home=home)
    assert stages["earlier canaries"]["detail"].startswith("1 canary ")
    assert b"socbridge_canary" not in b"".join(file.read_bytes() for file in home.spool.rglob("*.alert"))


def test_a_filter_that_stops_it(home, soc):
    install(home, soc.url)
    home.configure(exclude=[{"group": "socbridge_canary"}])
    result, stages = run_canary(soc.env(), home=home)
    assert "the mapping does not forward it" in stages["integration"]["detail"]
    assert stages["integration"]["cause"] == "configuration"
    assert result.code != 0
    assert alerts_left(soc) == []


def test_no_cortex_is_not_a_failure(thehive):
    env = {"SOCCTL_THEHIVE_URL": thehive.url, "SOCCTL_THEHIVE_KEY": tool.KEY}
    with tool.Sandbox() as alone:
        result, stages = run_canary({**env, **alone.env()})
        assert stages["observable"]["state"] == "ok"
        assert stages["job"]["state"] == stages["report"]["state"] == "skipped"
        assert result.code == 0


def cortex_apart(soc, thehive):
    """A TheHive without Cortex, and a Cortex that is configured for socctl."""
    return {**thehive.env(), "SOCCTL_CORTEX_URL": soc.urls["cortex"], "SOCCTL_CORTEX_KEY": soc.key}


def test_directly_where_thehive_has_no_cortex(soc):
    with tool.Sandbox() as alone:
        result, stages = run_canary(cortex_apart(soc, alone))
        assert result.code == 0, result
        assert stages["job"]["detail"].startswith("MaxMind_GeoIP_4_0 directly in ")
        assert "reported" in stages["report"]["detail"]
        jobs = tool.run("cortex", "job", "list", "-o", "jsonl", env=soc.env()).jsonl()
        assert [job for job in jobs if job["status"] != "Deleted"] == []  # taken out of the list
        _, stages = run_canary(cortex_apart(soc, alone), "--canary-analyzer", "AbuseIPDB")
        assert stages["job"]["detail"].startswith("AbuseIPDB_2_0 directly")
        result, stages = run_canary(cortex_apart(soc, alone), "--canary-analyzer", "Missing")
        assert stages["job"]["state"] == "down" and "named Missing" in stages["job"]["detail"]
        result, stages = run_canary({**cortex_apart(soc, alone), "SOCCTL_CORTEX_KEY": "wrong"})
        assert (result.code, stages["job"]["cause"]) == (4, "auth")
        assert alerts_left(alone) == []


def test_a_job_that_is_lost_sight_of():
    with tool.Sandbox() as alone, tool.Sandbox("cortex", rules=["cortex:status=500,path=/api/job/*"]) as sick:
        result, stages = run_canary(cortex_apart(sick, alone), "--canary-timeout", "3s")
        assert (result.code, stages["report"]["state"], stages["report"]["cause"]) == (5, "down", "unreachable")


def test_it_needs_thehive():
    result, _ = run_canary({})
    assert result.code == 2 and "needs TheHive" in result.err


def test_a_server_that_never_has_the_alert(home):
    accepting = servers.Server(lambda request: servers.answer(
        201 if request.method == "POST" else 404, {"_id": "~1", "type": "NotFoundError", "message": "no"}))
    install(home, accepting.url, more="<options>{\"thehive_version\": \"5\"}</options>")
    result, stages = run_canary({"SOCCTL_THEHIVE_URL": accepting.url, "SOCCTL_THEHIVE_KEY": tool.KEY},
                       "--canary-timeout", "1s", home=home)
    accepting.close()
    assert stages["alert"]["state"] == "down" and stages["alert"]["cause"] == "missing", stages
    assert result.code == 5


def test_each_destination_gets_it_and_deletes_it(home, soc):
    """Also where the rules send it already; a destination that is down is named, and no other is held up."""
    with tool.Sandbox(key="acme-key-0123456789") as acme:
        install(home, soc.url)
        home.write("etc/acme.key", acme.key + "\n")
        destinations = {"acme": {"url": acme.url, "api_key": "file:etc/acme.key"},
                        "down": {"url": "http://127.0.0.1:9", "api_key": "file:etc/acme.key"}}
        for rules in ([], [{"set": {"destination": ["default", "acme"]}}]):
            home.write("etc/w2thive.json", json.dumps({"destinations": destinations, "rules": rules}))
            result, stages = run_canary(soc.env(), home=home)
            assert states(stages) == ["ok"] * 6, stages
            assert stages["destination acme"]["state"] == "ok", stages
            assert "created, found and deleted" in stages["destination acme"]["detail"]
            assert stages["destination down"]["state"] == "down" and result.code != 0
            assert alerts_left(soc) == []
            left = tool.run("alert", "list", "-o", "jsonl", env={"SOCCTL_THEHIVE_URL": acme.url,
                                                                  "SOCCTL_THEHIVE_KEY": acme.key})
            assert left.jsonl() == []
        home.write("etc/w2thive.json", json.dumps({"destinations": {"acme": destinations["acme"]},
                                                   "rules": [{"set": {"destination": "acme"}}]}))
        result, stages = run_canary(soc.env(), home=home)
        assert "do not send it to the destination default" in stages["integration"]["detail"]
