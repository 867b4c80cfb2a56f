# SPDX-License-Identifier: Apache-2.0
"""Each probe of `socctl health` and each failure: state, cause, reason and exit code."""

import datetime
import json
import re
import time
import xml.etree.ElementTree

import pytest

import live_stream
import nginx
import servers
import tool
from cluster import RIGHTS, kubeconfig
from health_sandbox import USERS, with_data
from ports import free_port

KEY = tool.KEY
WRONG = "wrong-key-9876543210"
REMOTE = ("thehive", "cortex", "opencti", "opensearch", "prometheus", "grafana", "wazuh")
BESIDE = REMOTE[1:]  # products that the sandbox runs in addition
# The check that fails if the server does not speak HTTP.
FIRST = {"wazuh": "api"}


@pytest.fixture(scope="module")
def proxy():
    made = nginx.Proxy()
    yield made
    made.close()


@pytest.fixture(scope="module")
def soc():
    """Everything well."""
    with tool.Sandbox(*BESIDE) as sandbox:
        yield sandbox


def look(component, env, *more):
    result = tool.run("health", component, "-o", "json", *more, env={**USERS, **env})
    assert result.err == "", result
    [report] = result.json()["components"]
    assert KEY not in result.out and WRONG not in result.out
    assert result.json()["exit_code"] == result.code
    return result.code, report


def check(report, name):
    [found] = [one for one in report["checks"] if one["check"] == name]
    return found


def assert_finding(looked, name, code, state, cause, reason):
    exit_code, report = looked
    found = check(report, name)
    assert (found["state"], found["cause"], exit_code) == (state, cause, code), report
    assert re.search(reason, found["detail"]), found["detail"]
    assert found["next"], "every finding has a next step"


def at(component, url, **more):
    name = component.upper()
    return {f"SOCCTL_{name}_URL": url, f"SOCCTL_{name}_KEY": KEY,
            **{f"SOCCTL_{name}_{key.upper()}": value for key, value in more.items()}}


@pytest.mark.parametrize("component", [one for one in REMOTE if one != "opencti"])
def test_all_well(soc, component):
    code, report = look(component, soc.env())
    assert (code, report["state"]) == (0, "ok"), report
    assert report["version"] and report["latency_ms"] >= 0 and report["url"] == soc.urls[component]


@pytest.mark.parametrize("component", REMOTE)
def test_down(component):
    looked = look(component, at(component, f"http://127.0.0.1:{free_port()}"))
    assert_finding(looked, FIRST.get(component, "answer"), 5, "down", "unreachable", "cannot connect to")


@pytest.mark.parametrize("component", REMOTE)
def test_hung(serve, component):
    server = serve(lambda request: servers.HANG)
    looked = tool.within(2.5, lambda: look(component, at(component, server.url), "--timeout", "700ms"))
    assert_finding(looked, FIRST.get(component, "answer"), 5, "down", "unreachable", "no complete answer from")


@pytest.mark.parametrize("component", REMOTE)
def test_slow(component):
    with tool.Sandbox(*BESIDE, rules=[f"{component}:delay=400,path=/*"]) as sandbox:
        looked = look(component, sandbox.env(), "--slow", "300ms")
        assert_finding(looked, "answer", 3, "degraded", "slow", r"answered after \d+ ms")
        assert looked[1]["latency_ms"] >= 400


FAULTS = [
    ("html", "down", "refused", 5, "HTML|does not look like|does not report ready|not JSON|text/html"),
    ("bad_gateway", "down", "unreachable", 5, "HTTP 502"),
    ("redirect", "down", "refused", 5, "302|elsewhere"),
    ("expired", "down", "unreachable", 5, "certificate has expired"),
    ("wrong_ca", "down", "unreachable", 5, "unable to get local issuer|self.signed certificate"),
    ("wrong_host", "down", "unreachable", 5, "no alternative certificate subject name matches"),
]


@pytest.mark.parametrize("component", REMOTE)
@pytest.mark.parametrize("fault,state,cause,code,reason", FAULTS, ids=[row[0] for row in FAULTS])
def test_broken_proxy(proxy, component, fault, state, cause, code, reason):
    looked = look(component, at(component, proxy.urls[fault], ca_file=str(proxy.ca)))
    assert_finding(looked, FIRST.get(component, "answer"), code, state, cause, reason)


def test_a_valid_certificate_is_not_the_error(proxy):
    # The same CA and name: the only finding is that no product answers there.
    _, report = look("grafana", at("grafana", proxy.urls["valid"], ca_file=str(proxy.ca)))
    assert check(report, "answer")["cause"] == "refused"


@pytest.mark.parametrize("component,name", [("thehive", "key"), ("cortex", "key"), ("opencti", "answer"), ("opensearch", "answer"),
                                            ("grafana", "dashboards"), ("wazuh", "api")])
def test_wrong_key(soc, component, name):
    env = {**soc.env(), f"SOCCTL_{component.upper()}_KEY": WRONG}
    code, report = look(component, env)
    found = check(report, name)
    assert (found["cause"], code) == ("auth", 4), report
    assert found["state"] in ("down", "unknown") and re.search("401|AUTH_REQUIRED", found["detail"])


INDEX = {"health": "green", "docs": 10, "age_s": 5}
ALERTS = {**INDEX, "name": "wazuh-alerts-4.x-{today}"}
OTHERS = [{**INDEX, "name": "wazuh-monitoring-2026.48w"}, {**INDEX, "name": "wazuh-statistics-2026.48w"}]
SOURCE = {"uid": "a", "name": "OpenSearch", "type": "x", "status": "OK", "message": ""}
DAEMONS = {name: "running" for name in ("wazuh-analysisd", "wazuh-remoted", "wazuh-db", "wazuh-execd",
                                        "wazuh-monitord", "wazuh-integratord")}
