# SPDX-License-Identifier: Apache-2.0
"""socctl cortex, every verb, against the sandbox's Cortex, as a person and as a program see it."""

import json
import os
import re
import shutil
import signal
import threading
import time
import urllib.request

import pytest

import golden
import tool
from cluster import RIGHTS, kubeconfig
from cortex_sandbox import Cortex, write


@pytest.fixture
def cortex(place):
    with Cortex(place) as running:
        yield running


def hide(text):
    """Values that differ from run to run, and progress lines, which depend on the clock."""
    text = re.sub(r"\r[^\r\n]*\x1b\[K", "", text)
    return re.sub(r"http://127\.0\.0\.1:\d+", "http://CORTEX", re.sub(r"socctl-[0-9a-f]{16}-", "socctl-BATCH-", text))


def shown(name, result, code=0):
    assert result.code == code, result
    golden.check("cortex-" + name, hide(result.out))


IN_ALL_FORMS = [("pipe", ()), ("table", ("-o", "table")), ("json", ("-o", "json")), ("jsonl", ("-o", "jsonl"))]


def all_forms(cortex, name, *args):
    for form, option in IN_ALL_FORMS:
        shown(f"{name}.{form}", cortex.run(*args, *option))
    shown(f"{name}.terminal", cortex.on_terminal(*args))


def test_analyzers(cortex):
    all_forms(cortex, "analyzers", "analyzers")
    assert {row[0] for row in cortex.run("analyzers", "--type", "file").rows()} == {
        "FileInfo_8_0", "VirusTotal_GetReport_3_1"}
    assert cortex.run("analyzers", "--type", "regexp").out == ""
    assert cortex.run("analyzers", "--type", "IPv4").rows() == cortex.run("analyzers", "--type", "ip").rows()


def test_types_are_known_by_many_words(cortex):
    for word in ("IP", "IPv4", "ip"):
        planned = cortex.run("submit", "203.0.113.7", "--type", word, "--dry-run", "--analyzer", "AbuseIPDB", "-o", "jsonl")
        assert (planned.code, [row["dataType"] for row in planned.jsonl()]) == (0, ["ip"]), word


def test_a_list_of_another_format(cortex, tmp_path):
    rule = tmp_path / "sigma.yml"
    rule.write_text("title: a rule\ndetection:\n")
    nothing = cortex.run("submit", "-f", rule)
    assert nothing.code != 0 and ':1: "title: a rule" is not an observable' in nothing.err


def test_status_and_quota(cortex):
    all_forms(cortex, "status", "status")
    all_forms(cortex, "quota", "quota")


def test_submit_and_wait(cortex):
    values = ["203[.]0.113.66", "hxxps://evil[.]example/x", "odd.example", "bad0" + "1" * 60]
    args = ["submit", *values, "--wait", "--parallel", "1"]
    all_forms(cortex, "submit-wait", *args)
    levels = {(row[1], row[3]): row[5] for row in cortex.run(*args).rows()}
    assert levels["203.0.113.66", "AbuseIPDB_2_0"] == "malicious"
    # Verdicts that the analyzer's own summary omits.
    assert levels["https://evil.example/x", "URLhaus_2_0"] == "malicious"
    assert levels["odd.example", "VirusTotal_GetReport_3_1"] == "suspicious"


def test_submit_without_waiting(cortex):
    result = cortex.run("submit", "203.0.113.7", "--analyzer", "abuseipdb", "--message", "case 7", "-o", "json")
    assert result.code == 0
    [job] = result.json()
    assert job["dataType"] == "ip" and job["message"] == "case 7" and job["tlp"] == 2
    assert cortex.run("job", "wait", job["id"]).code == 0
    all_forms(cortex, "job-show", "job", "show", job["id"])
    all_forms(cortex, "job-report", "job", "report", job["id"])
    all_forms(cortex, "job-wait", "job", "wait", job["id"])
    all_forms(cortex, "job-list", "job", "list", "--value", "203.0.113.7")
    assert cortex.run("job", "wait", "-", stdin=job["id"] + "\n").rows()[0][0] == job["id"]
    shown("job-cancel-dry-run.pipe", cortex.run("job", "cancel", job["id"], "--dry-run"))
    all_forms(cortex, "job-cancel", "job", "cancel", job["id"])
    gone = cortex.run("job", "list", "--status", "deleted")
    assert (gone.code, gone.out) == (2, "")
    assert "Cortex lists no deleted jobs; one of them is shown by socctl cortex job show JOB" in gone.err


