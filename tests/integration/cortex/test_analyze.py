# SPDX-License-Identifier: Apache-2.0
"""socctl analyze --new: rules, once each, in parallel, after crashes."""

import json
import signal
import subprocess
import time

import golden
import tool
from cases import Hive
from tool import wait_until

RULES = {
    "analysis": {
        "exclude": ["203.0.113.9", "*.corp.example"],
        "rules": {
            "addresses": {"types": ["ip"], "analyzers": ["AbuseIPDB", "MaxMind_GeoIP"]},
            "severe names": {"types": ["domain"], "min_severity": "high", "tags": ["wazuh"], "analyzers": ["URLhaus"]},
        },
    }
}


def configure(hive, rules=None):
    path = f"{hive.folder.name}/config.json"
    with open(path, "w", encoding="utf-8") as file:
        json.dump(rules or RULES, file)
    return ("--profile", path)


def fill(hive, count=1, first=20, **more):
    for i in range(count):
        hive.alert(f"n-{first + i}", observables=[{"dataType": "ip", "data": f"203.0.113.{first + i}"}], **more)


def jobs(hive):
    answer = hive.post("query", query=[{"_name": "listJob"}])
    return sorted((job["case_artifact"]["data"], job["analyzerName"]) for job in answer)


def test_rules_decide_and_nothing_is_done_twice():
    with Hive() as hive:
        profile = configure(hive)
        hive.alert("a", observables=[{"dataType": "ip", "data": "203.0.113.7"}, {"dataType": "ip", "data": "10.0.0.1"},
                                     {"dataType": "ip", "data": "203.0.113.9"},
                                     {"dataType": "domain", "data": "evil.example"},
                                     {"dataType": "ip", "data": "203.0.113.8", "tlp": 4}])
        hive.alert("b", severity=1, observables=[{"dataType": "domain", "data": "odd.example"}])
        new = ("analyze", "--new", *profile)
        golden.check("analyze-dry.table", hive.run(*new, "--since", "1h", "--dry-run", "-o", "table").out)
        assert jobs(hive) == []
        first = hive.run(*new, "--since", "1h", "-o", "jsonl")
        assert first.code == 0
        golden.check("analyze.jsonl", first.out)
        expected = [("203.0.113.7", "AbuseIPDB_2_0"), ("203.0.113.7", "MaxMind_GeoIP_4_0"),
                    ("evil.example", "URLhaus_2_0")]
        assert jobs(hive) == expected
        reasons = {row["value"]: row.get("reason") for row in first.jsonl() if row["result"] == "skipped"}
        assert reasons == {"10.0.0.1": "a private address, unknown outside the network",
                           "203.0.113.9": '"exclude" holds 203.0.113.9', "203.0.113.8": "TLP red is above amber"}
        second = hive.run(*new)
        assert (second.code, second.out) == (0, "")
        wait_until(lambda: all(job["status"] == "Success" for job in hive.post("query", query=[{"_name": "listJob"}])),
                   what="the end of the jobs")
        golden.check("analyze-again.json", hive.run(*new, "--since", "1h", "-o", "json").out)
        golden.check("analyze-again.pipe", hive.run(*new, "--since", "1h").out)
        assert jobs(hive) == expected
        fill(hive)
        assert hive.run(*new).code == 0
        assert len(jobs(hive)) == 5
        assert "0 new observables" in hive.terminal(*new).out


def test_the_first_run_begins_now():
    with Hive() as hive:
        profile = configure(hive)
        fill(hive)
        time.sleep(0.05)
        assert hive.run("analyze", "--new", *profile).out == ""
        assert jobs(hive) == []


