# SPDX-License-Identifier: Apache-2.0
"""`socctl grafana`: the objects of a manifest exist afterwards, once, and no change of other users is lost."""

import base64
import json
import os
import time
import urllib.request
from pathlib import Path

import pytest
import yaml

import servers
import tool

SHIPPED = Path(os.environ["SOCBRIDGE_SOURCE_DIR"]) / "packaging/grafana"
NOTHING = {"data_sources": [], "dashboards": []}  # of the sandbox's own
OPENSEARCH = "grafana-opensearch-datasource"


def grafana(tmp_path, **facts):
    file = tmp_path / "grafana.json"
    file.write_text(json.dumps({**NOTHING, **facts}))
    return tool.Sandbox("grafana", data={"grafana": file})


def site(tmp_path):
    """The shipped data sources with this site's secrets."""
    sources = yaml.safe_load((SHIPPED / "provisioning/datasources/socbridge.yaml").read_text())
    for name, text in (("opensearch.key", "s3cret-of-opensearch\n"), ("root-ca.pem", "-----BEGIN CERTIFICATE-----\n")):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o600)
    sources["datasources"][1]["secureJsonData"] = {
        "basicAuthPassword": "$__file{opensearch.key}", "tlsCACert": f"$__file{{{tmp_path}/root-ca.pem}}"}
    file = tmp_path / "sources.yaml"
    file.write_text(yaml.safe_dump(sources))
    return file


def run(sandbox, verb, *args, manifest=SHIPPED / "socbridge.yaml", **env):
    return tool.run("grafana", verb, "--manifest", manifest, *args, env=sandbox.env(**env))


def apply(sandbox, tmp_path, *args):
    return run(sandbox, "apply", "--data-sources", site(tmp_path), "-o", "json", *args)


def ask(sandbox, path, body=None, method=None):
    """As a logged-in user."""
    login = base64.b64encode(f"alice:{sandbox.key}".encode()).decode()
    request = urllib.request.Request(sandbox.urls["grafana"] + path, data=json.dumps(body).encode() if body else None,
                                     headers={"Authorization": f"Basic {login}"}, method=method)
    return json.loads(urllib.request.urlopen(request, timeout=10).read())


def by_uid(result):
    return {item["uid"]: (item["state"], item["action"]) for item in result.json()}


def test_applied_twice_the_second_time_changes_nothing(tmp_path):
    with grafana(tmp_path) as sandbox:
        before = run(sandbox, "check", "--data-sources", site(tmp_path), "-o", "json")
        assert before.code == 3 and {item["state"] for item in before.json()} == {"missing"}, before
        first = apply(sandbox, tmp_path)
        assert first.code == 0 and {item["action"] for item in first.json()} == {"create"}, first
        versions = {uid: ask(sandbox, f"/api/dashboards/uid/{uid}")["meta"] for uid, (_, _) in by_uid(first).items()
                    if uid not in ("prometheus", "wazuh-alerts", "socbridge-folder")}
        second = apply(sandbox, tmp_path)
        assert second.code == 0 and {(item["state"], item["action"]) for item in second.json()} == {("current", "none")}
        assert versions == {uid: ask(sandbox, f"/api/dashboards/uid/{uid}")["meta"] for uid in versions}
        assert all(meta["folderUid"] == "socbridge-folder" and meta["version"] == 1 for meta in versions.values())
        after = run(sandbox, "check", "--data-sources", site(tmp_path))
        assert after.code == 0, after
        assert run(sandbox, "diff", "--data-sources", site(tmp_path)).out == ""


def test_dashboards_of_grafana_com_read_our_data_sources(tmp_path):
    with grafana(tmp_path) as sandbox:
        apply(sandbox, tmp_path)
        for number in (21565, 22448, 22449, 22450, 22451, 22453):
            board = ask(sandbox, f"/api/dashboards/uid/gnet-{number}")["dashboard"]
            assert board["gnetId"] == number and "__inputs" not in board
            assert board["panels"][0]["datasource"] == {"type": OPENSEARCH, "uid": "wazuh-alerts"}
        # health is content with them.
        report = tool.run("health", "grafana", "-o", "json", env=sandbox.env()).json()["components"][0]
        assert {check["state"] for check in report["checks"]} == {"ok"}, report