def test_dry_run_submits_nothing(cortex):
    all_forms(cortex, "submit-dry-run", "submit", "203.0.113.7", "--preset", "reputation", "--dry-run")
    assert cortex.jobs() == []


def test_a_file_is_uploaded(cortex, place):
    path = write(place, "evil.exe", "MZ")
    result = cortex.run("submit", "@" + path, "--analyzer", "FileInfo", "--wait", "-o", "json")
    assert result.code == 0, result
    [job] = result.json()
    assert job["attachment"]["name"] == "evil.exe" and job["attachment"]["size"] == 2
    sections = job["report"]["full"]["results"][0]["results"]
    assert [one["submodule_section_content"].get("size") for one in sections] == [None, 2]
    assert place not in result.out


def test_lists_in_every_form(cortex, place):
    lines = write(place, "a.txt", "203.0.113.1\n# no\n\nexample.org\n")
    table = write(place, "b.csv", "note,ioc,type\nx,203.0.113.2,ip\n")
    objects = write(place, "c.jsonl", '{"data":"203.0.113.3","dataType":"ip"}\n"example.net"\n{broken\n')
    result = cortex.run("submit", "-f", lines, "-f", table, "-f", objects, "-", "--analyzer", "URLhaus", "-o",
                        "jsonl", stdin="203.0.113.4\n")
    assert result.code == 3, result
    assert result.err.count("\n") == 1 and f"{objects}:3: not JSON" in result.err
    assert {job["data"] for job in result.jsonl()} == {"203.0.113.1", "203.0.113.2", "203.0.113.3", "203.0.113.4",
                                                       "example.org", "example.net"}


@pytest.mark.parametrize("args, code, words", [
    (["203.0.113.7", "--analyzer", "AbuseIPDP"], 2, "did you mean AbuseIPDB?"),
    (["203.0.113.7", "--analyzer", "virustotal"], 2, "did you mean VirusTotal_GetReport_3_1?"),
    (["example.org", "--analyzer", "AbuseIPDB"], 2, "AbuseIPDB_2_0 does not take domain; it is taken by"),
    (["eve@example.org"], 2, "no enabled analyzer takes mail"),
    (["203.0.113.7", "--tlp", "4"], 2, "--tlp must be"),
    (["203.0.113.7", "--preset", "reputaton"], 2, "did you mean reputation?"),
    (["203.0.113.7", "--quota", "AbuseIPDB=5"], 2, "is not a quota"),
    (["@/no/such/file"], 2, "/no/such/file"),
    (["not-an-ip", "--type", "ip"], 6, "is not a valid ip"),
    ([], 6, "nothing to submit"),
    (["10.0.0.1"], 3, "is private"),
])
def test_bad_input_is_one_clear_line(cortex, args, code, words):
    result = cortex.run("submit", *args)
    assert (result.code, result.out, result.err.count("\n")) == (code, "", 1), result
    assert words in result.err
    assert cortex.jobs() == []


@pytest.mark.parametrize("rule, code, words", [
    ("status=401", 4, "check the key"),
    ("status=403", 4, "roles read and analyze"),
    ("status=520", 5, "no index yet"),
    ("status=500", 5, "Elasticsearch behind Cortex is down"),
    ("html=502", 5, "not an answer of Cortex"),
    ("html=200", 7, "an HTML page where JSON was expected"),
    ("reset", 5, "socctl:"),
])
def test_what_a_broken_cortex_says(place, rule, code, words):
    with Cortex(place, rules=["cortex:" + rule]) as cortex:
        result = cortex.run("analyzers")
        assert (result.code, result.out, result.err.count("\n")) == (code, "", 1), result
        assert words in result.err


def test_a_key_that_may_only_read(place):
    with Cortex(place, data={"roles": ["read"]}) as cortex:
        assert cortex.run("analyzers").code == 0
        result = cortex.run("submit", "203.0.113.7", "--analyzer", "AbuseIPDB")
        assert result.code == 4
        assert "roles read and analyze" in result.err


def test_the_key_of_an_analyzer_that_a_failed_runner_leaks_is_nowhere(cortex):
    started = cortex.run("submit", "198.51.100.251", "--analyzer", "AbuseIPDB", "--wait", "-o", "json")
    assert started.code == 3
    [job] = started.json()
    raw = urllib.request.Request(f"{cortex.urls['cortex']}/api/job/{job['id']}/report",
                                 headers={"Authorization": "Bearer " + cortex.key})
    with urllib.request.urlopen(raw, timeout=20) as answer:
        assert answer.read().count(b"sandbox-leaked-api-key") == 2  # Cortex itself does show it
    for form in ("table", "plain", "json", "jsonl", "yaml"):
        for verb in (["job", "show"], ["job", "report"], ["job", "wait"]):
            result = cortex.run(*verb, job["id"], "-o", form)
            assert "Cannot pull image" in result.out
            assert "sandbox-leaked-api-key" not in result.out + result.err
        assert "sandbox-leaked-api-key" not in cortex.run("job", "list", "-o", form).out
    assert "sandbox-leaked-api-key" not in started.out + started.err


