# SPDX-License-Identifier: Apache-2.0
"""Refusals and their sources: one alert by a firewall, every request by a proxy, the key by TheHive."""

import json
import os
import time

import pytest

import tool
import waf
from conftest import make_alert
from entries import count, in_state
from ports import free_port
from servers import HANG, TheHive, answer
from spool_env import KEY, configure, ids, put, references, socctl
from tool import wait_until

ATTACK = "id=1 UNION SELECT password FROM users"
USER = {"login": "w2thive", "organisation": "soc", "permissions": ["manageAlert/create"]}


def attack(number):
    return make_alert(number, full_log=f'203.0.113.9 - - "GET /?{ATTACK} HTTP/1.1" 200')


@pytest.fixture
def sandbox():
    with tool.Sandbox() as running:
        yield running


@pytest.fixture
def firewall(sandbox):
    made = waf.Waf(sandbox.url, waf.holds("UNION SELECT"))
    yield made
    made.close()


def state_of_destination(home):
    rows = socctl(home, "queue", "stats", "-o", "jsonl").jsonl()
    return next((row for row in rows if row["kind"] == "destination"), {"state": "unknown", "message": ""})


def arrived(sandbox, numbers):
    found = {ref.split("-")[0] for ref in references(sandbox)}
    return sum(f"1741938001.{1200 + number}" in found for number in numbers)


@pytest.mark.parametrize("refusal", waf.REFUSALS)
def test_one_attack_holds_no_honest_alert_up(home, sandbox, firewall, refusal):
    firewall.refusal = waf.REFUSALS[refusal]
    configure(home, firewall.url, retry_min_ms=600000, retry_max_ms=3600000, breaker_open_ms=600000, budget_ms=5000)
    honest = 0
    for number in range(15):
        bad = number % 5 != 4  # more in a row than the breaker counts, then an honest one, and so on
        alert = attack(number) if bad else make_alert(number)
        run = home.run(alert, timeout="60")
        assert (run.code, run.output) == (0, b"")
        honest += not bad
    assert arrived(sandbox, range(15)) == honest == 3, home.log_text()
    kept = in_state(home)
    assert len(kept) == 12 and all(ATTACK.encode() in alert for _, alert, _ in kept)
    assert all(reason["message"] for _, _, reason in kept)
    assert count(home, "dead") == 0
    assert state_of_destination(home)["state"] == "closed"
    assert "circuit breaker open" not in home.log_text() and "refuses the key" not in home.log_text()


def test_the_whole_wave_of_a_scanner_holds_no_honest_alert_up(home, sandbox, firewall):
    """As in the issue: 24 honest alerts among those of a scanner, sent by the relay."""
    configure(home, firewall.url, retry_min_ms=600000, retry_max_ms=3600000, breaker_open_ms=600000)
    for number in range(140):
        put(home, number, age_s=200 - number, alert=make_alert(number) if number % 6 == 5 else attack(number))
    honest = [number for number in range(140) if number % 6 == 5]
    result = socctl(home, "relay", "--once")
    assert arrived(sandbox, honest) == len(honest) == 23, result
    assert len(ids(home)) == 117 and ids(home, "dead") == []
    assert result.code == 3, result
    assert len(result.err.splitlines()) < 10  # not one for each alert


def test_a_refused_alert_is_given_up_after_a_few_tries_and_can_be_sent_later(home, sandbox, firewall):
    configure(home, firewall.url, retry_min_ms=50, retry_max_ms=400)
    put(home, 1, alert=attack(1))
    relay = tool.start("relay", env={"SOCBRIDGE_WAZUH_HOME": str(home.path)})
    try:
        wait_until(lambda: ids(home, "dead"), what="the end of the tries")
        put(home, 2)
        wait_until(lambda: arrived(sandbox, [2]) == 1, what="an honest alert")
    finally:
        relay.terminate()
        relay.communicate(timeout=30)
    [(_, alert, reason)] = in_state(home, "dead")
    assert ATTACK.encode() in alert
    assert reason["kind"] == "blocked" and 4 <= reason["attempts"] <= 12 and reason["http_status"] == 403
    assert "403 Request rejected" in reason["message"]
    bodies = [request.body for request in firewall.refused]
    assert sum(b"Changed by socbridge" in body for body in bodies) == 1  # once with less
    firewall.refuses = lambda request: False
    assert socctl(home, "queue", "requeue", "--all").code == 0
    assert socctl(home, "relay", "--once").code == 0
    assert arrived(sandbox, [1, 2]) == 2 and ids(home, "dead") == []