DATA = [
    # component, data, check, exit code, state, cause, reason
    ("opensearch", {"denied": ["cluster:monitor/health"]}, "cluster", 4, "unknown", "auth", "403.*no permissions"),
    ("opensearch", {"denied": ["indices:data/read/search"]}, "alerts index", 4, "unknown", "auth", "403"),
    ("opensearch", {"denied": ["indices:monitor/stats"]}, "statistics index", 4, "unknown", "auth", "403"),
    ("opensearch", {"denied": ["cluster:monitor/nodes/stats"]}, "disk", 4, "unknown", "auth", "403"),
    ("opensearch", {"version": "6.8.0", "distribution": ""}, "version", 3, "degraded", "version", "6.8.0"),
    ("opensearch", {"version": "0.9.0"}, "version", 3, "degraded", "version", "0.9.0"),
    ("opensearch", {"status": "yellow"}, "cluster", 3, "degraded", "reported_error", "yellow"),
    ("opensearch", {"status": "red", "unassigned_shards": 4}, "cluster", 5, "down", "reported_error", "red.*4 unassigned"),
    ("opensearch", {"disk_used_percent": 86}, "disk", 3, "degraded", "reported_error", "86 %.*low watermark"),
    ("opensearch", {"disk_used_percent": 91}, "disk", 3, "degraded", "reported_error", "91 %.*high watermark"),
    ("opensearch", {"disk_used_percent": 96}, "disk", 5, "down", "reported_error", "96 %.*flood"),
    ("opensearch", {"watermarks": {"low": "70gb", "high": "50gb", "flood_stage": "1gb"}}, "disk", 3, "degraded",
     "reported_error", "low watermark"),
    ("opensearch", {"indices": OTHERS}, "alerts index", 3, "degraded", "missing", r"no index wazuh-alerts-4\.x"),
    ("opensearch", {"indices": [ALERTS, OTHERS[1]]}, "monitoring index", 3, "degraded", "missing",
     "no index wazuh-monitoring"),
    ("opensearch", {"indices": [ALERTS, OTHERS[0]]}, "statistics index", 3, "degraded", "missing",
     "no index wazuh-statistics"),
    ("opensearch", {"indices": [{**ALERTS, "age_s": 7300}, *OTHERS]}, "alerts index", 3, "degraded", "stale",
     "newest document 2 hours old"),
    ("opensearch", {"indices": [ALERTS, {**OTHERS[0], "age_s": 92000}, OTHERS[1]]}, "monitoring index", 3,
     "degraded", "stale", "newest document 25 hours old"),
    ("opensearch", {"indices": [{**ALERTS, "docs": 0}, *OTHERS]}, "alerts index", 3, "degraded", "missing",
     "without a document"),
    ("prometheus", {"version": "1.8.2"}, "version", 3, "degraded", "version", "1.8.2"),
    ("prometheus", {"ready": False}, "answer", 5, "down", "unreachable", "HTTP 503"),
    ("prometheus", {"targets": []}, "targets", 3, "degraded", "missing", "scrapes nothing"),
    ("prometheus", {"rules": []}, "rules", 3, "degraded", "missing", "no rules"),
    ("prometheus", {"rules": [{"name": "A", "health": "err", "lastError": "x"}]}, "rules", 3, "degraded", "reported_error",
     "1 of 1 rule.*A"),
    ("grafana", {"denied": ["datasources:read"]}, "data sources", 4, "unknown", "auth", "403.*datasources:read"),
    ("grafana", {"version": "8.5.0"}, "version", 3, "degraded", "version", "8.5.0"),
    ("grafana", {"database": "failing"}, "database", 5, "down", "reported_error", "failing"),
    ("grafana", {"data_sources": []}, "data sources", 3, "degraded", "missing", "none"),
    ("grafana", {"data_sources": [{**SOURCE, "status": "ERROR", "message": "dial tcp: refused"}]}, "data sources", 3,
     "degraded", "reported_error", "1 of 1 data source fail.*OpenSearch.*dial tcp: refused"),
    ("grafana", {"dashboards": [{"uid": "u", "title": "t", "gnetId": 22449, "tags": ["socbridge"]}]}, "dashboards", 3,
     "degraded", "missing", "21565, 22448, 22450, 22451, 22453"),
    ("grafana", {"dashboards": []}, "own dashboards", 3, "degraded", "missing", "uid or tag socbridge"),
    ("wazuh", {"denied": ["manager:read"]}, "daemons", 4, "unknown", "auth", "403.*Permission denied"),
    ("wazuh", {"version": "3.13.0"}, "api version", 3, "degraded", "version", "3.13.0"),
    ("wazuh", {"daemons": {**DAEMONS, "wazuh-integratord": "stopped"}}, "integratord", 5, "down", "reported_error",
     "no alert is forwarded"),
    ("wazuh", {"daemons": {**DAEMONS, "wazuh-db": "failed"}}, "daemons", 5, "down", "reported_error", "wazuh-db failed"),
    ("wazuh", {"daemons": {}}, "daemons", 3, "unknown", "refused", "lists no daemons"),
]


@pytest.mark.parametrize("component,data,name,code,state,cause,reason", DATA,
                         ids=[f"{row[0]}-{row[2]}-{row[5]}-{i}" for i, row in enumerate(DATA)])
def test_what_a_product_says(tmp_path, component, data, name, code, state, cause, reason):
    with with_data(tmp_path, component, data) as sandbox:
        assert_finding(look(component, sandbox.env()), name, code, state, cause, reason)


def test_a_data_source_without_a_test_is_not_an_error(tmp_path):
    silent = {"uid": "b", "name": "Mute", "type": "y"}
    with with_data(tmp_path, "grafana", {"data_sources": [SOURCE, silent]}) as sandbox:
        code, report = look("grafana", sandbox.env())
    assert code == 0
    assert "no test for Mute" in check(report, "data sources")["detail"]


