# SPDX-License-Identifier: Apache-2.0
"""socctl relay: everything that waits arrives once, whatever happens to the server, to the key or to the relay."""

import os
import signal
import socket
import time

import pytest

import prometheus
import tool
from conftest import make_alert
from entries import in_state
from ports import free_port
from servers import HANG, Server, TheHive, answer
from spool_env import KEY, configure, env, ids, put, references, shared_folder, socctl
from tool import wait_until


class Manager:
    """A service manager's end of sd_notify, at an abstract socket."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        name = f"socbridge-test-{os.getpid()}-{time.monotonic_ns()}"
        self.socket.bind("\0" + name)
        self.socket.settimeout(20)
        self.env = {"NOTIFY_SOCKET": "@" + name}
        self.seen = []

    def wait_for(self, start):
        while True:
            message = self.socket.recv(65536).decode()
            self.seen.append(message)
            if message.startswith(start):
                return message


@pytest.fixture
def relays():
    """start(home, *args) starts `socctl relay` and waits until it is ready."""
    running = []

    def start(home, *args, variables=None):
        manager = Manager()
        process = tool.start("relay", *args, env=env(home, **manager.env, **(variables or {})))
        process.manager = manager
        running.append(process)
        manager.wait_for("READY=1")
        return process

    yield start
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()


def stop(process, how=signal.SIGTERM, timeout=20):
    process.send_signal(how)
    out, err = process.communicate(timeout=timeout)
    return tool.Result(process.returncode, out.decode(), err.decode())


def test_once_delivers_what_is_due_over_few_connections(home):
    with tool.Sandbox() as sandbox:
        # A valid pause of ten minutes.
        configure(home, sandbox.url, retry_max_ms=3600000, min_level=7)
        for number in range(40):
            put(home, number)
        later = put(home, 99, due_in_s=600)
        put(home, 98, alert=make_alert(98, level=2))  # below the level that is forwarded
        result = socctl(home, "relay", "--once", "--in-flight", "8")
        assert (result.code, result.err) == (0, ""), result
        assert result.out == "40 delivered, 0 not delivered, 0 refused, 0 damaged, 1 filtered, 1 waiting\n"
        assert ids(home) == [later]
        assert sorted(os.listdir(home.spool / "queue")) == [later + ".alert"]
        found = references(sandbox)
        assert len(found) == len(set(found)) == 40
        assert socctl(home, "relay", "--once").code == 0


def test_a_time_that_only_a_wrong_clock_can_have_set_holds_nothing_up(home):
    with tool.Sandbox() as sandbox:
        configure(home, sandbox.url, retry_max_ms=3600000)
        put(home, 1, due_in_s=2 * 86400)
        put(home, 2, age_s=-86400, due_in_s=86400)  # accepted while the clock was a day ahead
        result = socctl(home, "relay", "--once")
        assert (result.code, result.out.split(",")[0]) == (0, "2 delivered"), result
        assert len(references(sandbox)) == 2 and ids(home) == []


def test_once_says_what_is_left_by_its_code(home, serve):
    def pick(request):
        if request.method == "POST" and b"1741938001.1201" in request.body:
            return answer(503, {"type": "Unavailable", "message": "later"})
        return answer(201, {"_id": "~1", "_type": "alert"})

    configure(home, serve(pick).url)
    for number in range(1, 4):
        put(home, number)
    put(home, 4, content=b"socbridge-spool 1\nhalf")
    result = socctl(home, "relay", "--once")
    assert result.code == 3, result
    assert "2 delivered, 1 not delivered, 0 refused, 1 damaged" in result.out
    [(_, _, reason)] = in_state(home)
    assert (reason["kind"], reason["http_status"], reason["attempts"]) == ("retry", 503, 1)
    assert len(ids(home, "corrupt")) == 1


@pytest.mark.parametrize("alerts", [1, 30])
@pytest.mark.parametrize("status,code", [(401, 4), (403, 4), (502, 5), (None, 5)])
def test_once_with_a_server_that_takes_nothing(home, serve, status, code, alerts):
    server = serve(lambda request: answer(status, {"type": "AuthenticationError", "message": "no"}))
    url = server.url if status else f"http://127.0.0.1:{free_port()}"
    configure(home, url)
    for number in range(alerts):
        put(home, number)
    result = socctl(home, "relay", "--once")
    assert result.code == code, result
    assert len(ids(home)) == alerts
    assert len(server.requests) <= 5  # servers ban repeated attempts
    assert KEY not in result.out + result.err
    assert len(result.err.splitlines()) <= 4, result  # not one for each alert


def test_once_with_nothing_due_is_not_about_the_server(home):
    configure(home, f"http://127.0.0.1:{free_port()}", breaker_failures=1, breaker_open_ms=60000, retry_max_ms=3600000)
    first = put(home)
    assert socctl(home, "relay", "--once").code == 5
    assert socctl(home, "queue", "drop", first, "--yes").code == 0
    put(home, 2, due_in_s=600)
    result = socctl(home, "relay", "--once")
    assert (result.code, result.out.split(", ")[5]) == (0, "1 waiting\n"), result


def test_once_without_a_key_is_a_configuration_error(home):
    home.configure(url="http://127.0.0.1:9")
    put(home)
    result = socctl(home, "relay", "--once")
    assert result.code == 2, result
    assert "no API key" in result.err
    assert len(ids(home)) == 1


def test_once_without_a_key_leaves_what_is_not_due_alone(home):
    home.configure(url="http://127.0.0.1:9")
    put(home, due_in_s=600)
    result = socctl(home, "relay", "--once")
    assert result.code == 0, result
    assert result.err == ""
    assert "1 waiting" in result.out


def test_the_key_comes_from_the_block_that_handed_the_alert_over(home):
    with tool.Sandbox() as sandbox:
        home.write("etc/ossec.conf", f"""<ossec_config><integration><name>custom-w2thive</name>
          <hook_url>{sandbox.url}</hook_url><api_key>{KEY}</api_key><alert_format>json</alert_format>
          </integration></ossec_config>""")
        put(home)
        assert socctl(home, "relay", "--once").code == 0
        assert len(references(sandbox)) == 1


def test_a_service_manager_is_notified(home, relays):
    with tool.Sandbox() as sandbox:
        configure(home, sandbox.url)
        put(home, 1)
        relay = relays(home, variables={"WATCHDOG_USEC": "400000"})
        assert relay.manager.seen[0].startswith("READY=1\nSTATUS=")
        for _ in range(3):
            relay.manager.wait_for("WATCHDOG=1")
        while "1 delivered" not in relay.manager.wait_for("STATUS="):
            pass
        relay.send_signal(signal.SIGHUP)
        assert int(relay.manager.wait_for("RELOADING=1\nMONOTONIC_USEC=").partition("USEC=")[2]) > 0
        relay.manager.wait_for("READY=1")
        result = stop(relay)
        relay.manager.wait_for("STOPPING=1")
        assert result.code == 0, result
        assert [line for line in result.err.splitlines() if "error" in line] == []


def test_what_is_accepted_in_queue_mode_is_delivered_at_once(home, relays):
    with tool.Sandbox() as sandbox:
        configure(home, sandbox.url, delivery="queue")
        relay = relays(home)
        for number in range(5):
            started = time.monotonic()
            assert home.run(make_alert(number), key=KEY, url=sandbox.url).code == 0
            wait_until(lambda: ids(home) == [], what="the delivery")
            assert time.monotonic() - started < 5
        assert len(set(references(sandbox))) == 5
        held = put(home, 7, "hold")
        assert socctl(home, "queue", "release", held).code == 0
        wait_until(lambda: ids(home) == [], what="the released entry")
        put(home, 8, due_in_s=600)
        assert socctl(home, "queue", "flush").code == 0
        wait_until(lambda: ids(home) == [], what="the flushed entry")
        assert stop(relay).code == 0


def samples(file):
    lines = [line for line in file.read_text().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_metrics_are_there_from_the_start_while_it_runs_and_at_the_end(home, relays):
    folder = shared_folder(home)
    file = folder / "relay.prom"
    with tool.Sandbox() as sandbox:
        configure(home, sandbox.url)
        put(home, 1, age_s=100)
        put(home, 2, state="hold")
        umask = os.umask(0o077)  # that of the unit
        relay = relays(home, "--metrics-file", file)
        os.umask(umask)
        first = samples(file)
        assert file.stat().st_mode & 0o777 == 0o644  # the collector is another user
        assert first["socbridge_relay_start_timestamp_seconds"] <= first["socbridge_relay_last_update_timestamp_seconds"]
        delivered = 'socbridge_relay_alerts_total{result="delivered"}'
        wait_until(lambda: samples(file)[delivered] == 1, what="the next writing")
        put(home, 3, content=b"damaged")
        put(home, 4)
        wait_until(lambda: ids(home) == [], what="the delivery")
        assert stop(relay).code == 0
    last = samples(file)
    assert (last[delivered], last['socbridge_relay_alerts_total{result="corrupt"}']) == (2, 1)
    took = "socbridge_relay_delivery_seconds"
    assert (last[took + '_bucket{le="60"}'], last[took + '_bucket{le="300"}'], last[took + "_count"]) == (1, 2, 2)
    assert 100 <= last[took + "_sum"] < 200
    assert (last["socbridge_relay_waiting"], last["socbridge_relay_in_flight"]) == (0, 0)
    assert prometheus.check_metrics(file.read_text()) == ""
    assert [path.name for path in folder.iterdir()] == ["relay.prom"]


def test_metrics_say_that_a_server_or_a_key_fails(home, serve):
    file = shared_folder(home) / "relay.prom"
    configure(home, serve(lambda request: answer(401, {"type": "AuthenticationError", "message": "no"})).url)
    put(home, 1)
    assert socctl(home, "relay", "--once", "--metrics-file", file).code == 4
    assert samples(file)['socbridge_relay_destinations_blocked{reason="key_refused"}'] == 1
    configure(home, f"http://127.0.0.1:{free_port()}", breaker_failures=1)
    put(home, 2)
    assert socctl(home, "relay", "--once", "--metrics-file", file).code == 5
    assert samples(file)['socbridge_relay_destinations_blocked{reason="not_answering"}'] == 1


def test_metrics_that_cannot_be_written_hold_nothing_up(home):
    with tool.Sandbox() as sandbox:
        configure(home, sandbox.url)
        put(home, 1)
        result = socctl(home, "relay", "--once", "--metrics-file", "/nonexistent/relay.prom")
        assert (result.code, result.out.split(",")[0]) == (0, "1 delivered")
        assert result.err.count("metrics are not written") == 1 and "/nonexistent/relay.prom" in result.err
        assert len(references(sandbox)) == 1


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_on_a_stop_signal_it_finishes_what_is_in_flight(home, relays, how):
    with tool.Sandbox(latency=700) as sandbox:
        configure(home, sandbox.url)
        for number in range(40):
            put(home, number)
        relay = relays(home, "--in-flight", "4")
        wait_until(lambda: len(ids(home)) < 40, what="the first ones")
        result = stop(relay, how)
        assert result.code == 0, result
        delivered = 40 - len(ids(home))
        found = references(sandbox)
        assert 1 <= len(found) == len(set(found)) == delivered < 40
        assert socctl(home, "relay", "--once").code == 0
        assert len(set(references(sandbox))) == len(references(sandbox)) == 40


def test_past_the_grace_it_gives_up_and_the_next_one_asks_first(home, relays):
    """The server stored the alert without an answer: sent again without a search it would be refused or duplicated."""
    rules = ["commit-then-hang,first=1,method=POST,path=/api/v1/alert", "dup-race=300"]
    with tool.Sandbox(rules=rules) as sandbox:
        configure(home, sandbox.url)
        put(home, 1)
        relay = relays(home, "--grace", "300ms")
        wait_until(lambda: len(references(sandbox)) == 1, what="the alert")
        started = time.monotonic()
        assert stop(relay).code == 0
        assert time.monotonic() - started < 3
        [(_, _, reason)] = in_state(home)
        assert reason["ambiguous"]
        wait_until(lambda: socctl(home, "queue", "flush").code == 0 and socctl(home, "relay", "--once").code == 0
                   and ids(home) == [], what="the second run")
        assert len(references(sandbox)) == 1


def test_interrupted_once_says_so(home, serve):
    server = serve(lambda request: HANG)
    configure(home, server.url)
    put(home)
    process = tool.start("relay", "--once", "--grace", "200ms", env=env(home))
    assert server.seen.wait(20)
    assert stop(process, signal.SIGINT).code == 130
    assert len(ids(home)) == 1


def test_retry_after_is_kept(home, relays, serve):
    times = []

    def busy_once(request):
        if request.method != "POST":
            return answer(200, {})
        times.append(time.monotonic())
        if len(times) == 1:
            return answer(429, {"type": "TooManyRequests", "message": "slow down"}, extra="Retry-After: 2\r\n")
        return answer(201, {"_id": "~1", "_type": "alert"})

    configure(home, serve(busy_once).url, retry_max_ms=5000)
    put(home)
    relay = relays(home)
    wait_until(lambda: ids(home) == [], what="the delivery")
    assert len(times) == 2
    assert 1.9 < times[1] - times[0] < 8
    assert stop(relay).code == 0


def breaker_is_open(home):
    rows = socctl(home, "queue", "stats", "-o", "jsonl").jsonl()
    return any(row["kind"] == "destination" and row["state"] == "open" for row in rows)


def test_a_server_that_comes_back_is_noticed(home, relays):
    port = free_port()
    configure(home, f"http://127.0.0.1:{port}")
    for number in range(50):
        put(home, number)
    relay = relays(home)
    wait_until(lambda: breaker_is_open(home), what="the breaker")
    assert len(ids(home)) == 50
    with tool.Sandbox(port=port) as sandbox:
        wait_until(lambda: ids(home) == [], what="the backlog")
        found = references(sandbox)
        assert len(found) == len(set(found)) == 50
        result = stop(relay)
    assert result.code == 0
    assert "circuit breaker open" in result.err and "circuit breaker closed" in result.err
    assert len(result.err.splitlines()) < 12, result  # not one for each alert and try


def test_a_refused_key_stops_everything_until_it_is_fixed(home, relays):
    server = TheHive()
    refused = []
    good = server._answer

    def check(request):
        if request.headers.get("authorization") != f"Bearer {KEY}":
            refused.append(request)
            return answer(401, {"type": "AuthenticationError", "message": "Authentication failure"})
        if request.path == "/api/v1/user/current":
            return answer(200, {"_id": "~1", "login": "w2thive"})
        return good(request)

    server.respond = check
    configure(home, server.url, api_key="wrong-key-0123456789", auth_probe_ms=60000)
    for number in range(30):
        put(home, number)
    relay = relays(home)
    wait_until(lambda: refused, what="the refusal")
    time.sleep(1)  # for those that must not come
    assert len(refused) <= 4
    assert len(ids(home)) == 30
    configure(home, server.url)
    wait_until(lambda: ids(home) == [], what="the backlog")
    assert len(server.alerts) == 30
    result = stop(relay)
    server.close()
    assert result.err.count("refuses the key") == 1
    assert KEY not in result.err and "wrong-key" not in result.err


def test_refused_alerts_go_to_dead_and_hold_nothing_up(home, relays):
    with tool.Sandbox(rules=["status=400,path=/api/v1/alert,first=1"]) as sandbox:
        configure(home, sandbox.url)
        put(home, 1)
        relay = relays(home)
        # Refused once: sent again in a reduced form, or unchanged if nothing could be the reason.
        wait_until(lambda: ids(home) == [], what="the end of it")
        assert len(ids(home, "dead")) + len(references(sandbox)) == 1
        for number in range(2, 6):
            put(home, number)
        wait_until(lambda: ids(home) == [], what="the others")
        assert stop(relay).code == 0


def test_killed_at_any_moment_everything_arrives_once(home):
    with tool.Sandbox(latency=30) as sandbox:
        configure(home, sandbox.url)
        for number in range(300):
            put(home, number)
        for progress in (5, 10, 15, 20, 25):
            left = len(ids(home))
            process = tool.start("relay", "--in-flight", "8", "--timeout", "2s", env=env(home))
            wait_until(lambda: len(ids(home)) <= left - progress, what="some progress")
            process.kill()
            process.communicate()
        assert 0 < len(ids(home)) < 300, "killed neither too early nor too late"
        wait_until(lambda: socctl(home, "relay", "--once").code == 0 and ids(home) == [], 60, "the rest")
        found = references(sandbox)
        assert len(found) == len(set(found)) == 300


def test_eight_relays_and_two_hundred_integrations_at_once(home, relays):
    """A server with a non-atomic duplicate check that drops answers: each alert exists once."""
    rules = ["dup-race=30", "commit-then-drop,rate=0.05,method=POST,path=/api/v1/alert,seed=3"]
    with tool.Sandbox(rules=rules) as sandbox:
        configure(home, sandbox.url, budget_ms=2000)
        for number in range(300):
            put(home, 1000 + number)
        all_relays = [relays(home, "--in-flight", "8") for _ in range(8)]
        children = [home.start(make_alert(number), key=KEY, url=sandbox.url) for number in range(200)]
        assert {child.wait().code for child in children} == {0}
        wait_until(lambda: ids(home) == [], 60, "the backlog")
        for relay in all_relays:
            assert stop(relay).code == 0
        found = references(sandbox)
        assert len(found) == len(set(found)) == 500
        for state in ("dead", "corrupt", "hold"):
            assert ids(home, state) == []


def test_bad_input_has_one_clear_line(home):
    for args, words in ((["--in-flight", "0"], "--in-flight"), (["--timeout", "soon"], "--timeout must be a time"),
                        (["--grcae", "1s"], "did you mean --grace?")):
        result = socctl(home, "relay", *args)
        assert result.code == 2
        assert words in result.err and len(result.err.splitlines()) == 1


def test_an_indexer_that_gives_no_answer_holds_up_neither_the_spool_nor_the_end(home):
    """It takes connections and is silent, or refuses everything for a while."""
    silent, busy = Server(lambda request: HANG), Server(lambda request: answer(503, {"error": {"type": "x"}}))
    try:
        with tool.Sandbox() as sandbox:
            configure(home, sandbox.url)
            put(home, 1)
            process = tool.start("relay", "--from", f"indexer={silent.url}", env=env(home))
            wait_until(lambda: len(references(sandbox)) == 1, seconds=20, what="the alert of the spool")
            process.kill()
            process.communicate()
            for server, signals in ((busy, 1), (silent, 2)):
                process = tool.start("relay", "--once", "--from", f"indexer={server.url}", env=env(home))
                assert server.seen.wait(20)
                began = time.monotonic()
                for _ in range(signals):
                    process.send_signal(signal.SIGTERM)
                    time.sleep(0.3)
                process.communicate(timeout=30)
                assert process.returncode == 130 and time.monotonic() - began < 8
                silent.seen.clear()
    finally:
        silent.close()
        busy.close()