def test_no_taxonomies_is_not_clean(cortex):
    result = cortex.run("submit", "apierror.example", "--analyzer", "VirusTotal_GetReport", "--wait")
    assert result.rows()[0][5:] == ["unknown", "no verdict: Quota exceeded"]


def test_a_job_that_is_stuck_does_not_hold_us(cortex):
    began = time.monotonic()
    result = cortex.run("submit", "198.51.100.250", "203.0.113.7", "--analyzer", "AbuseIPDB", "--wait=1s")
    assert time.monotonic() - began < 15
    assert result.code == 3
    assert {row[1]: row[4] for row in result.rows()} == {"198.51.100.250": "InProgress", "203.0.113.7": "Success"}


def test_a_batch_stops_before_the_quota_and_says_when_to_go_on(cortex, place):
    state = os.path.join(place, "batch")
    values = "\n".join(f"203.0.113.{n}" for n in range(1, 31))
    args = ["submit", "-", "--analyzer", "AbuseIPDB", "--quota", "AbuseIPDB=20/day", "--state", state]
    first = cortex.run(*args, stdin=values)
    assert first.code == 3
    assert len(first.rows()) == 20
    assert "AbuseIPDB_2_0: 10 not submitted, the quota of 20/day is used up; more may be submitted from" in first.err
    row = [row for row in cortex.run("quota", "--quota", "AbuseIPDB=20/day").rows() if row[0] == "AbuseIPDB_2_0"][0]
    assert row[1:5] == ["20/day", "20", "20", "0"]
    assert len(cortex.jobs()) == 20
    again = cortex.run(*args[:-4], "--quota", "AbuseIPDB=40/day", "--state", state, stdin=values)
    assert again.code == 0, again
    assert len(again.rows()) == 30
    assert sorted(job["data"] for job in cortex.jobs()) == sorted(values.split("\n"))


def test_what_others_started_counts(cortex):
    first = cortex.run("submit", "203.0.113.1", "203.0.113.2", "--analyzer", "AbuseIPDB")
    assert first.code == 0
    shutil.rmtree(os.path.join(cortex.place, "quota"))  # as if another machine had done it
    result = cortex.run("submit", "203.0.113.3", "203.0.113.4", "--analyzer", "AbuseIPDB", "--quota",
                        "AbuseIPDB=3/day")
    assert result.code == 3
    assert len(cortex.jobs()) == 3


def test_answers_from_the_cache_cost_no_quota(cortex):
    def left():
        return [row[4] for row in cortex.run("quota").rows() if row[0] == "AbuseIPDB_2_0"][0]

    assert cortex.run("submit", "203.0.113.7", "--analyzer", "AbuseIPDB", "--wait").code == 0
    assert left() == "999"
    again = cortex.run("submit", "203.0.113.7", "--analyzer", "AbuseIPDB", "-o", "json")
    assert again.json()[0]["fromCache"] is True
    assert left() == "999"
    assert cortex.run("submit", "203.0.113.7", "--analyzer", "AbuseIPDB", "--force").code == 0
    assert left() == "998"


def test_a_limit_that_cortex_itself_sets(place):
    limits = {"analyzers": {"URLhaus": {"rate": 3, "rateUnit": "Hour"}}}
    with Cortex(place, data=limits) as cortex:
        result = cortex.run("submit", "-", "--analyzer", "URLhaus", "--quota", "URLhaus=none",
                            stdin="\n".join(f"203.0.113.{n}" for n in range(1, 9)))
        assert result.code == 3
        assert "5 not submitted, the quota of Cortex is used up" in result.err
        assert len(cortex.jobs()) == 3


def test_quota_is_never_passed_by_eight_at_once(cortex):
    runs = [tool.start("cortex", "submit", "-", "--analyzer", "AbuseIPDB", "--quota", "AbuseIPDB=100/day", "-o", "jsonl",
                       env=cortex.env(), stdin=True) for _ in range(8)]
    for number, one in enumerate(runs):
        one.stdin.write("\n".join(f"198.18.{number}.{n}" for n in range(1, 41)).encode())
        one.stdin.close()
        one.stdin = None
    ends = [one.communicate(timeout=120) for one in runs]
    assert all(one.returncode in (0, 3) for one in runs), ends
    assert sum(out.count(b"\n") for out, _ in ends) == 100
    assert len(cortex.jobs()) == 100


