# SPDX-License-Identifier: Apache-2.0
"""`socctl setup thehive` against the simulator, as TheHive 4 and 5."""

from pathlib import Path

import pytest
import requests

import servers
import tls_servers
import tool
from conftest import make_alert
from setup_steps import ADMIN_KEY, Setup, mode, states

STEPS = ["version", "administrator", "organisation", "profile", "user", "key", "types", "fields"]
MADE = {"organisation", "profile", "user", "key", "fields"}
BOTH = pytest.mark.parametrize("version", ["4.1.24-1", "5.7.3-1"])


@pytest.fixture
def setup(request, place):
    version = request.node.callspec.params.get("version") if hasattr(request.node, "callspec") else None
    with tool.Sandbox(version=version, extra=("--admin-key", ADMIN_KEY)) as soc:
        yield Setup("thehive", soc.url, place)


def ask(setup, method, path, key=ADMIN_KEY, **how):
    return requests.request(method, setup.url + path, timeout=20, headers={"Authorization": "Bearer " + key}, **how)


@BOTH
def test_a_dry_run_shows_all_and_changes_nothing(setup, version):
    for words in ((), ("--dry-run",)):
        result, steps = setup.run(*words)
        assert result.code == 0 and result.err == "", result
        assert list(steps) == STEPS
        assert states(steps) == {name: "missing" if name in MADE else "present" for name in STEPS}
    assert steps["version"]["detail"] == "TheHive " + version
    assert not setup.key_file.exists()
    assert ask(setup, "GET", "/api/v1/organisation/soc").status_code == 404


@BOTH
def test_from_nothing_to_the_first_alert_and_a_second_time_nothing(setup, version, place):
    result, steps = setup.run("--write")
    assert result.code == 0, result
    assert states(steps) == {name: "done" if name in MADE else "present" for name in STEPS}
    assert mode(setup.key_file) == 0o600 and not list(Path(place).glob("*.new"))
    assert steps["key"]["next"].startswith("socctl setup wazuh --url " + setup.url)
    assert all(steps[name]["undo"] for name in MADE)

    alert = Path(place) / "alert.json"
    alert.write_bytes(make_alert())
    sent = tool.run("alert", "send", alert, env=setup.env())
    assert sent.code == 0, sent
    health = tool.run("health", "thehive", "-o", "json", env=setup.env())
    found = {row["check"]: row for row in health.json()["components"][0]["checks"]}
    assert health.code == 0 and found["permissions"]["state"] == "ok", health
    assert "without" not in found["permissions"]["detail"]

    key = setup.key()
    again, steps = setup.run("--write")
    assert again.code == 0 and set(states(steps).values()) == {"present"}, again
    assert setup.key() == key


@BOTH
def test_the_profile_has_what_is_needed_and_no_more(setup, version):
    setup.run("--write", "--rights", "alerts")
    held = ask(setup, "GET", "/api/v1/profile/socbridge-alerts").json()["permissions"]
    four = version.startswith("4")
    assert held == (["manageAlert", "manageObservable"] if four else
                    ["manageAlert/create", "manageAlert/update", "manageObservable"])
    refused = ask(setup, "POST", "/api/v1/case", key=setup.key(), json={"title": "t", "description": "d"})
    assert refused.status_code == 403
    result, steps = setup.run("--write")
    assert result.code == 0 and steps["user"]["state"] == "done" and "socbridge-alerts" not in steps["user"]["detail"]
    assert ask(setup, "POST", "/api/v1/case", key=setup.key(), json={"title": "t", "description": "d"}).status_code == 201


@BOTH
def test_what_differs_is_shown_and_put_right(setup, version):
    setup.run("--write")
    ask(setup, "PATCH", "/api/v1/profile/socbridge-cases", json={"permissions": ["manageTask"]})
    ask(setup, "PATCH", "/api/v1/user/socbridge@thehive.local", json={"locked": True})
    setup.key_file.write_text("another-key-000\n")
    result, steps = setup.run()
    assert result.code == 0
    assert {name: state for name, state in states(steps).items() if state != "present"} == {
        "profile": "differs", "user": "differs", "key": "differs"}, steps
    assert "now: manageTask" in steps["profile"]["detail"] and "now: locked" in steps["user"]["detail"]
    result, steps = setup.run("--write")
    assert result.code == 0 and steps["key"]["state"] == "done", result
    assert set(states(setup.run()[1]).values()) == {"present"}