@pytest.mark.parametrize("refusal", ["403 page", "401 page", "402 text", "gateway JSON", "404 page", "redirect", "400 page",
                                     "200 page"])
def test_a_proxy_that_refuses_every_request_causes_no_loss_and_no_dead_letter(home, sandbox, firewall, refusal):
    firewall.refuses, firewall.refusal = waf.everything, waf.REFUSALS[refusal]
    configure(home, firewall.url, retry_min_ms=20, retry_max_ms=200, breaker_open_ms=100)
    for number in range(10):
        put(home, number)
    relay = tool.start("relay", env={"SOCBRIDGE_WAZUH_HOME": str(home.path)})
    try:
        wait_until(lambda: state_of_destination(home)["state"] == "open", what="the breaker")
        refused = len(firewall.refused)
        wait_until(lambda: len(firewall.refused) > refused + 5, what="more tries")
        assert len(ids(home)) == 10 and ids(home, "dead") == []
        firewall.refuses = lambda request: False
        wait_until(lambda: ids(home) == [], what="the backlog")
    finally:
        relay.terminate()
        _, output = relay.communicate(timeout=30)
    assert arrived(sandbox, range(10)) == 10
    assert b"circuit breaker open" in output and b"refuses the key" not in output


@pytest.mark.parametrize("version", ["4", "5"])
@pytest.mark.parametrize("words", ["document already exists", "license", "Alert already exist", "observable type ip",
                                   "case template", "Organisation not found"])
def test_an_attackers_words_that_are_repeated_decide_nothing(home, serve, version, words):
    """TheHive repeats the value of a wrong custom field in its 400."""
    accepted = []

    def respond(request):
        if request.path == "/api/v1/user/current":
            return answer(200, USER)
        if request.method == "GET":
            return answer(404, {"type": "NotFoundError", "message": "Alert not found"})
        sent = request.json()
        if "customFields" in sent and sent["customFields"]:
            return answer(400, {"type": "BadRequest", "message": "Invalid value type for custom field.\n"
                                f"  Expected: date\n  Found   : {words}"})
        accepted.append(sent)
        return answer(201, {"_id": "~1", "id": "~1"})

    server = serve(respond)
    configure(home, server.url, thehive_version=version, custom_fields={"when": "{data.extra}"})
    alert = json.loads(make_alert(1))
    alert["data"]["extra"] = words
    run = home.run(json.dumps(alert).encode())
    assert run.code == 0
    assert count(home) == 0 and count(home, "dead") == 0, home.log_text()
    [sent] = accepted  # once, without the field
    assert sent["observables" if version == "5" else "artifacts"], "only the field was the reason"
    assert state_of_destination(home)["state"] == "closed"


@pytest.mark.parametrize("version", ["4", "5"])
def test_already_there_is_trusted_when_it_is_found(home, serve, version):
    """A server whose sentence names an alert that it does not have."""
    posts = []

    def respond(request):
        if request.path == "/api/v1/user/current":
            return answer(200, USER)
        if request.method == "GET":
            return answer(404, {"type": "NotFoundError", "message": "Alert not found"})
        posts.append(request.json())
        sent = posts[-1]
        text = f"Alert {sent['type']}:{sent['source']}:{sent['sourceRef']} already exist in organisation soc"
        return answer(400, {"type": "CreateError", "message": text})

    configure(home, serve(respond).url, thehive_version=version)
    assert home.run(make_alert(1)).code == 0
    assert count(home) == 1  # kept


