# SPDX-License-Identifier: Apache-2.0
"""Behaviour after the first failure: pauses, circuit breaker, refused key, ambiguous ends."""

import json
import os
import subprocess
import time

import pytest

from conftest import KEY, make_alert
from entries import count, in_state
from integratord import BIN_DIR
from sanitizer import ASAN_OPTIONS
from servers import DRIP, HANG, RESET, TheHive, answer
from spool_env import end_breaker_pause, make_due

# Short pauses, so that a test need not wait.
QUICK = {"thehive_version": "5", "retry_min_ms": 10, "retry_max_ms": 1000, "settle_ms": 0, "budget_ms": 1500}


def quick(**more):
    return json.dumps({**QUICK, **more})


class Switch(TheHive):
    """A TheHive whose next answers can be replaced."""

    def __init__(self):
        self.instead = None
        super().__init__()

    def _answer(self, request):
        if self.instead is not None:
            return self.instead(request)
        return super()._answer(request)


@pytest.fixture
def switch():
    server = Switch()
    yield server
    server.close()


def test_a_new_alert_takes_waiting_ones_along(home, switch):
    switch.instead = lambda request: answer(503, {})
    options = quick(breaker_failures=100, drain_max=2)
    for number in range(5):
        home.run(make_alert(number), key=KEY, url=switch.url, options=options)
    assert count(home) == 5
    switch.instead = None
    make_due(home)
    home.run(make_alert(10), key=KEY, url=switch.url, options=options)
    assert len(switch.alerts) == 3  # the new one first, then two old ones
    assert count(home) == 3
    assert next(iter(switch.alerts))[2].startswith("1741938001.1210-")
    make_due(home)
    home.run(make_alert(11), key=KEY, url=switch.url, options=options)
    make_due(home)
    home.run(make_alert(12), key=KEY, url=switch.url, options=options)
    assert count(home) == 0
    assert len(switch.alerts) == 8


def test_a_backlog_never_holds_a_new_alert_up(home, switch):
    options = quick(drain_max=100, budget_ms=1000, breaker_failures=100)
    switch.instead = lambda request: answer(503, {})
    for number in range(8):
        home.run(make_alert(number), key=KEY, url=switch.url, options=options)
    switch.instead = lambda request: time.sleep(0.1) or TheHive._answer(switch, request)
    make_due(home)
    run = home.run(make_alert(20), key=KEY, url=switch.url, options=options)
    assert 1 <= len(switch.alerts) <= 5 and count(home) >= 4
    assert run.seconds < 1.1


def test_the_breaker_opens_for_all_and_one_process_tries_again(home, switch):
    options = quick(breaker_failures=3, breaker_open_ms=60000)
    switch.instead = lambda request: answer(503, {})
    for number in range(3):
        home.run(make_alert(number), key=KEY, url=switch.url, options=options)
    asked = len(switch.requests)
    assert asked == 3
    for number in range(3, 6):
        run = home.run(make_alert(number), key=KEY, url=switch.url, options=options)
        assert (run.code, run.output) == (0, b"")
    assert len(switch.requests) == asked  # no request was sent
    assert count(home) == 6
    assert sum("circuit breaker open" in line for line in home.log_text().splitlines()) == 1
    switch.instead = None
    end_breaker_pause(home)
    home.run(make_alert(7), key=KEY, url=switch.url, options=options)
    assert len(switch.alerts) >= 1
    assert "circuit breaker closed" in home.log_text()
    for number in range(8, 12):
        make_due(home)
        home.run(make_alert(number), key=KEY, url=switch.url, options=options)
    assert count(home) == 0