def test_secrets_are_sent_once_and_never_shown(tmp_path):
    with grafana(tmp_path) as sandbox:
        first = apply(sandbox, tmp_path)
        source = ask(sandbox, "/api/datasources/uid/wazuh-alerts")
        assert source["secureJsonFields"] == {"basicAuthPassword": True, "tlsCACert": True}
        assert "s3cret" not in json.dumps(source) and "s3cret" not in first.out + first.err
        version = source["version"]
        again = apply(sandbox, tmp_path, "--write-secrets")
        assert by_uid(again)["wazuh-alerts"] == ("outdated", "update"), again
        assert ask(sandbox, "/api/datasources/uid/wazuh-alerts")["version"] == version + 1
        assert by_uid(apply(sandbox, tmp_path))["wazuh-alerts"] == ("current", "none")


def change_by_hand(sandbox):
    board = ask(sandbox, "/api/dashboards/uid/socbridge")["dashboard"]
    board["title"] = "Mine"
    ask(sandbox, "/api/dashboards/db", {"dashboard": board, "folderUid": "socbridge-folder", "message": "my title"})
    source = ask(sandbox, "/api/datasources/uid/prometheus")
    source["url"] = "http://other:9090"
    ask(sandbox, "/api/datasources/uid/prometheus", source, "PUT")
    ask(sandbox, "/api/folders/socbridge-folder", {"title": "Ours", "version": 1}, "PUT")


def test_what_a_person_changed_is_said_and_kept(tmp_path):
    with grafana(tmp_path) as sandbox:
        apply(sandbox, tmp_path)
        change_by_hand(sandbox)
        result = apply(sandbox, tmp_path)
        assert result.code == 3 and "--force" in result.err, result
        states = by_uid(result)
        for uid in ("socbridge", "prometheus", "socbridge-folder"):
            assert states.pop(uid) == ("edited", "keep")
        assert set(states.values()) == {("current", "none")}
        [board] = [item for item in result.json() if item["uid"] == "socbridge"]
        assert board["detail"] == "changed by hand, by alice"
        assert ask(sandbox, "/api/dashboards/uid/socbridge")["dashboard"]["title"] == "Mine"
        diff = run(sandbox, "diff", "--data-sources", site(tmp_path), "-o", "json")
        assert diff.code == 3
        assert {(one["kind"], one["path"], one["grafana"]) for one in diff.json()} == {
            ("dashboard", "/title", '"Mine"'), ("data source", "/url", '"http://other:9090"'),
            ("folder", "/title", "Ours")}
        dry = apply(sandbox, tmp_path, "--force", "--dry-run")
        assert {by_uid(dry)[uid] for uid in ("socbridge", "prometheus", "socbridge-folder")} == {("edited", "update")}
        assert ask(sandbox, "/api/dashboards/uid/socbridge")["dashboard"]["title"] == "Mine"
        assert apply(sandbox, tmp_path, "--force").code == 0
        assert {state for state, _ in by_uid(apply(sandbox, tmp_path)).values()} == {"current"}


