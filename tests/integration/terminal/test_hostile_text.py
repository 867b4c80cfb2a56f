# SPDX-License-Identifier: Apache-2.0
"""Text of servers, alerts and files never reaches a terminal raw: every verb, every format."""

import json
import re
import subprocess

import pytest
import requests
import yaml

import servers
import spool_env
import tool
from cases import Hive
from conftest import make_alert

ODD = ("\x01\x07\x08\x0c\x1b[31m\x1b]0;t\x07\x7f\x85\x9b2J\xad\u061c\u180e\u200b\u200d\u200e\u200f\u2028\u2029\u202a\u202b"
       "\u202d\u202e\u2060\u2066\u2067\u2068\u2069\u206f\ufeff\ufff9\ufffe\uffff\U000e0001\U000e0041\U0001fffe")
HOSTILE = f"h0stile{ODD}\r\nforged\tline"
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
                 "\ufffe\uffff\U000e0000-\U000e0fff\U0001fffe]")
FILE_NAME = HOSTILE[:60]
FORMATS = ("table", "plain", "json", "jsonl", "yaml")
# Members whose texts people chose; others are ids, types and states that a client may rightly insist on.
FREE = {"title", "description", "message", "tags", "assignee", "aliases", "error", "errorMessage", "summary", "author",
        "owner", "createdBy", "updatedBy", "definition", "source_name", "url", "user_name", "value", "predicate",
        "organization"}


def poisoned(value, free, name=""):
    if isinstance(value, dict):
        return {key: poisoned(one, free, key) for key, one in value.items()}
    if isinstance(value, list):
        return [poisoned(one, free, name) for one in value]
    return value + HOSTILE if isinstance(value, str) and name in free else value


class Poison(servers.Server):
    """In front of a product of the sandbox: its answers, with hostile text in every free field."""

    def __init__(self, url, also=()):
        self.behind, self.free = url, FREE | set(also)
        super().__init__(self._forward)

    def _forward(self, request):
        drop = ("host", "content-length", "connection", "accept-encoding", "expect")
        headers = {name: value for name, value in request.headers.items() if name not in drop}
        got = requests.request(request.method, self.behind + request.path, data=request.body, headers=headers, timeout=30)
        try:
            body = json.dumps(poisoned(got.json(), self.free))
        except ValueError:
            body = got.content
        return servers.answer(got.status_code, body, got.headers.get("Content-Type", "text/plain"))


def repeats_nothing_raw(result, form):
    bad = RAW.search(result.out + result.err)
    assert bad is None, f"{bad and hex(ord(bad.group()))} in {result!a}"
    assert "\nforged" not in result.out + result.err
    if form == "json" and result.out:
        json.loads(result.out)
    if form == "jsonl":
        result.jsonl()
    if form == "yaml":
        yaml.safe_load(result.out)


def indexed(raw, request):
    """The answer of an OpenSearch with this one alert."""
    if "point_in_time" in request.path or "_pit" in request.path:
        return servers.answer(400, {"error": "no handler found"})
    hit = {"_index": "wazuh-alerts-4.x-" + HOSTILE, "_id": "d" + HOSTILE, "_source": json.loads(raw), "sort": [1741938001037]}
    return servers.answer(200, {"timed_out": False, "_shards": {"total": 1, "successful": 1, "failed": 0},
                                "hits": {"total": {"value": 1}, "hits": [hit]}})