def test_a_refused_key_is_sent_once_and_a_changed_one_at_once(home, switch):
    def respond_to(request):
        if request.headers["authorization"] == "Bearer good-key-123":
            return TheHive._answer(switch, request)
        return answer(401, {"type": "AuthenticationError", "message": "Authentication failure"})

    switch.instead = respond_to
    for number in range(8):
        run = home.run(make_alert(number), key=KEY, url=switch.url, options=quick())
        assert (run.code, run.output) == (0, b"")
    # One refusal, confirmed once, because servers ban repeated attempts.
    assert [r.path for r in switch.requests] == ["/api/v1/alert", "/api/v1/user/current"]
    assert count(home) == 8
    [line] = home.log_text().splitlines()
    assert "refuses the key" in line and KEY not in line
    assert not any(KEY.encode() in data for path, data in home.every_file().items())
    for number in range(8, 15):
        make_due(home)
        home.run(make_alert(number), key="good-key-123", url=switch.url, options=quick())
    assert count(home) == 0
    assert len(switch.alerts) == 15


def test_a_key_fixed_on_the_server_is_noticed(home, switch):
    state = {"open": False}

    def respond_to(request):
        if not state["open"]:
            return answer(403, {"type": "AuthorizationError", "message": "no"})
        if request.path == "/api/v1/user/current":
            return answer(200, {"login": "x", "permissions": ["manageAlert/create"]})
        return TheHive._answer(switch, request)

    switch.instead = respond_to
    options = quick(auth_probe_ms=300)
    home.run(make_alert(1), key=KEY, url=switch.url, options=options)
    time.sleep(0.4)
    home.run(make_alert(2), key=KEY, url=switch.url, options=options)
    # Refused and confirmed; then checked again.
    assert [(r.method, r.path) for r in switch.requests] == [("POST", "/api/v1/alert"),
                                                            ("GET", "/api/v1/user/current"),
                                                            ("GET", "/api/v1/user/current")]
    state["open"] = True
    time.sleep(0.4)
    make_due(home)
    home.run(make_alert(3), key=KEY, url=switch.url, options=options)
    assert count(home) == 0 and len(switch.alerts) == 3


@pytest.mark.parametrize("end", ["hang", "reset", "half", "drip", "html"])
@pytest.mark.parametrize("committed", [True, False])
def test_after_an_open_end_it_is_asked_before_it_is_sent(home, switch, end, committed):
    def lose(request):
        if committed and request.method == "POST":
            TheHive._answer(switch, request)
        return {"hang": HANG, "reset": RESET, "drip": DRIP,
                "half": answer(201, {"_id": "~1" + "x" * 100})[:-50],
                "html": answer(200, "<html>welcome</html>", "text/html")}[end]

    switch.instead = lose
    options = quick(budget_ms=1000)
    home.run(make_alert(1), key=KEY, url=switch.url, options=options)
    [(_, _, reason)] = in_state(home)
    assert reason["ambiguous"] is True
    switch.instead = None
    seen = len(switch.requests)
    make_due(home)
    home.run(make_alert(2), key=KEY, url=switch.url, options=quick())  # time for the question and the request
    assert count(home) == 0
    assert len(switch.alerts) == 2
    later = [r.method for r in switch.requests[seen:]]
    assert later == (["POST", "GET"] if committed else ["POST", "GET", "POST"])


def test_it_waits_until_the_server_has_settled(home, switch):
    """Two entries of one alert: the second does not send while the first may still be worked on."""
    switch.instead = lambda request: HANG
    options = quick(budget_ms=1000, settle_ms=60000)
    for _ in range(2):
        assert home.run(make_alert(1), key=KEY, url=switch.url, options=options).code == 0
    assert len(switch.posts()) == 1
    assert count(home) == 2


