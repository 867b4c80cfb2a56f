# SPDX-License-Identifier: Apache-2.0
"""Durable first, then sent once; the server's answer decides the entry's state."""

import json
import re
import socket
import time

import pytest

from conftest import KEY, make_alert
from entries import count, in_state
from servers import DRIP, HANG, RESET, TheHive, answer

ALERT = make_alert()
V5 = '{"thehive_version":"5"}'
CREATED = {"_id": "~4096", "_type": "alert"}


def test_created_leaves_nothing(home, thehive):
    assert home.run(ALERT, key=KEY, url=thehive.url).code == 0
    [alert] = thehive.alerts.values()
    assert alert["severity"] == 2
    assert count(home) == 0
    assert list((home.spool / "queue").iterdir()) == []
    assert list((home.spool / "tmp").iterdir()) == []


def test_a_duplicate_is_as_good_as_created(home, thehive):
    for _ in range(2):
        run = home.run(ALERT, key=KEY, url=thehive.url)
        assert run.code == 0
        assert count(home) == 0
    assert len(thehive.posts()) == 2
    assert len(thehive.alerts) == 1
    assert home.log_text() == ""


STAY = {
    "503": (answer(503, {"type": "Unavailable", "message": "later"}), 503),
    "500": (answer(500, {"type": "InternalError", "message": "x"}), 500),
    "401": (answer(401, {"type": "AuthenticationError", "message": "Authentication failure"}), 401),
    "403": (answer(403, {"type": "AuthorizationError", "message": "no"}), 403),
    "404": (answer(404, {"type": "NotFound", "message": "no"}), 404),
    "429": (answer(429, {}), 429),
    "HTML with 200": (answer(200, "<html>Please log in</html>", "text/html"), 200),
    "HTML with 201": (answer(201, "<html>Welcome</html>", "text/html"), 201),
    "redirect": (answer(302, "", extra="Location: http://127.0.0.1:9/\r\n"), 302),
    "reset": (RESET, 0),
    "half an answer": (answer(201, {"_id": "~1" + "x" * 100})[:-50], 0),
    "no HTTP": (b"SSH-2.0-OpenSSH_9.2\r\n", 0),
}


@pytest.mark.parametrize("case", STAY)
def test_everything_else_stays_in_the_queue(home, serve, case):
    reply, status = STAY[case]
    server = serve(lambda request: reply)
    run = home.run(ALERT, key=KEY, url=server.url, options=V5)
    assert (run.code, run.output) == (0, b"")
    [(header, kept, reason)] = in_state(home)
    assert kept == ALERT
    assert header["integration"] == "custom-w2thive"
    assert header["hook_url"] == server.url
    assert reason["attempts"] == 1
    assert reason["http_status"] == status
    [entry] = (home.spool / "queue").glob("*.alert")
    assert entry.stat().st_mtime > time.time() + 4  # due in 5 s or later
    [line] = home.log_text().splitlines()
    assert re.search(r" custom-w2thive ERROR: .*\(alert 1741938001\.1201, rule 5763\)$", line)


FINAL = {
    "400": (answer(400, {"type": "BadRequest", "message": "no"}), "refused"),
    "400 observable": (answer(400, {"type": "CreateError", "message": "Observable already exists"}), "refused"),
    "404 entity": (answer(404, {"type": "NotFoundError", "message": "ObservableType x not found"}), "refused"),
    "413": (answer(413, "<html>too large</html>", "text/html"), "too_large"),
}


@pytest.mark.parametrize("case", FINAL)
def test_what_is_refused_for_good_is_tried_once_with_less_and_set_aside(home, serve, case):
    reply, kind = FINAL[case]
    server = serve(lambda request: reply)
    run = home.run(ALERT, key=KEY, url=server.url, options=V5)
    assert (run.code, run.output) == (0, b"")
    assert len(server.posts()) == 2
    first, second = (request.json() for request in server.posts())
    assert first["sourceRef"] == second["sourceRef"]
    assert "Changed by socbridge" in second["description"] and "Changed by" not in first["description"]
    assert count(home) == 0
    [(header, kept, reason)] = in_state(home, "dead")
    assert kept == ALERT
    assert reason["kind"] == kind and reason["attempts"] == 1 and reason["left_out"]
    assert "/dead/" in home.log_text()