@pytest.mark.parametrize("form", ["version 4", "version 5", "page"])
@pytest.mark.parametrize("version", ["4", "5", "auto"])
def test_a_wrong_path_prefix_buries_nothing_and_is_named(home, serve, form, version):
    forms = {"version 4": lambda request: answer(404, {"type": "NotFoundError", "message": request.path}),
             "version 5": lambda request: answer(404, {"type": "NotFound", "message": "no such route"}),
             "page": lambda request: answer(404, waf.PAGE.format(404), "text/html")}
    server = serve(forms[form])
    url = server.url + "/wrong"
    configure(home, url, thehive_version=version, breaker_failures=3, breaker_open_ms=600000)
    for number in range(5):
        assert home.run(make_alert(number)).code == 0
    assert count(home) == 5 and count(home, "dead") == 0
    asked = len(server.requests)
    assert home.run(make_alert(6)).code == 0
    assert len(server.requests) == asked  # the breaker is open
    [line] = [line for line in home.log_text().splitlines() if "circuit breaker open" in line]
    assert url in line and "prefix" in line, line
    looked = tool.run("health", "thehive", "-o", "json", env={"SOCCTL_THEHIVE_URL": url, "SOCCTL_THEHIVE_KEY": KEY})
    [report] = looked.json()["components"]
    output = json.dumps(report["checks"])
    assert looked.code == 5 and url in output and "prefix" in output, looked


def test_version_5_configured_for_a_4_loses_no_observables_and_says_so(home):
    with tool.Sandbox(version="4.1.24-1") as sandbox:
        configure(home, sandbox.url, thehive_version="5", budget_ms=5000)
        for number in range(2):
            assert home.run(make_alert(number), timeout="60").code == 0
        alerts = tool.run("alert", "list", "-o", "json", env=sandbox.env()).json()
        assert [alert["observableCount"] for alert in alerts] == [alerts[0]["observableCount"]] * 2
        assert alerts[0]["observableCount"] >= 1
        output = [line for line in home.log_text().splitlines() if "thehive_version is 5" in line]
        assert len(output) == 1 and "4.1.24" in output[0] and "WARNING" in output[0], home.log_text()
        sent = socctl(home, "alert", "test", "--url", sandbox.url, "--key-file", key_file(home))
        assert sent.code == 0 and "thehive_version is 5" in sent.err, sent


def key_file(home):
    path = home.path / "etc/key"
    path.write_text(KEY)
    path.chmod(0o600)
    return path


class Keyed(TheHive):
    """A TheHive that takes the key or not."""

    def __init__(self):
        self.takes_key = False
        super().__init__()

    def _answer(self, request):
        if "status" in request.path:
            return super()._answer(request)
        if not self.takes_key:
            return answer(401, {"type": "AuthenticationError", "message": "Authentication failure"})
        if request.path == "/api/v1/user/current":
            return answer(200, USER)
        return super()._answer(request)


@pytest.fixture
def keyed():
    made = Keyed()
    yield made
    made.close()


LOOKS = {
    "alert test": lambda home, url: socctl(home, "alert", "test", "--url", url, "--key-file", key_file(home)),
    "queue flush": lambda home, url: socctl(home, "queue", "flush"),
    "health": lambda home, url: tool.run("health", "thehive", env={
        "SOCBRIDGE_WAZUH_HOME": str(home.path), "SOCCTL_THEHIVE_URL": url, "SOCCTL_THEHIVE_KEY": KEY}),
}


@pytest.mark.parametrize("verb", LOOKS)
def test_a_key_corrected_on_the_server_opens_the_gate_at_the_next(home, keyed, verb):
    configure(home, keyed.url, auth_probe_ms=86400000)
    assert home.run(make_alert(1)).code == 0
    assert state_of_destination(home)["state"] == "auth"
    LOOKS[verb](home, keyed.url)
    assert state_of_destination(home)["state"] == "auth"  # not yet
    before = len(keyed.requests)
    home.run(make_alert(2))
    assert len(keyed.requests) == before
    keyed.takes_key = True
    output = LOOKS[verb](home, keyed.url)
    assert state_of_destination(home)["state"] == "closed", output
    assert home.run(make_alert(3)).code == 0
    assert any(ref.startswith("1741938001.1203-") for _, _, ref in keyed.alerts)
    owner = home.spool.stat().st_uid
    assert {path.name for path in home.spool.rglob("*") if path.stat().st_uid != owner} == set()