PERMISSIONS = ["manageAlert/create", "manageObservable", "manageComment", "managePage", "manageProcedure",
               "manageCase/create", "manageAnalyse"]


def thehive(serve, version="5.7.3-1", permissions=PERMISSIONS, licence=None, cortex=None, **user):
    """TheHive with a defect for which the sandbox has no option."""
    now = int(time.time() * 1000)
    answers = {
        "/api/v1/status/public": {"version": version},
        "/api/v1/user/current": {"login": "w", "organisation": "soc", "permissions": permissions, **user},
        "/api/v1/license/current": licence or {"license": {"plan": "Gold", "expiresAt": now + 9 * 10**10}},
        "/api/v1/status": {"connectors": {"cortex": cortex or {"enabled": False}}},
    }

    def respond(request):
        if request.path in answers:
            return servers.answer(200, answers[request.path])
        return servers.answer(404, {"type": "NotFound", "message": "no such route"})

    return serve(respond)


DAY = 86_400_000
NOW = int(time.time() * 1000)
BAD_CORTEX = {"enabled": True, "status": "ERROR", "servers": [{"name": "cortex0", "status": "AUTH_ERROR"}]}
THEHIVE = [
    ({"permissions": PERMISSIONS[1:]}, "permissions", 4, "down", "auth", "may not create alerts"),
    ({"locked": True}, "key", 4, "down", "auth", "locked"),
    ({"organisation": "***", "organisations": [{"organisationId": "~1", "organisation": "blue"}]}, "key", 4, "down",
     "auth", "not in the organisation.*blue"),
    ({"version": "3.5.1"}, "version", 5, "down", "version", "3.5.1 is not supported"),
    ({"version": "5.7.1-1"}, "version", 3, "degraded", "version", "loses results of Cortex"),
    ({"licence": {"license": {"plan": "Gold", "expiresAt": NOW - DAY}}}, "licence", 5, "down", "reported_error", "read-only"),
    ({"licence": {"license": {"plan": "Gold", "expiresAt": NOW + 3 * DAY}}}, "licence", 3, "degraded", "reported_error",
     "expires in [23] days"),
    ({"licence": {"fallback": {"plan": "Community"}, "notFound": True}}, "licence", 3, "degraded", "missing", "none"),
    ({"licence": {"error": "signature", "fallback": {}}}, "licence", 3, "degraded", "reported_error", "not valid: signature"),
    ({"cortex": BAD_CORTEX}, "cortex connector", 3, "degraded", "reported_error", "ERROR: cortex0 AUTH_ERROR"),
]


@pytest.mark.parametrize("amiss,name,code,state,cause,reason", THEHIVE, ids=[f"{row[1]}-{row[4]}" for row in THEHIVE])
def test_thehive_amiss(serve, amiss, name, code, state, cause, reason):
    server = thehive(serve, **amiss)
    assert_finding(look("thehive", at("thehive", server.url)), name, code, state, cause, reason)


@pytest.mark.parametrize("wanted, code", [("soc", 0), ("SOC", 0), ("~16", 0), ("blue", 4)])
def test_the_organisation_that_is_asked_for_counts(serve, wanted, code):
    server = thehive(serve, organisation="soc", organisations=[{"organisationId": "~16", "organisation": "soc"}])
    looked = look("thehive", at("thehive", server.url, organisation=wanted))
    assert looked[0] == code, looked
    if code:
        assert_finding(looked, "key", 4, "down", "auth", "not in the organisation blue; it is in soc")


def test_a_key_for_alerts_alone_is_enough(serve):
    server = thehive(serve, permissions=["manageAlert"])
    code, report = look("thehive", at("thehive", server.url))
    assert code == 0
    assert "without manageObservable" in check(report, "permissions")["detail"]


def test_thehive_4():
    with tool.Sandbox(version="4.1.24-1") as sandbox:
        code, report = look("thehive", sandbox.env())
        assert (code, report["version"]) == (0, "4.1.24-1")


def stub(serve, answers):
    """A server with these bodies (or (status, body)) at these paths."""

    def respond(request):
        found = answers.get(request.path.partition("?")[0], (404, {"type": "NotFoundError", "message": "no"}))
        return servers.answer(*(found if isinstance(found, tuple) else (200, found)))

    return serve(respond)


ANALYZERS = [{"id": name, "name": f"{name}_{version}", "analyzerDefinitionId": f"{name}_{version}", "dataTypeList": types}
             for name, version, types in (("VirusTotal_GetReport", "3_1", ["hash", "ip", "domain", "url"]),
                                          ("AbuseIPDB", "2_0", ["ip"]), ("URLhaus", "2_0", ["url", "domain"]),
                                          ("MaxMind_GeoIP", "4_0", ["ip"]), ("FileInfo", "8_0", ["file"]))]