def test_one_alert_although_the_server_checks_too_late(home):
    """The sandbox commits after the client's timeout, and its check for duplicates is not atomic."""
    command = [BIN_DIR / "soc-sandbox", "--listen", "127.0.0.1:0", "--key", KEY,
               "--fail", "dup-race=300,method=POST", "--fail", "commit-then-delay=1000,first=1,method=POST"]
    sandbox = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        url = sandbox.stdout.readline().split(" at ")[1].split()[0]
        options = quick(budget_ms=800, settle_ms=1000)
        children = [home.start(make_alert(1), key=KEY, url=url, options=options) for _ in range(4)]
        for child in children:
            assert child.wait().code == 0
        deadline = time.monotonic() + 20
        while count(home) and time.monotonic() < deadline:
            make_due(home)
            home.run(make_alert(2), key=KEY, url=url, options=quick(budget_ms=3000, settle_ms=1000))
            time.sleep(0.3)
        assert count(home) == 0, home.log_text() + str([r for _, _, r in in_state(home)])
        query = subprocess.run([BIN_DIR / "socctl", "alert", "list", "-o", "jsonl", "--url", url],
                               env={"SOCCTL_THEHIVE_KEY": KEY, "ASAN_OPTIONS": ASAN_OPTIONS},
                               capture_output=True, text=True)
        refs = [json.loads(line)["sourceRef"] for line in query.stdout.splitlines()]
        assert sorted(ref.split("-")[0] for ref in refs) == ["1741938001.1201", "1741938001.1202"], query
    finally:
        sandbox.terminate()
        sandbox.wait()


def test_queue_mode_accepts_without_a_request(home, switch):
    run = home.run(make_alert(1), key=KEY, url=switch.url, options=quick(delivery="queue"))
    assert (run.code, run.output) == (0, b"")
    assert count(home) == 1
    assert switch.requests == []


@pytest.mark.parametrize("delivery", ["direct", "queue"])
def test_a_full_spool_refuses_loudly(home, switch, delivery):
    switch.instead = lambda request: answer(503, {})
    options = quick(spool_max_entries=2, delivery=delivery, breaker_failures=100)
    for number in range(2):
        assert home.run(make_alert(number), key=KEY, url=switch.url, options=options).code == 0
    run = home.run(make_alert(3), key=KEY, url=switch.url, options=options)
    assert run.code == 1
    [line] = run.lines
    assert "is full: 2 entries" in line
    assert "is full" in home.log_text().splitlines()[-1]
    assert count(home) == 2  # nothing was printed for it


def test_sent_in_part_rather_than_not(home, switch):
    def picky(request):
        if request.method == "POST" and b'"dataType":"ip"' in request.body:
            return answer(404, {"type": "NotFoundError", "message": "ObservableType ip not found"})
        return TheHive._answer(switch, request)

    switch.instead = picky
    assert home.run(make_alert(1), key=KEY, url=switch.url, options=quick()).code == 0
    [alert] = switch.alerts.values()
    assert {o["dataType"] for o in alert["observables"]} == {"other"}
    assert "203.0.113.9" in {o["data"] for o in alert["observables"]}
    assert "data type ip sent as other" in alert["description"]
    assert count(home) == 0 and count(home, "dead") == 0
    assert "in part" in home.log_text()


def test_a_damaged_entry_is_set_aside_and_blocks_nothing(home, switch):
    switch.instead = lambda request: answer(503, {})
    options = quick(breaker_failures=100, drain_max=10)
    for number in range(2):
        home.run(make_alert(number), key=KEY, url=switch.url, options=options)
    path = sorted((home.spool / "queue").glob("*.alert"))[0]
    path.write_bytes(path.read_bytes()[:-10])
    switch.instead = None
    make_due(home)
    home.run(make_alert(5), key=KEY, url=switch.url, options=options)
    assert len(switch.alerts) == 2
    assert [p.name for p in (home.spool / "corrupt").glob("*.alert")] == [path.name]
    assert list((home.spool / "queue").glob("*.alert")) == []


def test_a_clock_that_was_ahead_freezes_nothing(home, switch):
    switch.instead = lambda request: answer(503, {})
    home.run(make_alert(1), key=KEY, url=switch.url, options=quick())
    [path] = (home.spool / "queue").glob("*.alert")
    os.utime(path, (0, time.time() + 10 * 365 * 86400))
    switch.instead = None
    home.run(make_alert(2), key=KEY, url=switch.url, options=quick())
    assert count(home) == 0 and len(switch.alerts) == 2