def test_a_new_key_only_if_asked_for(setup):
    setup.run("--write")
    old = setup.key()
    setup.key_file.unlink()
    assert setup.run("--write")[0].code == 0 and setup.key() == old, "the key that is there is read"
    result, steps = setup.run("--write", "--renew-key")
    assert result.code == 0 and steps["key"]["state"] == "done" and setup.key() != old
    assert ask(setup, "GET", "/api/v1/user/current", key=old).status_code == 401
    shown, steps = setup.run("--show-key")
    assert steps["key"]["key"] == setup.key() and shown.code == 0


@pytest.mark.parametrize("rule", ["status=500,method=POST,path=/api/v1/user/*,first=1",
                                  "status=503,method=POST,path=/api/v1/customField,first=1"])
def test_interrupted_and_run_again(place, rule):
    with tool.Sandbox(rules=[rule], extra=("--admin-key", ADMIN_KEY)) as soc:
        setup = Setup("thehive", soc.url, place)
        result, steps = setup.run("--write")
        failed = [name for name, state in states(steps).items() if state == "failed"]
        assert result.code == 5 and failed in (["key"], ["fields"]), result
        assert steps["user"]["state"] == "done" and steps["user"]["undo"]
        result, steps = setup.run("--write")
        assert result.code == 0 and steps["user"]["state"] == "present" and steps["fields"]["state"] == "done", result


def test_a_key_without_the_rights_and_one_that_opens_nothing(setup):
    setup.run("--write")
    result, steps = setup.run("--write", admin=setup.key_file)
    assert result.code == 4 and list(steps) == ["version", "administrator"], result
    assert "may not manageOrganisation, manageProfile" in steps["administrator"]["detail"]
    result, steps = setup.run(admin=setup.secret("wrong.key", "no-such-key-0000"))
    assert result.code == 4 and "administrator" in steps["administrator"]["next"]
    assert "no-such-key-0000" not in result.out + result.err


def test_ways_to_give_the_administrators_key(setup):
    assert setup.run(admin="-", stdin=ADMIN_KEY + "\n")[0].code == 0
    words = ["setup", "thehive", "--url", setup.url, "--key-file", setup.key_file]
    for env in ({"SOCCTL_THEHIVE_ADMIN_KEY": ADMIN_KEY}, {"SOCCTL_THEHIVE_ADMIN_KEY_FILE": str(setup.admin_file)}):
        assert tool.run(*words, env=env).code == 0
    # The normal key is not an administrator's, and no request is sent.
    result = tool.run(*words, env={"SOCCTL_THEHIVE_KEY": ADMIN_KEY}, stdin="")
    assert result.code == 2 and "--admin-key-file" in result.err, result
    password = setup.secret("password", "secret")
    assert setup.run("--admin-login", "admin@thehive.local", admin=password)[0].code == 0
    assert setup.run("--admin-login", "admin@thehive.local")[0].code == 4
    readable = setup.secret("readable.key", ADMIN_KEY)
    readable.chmod(0o644)
    assert setup.run(admin=readable)[0].code == 2


def test_further_types_and_fields(setup):
    more = ("--observable-type", "username", "--custom-field", "ticket=integer")
    result, steps = setup.run("--write", *more)
    assert result.code == 0 and steps["types"]["state"] == "done", result
    fields = {row["name"]: row["type"] for row in ask(setup, "GET", "/api/v1/customField").json()}
    assert fields["ticket"] == "integer" and fields["wazuh_agent_id"] == "string"
    result, steps = setup.run("--custom-field", "ticket=string")
    assert result.code == 7 and "ticket is a integer" in steps["fields"]["detail"], result
    assert setup.run("--custom-field", "ticket=number")[0].code == 2


def test_another_server_and_another_version(serve, place):
    old = serve(lambda request: servers.answer(200, {"versions": {"TheHive": "3.5.1"}}) if request.path == "/api/status"
                else servers.answer(404, {"type": "NotFound", "message": "no"}))
    setup = Setup("thehive", old.url, place)
    result, steps = setup.run("--write")
    assert result.code == 7 and "3.5.1" in steps["version"]["detail"], result
    page = serve(lambda request: servers.answer(200, "<html>hello</html>", "text/html"))
    assert Setup("thehive", page.url, place).run()[0].code == 7
    assert Setup("thehive", "http://127.0.0.1:9", place).run()[0].code == 5