JOB = {"analyzerName": "FileInfo_8_0", "status": "Success", "createdAt": NOW - 60_000}
LEAK = "docker: KEY=hunter2x no output"
CORTEX = [
    ({"roles": ["read"]}, "key", 4, "down", "auth", "may not run analyzers"),
    ({"roles": ["superadmin"]}, "key", 4, "down", "auth", "superadmin has no organisation"),
    ({"status": "Locked"}, "key", 4, "down", "auth", "locked"),
    ({"user": (520, None)}, "key", 5, "down", "unreachable", "520: Cortex has no index yet"),
    ({"user": (403, {"type": "AuthorizationError", "message": "Insufficient rights"})}, "key", 4, "down", "auth",
     "403 AuthorizationError: Insufficient"),
    ({"version": "2.1.3"}, "version", 3, "degraded", "version", "2.1.3"),
    ({"analyzers": ANALYZERS[1:]}, "analyzers", 3, "degraded", "missing", "not enabled: VirusTotal_GetReport$"),
    ({"analyzers": ANALYZERS[:4]}, "data types", 3, "degraded", "missing", "no analyzer accepts file"),
    ({"analyzers": [{**ANALYZERS[0], "dataTypeList": ["ip", "domain", "url"]}, *ANALYZERS[1:]]}, "data types", 3,
     "degraded", "missing", "no analyzer accepts hash; VirusTotal_GetReport_3_1 does not take hash"),
    ({"analyzers": {"message": "surprise"}}, "analyzers", 3, "unknown", "refused", "not a list"),
    ({"analyzers": (403, {"type": "AuthorizationError", "message": "Insufficient rights"})}, "analyzers", 4, "unknown", "auth", "403"),
    ({"job": {**JOB, "status": "Failure", "errorMessage": LEAK}}, "last job", 3, "degraded", "reported_error",
     "FileInfo_8_0 .* failed; its container wrote no output"),
    ({"job": {**JOB, "status": "Failure", "errorMessage": "hunter2x"}}, "last job", 3, "degraded", "reported_error",
     "failed; see socctl cortex job show"),
    ({"job": {**JOB, "status": "InProgress", "createdAt": NOW - 2 * 3_600_000 - 9000}}, "last job", 3, "degraded",
     "stale", "2 hours ago: still InProgress"),
]


@pytest.mark.parametrize("amiss,name,code,state,cause,reason", CORTEX, ids=[f"{r[1]}-{r[5]}" for r in CORTEX])
def test_cortex_amiss(serve, amiss, name, code, state, cause, reason):
    user = {"id": "socctl", "organization": "soc", "roles": amiss.get("roles", ["read", "analyze"]),
            "status": amiss.get("status", "Ok")}
    server = stub(serve, {
        "/api/status": {"versions": {"Cortex": amiss.get("version", "4.1.0")}},
        "/api/user/current": amiss.get("user", user),
        "/api/analyzer": amiss.get("analyzers", ANALYZERS),
        "/api/job/_search": [amiss.get("job", JOB)]})
    looked = look("cortex", at("cortex", server.url))
    assert_finding(looked, name, code, state, cause, reason)
    assert "hunter2x" not in json.dumps(looked)


SECRETS = {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"]}
RBAC = [
    # rules and other settings of the API server; token; check, exit code, state, cause, reason
    ({"rules": [{**RIGHTS[0], "verbs": ["create", "get", "list", "watch"]}, RIGHTS[1]]}, KEY, "rbac", 5, "down",
     "reported_error", "may not delete on batch/jobs$"),
    ({"rules": [RIGHTS[0]]}, KEY, "rbac", 5, "down", "reported_error", "may not get, list, watch on pods"),
    ({"rules": [*RIGHTS, SECRETS]}, KEY, "rbac extra", 3, "degraded", "reported_error", "get on secrets"),
    ({"rules": RIGHTS, "incomplete": True}, KEY, "rbac extra", 3, "degraded", "reported_error", "cannot list all rules"),
    ({"rules": RIGHTS, "impersonate": False}, KEY, "kubernetes", 4, "unknown", "auth", "cannot impersonate"),
    ({"rules": RIGHTS}, WRONG, "kubernetes", 4, "unknown", "auth", "401"),
]


@pytest.mark.parametrize("rules,token,name,code,state,cause,reason", RBAC,
                         ids=[f"{row[2]}-{row[5]}-{i}" for i, row in enumerate(RBAC)])
def test_the_rights_of_jobs(tmp_path, rules, token, name, code, state, cause, reason):
    data = tmp_path / "rules.json"
    data.write_text(json.dumps(rules))
    with tool.Sandbox("cortex", "kubernetes", data={"kubernetes": data}) as sandbox:
        env = sandbox.env(SOCCTL_JOBS_KUBECONFIG=kubeconfig(tmp_path, sandbox.urls["kubernetes"], token),
                          SOCCTL_JOBS_SERVICE_ACCOUNT="cortex:cortex")
        assert_finding(look("cortex", env), name, code, state, cause, reason)


def test_the_rights_of_jobs_are_a_set(tmp_path):
    data = tmp_path / "rules.json"
    data.write_text(json.dumps({"rules": [{**rule, "verbs": rule["verbs"][::-1]} for rule in RIGHTS[::-1]]}))
    with tool.Sandbox("cortex", "kubernetes", data={"kubernetes": data}) as sandbox:
        jobs = {"kubeconfig": kubeconfig(tmp_path, sandbox.urls["kubernetes"]), "namespace": "cortex"}
        config = tmp_path / "config.json"
        config.write_text(json.dumps({"jobs": jobs}))
        code, report = look("cortex", sandbox.env(), "--profile", config)
    assert code == 0, report
    assert check(report, "rbac")["state"] == check(report, "rbac extra")["state"] == "ok"
    assert "namespace cortex" in check(report, "kubernetes")["detail"]


def test_an_api_server_that_is_down_or_hung(soc, serve, tmp_path):
    env = soc.env(SOCCTL_JOBS_KUBECONFIG=kubeconfig(tmp_path, f"http://127.0.0.1:{free_port()}"))
    assert_finding(look("cortex", env), "kubernetes", 3, "unknown", "unreachable", "cannot connect")
    kubeconfig(tmp_path, serve(lambda request: servers.HANG).url)
    looked = tool.within(1.6, lambda: look("cortex", env, "--timeout", "1s"))
    assert_finding(looked, "kubernetes", 3, "unknown", "unreachable", "no complete answer")
    assert check(looked[1], "analyzers")["state"] == "ok"


def test_what_jobs_run_on_is_skipped_with_a_reason(soc):
    code, report = look("cortex", soc.env(KUBECONFIG="/nonexistent"))
    assert code == 0
    folder, rights = check(report, "job folder"), check(report, "rbac")
    assert folder["state"] == rights["state"] == "skipped"
    assert "without a shared NFS job directory analyzer jobs fail silently" in folder["detail"]
    assert "SOCCTL_JOBS_DIRECTORY" in folder["next"] and "SOCCTL_JOBS_NAMESPACE" in rights["next"]


def test_a_folder_of_jobs_that_is_not_on_nfs(soc, tmp_path):
    looked = look("cortex", soc.env(SOCCTL_JOBS_DIRECTORY=str(tmp_path)))
    assert_finding(looked, "job folder", 5, "down", "reported_error", "not on NFS: .*analyzer jobs fail silently")
    assert list(tmp_path.iterdir()) == []


def test_a_section_of_jobs_that_is_wrong(soc, tmp_path):
    config = tmp_path / "config.json"
    config.write_text('{\n  "jobs": {"directry": "/x"}\n}\n')
    looked = look("cortex", soc.env(), "--profile", config)
    assert_finding(looked, "job folder", 2, "unknown", "configuration", 'config.json:2:12: .*"directry"')


def ago(**how):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - datetime.timedelta(**how).total_seconds()))