def test_a_flush_says_that_the_key_is_still_refused(home, keyed):
    configure(home, keyed.url, auth_probe_ms=86400000)
    home.run(make_alert(1))
    result = socctl(home, "queue", "flush")
    assert result.code == 0 and "Authentication failure" in result.err and KEY not in result.err, result


def test_an_old_key_that_is_well_says_nothing_about_the_refused_one(home, keyed):
    configure(home, keyed.url, api_key="another-key-0123456789", auth_probe_ms=86400000)
    home.run(make_alert(1))
    assert state_of_destination(home)["state"] == "auth"
    keyed.takes_key = True
    LOOKS["health"](home, keyed.url)  # with KEY
    assert state_of_destination(home)["state"] == "auth"


@pytest.mark.parametrize("status, error", [(401, "AuthenticationError"), (403, "AuthorizationError")])
def test_a_refusal_of_one_alert_by_thehive_does_not_block_the_destination(home, thehive, status, error):
    """The gate closes only after `user/current` has confirmed it with the same key."""
    good = thehive._answer

    def respond_to(request):
        if request.path == "/api/v1/user/current":
            return answer(200, USER)
        if b"UNION SELECT" in request.body:
            return answer(status, {"type": error, "message": "Operation not permitted"})
        return good(request)

    thehive.respond = respond_to
    configure(home, thehive.url)
    for number in range(6):
        home.run(attack(number) if number % 2 else make_alert(number))
    assert len(thehive.alerts) == 3
    assert state_of_destination(home)["state"] == "closed"
    assert count(home) == 3 and count(home, "dead") == 0


FAILURES = {"500": answer(500, {"type": "JanusGraphException", "message": "Could not commit transaction"}),
            "no answer": HANG}


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("delivery", ["direct", "relay"])
def test_an_alert_for_which_thehive_fails_holds_no_other_up(home, sandbox, firewall, delivery, failure):
    firewall.refusal = FAILURES[failure]
    configure(home, firewall.url, delivery="queue" if delivery == "relay" else "direct", budget_ms=1000,
              retry_min_ms=50, retry_max_ms=100, settle_ms=0)
    for number in range(12):
        home.run(attack(number) if number < 6 else make_alert(number), timeout="60")
    if delivery == "relay":
        relay = tool.start("relay", env={"SOCBRIDGE_WAZUH_HOME": str(home.path)})
        try:
            wait_until(lambda: arrived(sandbox, range(12)) == 6, seconds=60, what="the honest alerts")
        finally:
            relay.terminate()
            relay.communicate(timeout=30)
    assert arrived(sandbox, range(12)) == 6, home.log_text()
    # Of those that got no answer some had no time left for the check of the key.
    assert state_of_destination(home)["state"] != "open" and "circuit breaker open" not in home.log_text()
    assert count(home) == 6 and count(home, "dead") == 0


@pytest.mark.parametrize("verb", ["alert send", "reconcile"])
def test_an_alert_for_which_thehive_fails_is_passed(sandbox, firewall, tmp_path, verb):
    firewall.refusal = FAILURES["500"]
    alerts = tmp_path / "alerts.json"
    alerts.write_bytes(make_alert(1) + attack(2) + make_alert(3))
    env = {**sandbox.env(), "SOCCTL_THEHIVE_URL": firewall.url, "HOME": str(tmp_path)}
    words = ["alert", "send", alerts] if verb == "alert send" else ["reconcile", "--from", alerts]
    result = tool.run(*words, "-o", "jsonl", env=env, timeout=60)
    assert result.code == 3, result
    assert arrived(sandbox, (1, 2, 3)) == 2, result
    assert "this alert may be the cause" in result.out


