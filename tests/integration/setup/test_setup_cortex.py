# SPDX-License-Identifier: Apache-2.0
"""`socctl setup cortex` against the simulator: from a Cortex without an index to jobs."""

import pytest
import requests

import cortex_sandbox
import servers
import tool
from setup_steps import ADMIN_KEY, Setup, mode, states

FIVE = ["VirusTotal_GetReport", "AbuseIPDB", "URLhaus", "MaxMind_GeoIP", "FileInfo"]
STEPS = ["version", "index", "superadmin", "organisation", "orgadmin", "user", "key", *FIVE]
ASKED_FIRST = ["version", "index", "superadmin"]


class Cortex(Setup):
    def __init__(self, soc, place):
        super().__init__("cortex", soc.urls["cortex"], place)
        self.keys = []
        for name in FIVE[:3]:
            self.keys += ["--analyzer-key", f"{name}={self.secret(name, name.lower() + '-service-key')}"]
        self.password = ["--admin-password-file", str(self.secret("password", "first-password-0"))]

    def run(self, *words, **how):
        result, steps = super().run(*words, **how)
        assert "-service-key" not in result.out + result.err and "first-password" not in result.out + result.err
        return result, steps

    def ask(self, method, path, key=ADMIN_KEY, **how):
        return requests.request(method, self.url + path, timeout=20, headers={"Authorization": "Bearer " + key}, **how)

    def as_orgadmin(self, path="/api/analyzer?range=all"):
        return self.ask("GET", path, key=self.ask("GET", "/api/user/socbridge-orgadmin/key").text).json()


def sandbox(place, rules=(), **data):
    return cortex_sandbox.Cortex(place, rules=rules, data={"fresh": True, **data})


@pytest.fixture
def cortex(place):
    with sandbox(place) as soc:
        yield Cortex(soc, place)


def test_a_dry_run_of_a_new_cortex_changes_nothing(cortex):
    for words in ((), ("--dry-run",)):
        result, steps = cortex.run(*cortex.keys, *cortex.password, *words)
        assert result.code == 0 and list(steps) == STEPS, result
        assert states(steps) == {name: "present" if name == "version" else "missing" for name in STEPS}
    assert steps["AbuseIPDB"]["detail"] == "1000/day"
    assert cortex.ask("GET", "/api/user/current").status_code == 520 and not cortex.key_file.exists()


def test_from_no_index_to_a_report_and_a_second_time_nothing(cortex, place):
    result, steps = cortex.run(*cortex.keys, *cortex.password, "--write")
    assert result.code == 0, result
    assert states(steps) == {name: "present" if name == "version" else "done" for name in STEPS}
    assert mode(cortex.key_file) == 0o600
    me = cortex.ask("GET", "/api/user/current", key=cortex.key()).json()
    assert me["roles"] == ["analyze", "read"] and me["organization"] == "soc"
    assert cortex.ask("GET", "/api/user/socbridge-orgadmin").json()["roles"] == ["orgadmin", "read"]
    enabled = {row["workerDefinitionId"]: row for row in cortex.as_orgadmin()}
    assert sorted(enabled) == ["AbuseIPDB_2_0", "FileInfo_8_0", "MaxMind_GeoIP_4_0", "URLhaus_2_0", "VirusTotal_GetReport_3_1"]
    assert (enabled["VirusTotal_GetReport_3_1"]["rate"], enabled["VirusTotal_GetReport_3_1"]["rateUnit"]) == (500, "Day")
    assert enabled["AbuseIPDB_2_0"]["configuration"]["key"] == "abuseipdb-service-key"
    assert enabled["URLhaus_2_0"]["configuration"] == {
        "API_Key": "urlhaus-service-key", "check_tlp": True, "max_tlp": 2, "check_pap": True, "max_pap": 2,
        "auto_extract_artifacts": False}

    env = cortex.env(SOCCTL_STATE_DIR=str(place))
    submitted = tool.run("cortex", "submit", "203.0.113.7", "--wait=1m", "-o", "json", env=env)
    assert submitted.code == 0 and len(submitted.json()) == 4, submitted
    health = tool.run("health", "cortex", "-q", env=env)
    assert health.code == 0, health

    key = cortex.key()
    again, steps = cortex.run("--write")
    assert again.code == 0 and set(states(steps).values()) == {"present"}, again
    assert cortex.key() == key


def test_a_new_cortex_needs_a_password_and_the_keys_of_the_services(cortex):
    result, steps = cortex.run(*cortex.keys, "--write")
    assert result.code == 2 and "--admin-password-file" in steps["superadmin"]["next"], result
    result, steps = cortex.run(*cortex.password, "--write")
    failed = [name for name, state in states(steps).items() if state == "failed"]
    assert result.code == 2 and failed == FIVE[:3], result
    assert "--analyzer-key AbuseIPDB=FILE" in steps["AbuseIPDB"]["next"]
    assert cortex.ask("GET", "/api/user/current").status_code == 520, "nothing was made"
    result, steps = cortex.run(*cortex.password, "--analyzer", "MaxMind_GeoIP", "--analyzer", "FileInfo", "--write")
    assert result.code == 0 and list(steps)[7:] == ["MaxMind_GeoIP", "FileInfo"], result