def connector(name, active=False, last=None, state=None, buffering=False, pinged=None, works=()):
    return {"id": name, "name": name, "active": active, "connector_state": json.dumps(state) if state else None,
            "updated_at": pinged, "connector_info": {"last_run_datetime": last, "buffering": buffering},
            "works": list(works)}


FEEDS = {"mitre": connector("MITRE ATT&CK", state={"last_run": int(time.time()) - 86400}),
         "alienvault": connector("AlienVault OTX", last=ago(hours=3)),
         "abuseipdb": connector("AbuseIPDB IP Blacklist", state={"last_run": ago(hours=5)[:-1].replace("T", " ")}),
         "virustotal": connector("VirusTotal", active=True)}
ME = {"name": "socctl", "capabilities": [{"name": "KNOWLEDGE"}, {"name": "MODULES"}], "draftContext": None}
SSE = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\n"


def connected(**since):
    """The first event of a live stream whose newest event is so old."""
    last = int((time.time() - datetime.timedelta(**since).total_seconds()) * 1000) if since else 0
    data = json.dumps({"firstEventId": f"{last}-0", "lastEventId": f"{last}-0", "streamSize": 9, "connectionId": "c"})
    return f"event: connected\ndata: {data}\n\n"


def beat():
    return f'id: {int(time.time() * 1000)}-0\nevent: heartbeat\ndata: "now"\n\n'


def opencti(serve, feeds=(), me=ME, version="6.8.10", consumers=3, live=True, stream=None, errors=None):
    """OpenCTI as docs/protocols/opencti.md, "Errors", has it: errors come with 200."""
    errors = errors or {}
    streams = [{"node": {"id": "s1", "name": "SOC", "stream_live": live}}]
    answers = {
        "SocctlMe": {"me": me, "about": {"version": version}},
        "SocctlHealthAbout": {"about": {"dependencies": [{"name": "Redis", "version": "7.2"}]}},
        "SocctlConnectors": {
            "connectors": [one for one in {**FEEDS, **dict(feeds)}.values() if one],
            "rabbitMQMetrics": {"consumers": consumers, "queues": [{"name": "push_VirusTotal", "messages": 17}]}},
        "SocctlHealthStream": {"streamCollections": {"edges": streams}},
    }

    def respond(request):
        if request.method == "GET":
            assert request.path.startswith("/stream/s1?from=")
            return servers.Held((SSE + connected(minutes=3)).encode()) if stream is None else stream()
        name = re.search(r"query (\w+)", request.json()["query"]).group(1)
        if name in errors:
            error = {"message": "no", "extensions": {"code": errors[name]}}
            return servers.answer(200, {"errors": [error], "data": None})
        return servers.answer(200, {"data": answers[name]})

    return serve(respond)