def test_connection_refused(home):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    assert home.run(ALERT, key=KEY, url=f"http://127.0.0.1:{port}").code == 0
    assert count(home) == 1


def test_the_entry_is_stored_before_the_request_is_sent(home, serve):
    found = []
    server = serve(lambda request: found.append(count(home)) or HANG)
    child = home.start(ALERT, key=KEY, url=server.url, options='{"thehive_version":"5","budget_ms":2000}')
    assert server.seen.wait(10)
    assert found == [1]
    run = child.wait()
    assert run.code == 0
    assert count(home) == 1


def listener_that_never_accepts():
    """A full backlog: further connections get no answer to their SYN."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=0)
    fillers = [socket.socket() for _ in range(4)]
    for filler in fillers:
        filler.setblocking(False)
        filler.connect_ex(listener.getsockname())
    return listener, fillers


@pytest.mark.parametrize("by", ["budget_ms", "timeout"])
@pytest.mark.parametrize("stage", ["connect", "version", "answer", "drip"])
def test_the_budget_holds(home, serve, stage, by):
    """Released within the budget and 100 ms; a busy machine gets three tries."""
    if stage == "connect":
        hung = listener_that_never_accepts()
        url = "http://127.0.0.1:%d" % hung[0].getsockname()[1]
    else:
        url = serve(lambda request: DRIP if stage == "drip" else HANG).url
    budget = 0.3 if by == "budget_ms" else 1.0
    options = {"thehive_version": "auto" if stage == "version" else "5"}
    if by == "budget_ms":
        options["budget_ms"] = 300
    taken, with_start = [], []
    while len(taken) < 3 and (not taken or min(taken) > budget + 0.1):
        began = time.monotonic()
        run = home.run(make_alert(len(taken)), key=KEY, url=url, options=json.dumps(options),
                       timeout="10" if by == "budget_ms" else "1")
        assert run.code == 0
        taken.append(run.seconds)
        with_start.append(time.monotonic() - began)  # the process ran before Popen came back
        assert count(home) == len(taken)
    assert budget * 0.8 <= min(with_start) and min(taken) <= budget + 0.1


def test_a_path_prefix(home):
    server = TheHive(prefix="/soc/hive")
    assert home.run(ALERT, key=KEY, url=server.url + "/soc/hive/").code == 0
    assert len(server.alerts) == 1
    server.close()


def test_the_version_is_asked_once(home, thehive):
    for number in range(3):
        assert home.run(make_alert(number), key=KEY, url=thehive.url).code == 0
    assert [request.method for request in thehive.requests] == ["GET", "POST", "POST", "POST"]
    [memory] = (home.spool / "state").glob("thehive-*")
    assert re.fullmatch(r"thehive-[0-9a-f]{12}", memory.name)
    assert re.fullmatch(r"socbridge-version 1 5 \d+ 5\.7\.3-1\n", memory.read_text())


def test_a_proxy_of_the_environment_is_not_asked(home, thehive, monkeypatch):
    import integratord
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setitem(integratord.ENV, name, "http://127.0.0.1:9")
    assert home.run(ALERT, key=KEY, url=thehive.url).code == 0
    assert len(thehive.alerts) == 1


def test_raw_bytes_are_kept_as_they_came(home, serve):
    server = serve(lambda request: answer(503, {}))
    odd = make_alert(full_log="x").replace(b'"x"', b'"\xff\xfe \xc3( \x01"')
    assert home.run(odd, key=KEY, url=server.url, options=V5).code == 0
    [(_, kept, _)] = in_state(home)
    assert kept == odd