def test_a_newer_manifest_updates_what_is_unchanged_since(tmp_path):
    manifest = tmp_path / "mine.yaml"
    board = {"uid": "b", "title": "One", "panels": []}
    (tmp_path / "b.json").write_text(json.dumps(board))
    text = {"folder": {"uid": "f", "title": "F"}, "dashboards": [{"file": "b.json"}],
            "data_sources": [{"uid": "p", "name": "P", "type": "prometheus", "url": "http://a:9090"}]}
    manifest.write_text(json.dumps(text))
    with grafana(tmp_path) as sandbox:
        assert run(sandbox, "apply", manifest=manifest).code == 0
        # A setting that is not in the manifest belongs to the site.
        source = ask(sandbox, "/api/datasources/uid/p")
        (tmp_path / "b.json").write_text(json.dumps({**board, "title": "Two"}))
        text["data_sources"][0]["url"] = "http://b:9090"
        manifest.write_text(json.dumps(text))
        result = run(sandbox, "apply", "-o", "json", manifest=manifest)
        assert by_uid(result) == {"f": ("current", "none"), "p": ("outdated", "update"), "b": ("outdated", "update")}
        assert ask(sandbox, "/api/dashboards/uid/b")["dashboard"]["title"] == "Two"
        assert ask(sandbox, "/api/datasources/uid/p")["url"] == "http://b:9090"
        assert source["access"] == "proxy"
        # Moved by hand: reported, not moved back.
        ask(sandbox, "/api/folders", {"uid": "g", "title": "G"})
        there = ask(sandbox, "/api/dashboards/uid/b")["dashboard"]
        ask(sandbox, "/api/dashboards/db", {"dashboard": there, "folderUid": "g", "message": ""})
        moved = run(sandbox, "apply", "-o", "json", manifest=manifest)
        assert moved.code == 3 and by_uid(moved)["b"] == ("edited", "keep")


def test_a_data_source_of_that_name_is_used(tmp_path):
    mine = {"uid": "prom1", "name": "Prometheus", "type": "prometheus", "url": "http://mine:9090"}
    with grafana(tmp_path, data_sources=[mine]) as sandbox:
        result = apply(sandbox, tmp_path)
        assert result.code == 3 and by_uid(result)["prom1"] == ("edited", "keep"), result
        board = ask(sandbox, "/api/dashboards/uid/socbridge")["dashboard"]
        [variable] = [one for one in board["templating"]["list"] if one["type"] == "datasource"]
        assert variable["current"] == {"text": "Prometheus", "value": "prom1"}
    with grafana(tmp_path, data_sources=[{**mine, "type": "loki"}]) as sandbox:
        result = apply(sandbox, tmp_path)
        assert "of type loki" in result.err and by_uid(result)["prometheus"][0] == "failed"


def test_what_comes_from_files_of_the_server_is_not_changed(tmp_path):
    boards = [{"uid": "socbridge", "title": "Other", "provisioned": True}]
    sources = [{"uid": "prometheus", "name": "Prometheus", "type": "prometheus", "url": "x", "readOnly": True}]
    with grafana(tmp_path, dashboards=boards, data_sources=sources) as sandbox:
        result = apply(sandbox, tmp_path, "--force")
        assert result.code == 0, result
        for uid in ("socbridge", "prometheus"):
            assert by_uid(result)[uid] == ("provisioned", "none")


def test_a_wrong_token_is_one_line(tmp_path):
    with grafana(tmp_path) as sandbox:
        result = run(sandbox, "apply", "--data-sources", site(tmp_path), SOCCTL_GRAFANA_KEY="wr0ng-token-value")
        assert result.code == 4 and result.out == "" and len(result.err.splitlines()) == 1, result
        assert "401" in result.err and "service account" in result.err and "wr0ng" not in result.err
        gone = run(sandbox, "apply", "--data-sources", site(tmp_path), SOCCTL_GRAFANA_URL="http://127.0.0.1:1")
        assert gone.code == 5 and len(gone.err.splitlines()) == 1, gone


def test_a_missing_plugin_is_one_line(tmp_path):
    with grafana(tmp_path, plugins=["prometheus"]) as sandbox:
        result = apply(sandbox, tmp_path)
        assert result.code == 3
        assert result.err.splitlines() == [
            f"socctl: warning: data source OpenSearch: Grafana has no plug-in {OPENSEARCH}; run grafana cli plugins "
            f"install {OPENSEARCH} and restart Grafana"]


@pytest.mark.parametrize("permission,kind", [
    ("folders:create", "folder"), ("datasources:create", "data source"), ("datasources:read", "data source"),
    ("dashboards:write", "dashboard")])
def test_a_missing_permission_is_named(tmp_path, permission, kind):
    with grafana(tmp_path, denied=[permission]) as sandbox:
        result = apply(sandbox, tmp_path)
        assert result.code == 3, result
        lines = [line for line in result.err.splitlines() if f"{kind} " in line]
        assert lines and all(f"Permissions needed: {permission}" in line and "service account" in line
                             for line in lines if "403" in line), result