OPENCTI = [
    ({"errors": {"SocctlMe": "AUTH_REQUIRED"}}, "answer", 4, "down", "auth", "AUTH_REQUIRED|no"),
    ({"me": {**ME, "capabilities": [{"name": "KNOWLEDGE"}]}}, "key", 4, "degraded", "auth", "lacks MODULES"),
    ({"me": {**ME, "draftContext": {"id": "x", "name": "Test"}}}, "draft", 3, "degraded", "configuration", "Test"),
    ({"version": "5.12.3"}, "version", 3, "degraded", "version", "5.12.3"),
    ({"errors": {"SocctlHealthAbout": "DATABASE_ERROR"}}, "dependencies", 3, "degraded", "unreachable", ""),
    ({"errors": {"SocctlConnectors": "FORBIDDEN_ACCESS"}}, "feeds", 4, "unknown", "auth", ""),
    ({"errors": {"SocctlConnectors": "GRAPHQL_VALIDATION_FAILED"}}, "feeds", 3, "unknown", "refused", ""),
    ({"feeds": {"mitre": None}}, "feed mitre", 3, "degraded", "missing", "not registered"),
    ({"feeds": {"mitre": connector("MITRE", state={"last_run": int(time.time()) - 15 * 86400})}}, "feed mitre", 3,
     "degraded", "stale", "MITRE: last ran 15 days ago"),
    ({"feeds": {"alienvault": connector("AlienVault", last=ago(hours=50))}}, "feed alienvault", 3, "degraded",
     "stale", "2 days ago"),
    ({"feeds": {"abuseipdb": connector("AbuseIPDB")}}, "feed abuseipdb", 3, "degraded", "stale", "has never run"),
    ({"feeds": {"abuseipdb": connector("AbuseIPDB", last=ago(hours=1), buffering=True)}}, "feed abuseipdb", 3,
     "degraded", "reported_error", "over the threshold"),
    ({"feeds": {"abuseipdb": connector("AbuseIPDB", last=ago(hours=1), works=[
        {"status": "complete", "timestamp": ago(hours=1), "errors": [{"message": "429 from upstream"}]}])}},
     "feed abuseipdb", 3, "degraded", "reported_error", r"1 error\(s\) in the last work: 429 from upstream"),
    ({"feeds": {"virustotal": connector("VirusTotal", pinged=ago(minutes=9))}}, "feed virustotal", 3, "degraded",
     "stale", r"last pinged \d+ minutes ago"),
    ({"consumers": 0}, "workers", 3, "degraded", "missing", "nothing is ingested, 17 messages"),
    ({"consumers": None}, "workers", 3, "unknown", "reported_error", "does not report"),
    ({"errors": {"SocctlHealthStream": "FORBIDDEN_ACCESS"}}, "stream", 4, "unknown", "auth", ""),
    ({"live": False}, "stream", 3, "degraded", "missing", "no live stream"),
    ({"stream": lambda: servers.answer(401, b"", "")}, "stream", 4, "degraded", "auth", r"SOC: .* \(401\)"),
    ({"stream": lambda: servers.answer(410, b"", "")}, "stream", 3, "degraded", "refused", r"SOC: .*stopped.*\(410\)"),
    ({"stream": lambda: servers.answer(500, b"", "")}, "stream", 3, "degraded", "unreachable", "answers 500"),
    ({"stream": lambda: servers.answer(200, "<html>", "text/html")}, "stream", 3, "degraded", "refused",
     "text/html, not a stream"),
    ({"stream": lambda: servers.HANG}, "stream", 3, "degraded", "unreachable", "SOC: no data for"),
    ({"stream": lambda: servers.Held(SSE.encode())}, "stream", 3, "degraded", "unreachable", "SOC: no data for"),
    ({"stream": lambda: servers.RESET}, "stream", 3, "degraded", "unreachable", "SOC: "),
    ({"stream": lambda: (SSE + connected(hours=5)).encode()}, "stream", 3, "degraded", "unreachable",
     "last event 5 hours ago, then the server ended the stream"),
    ({"stream": lambda: servers.Held((SSE + connected()).encode())}, "stream", 3, "degraded", "missing",
     "never had an event"),
    ({"stream": lambda: servers.Held((SSE + connected(days=3) + beat()).encode())}, "stream", 3, "degraded", "stale",
     "last event 3 days ago"),
]


@pytest.mark.parametrize("amiss,name,code,state,cause,reason", OPENCTI, ids=[f"{r[1]}-{r[4]}" for r in OPENCTI])
def test_opencti_amiss(serve, amiss, name, code, state, cause, reason):
    server = opencti(serve, **amiss)
    # Also if only the stream hangs.
    looked = tool.within(2.6, lambda: look("opencti", at("opencti", server.url), "--timeout", "2s"))
    assert_finding(looked, name, code, state, cause, reason)


def test_a_stream_without_a_heartbeat(serve):
    quiet = opencti(serve, stream=lambda: servers.Held((SSE + connected(hours=5)).encode()))
    env = at("opencti", quiet.url)
    assert_finding(look("opencti", env), "stream", 3, "degraded", "stale", "5 hours ago, and no heartbeat in [789] s")
    # A run that ends before a heartbeat is due does not report it.
    code, report = look("opencti", env, "--timeout", "1s")
    assert (code, check(report, "stream")["detail"]) == (0, "SOC: last event 5 hours ago; no time left to wait for its "
                                                            "heartbeat")


def test_a_quiet_stream_with_heartbeats(serve):
    beating = opencti(serve, stream=lambda: servers.Held((SSE + connected(hours=5) + beat()).encode()))
    code, report = look("opencti", at("opencti", beating.url))
    assert (code, check(report, "stream")["detail"]) == (0, "SOC: last event 5 hours ago, heartbeats received")


def test_the_stream_of_the_sandbox_moves():
    with tool.Sandbox("opencti") as sandbox:
        platform = live_stream.Platform(sandbox)
        platform.publish(live_stream.event(live_stream.indicator("[ipv4-addr:value = '198.51.100.7']")))
        code, report = look("opencti", sandbox.env())
        assert code == 0, report
        assert re.search("SOC indicators: last event .* ago", check(report, "stream")["detail"])
        platform.settings(stopped=True)
        assert_finding(look("opencti", sandbox.env()), "stream", 3, "degraded", "refused", "410")


def test_one_evaluation_of_feeds(serve, tmp_path):
    """`opencti connectors` and `health opencti` agree, also with custom schedules."""
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"connectors": {"mitre": {"every": "1h", "slack": "0s"},
                                                 "misp": {"match": ["MISP"], "mode": "periodic", "every": "1h"}}}))
    env = at("opencti", opencti(serve).url)
    code, report = look("opencti", env, "--profile", config)
    said = tool.run("opencti", "connectors", "--expect", "mitre,misp", "--profile", config, "-o", "jsonl", env=env)
    assert code == said.code == 3
    lines = {line["expected_as"]: line for line in said.jsonl()}
    for name, state in (("mitre", "stale"), ("misp", "missing")):
        found = check(report, f"feed {name}")
        assert (lines[name]["state"], found["cause"]) == (state, state)
        assert lines[name]["reason"] in found["detail"]


@pytest.mark.parametrize("tail", ["", "/", "/graphql"])
def test_opencti_well(serve, tail):
    server = opencti(serve)
    code, report = look("opencti", at("opencti", server.url + tail))
    assert (code, report["version"]) == (0, "6.8.10"), report
    asked = [re.sub("(?m)^#.*$", "", request.json()["query"]) for request in server.posts()]
    assert asked and not any(re.search(r"\bconfig\b", query) for query in asked)


def test_the_sandbox_has_the_feeds_too(soc):
    _, report = look("opencti-feeds", soc.env())
    for name in ("mitre", "alienvault", "abuseipdb", "virustotal"):
        assert check(report, f"feed {name}")["state"] == "ok", report