@pytest.mark.parametrize("rule", [
    "cortex:status=500,method=POST,path=/api/user,first=1",
    "cortex:status=500,method=POST,path=/api/organization,first=1",
    "cortex:status=500,method=POST,path=/api/user/*,first=1",
    "cortex:status=500,path=/api/organization/analyzer/URLhaus_2_0,first=1"])
def test_interrupted_and_run_again(place, rule):
    with sandbox(place, rules=[rule]) as soc:
        cortex = Cortex(soc, place)
        words = [*cortex.keys, *cortex.password, "--write"]
        result, steps = cortex.run(*words)
        assert result.code == 5 and list(states(steps).values()).count("failed") == 1, result
        done = [name for name, state in states(steps).items() if state == "done"]
        result, steps = cortex.run(*words)
        assert result.code == 0 and {steps[name]["state"] for name in done} == {"present"}, result
        assert len(cortex.as_orgadmin()) == 5


def test_what_differs_is_shown_and_put_right(cortex):
    cortex.run(*cortex.keys, *cortex.password, "--write")
    cortex.ask("PATCH", "/api/user/socbridge", json={"roles": ["read"]})
    other = cortex.secret("other.key", "new-service-key")
    words = ("--analyzer-key", f"AbuseIPDB={other}", "--rate", "URLhaus=100/hour", "--rate", "VirusTotal_GetReport=4/minute")
    result, steps = cortex.run(*words)
    assert {name for name, state in states(steps).items() if state != "present"} == {"user", "AbuseIPDB", "URLhaus",
                                                                                  "VirusTotal_GetReport"}, result
    assert {steps[name]["state"] for name in ("user", "AbuseIPDB", "URLhaus")} == {"differs"}
    assert "another key" in steps["AbuseIPDB"]["detail"] and "no rate" in steps["URLhaus"]["detail"]
    assert "rate 500 per Day" in steps["VirusTotal_GetReport"]["detail"] and "now: read" in steps["user"]["detail"]
    result, steps = cortex.run(*words, "--write")
    assert result.code == 0, result
    enabled = {row["name"]: row for row in cortex.as_orgadmin()}
    assert enabled["AbuseIPDB_2_0"]["configuration"]["key"] == "new-service-key"
    assert enabled["AbuseIPDB_2_0"]["configuration"]["days"] == 30, "the rest is kept"
    assert enabled["AbuseIPDB_2_0"]["rate"] == 1000
    assert (enabled["URLhaus_2_0"]["rate"], enabled["URLhaus_2_0"]["rateUnit"]) == (100, "Hour")
    assert set(states(cortex.run(*words)[1]).values()) == {"present"}


def test_rights_that_are_not_enough(cortex):
    cortex.run(*cortex.keys, *cortex.password, "--write")
    result, steps = cortex.run("--write", admin=cortex.key_file)
    assert result.code == 4 and "is not a superadmin" in steps["superadmin"]["detail"], result
    result, steps = cortex.run(admin=cortex.secret("wrong", "no-such-key-0000"))
    assert result.code == 4 and "refuses the key" in steps["superadmin"]["detail"], result
    result, steps = cortex.run("--admin-login", "admin", admin=cortex.secret("pass", "first-password-0"))
    assert result.code == 4 and "auth.method.basic" in steps["superadmin"]["next"], result


def test_a_password_where_cortex_takes_one(place):
    with sandbox(place, passwords=True) as soc:
        cortex = Cortex(soc, place)
        cortex.run(*cortex.keys, *cortex.password, "--write")
        result, steps = cortex.run("--admin-login", "admin", admin=cortex.secret("pass", "first-password-0"))
        assert result.code == 0 and set(states(steps).values()) == {"present"}, result


def test_a_user_of_another_organisation_is_not_changed(cortex):
    cortex.run(*cortex.keys, *cortex.password, "--write")
    result, steps = cortex.run("--organisation", "other", "--write")
    assert result.code == 7 and "is in the organisation soc" in steps["user"]["detail"], result
    assert steps["organisation"]["state"] == "missing", "nothing is made if anything cannot be"


def test_an_analyzer_that_is_in_no_catalogue(cortex):
    cortex.run(*cortex.keys, *cortex.password, "--write")
    result, steps = cortex.run("--analyzer", "Nonsense", "--write")
    assert result.code == 7 and "catalogue" in steps["Nonsense"]["detail"], result
    for words in (("--analyzer-key", "Nonsense=/dev/null"), ("--rate", "Nonsense=1/day"), ("--analyzer-key", "AbuseIPDB"),
                  ("--rate", "AbuseIPDB=often")):
        assert cortex.run(*words)[0].code == 2


def test_another_version_and_another_server(serve, place):
    for versions, code in (({"Cortex": "2.1.3"}, 7), ({"Nothing": "1"}, 7)):
        server = serve(lambda request, given=versions: servers.answer(200, {"versions": given}))
        result, steps = Setup("cortex", server.url, place).run("--write")
        assert result.code == code and list(steps) == ["version"], result
    assert Setup("cortex", "http://127.0.0.1:9", place).run()[0].code == 5


def test_the_index_is_taken_back_once(cortex):
    words = ["--url", cortex.url, "--admin-key-file", cortex.admin_file, "--key-file", cortex.key_file, *cortex.keys, *cortex.password]
    result = tool.run("setup", "cortex", *words, "--write", "-o", "table")
    assert result.code == 0 and result.out.count("delete Cortex's index") == 1, result
    assert result.out.rstrip().endswith("delete Cortex's index in Elasticsearch or OpenSearch")