def test_what_a_firewall_refuses_stays_missing_for_reconcile(sandbox, firewall, tmp_path):
    """The cursor does not pass it: each run reports it until it is in TheHive."""
    alerts, cursor = tmp_path / "alerts.json", tmp_path / "cursor"
    alerts.write_bytes(make_alert(1) + attack(2) + make_alert(3))
    env = {**sandbox.env(), "SOCCTL_THEHIVE_URL": firewall.url}

    def run(*more):
        result = tool.run("reconcile", "--from", alerts, "--cursor-file", cursor, "-o", "jsonl", *more, env=env)
        return result.code, result.jsonl()[-1]
    code, first = run()
    assert (code, first["missing"], first["filled"]) == (3, 3, 2), first
    for _ in range(2):
        code, again = run()
        assert (code, again["missing"], again["filled"]) == (3, 1, 0), again
    firewall.refuses = lambda request: False
    assert run()[1]["filled"] == 1
    code, last = run()
    assert (code, last["missing"], last["alerts_read"]) == (0, 0, 0), last


READS = [("alert", "list"), ("case", "list"), ("case", "show", "1"), ("observable", "find", "203.0.113.9"),
         ("reconcile", "--dry-run", "--from", "-"), ("health", "thehive")]


FOREIGN = ["401 page", "402 text", "403 page", "gateway JSON", "407 page"]


# reconcile retries for a while, as for a busy server: one refusal is enough.
@pytest.mark.parametrize("verb,refusal", [(verb, refusal) for verb in READS for refusal in FOREIGN
                                          if verb[0] != "reconcile" or refusal == "403 page"],
                         ids=lambda value: value if isinstance(value, str) else " ".join(value))
def test_a_firewalls_refusal_is_not_a_refused_key_for_who_only_reads(sandbox, firewall, verb, refusal):
    firewall.refuses = waf.everything
    firewall.refusal = {**waf.REFUSALS, "407 page": answer(407, waf.PAGE.format(407), "text/html")}[refusal]
    result = tool.run(*verb, env={**sandbox.env(), "SOCCTL_THEHIVE_URL": firewall.url}, stdin=make_alert())
    assert result.code == 5, result
    assert "a proxy or firewall" in result.out + result.err, result
    assert "API key" not in result.out + result.err, result


def test_real_nginx_that_refuses_a_method_is_not_a_refused_key(home, sandbox, tmp_path):
    """nginx answers 403 to every POST by its configuration: the key is valid, and there is no dead letter."""
    import nginx
    port = free_port()
    tmp_path.chmod(0o755)
    config = tmp_path / "nginx.conf"
    config.write_text(f"""daemon off; master_process off; pid {tmp_path}/pid; error_log {tmp_path}/error.log;
events {{ worker_connections 64; }}
http {{ access_log off; client_body_temp_path {tmp_path}/b; proxy_temp_path {tmp_path}/p;
  fastcgi_temp_path {tmp_path}/f; uwsgi_temp_path {tmp_path}/u; scgi_temp_path {tmp_path}/s;
  server {{ listen 127.0.0.1:{port};
    location / {{ limit_except GET {{ deny all; }} proxy_pass {sandbox.url}; }} }} }}
""")
    import subprocess
    proxy = subprocess.Popen([nginx.PROGRAM, "-p", str(tmp_path), "-c", str(config), "-e", str(tmp_path / "start.log")])
    try:
        time.sleep(0.5)
        configure(home, f"http://127.0.0.1:{port}", retry_min_ms=20, retry_max_ms=3600000)
        for number in range(5):
            put(home, number)
        for _ in range(8):
            for path in (home.spool / "queue").glob("*.alert"):
                os.utime(path, (0, time.time() - 1))
            result = socctl(home, "relay", "--once")
        assert len(ids(home)) == 5 and ids(home, "dead") == [], result
        assert state_of_destination(home)["state"] != "auth"
        [reason] = {entry[2]["http_status"] for entry in in_state(home)}
        assert reason == 403
    finally:
        proxy.terminate()
        proxy.wait(timeout=10)