def test_eight_at_once_and_some_killed():
    with Hive() as hive:
        profile = configure(hive)
        fill(hive, 30)
        args = [str(tool.BIN), "analyze", "--new", "--since", "1h", *profile]
        env = {**tool.BASE_ENV, **hive.env}
        running = [subprocess.Popen([*args, "--state", f"{hive.folder.name}/{i % 4}.json"], env=env,
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for i in range(8)]
        for process in running[:4]:
            time.sleep(0.15)
            process.send_signal(signal.SIGKILL)
        for process in running:
            process.wait(timeout=120)
        assert hive.run(*args[1:], "--state", f"{hive.folder.name}/0.json").code == 0
        seen = jobs(hive)
        assert len(seen) == 60
        assert len(set(seen)) == 60


def test_follow_goes_on_through_an_outage_and_stops_cleanly():
    with Hive(rules=["status=503,path=/api/v1/query,after=4,first=4"]) as hive:
        profile = configure(hive)
        process = tool.start("analyze", "--new", "--follow", "--since", "1h", "--interval", "1s", "-o", "jsonl", *profile,
                             env=hive.env)
        try:
            deadline = time.monotonic() + 60
            made = 0
            while time.monotonic() < deadline and made < 6:
                try:
                    fill(hive, 1, 30 + made)
                    made += 1
                except AssertionError:
                    pass
                time.sleep(0.3)
            while time.monotonic() < deadline:
                try:
                    if len(jobs(hive)) == 12:
                        break
                except AssertionError:
                    pass
                time.sleep(0.3)
            assert len(jobs(hive)) == 12
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=30)
            assert process.returncode == 0, err.decode()
            assert len(out.decode().splitlines()) == 12
        finally:
            process.kill()
            process.wait()


def test_a_rule_that_names_no_analyzer_is_refused():
    with Hive() as hive:
        rules = {"analysis": {"rules": {"r": {"analyzers": ["AbuseIPBD"]}}}}
        result = hive.run("analyze", "--new", *configure(hive, rules))
        assert result.code == 2
        assert 'rule "r": Cortex has no enabled analyzer "AbuseIPBD"; did you mean AbuseIPDB?' in result.err


def test_presets_of_the_configuration():
    with Hive() as hive:
        rules = {"presets": {"mine": ["AbuseIPDB"]}, "analysis": {"rules": {"r": {"preset": "mine"}}}}
        profile = configure(hive, rules)
        fill(hive)
        assert hive.run("analyze", "--new", "--since", "1h", *profile).code == 0
        assert [name for _, name in jobs(hive)] == ["AbuseIPDB_2_0"]
        hive.case()
        hive.post("case/1/observable", dataType="ip", data="203.0.113.7")
        assert hive.run("case", "analyze", "1", "--preset", "mine", *profile).code == 0
        assert len(jobs(hive)) == 2


def test_the_quota_holds_for_eight_at_once_and_the_rest_waits():
    with Hive() as hive:
        profile = configure(hive, {"analysis": {"rules": {"r": {"types": ["ip"], "analyzers": ["AbuseIPDB"]}}}})
        fill(hive, 12)
        env = {**tool.BASE_ENV, **hive.env}
        running = [subprocess.Popen([str(tool.BIN), "analyze", "--new", "--since", "1h", *profile, "--state",
                                     f"{hive.folder.name}/{i}.json", "--quota", "AbuseIPDB=5/day"], env=env, stdout=subprocess.DEVNULL,
                                    stderr=subprocess.DEVNULL) for i in range(8)]
        codes = [process.wait(timeout=120) for process in running]
        assert len(jobs(hive)) == 5
        assert set(codes) == {3}
        late = hive.run("analyze", "--new", *profile, "--state", f"{hive.folder.name}/0.json", "--quota",
                        "AbuseIPDB=none")
        assert late.code == 0
        # No request before its time: the postponed job is due tomorrow.
        assert len(jobs(hive)) == 5
        state = json.loads(open(f"{hive.folder.name}/0.json", encoding="utf-8").read())
        assert len(state["pending"]) == 7
        assert all(at > time.time() * 1000 + 80000000 for at in state["pending"].values())