@pytest.fixture(scope="module")
def setting(tmp_path_factory):
    """A Wazuh home, files and a SOC that are hostile throughout."""
    import integratord
    place = tmp_path_factory.mktemp("hostile")
    home = integratord.new_home()
    alert = make_alert(1, agent={"id": "003", "name": HOSTILE, "ip": HOSTILE}, full_log=HOSTILE, location=HOSTILE,
                       data={"srcuser": HOSTILE, "http": {"http_user_agent": HOSTILE}, HOSTILE: HOSTILE})
    raw = alert.replace(b"sshd: brute force", json.dumps(HOSTILE)[1:-1].encode())
    # Like a JSON writer with minimal escaping.
    raw = json.dumps(json.loads(raw), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    (place / "alert.json").write_bytes(raw)
    (place / "tests.json").write_text(json.dumps({"tests": [
        {"name": HOSTILE, "alert": "alert.json", "expect": {"title": HOSTILE + "x", "tags": [HOSTILE]}}]}))
    (place / "admin.key").write_text("admin-key-0123456789")
    (place / "admin.key").chmod(0o600)
    (place / "dashboard.json").write_text(json.dumps({"uid": "h", "title": HOSTILE, "panels": []}))
    (place / "grafana.yaml").write_text(yaml.safe_dump({
        "folder": {"uid": "hostile", "title": HOSTILE}, "data_sources": "sources.yaml",
        "dashboards": [{"file": "dashboard.json"}]}))
    (place / "sources.yaml").write_text(yaml.safe_dump({"apiVersion": 1, "datasources": [
        {"uid": "h", "name": HOSTILE, "type": "prometheus", "access": "proxy", "url": "http://127.0.0.1:9"}]}))
    (place / "query.graphql").write_text("{ me { name } about { version } }")
    (place / "bad.json").write_bytes(b'{"rule":' + HOSTILE.encode() + b"}\n")
    (place / FILE_NAME).write_bytes(b"MZ")
    reason = {"at_ms": 1741938001000, "attempts": 3, "http_status": 400, "kind": "refused", "message": HOSTILE,
              "first_failure_ms": 1741938000000, "ambiguous": False}
    for state in ("queue", "hold", "dead", "corrupt"):
        spool_env.put(home, state=state, alert=raw, reason=reason)
    with Hive() as hive:
        hive.case()
        hive.post("case/1/observable", dataType="other", data=HOSTILE, tags=["h0stile" + ODD], ioc=True)
        hive.post("case/1/observable", dataType="ip", data="203.0.113.66")
        hive.alert(observables=[{"dataType": "other", "data": HOSTILE}], title=HOSTILE)
        hive.alert("ref-2")
        fronts = {name: Poison(url) for name, url in hive.sandbox.urls.items()}
        env = {**hive.env, **spool_env.env(home)}
        for name, front in fronts.items():
            env[f"SOCCTL_{name.upper()}_URL"] = front.url
        spool_env.configure(home, fronts["thehive"].url)
        with tool.Sandbox("opencti", "grafana", "opensearch") as more:
            for name in ("opencti", "grafana", "opensearch"):
                fronts[name] = Poison(more.urls[name], {"name"})
                env[f"SOCCTL_{name.upper()}_URL"] = fronts[name].url
                env[f"SOCCTL_{name.upper()}_KEY"] = more.key
            env["SOCCTL_OPENSEARCH_USER"] = "admin"
            submitted = tool.run("cortex", "submit", "203.0.113.66", "--analyzer", "MaxMind_GeoIP", "--wait", "-o",
                                 "json", env=hive.env)
            assert submitted.code in (0, 3), submitted
            index = servers.Server(lambda request: indexed(raw, request))
            yield {"env": env, "place": place, "home": home, "job": submitted.json()[0]["id"],
                   "stream": more.urls["opencti"], "index": index.url}
            index.close()
        for front in fronts.values():
            front.close()


# Arguments of each verb. {place} is the folder with the files, {job} a job of Cortex.
VERBS = {
    "alert list": [], "alert show": ["ref-1"], "alert map": ["{place}/alert.json", "{place}/bad.json"],
    "alert send": ["{place}/alert.json", "{place}/bad.json", "{place}/" + FILE_NAME], "alert test": [],
    "alert search": [], "alert replay": ["--since", "1d", "--dry-run"],
    "alert promote": ["ref-1", "--dry-run"], "alert merge": ["ref-2", "--into", "1", "--dry-run"],
    "analyze": ["--new", "--since", "1h", "--dry-run"],
    "case list": [], "case show": ["1"], "case analyze": ["1", "--dry-run"],
    "case observable add": ["1", "--type", "other", HOSTILE, "--dry-run"],
    "observable find": ["203.0.113.66", "--type", "ip"],
    "cortex analyzers": [], "cortex status": [], "cortex quota": [], "cortex doctor": ["--job-time", "5s"],
    "cortex submit": ["203.0.113.66", "@{place}/" + FILE_NAME, "--dry-run"], "cortex job list": [], "cortex job show": ["{job}"],
    "cortex job report": ["{job}"], "cortex job wait": ["{job}"], "cortex job cancel": ["h0stile"],
    "config check": [], "config explain": [], "config schema": None, "config test": ["{place}/tests.json"],
    "queue list": ["--alerts"], "queue show": ["--all"], "queue stats": [], "queue fsck": [],
    "queue flush": ["--dry-run"], "queue hold": ["--dry-run"], "queue release": ["--dry-run"],
    "queue requeue": ["--state", "dead", "--dry-run"], "queue drop": ["--state", "dead", "--dry-run"],
    "queue export": None,
    "reconcile": ["--from", "{place}/alert.json", "--dry-run"],
    "health": ["thehive", "cortex", "grafana"], "indexer check": [],
    "opencti context": ["198.51.100.7"], "opencti sighting": ["--case", "1", "--dry-run"], "opencti connectors": [],
    "opencti query": ["{place}/query.graphql"], "opencti whoami": [], "opencti stream": ["--from", "start", "--until-idle", "1s"],
    "grafana apply": ["--manifest", "{place}/grafana.yaml", "--dry-run"],
    "grafana check": ["--manifest", "{place}/grafana.yaml"], "grafana diff": ["--manifest", "{place}/grafana.yaml"],
    "relay": None, "receive": ["--listen", HOSTILE],
    "metrics write": ["-"], "metrics serve": ["--listen", HOSTILE], "metrics list": [],
    "setup wazuh": [], "setup thehive": ["--admin-key-file", "{place}/admin.key", "--key-file", "{place}/user.key"],
    "setup cortex": ["--admin-key-file", "{place}/admin.key", "--key-file", "{place}/user.key"],
    "setup opencti": ["--admin-key-file", "{place}/admin.key", "--key-file", "{place}/user.key"],
}
ONE_FORM = {"metrics write", "metrics serve", "receive"}  # without -o
OWN_TEXT = {"sandbox", "version", "help", "completion", "manual"}
MORE_FORMATS = {"config test": ("junit",), "health": ("junit", "prometheus", "nagios", "md", "html"),
                "indexer check": ("junit", "prometheus", "nagios", "md", "html"), "queue stats": ("prometheus",),
                "opencti context": ("tree", "md")}
# These print no more of it than an error would.
SILENT = {"alert test", "cortex quota", "cortex doctor", "config check", "config explain", "config schema",
          "queue stats", "queue fsck",
          "queue flush", "queue hold", "queue release", "queue requeue", "queue drop", "reconcile", "opencti stream",
          "opencti sighting", "cortex job cancel", "alert promote", "alert merge", "cortex status", "case analyze", "analyze",
          "cortex job show", "cortex job wait", "cortex analyzers", "relay", "indexer check",
          "metrics write", "metrics list", "setup wazuh", "setup thehive", "setup cortex", "setup opencti"}


def run(setting, verb, form, **env):
    args = VERBS[verb] or []
    words = [word.replace("{place}", str(setting["place"])).replace("{job}", setting["job"]) for word in args]
    output = ["-o", form] if VERBS[verb] is not None else ["--once"] if verb == "relay" else []
    if verb in ONE_FORM:
        output = []
    if verb in ("alert search", "alert replay") and not env:
        env = {"SOCCTL_OPENSEARCH_URL": setting["index"]}
    if verb == "opencti stream" and not env:
        env = {"SOCCTL_OPENCTI_URL": setting["stream"]}  # the endless one cannot be forwarded as complete answers
    return tool.run(*verb.split(), *words, *output, env={**setting["env"], **env})


def verbs_of(*path):
    text = subprocess.run([str(tool.BIN), *path, "--help"], env=tool.BASE_ENV, capture_output=True, text=True, check=True).stdout
    if "\nSubcommands:\n" not in text:
        return {" ".join(path)}
    names = re.findall(r"^  (\S+)", text.partition("\nSubcommands:\n")[2], re.MULTILINE)
    return set().union(*(verbs_of(*path, name) for name in names if path or name not in OWN_TEXT))


def test_no_verb_is_forgotten_here():
    assert verbs_of() == set(VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_no_verb_prints_foreign_bytes_raw(setting, verb):
    forms = (*FORMATS, *MORE_FORMATS.get(verb, ())) if VERBS[verb] is not None else ("plain",)
    if verb == "opencti stream":  # waits for silence each time
        forms = ("plain", "jsonl")
    if verb in ONE_FORM:
        forms = ("plain",)
    shown = ""
    for form in forms:
        result = run(setting, verb, form)
        repeats_nothing_raw(result, form)
        shown += result.out + result.err
    assert verb in SILENT or "h0stile" in shown, shown


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb.split()[0] not in ("queue", "config")])
def test_no_verb_prints_a_hostile_error_raw(setting, verb, serve):
    sick = serve(lambda request: servers.answer(500, {"type": HOSTILE, "message": HOSTILE, "errors": [{"message": HOSTILE}]},
                                                extra="X-Odd: \x1b[31m\r\n"))
    urls = {name: sick.url for name in setting["env"] if name.endswith("_URL")}
    repeats_nothing_raw(run(setting, verb, "plain", **urls), "")


def test_an_option_a_file_and_a_word_are_repeated_safely(setting):
    for args in (["alert", "map", HOSTILE], ["alert", "list", "-o", HOSTILE], [HOSTILE], ["alert", "--" + HOSTILE],
                 ["queue", "list", "--older-than", HOSTILE], ["queue", "show", HOSTILE], ["case", "show", HOSTILE],
                 ["alert", "list", "--profile", HOSTILE], ["config", "check", "--config", HOSTILE],
                 ["reconcile", "--from", HOSTILE], ["opencti", "context", HOSTILE], ["alert", "list", "--url", HOSTILE]):
        result = tool.run(*args, env=setting["env"])
        assert result.out + result.err != "", result
        repeats_nothing_raw(result, "")