def test_cortex_that_goes_down_in_the_middle(place):
    state = os.path.join(place, "batch")
    values = "\n".join(f"203.0.113.{n}" for n in range(1, 101))
    args = ["submit", "-", "--analyzer", "URLhaus", "--state", state]
    rule = "cortex:status=503,method=POST,path=/api/analyzer/*,after=40,first=60"
    with Cortex(place, rules=[rule]) as cortex:
        down = cortex.run(*args, stdin=values)
        assert down.code == 5, down
        assert "stored in " + state in down.err
        assert 40 <= len(cortex.jobs()) < 100
        for _ in range(10):  # until the rule has had its requests
            up = cortex.run(*args, stdin=values)
            if up.code == 0:
                break
        assert up.code == 0, up
        assert sorted(job["data"] for job in cortex.jobs()) == sorted(values.split("\n"))


@pytest.mark.parametrize("fault", ["commit-then-drop", "commit-then-reset", "half", "reset"])
def test_answers_that_are_lost_do_not_make_a_job_twice(place, fault):
    values = "\n".join(f"203.0.113.{n}" for n in range(1, 61))
    rule = f"cortex:{fault},method=POST,path=/api/analyzer/*,rate=0.1"
    with Cortex(place, rules=[rule]) as cortex:
        for _ in range(6):
            result = cortex.run("submit", "-", "--analyzer", "URLhaus", "--state", os.path.join(place, "batch"),
                                stdin=values)
            if result.code == 0:
                break
        assert result.code == 0, result
        assert sorted(job["data"] for job in cortex.jobs()) == sorted(values.split("\n"))


def test_ten_thousand_with_five_kills_are_each_submitted_once(cortex, place):
    """SIGKILL at any moment: between the note, the request and the answer."""
    count, kills = 10000, 5
    values = write(place, "values", "\n".join(f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}" for n in range(count)))
    state = os.path.join(place, "batch")
    args = ["cortex", "submit", "-f", values, "--analyzer", "URLhaus", "--state", state, "--parallel", "16", "-o",
            "jsonl"]
    for number in range(kills):
        process = tool.start(*args, env=cortex.env())
        drain = threading.Thread(target=process.stdout.read)
        drain.start()
        wanted = (number + 1) * count // (kills + 2)
        end = time.monotonic() + 120
        while time.monotonic() < end and process.poll() is None:
            try:
                with open(state, "rb") as file:
                    if file.read().count(b'"job"') >= wanted:
                        break
            except FileNotFoundError:
                pass
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=20)
        drain.join()
        process.stdout.close()
        process.stderr.close()
    result = tool.run(*args, env=cortex.env(), timeout=300)
    assert result.code == 0, result.err
    assert len(result.out.splitlines()) == count
    jobs = cortex.jobs()
    assert len(jobs) == count
    assert len({job["data"] for job in jobs}) == count


def test_ctrl_c_keeps_what_is_done(place):
    state = os.path.join(place, "batch")
    with Cortex(place, rules=["cortex:delay=100,method=POST"]) as cortex:
        values = "\n".join(f"203.0.113.{n}" for n in range(1, 201))
        args = ["submit", "-", "--analyzer", "URLhaus", "--state", state]
        process = tool.start("cortex", *args, env=cortex.env(), stdin=True)
        process.stdin.write(values.encode())
        process.stdin.close()
        process.stdin = None
        end = time.monotonic() + 30
        while len(cortex.jobs()) < 20 and time.monotonic() < end:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
        assert process.returncode == 130, err
        assert b"stored in" in err
        done = len(cortex.jobs())
        assert 0 < done < 200
        assert cortex.run(*args, stdin=values, timeout=120).code == 0
        assert len(cortex.jobs()) == 200


def has_a_lock(process):
    with open("/proc/locks", encoding="ascii") as file:
        return any(line.split()[1] == "FLOCK" and line.split()[4] == str(process.pid) for line in file)