def test_without_grafana_com_a_folder_serves(tmp_path):
    offline = tmp_path / "catalogue"
    offline.mkdir()
    for number in (21565, 22448, 22449, 22450, 22451):
        (offline / f"{number}.json").write_text(json.dumps({"title": f"D{number}", "panels": []}))
    (offline / "22453.json").write_text(json.dumps({"revision": 2, "json": {"title": "Kept as it came"}}))
    with grafana(tmp_path, catalogue={}) as sandbox:
        online = apply(sandbox, tmp_path)
        assert online.code == 3 and "dashboard 21565 of grafana.com" in online.err and "--catalogue DIR" in online.err
        result = apply(sandbox, tmp_path, "--catalogue", offline)
        assert result.code == 0, result
        assert ask(sandbox, "/api/dashboards/uid/gnet-22453")["dashboard"]["title"] == "Kept as it came"


def test_a_change_that_comes_in_between_is_not_lost(tmp_path):
    rules = ["grafana:method=POST,path=/api/dashboards/db,status=412"]
    file = tmp_path / "grafana.json"
    file.write_text(json.dumps(NOTHING))
    with tool.Sandbox("grafana", data={"grafana": file}, rules=rules) as sandbox:
        result = apply(sandbox, tmp_path)
        assert result.code == 3 and "it was changed meanwhile" in result.err, result


def test_a_manifest_that_others_may_write_is_refused(tmp_path):
    manifest = tmp_path / "m.yaml"
    manifest.write_text("folder: {uid: f, title: F}\n")
    manifest.chmod(0o666)
    with grafana(tmp_path) as sandbox:
        result = run(sandbox, "check", manifest=manifest)
        assert result.code == 2 and "m.yaml" in result.err, result
        missing = run(sandbox, "check", manifest=tmp_path / "none.yaml")
        assert missing.code == 2 and "none.yaml" in missing.err, missing


def test_the_table_for_people(tmp_path):
    with grafana(tmp_path) as sandbox:
        shown = tool.run_on_terminal("grafana", "check", "--manifest", SHIPPED / "socbridge.yaml",
                                     "--data-sources", site(tmp_path), env=sandbox.env(), columns=120)
        assert shown.code == 3 and "KIND" in shown.out and "missing" in shown.out, shown
        for form in ("jsonl", "yaml"):
            assert run(sandbox, "check", "--data-sources", site(tmp_path), "-o", form).code == 3


def test_the_manifest_and_the_provisioning_files_say_the_same():
    manifest = yaml.safe_load((SHIPPED / "socbridge.yaml").read_text())
    assert (SHIPPED / manifest["data_sources"]).is_file()
    [provider] = yaml.safe_load((SHIPPED / "provisioning/dashboards/socbridge.yaml").read_text())["providers"]
    assert provider["folder"] == manifest["folder"]["title"] and provider["folderUid"] == manifest["folder"]["uid"]
    ours = {one["file"] for one in manifest["dashboards"] if "file" in one}
    assert ours == {file.name for file in SHIPPED.glob("*.json")}


# The second one is cut within the secret.
@pytest.mark.parametrize("before", ["cannot use ", "cannot use " + "x " * 140])
def test_a_server_that_repeats_secrets_shows_none(tmp_path, before):
    """As Grafana or a proxy before it may do in the words of a refusal."""
    def respond(request):
        if request.method == "POST":
            secrets = request.json().get("secureJsonData", {})
            return servers.answer(400, {"message": before + " ".join(secrets.values())})
        if request.path.startswith(("/api/search", "/api/plugins")):
            return servers.answer(200, {})
        return servers.answer(404, {"message": "not found"})

    server = servers.Server(respond)
    key = tmp_path / "grafana.key"
    key.write_text("token-of-grafana\n")
    key.chmod(0o600)
    for form in ("json", "table"):
        result = tool.run("grafana", "apply", "--manifest", SHIPPED / "socbridge.yaml", "--data-sources", site(tmp_path),
                          "--url", server.url, "--key-file", key, "-o", form)
        assert "cannot use" in result.out + result.err, result
        assert "s3cret-of" not in result.out + result.err, result
    server.close()