# Valid command lines and configurations.

NOTHING = {"SOCBRIDGE_WAZUH_HOME": "/nonexistent"}


def test_nothing_configured_is_an_error_and_says_how():
    result = tool.run("health", "-o", "json", env=NOTHING)
    assert result.code == result.json()["exit_code"] == 2
    first, *skipped = result.json()["components"]
    assert (first["component"], first["state"]) == ("configuration", "unknown")
    [found] = first["checks"]
    assert found["cause"] == "configuration" and found["detail"].startswith("nothing is configured")
    assert "SOCCTL_THEHIVE_URL" in found["next"]
    assert len(skipped) == len(REMOTE)
    for report in skipped:
        assert report["state"] == "skipped"
        assert "SOCCTL_" in report["checks"][0]["next"] + report["checks"][0]["detail"]
    assert tool.run("health", "-q", env=NOTHING).code == 2
    assert tool.run("health", "-o", "nagios", env=NOTHING).code == 3


def test_junit_of_an_unconfigured_run_fails():
    result = tool.run("health", "-o", "junit", env=NOTHING)
    root = xml.etree.ElementTree.fromstring(result.out)
    assert (int(root.get("errors")), int(root.get("skipped")), result.code) == (1, len(REMOTE), 2)
    [error] = root.iter("error")
    assert "nothing is configured" in error.get("message")


def test_a_misspelt_variable_is_an_error_of_health(soc):
    # Everything that is queried is ok: only the name is wrong.
    env = {**USERS, **soc.env(), "SOCCTL_CORTX_CA_FILE": "/etc/secret-place"}
    result = tool.run("health", "thehive", "-o", "json", env=env)
    first, thehive = result.json()["components"]
    assert (result.code, first["component"], thehive["state"]) == (2, "configuration", "ok")
    [found] = first["checks"]
    assert "SOCCTL_CORTX_CA_FILE" in found["detail"] and found["next"] == "did you mean SOCCTL_CORTEX_CA_FILE?"
    assert "secret-place" not in result.out + result.err


def test_nothing_but_a_misspelt_variable():
    result = tool.run("health", env={**NOTHING, "SOCCTL_THEHIV_URL": "http://127.0.0.1:1"})
    assert result.code == 2
    assert "SOCCTL_THEHIV_URL" in result.out and "did you mean SOCCTL_THEHIVE_URL?" in result.out
    assert "nothing is configured" in result.out


def test_other_verbs_warn_of_a_misspelt_variable(soc):
    env = {**soc.env(), "SOCCTL_THEHIVE_ORGANIZATION": "soc"}
    result = tool.run("alert", "list", "-o", "jsonl", env=env)
    assert result.code == 0
    assert result.err == ("socctl: warning: the environment variable SOCCTL_THEHIVE_ORGANIZATION is not read: "
                          "no such name; did you mean SOCCTL_THEHIVE_ORGANISATION?\n")
    for args in (["version"], ["help"], ["completion", "bash"]):
        assert tool.run(*args, env=env).err == ""


def test_what_is_required_must_be_configured(soc):
    env = {"SOCCTL_THEHIVE_URL": soc.url, "SOCCTL_THEHIVE_KEY": KEY, **NOTHING}
    assert tool.run("health", "-q", env=env).code == 0
    assert tool.run("health", "-q", "--require", "thehive", env=env).code == 0
    result = tool.run("health", "-o", "json", "--require", "thehive,cortex", env=env)
    reports = {report["component"]: report for report in result.json()["components"]}
    assert (result.code, reports["thehive"]["state"], reports["cortex"]["state"]) == (2, "ok", "unknown")
    [found] = reports["cortex"]["checks"]
    assert found["detail"] == "Cortex is required, but not configured" and "SOCCTL_CORTEX_URL" in found["next"]
    assert reports["grafana"]["state"] == "skipped"
    # A preset, and with a named component.
    assert tool.run("health", "-q", "thehive", "--require", "thehive-cortex", env=env).code == 2
    wrong = tool.run("health", "--require", "cortx", env=env)
    assert (wrong.code, wrong.out) == (2, "") and 'did you mean "cortex"?' in wrong.err


@pytest.mark.parametrize("component", REMOTE)
def test_a_typed_component_that_is_not_configured(component):
    result = tool.run("health", component, env={"SOCBRIDGE_WAZUH_HOME": "/nonexistent"})
    assert (result.code, result.out) == (2, "")
    assert result.err.count("\n") == 1 and "is not configured; " in result.err


@pytest.mark.parametrize("args,word", [
    (["thehve"], '"thehive"'), (["-o", "jsn"], '"json"'), (["--timeout", "soon"], "--timeout"),
    (["--slow", "0s"], "--slow"), (["--fresh", "-1"], "--fresh"), (["--profile", "/nonexistent/x"], "/nonexistent/x")])
def test_a_wrong_command_line(args, word):
    result = tool.run("health", *args)
    assert (result.code, result.out) == (2, ""), result
    assert result.err.count("\n") == 1 and word in result.err


def test_a_configuration_file_that_is_not_json(tmp_path):
    file = tmp_path / "config.json"
    file.write_text('{\n  "thehive": {"ulr": "http://x"}\n}\n')
    result = tool.run("health", "--profile", file)
    assert (result.code, result.out) == (2, "")
    assert result.err.count("\n") == 1 and f"{file}:2:15: " in result.err and '"url"' in result.err


def test_options_are_named_beside_the_mistakes_of_the_configuration(tmp_path):
    file = tmp_path / "config.json"
    file.write_text('{"health": {"thehiv": {}}}\n')
    result = tool.run("health", "--profile", file, "--slow", "bogus", "--fresh", "bogus2")
    assert (result.code, result.out) == (2, "")
    lines = result.err.splitlines()
    assert [word in line for word, line in zip((f"{file}:1:13: ", "--slow", "--fresh"), lines, strict=True)] == [True] * 3, result