def test_a_certificate_that_is_not_trusted(place):
    server = tls_servers.OwnCaTheHive()
    try:
        result, steps = Setup("thehive", server.url, place).run("--write")
        assert result.code == 5 and "certificate" in steps["version"]["detail"].lower(), result
        result, steps = Setup("thehive", server.url, place).run("--ca-file", server.ca)
        assert steps["version"]["state"] == "present", result
    finally:
        server.close()


def test_for_people(setup):
    words = ["setup", "thehive", "--url", setup.url, "--admin-key-file", setup.admin_file, "--key-file", setup.key_file]
    shown = tool.run_on_terminal(*words, columns=200)
    assert "socctl setup thehive --write creates what is missing and corrects what differs." in shown.out
    written = tool.run_on_terminal(*words, "--write", columns=200)
    undo = written.out.split("To undo:")[1]
    assert undo.index("rm ") < undo.index("DELETE /api/v1/user/") < undo.index("DELETE /api/v1/profile/")
    assert setup.key() not in shown.out + written.out


@pytest.mark.parametrize("rule, code, steps", [
    ("status=503,path=/api/v1/status/public,after=1", 5, sorted(MADE | {"version"})),
    ("reset,path=/api/v1/status/public,after=1", 5, sorted(MADE | {"version"})),
    ("status=500,path=/api/v1/user/*,after=2,method=GET", 5, None),
    ("status=500,path=/api/v1/profile/*,after=1,method=GET", 5, ["profile"])])
def test_a_second_look_that_fails_is_not_success(place, rule, code, steps):
    with tool.Sandbox(rules=[rule], extra=("--admin-key", ADMIN_KEY)) as soc:
        result, seen = Setup("thehive", soc.url, place).run("--write")
    failed = sorted(name for name, state in states(seen).items() if state == "failed")
    assert result.code == code and failed and failed == (steps or failed), result
    for name in set(failed) & MADE:
        assert seen[name]["detail"].startswith("done, but not confirmed: ") and seen[name]["undo"], seen[name]


@pytest.mark.parametrize("rule, done, in_part", [
    ("status=500,method=POST,path=/api/v1/customField,after=2", "organisation, profile, user, key", "fields"),
    ("status=500,path=/api/v1/profile/*,after=1,method=GET", "organisation, user, key, fields", "profile")])
def test_what_may_be_made_in_part_is_named_with_its_undo(place, rule, done, in_part):
    with tool.Sandbox(rules=[rule], extra=("--admin-key", ADMIN_KEY)) as soc:
        setup = Setup("thehive", soc.url, place)
        result = tool.run("setup", "thehive", "--url", setup.url, "--admin-key-file", setup.admin_file,
                          "--key-file", setup.key_file, "--write", "-o", "table")
    assert f"\nDone and kept: {done}\n\nMay be partly done: {in_part}\n\nTo undo:\n" in result.out, result
    undo = result.out.split("To undo:\n")[1]
    assert {"fields": "  delete the custom fields ", "profile": "  DELETE /api/v1/profile/"}[in_part] in undo


def test_the_key_of_another_server_is_neither_sent_nor_replaced(place):
    """A second TheHive with the default key file, which contains the key of the first."""
    server = servers.Server(lambda request: servers.answer(500, {"type": "InternalError", "message": "x"}))
    other = Setup("thehive", server.url, place)
    other.secret("user.key", "key-of-production-123")
    config = Path(place) / "config.json"
    config.write_text('{"thehive": {"url": "https://production.example", "key_file": "user.key"}}')
    config.chmod(0o600)
    for words in ((), ("--write",), ("--write", "--renew-key")):
        result, steps = other.run(*words, "--profile", config)
        assert result.code == 2 and "has the key for https://production.example" in result.err, result
        assert not steps and other.key() == "key-of-production-123"
    assert server.requests == []
    server.close()


@pytest.mark.parametrize("version", ["5.7.3-1"])
def test_a_key_is_only_renewed_if_the_new_one_has_a_place(setup, version, place):
    setup.run("--write")
    key = setup.key()
    words = ["--url", setup.url, "--admin-key-file", setup.admin_file, "--renew-key", "--write", "--key-file"]
    lost = tool.run("setup", "thehive", *words, Path(place) / "none/none/user.key")
    assert lost.code != 0, lost
    assert ask(setup, "GET", "/api/v1/user/current", key=key).status_code == 200