def test_what_references_stand_for_and_logins_are_not_shown(tmp_path):
    site(tmp_path)
    manifest = tmp_path / "m.yaml"
    source = {"uid": "loki", "name": "Loki", "type": "prometheus", "url": "http://me:pass-word@new:3100",
              "jsonData": {"header": "$__file{opensearch.key}", "more": {"x": "$__env{SOCTEST_VALUE}"}}}
    manifest.write_text(yaml.safe_dump({"folder": {"uid": "f", "title": "F"}, "data_sources": [source]}))
    with grafana(tmp_path) as sandbox:
        secret = {"SOCTEST_VALUE": "value-of-the-variable"}
        assert run(sandbox, "apply", manifest=manifest, **secret).code == 0
        there = ask(sandbox, "/api/datasources/uid/loki")
        assert there["jsonData"]["header"] == "s3cret-of-opensearch" and "pass-word" in there["url"]
        there["url"], there["jsonData"] = "http://you:word-pass@old:3100", {"header": "earlier-secret"}
        ask(sandbox, "/api/datasources/uid/loki", there, "PUT")
        for form in ("json", "table"):
            diff = run(sandbox, "diff", "-o", form, manifest=manifest, **secret)
            assert diff.code == 3 and "/jsonData/header" in diff.out and "old:3100" in diff.out, diff
            for word in ("s3cret", "value-of", "pass-word", "word-pass", "earlier-secret"):
                assert word not in diff.out + diff.err, (word, diff)


def test_two_dashboards_of_one_uid_do_not_take_turns(tmp_path):
    for name in ("one", "two"):
        (tmp_path / f"{name}.json").write_text(json.dumps({"uid": "same", "title": name, "panels": []}))
    manifest = tmp_path / "m.yaml"
    manifest.write_text(yaml.safe_dump({"folder": {"uid": "f", "title": "F"},
                                        "dashboards": [{"file": "one.json"}, {"file": "two.json"}]}))
    with grafana(tmp_path) as sandbox:
        for _ in range(2):
            result = run(sandbox, "apply", manifest=manifest)
            assert result.code == 3 and "another dashboard" in result.err, result
            board = ask(sandbox, "/api/dashboards/uid/same")
            assert board["dashboard"]["title"] == "one" and board["meta"]["version"] == 1


def boards(tmp_path, count):
    """A manifest of that many dashboards."""
    for number in range(count):
        (tmp_path / f"board-{number}.json").write_text(json.dumps({"uid": f"b{number}", "title": f"Board {number}"}))
    file = tmp_path / "manifest.yaml"
    file.write_text(json.dumps({"folder": {"uid": "soc", "title": "SOC"}, "data_sources": [],
                                "dashboards": [{"file": f"board-{number}.json"} for number in range(count)]}))
    return file


def run_against(server, verb, manifest, *args):
    return tool.run("grafana", verb, "--manifest", manifest, *args,
                    env={"SOCCTL_GRAFANA_URL": server.url, "SOCCTL_GRAFANA_KEY": tool.KEY})


def test_a_grafana_that_is_slow_for_each_request_ends_in_time(tmp_path, serve):
    """Each answer comes within --timeout: the requests together have ten times that."""
    def slow(_):
        time.sleep(0.7)
        return servers.answer(200, {"title": "SOC", "dashboard": {}, "meta": {}})

    server = serve(slow)
    checked = run_against(server, "check", boards(tmp_path, 60), "--timeout", "1s", "-o", "json")
    assert len(server.requests) <= 16, len(server.requests)
    assert "ten times --timeout" in checked.err and checked.code != 0
    assert len(checked.json()) == 61  # each is named, whether it was requested or not


def test_a_grafana_that_answers_with_millions_of_values_is_not_read(tmp_path, serve):
    body = b"[" + b"1," * (3 << 20) + b"1]"
    server = serve(lambda _: servers.answer(200, body))
    checked = run_against(server, "check", boards(tmp_path, 1))
    assert checked.code == 7 and "too many values" in checked.err, checked