def test_a_configuration_that_cannot_be_used(soc):
    env = soc.env()
    del env["SOCCTL_GRAFANA_KEY"]
    result = tool.run("health", "-o", "json", env={**USERS, **env})
    assert result.code == 2
    reports = {report["component"]: report for report in result.json()["components"]}
    assert reports["grafana"]["state"] == "unknown"
    assert reports["grafana"]["checks"][0]["cause"] == "configuration"
    assert "no key for grafana" in reports["grafana"]["checks"][0]["detail"]
    assert reports["thehive"]["state"] == "ok"


def test_down_outweighs_a_refused_key_and_that_outweighs_a_flaw(tmp_path, soc):
    with with_data(tmp_path, "opensearch", {"status": "yellow"}) as yellow:
        env = {**USERS, **soc.env(), "SOCCTL_OPENSEARCH_URL": yellow.urls["opensearch"]}
        names = ["thehive", "opensearch", "grafana"]
        assert tool.run("health", *names, "-q", env=env).code == 3
        env["SOCCTL_GRAFANA_KEY"] = WRONG
        assert tool.run("health", *names, "-q", env=env).code == 4
        env["SOCCTL_THEHIVE_URL"] = "http://127.0.0.1:1"
        assert tool.run("health", *names, "-q", env=env).code == 5


def test_quiet_prints_nothing(soc):
    result = tool.run("health", "thehive", "--quiet", env=soc.env())
    assert (result.code, result.out, result.err) == (0, "", "")


def test_everything_hung_ends_in_time(serve):
    server = serve(lambda request: servers.HANG)
    env = {name: value for component in REMOTE for name, value in at(component, server.url).items()}
    result = tool.within(2.5, lambda: tool.run("health", "--timeout", "2s", "-o", "json", env={**USERS, **env}))
    assert result.code == 5
    assert {report["component"] for report in result.json()["components"]
            if report["state"] == "down"} >= set(REMOTE)


def test_watch_looks_again_and_ends_with_the_last_code(soc):
    env = {**USERS, **soc.env()}
    process = tool.start("health", "thehive", "-o", "jsonl", "--watch", "--interval", "50ms", env=env)
    lines = [json.loads(process.stdout.readline()) for _ in range(3)]
    assert {line["state"] for line in lines} == {"ok"}
    assert len({line["checked_at"] for line in lines}) == 3
    process.send_signal(2)
    process.communicate(timeout=10)
    assert process.returncode == 0


def test_watch_ends_when_nothing_reads_its_output(soc):
    env = {**USERS, **soc.env()}
    process = tool.start("health", "thehive", "-o", "jsonl", "--watch", "--interval", "50ms", env=env)
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(timeout=20) == 1
    assert b"cannot write the output" in process.stderr.read()
    process.stderr.close()


def test_a_probe_changes_nothing(serve):
    server = thehive(serve)
    look("thehive", at("thehive", server.url))
    assert {request.method for request in server.requests} == {"GET"}


# Completeness of the tables above.

def test_the_tables_have_no_hole():
    """Each component with each of its possible failures; impossible ones are listed."""
    tables = {"thehive": THEHIVE, "cortex": CORTEX, "opencti": OPENCTI}
    met = {(row[0], row[5]) for row in DATA}
    met |= {(name, row[4]) for name, rows in tables.items() for row in rows}
    met |= {("cortex", row[5]) for row in RBAC}
    cannot = {
        ("thehive", "stale"): "it does not show when it was last written to",
        ("prometheus", "auth"): "it has no keys of its own: test_a_prometheus_behind_a_password",
        ("prometheus", "stale"): "what it scrapes is up or down",
        ("grafana", "stale"): "it holds nothing that ages",
        ("wazuh", "stale"): "its API has nothing that ages; the spool: test_health_wazuh.py",
    }
    for component in REMOTE:
        for cause in ("auth", "version", "stale"):
            assert ((component, cause) in met) != ((component, cause) in cannot), (component, cause)
    # Down, hung, slow, HTML, 502, redirect and TLS faults are tested for all of them.
    for test in (test_down, test_hung, test_slow, test_broken_proxy):
        [names] = [mark.args[1] for mark in test.pytestmark if mark.args[0] == "component"]
        assert names == REMOTE
    assert {row[0] for row in FAULTS} >= {"html", "bad_gateway", "redirect", "expired", "wrong_ca", "wrong_host"}


@pytest.mark.parametrize("status", [401, 403])
def test_a_prometheus_behind_a_password(serve, status):
    server = serve(lambda request: servers.answer(status, "<html>who are you?</html>", "text/html"))
    assert_finding(look("prometheus", {"SOCCTL_PROMETHEUS_URL": server.url}), "answer", 4, "down", "auth", str(status))


def test_watch_on_a_terminal_draws_over_what_was_there(soc):
    env = {**USERS, **soc.env()}
    clear = "\x1b[H\x1b[2J"
    seen = tool.run_on_terminal("health", "thehive", "--watch", "--interval", "100ms", env=env,
                                until=lambda text: text.count(clear) >= 3).out
    looks = seen.split(clear)
    assert len(looks) >= 3 and all("TheHive" in one or "thehive" in one for one in looks[1:-1])


def test_quiet_reports_by_exit_code_only():
    dead = at("grafana", f"http://127.0.0.1:{free_port()}")
    for form in ("table", "json", "junit", "html"):
        result = tool.run("health", "grafana", "-q", "-o", form, env=dead)
        assert (result.code, result.out, result.err) == (5, "", "")
    result = tool.run("health", "grafana", "--quiet", "-o", "nagios", env=dead)
    assert (result.code, result.out) == (2, "")