def test_a_state_file_is_used_by_one_at_a_time(place):
    state = os.path.join(place, "batch")
    with Cortex(place, rules=["cortex:delay=4000,path=/api/analyzer/*,method=POST"]) as cortex:
        args = ["submit", "203.0.113.7", "--analyzer", "URLhaus", "--state", state]
        first = tool.start("cortex", *args, env=cortex.env())
        tool.wait_until(lambda: os.path.exists(state) and has_a_lock(first), what="the first one's lock")
        second = cortex.run(*args)
        first.communicate(timeout=30)
        assert second.code == 1
        assert "in use by another socctl" in second.err
        assert first.returncode == 0
        assert len(cortex.jobs()) == 1


def doctor(place, rules=None, data=None, args=(), more=None, token=tool.KEY):
    cluster = write(place, "rules.json", {"rules": rules or RIGHTS, **(more or {})})
    with Cortex(place, data=data, products=("cortex", "kubernetes"), more_data={"kubernetes": cluster}) as cortex:
        config = kubeconfig(place, cortex.urls["kubernetes"], token)
        result = cortex.run("doctor", "--kubeconfig", config, *args, "-o", "json")
        result.out = hide(result.out)
        terminal = cortex.on_terminal("doctor", "--kubeconfig", config, *args).out
    findings = {finding["check"]: finding for finding in json.loads(result.out)}
    return result, findings, hide(terminal).replace(place, "PLACE")


def test_doctor_finds_nothing_amiss(place):
    result, findings, terminal = doctor(place)
    assert result.code == 0, result
    assert {f["state"] for f in findings.values()} == {"ok", "skipped"}
    assert findings["job folder"]["state"] == "skipped"
    assert findings["rbac"]["state"] == findings["rbac extra"]["state"] == "ok"
    golden.check("cortex-doctor.terminal", terminal)


def test_doctor_says_that_without_nfs_jobs_fail_silently(place):
    os.makedirs(place + "/jobs")
    os.chmod(place + "/jobs", 0o755)
    result, findings, terminal = doctor(place, args=["--job-directory", place + "/jobs"])
    assert result.code == 3
    assert findings["job folder"]["state"] == "down"
    assert "without a shared NFS job directory analyzer jobs fail silently" in findings["job folder"]["finding"]
    red = [line for line in terminal.split("\n") if "fail silently" in line]
    assert red and "\x1b[31m" in red[0]
    assert os.listdir(place + "/jobs") == []


def test_doctor_compares_rights_as_a_set(place):
    few = [{**RIGHTS[0], "verbs": ["create", "get", "list", "watch", "deletecollection"]}, RIGHTS[1],
           {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"]}]
    result, findings, _ = doctor(place, rules=few)
    assert result.code == 3
    assert findings["rbac"]["finding"] == "the job runner may not delete on batch/jobs"
    assert findings["rbac extra"]["finding"].endswith("get on secrets; deletecollection on batch/jobs") or (
        "deletecollection on batch/jobs" in findings["rbac extra"]["finding"] and
        "get on secrets" in findings["rbac extra"]["finding"])
    other_order = [{**rule, "verbs": rule["verbs"][::-1]} for rule in RIGHTS[::-1]]
    assert doctor(place, rules=other_order)[0].code == 0


def test_doctor_in_the_name_of_an_account(place):
    result, findings, _ = doctor(place, args=["--service-account", "cortex"], more={"impersonate": False})
    assert result.code == 4
    assert "cannot impersonate" in findings["kubernetes"]["finding"]
    assert "system:serviceaccount:cortex:cortex" in findings["kubernetes"]["finding"]


def test_doctor_and_a_token_that_is_not_known(place):
    result, findings, terminal = doctor(place, token="EXPIRED-TOKEN-1")
    assert result.code == 4
    assert "HTTP 401" in findings["kubernetes"]["finding"]
    assert "EXPIRED-TOKEN-1" not in result.out + result.err + terminal


def test_doctor_and_analyzers_that_are_missing_and_a_job_that_cannot_run(place):
    result, findings, _ = doctor(place, data={"analyzers": {"FileInfo": {"enabled": False}}, "runningMs": 100000},
                                 args=["--job-time", "1s"])
    assert result.code == 3
    assert findings["analyzer FileInfo"]["state"] == "down"
    assert findings["analyzer AbuseIPDB"]["state"] == "ok"
    assert "still InProgress" in findings["job"]["finding"]


@pytest.mark.parametrize("roles, state, code", [(["read"], "unknown", 4), (["superadmin"], "degraded", 3),
                                               (["read", "analyze", "orgadmin"], "degraded", 3)])
def test_doctor_checks_the_roles_of_the_key(place, roles, state, code):
    result, findings, _ = doctor(place, data={"roles": roles})
    assert findings["key"]["state"] == state
    assert result.code == code
