# SPDX-License-Identifier: Apache-2.0
"""socctl receive: an alert answered with 202 is on disk and arrives once, for each sender and format."""

import concurrent.futures
import http.client
import json
import os
import random
import signal
import socket
import ssl
import time
from pathlib import Path

import pytest
import requests
import trustme

import entries
import tool
from case_queries import CASES, VERSIONS, alerts_of, cases
from conftest import make_alert
from integratord import AS_ROOT, GROUP, USER
from receiver import BEARER, TOKEN, Receiver
from spool_env import configure, env, ids, references, socctl
from tool import wait_until

SOURCE = Path(os.environ["SOCBRIDGE_SOURCE_DIR"])


@pytest.fixture
def receive(home):
    """receive(*args, url=…, **settings) starts one with the home's settings."""
    running = []

    def start(*args, url="http://127.0.0.1:9", token=TOKEN, listen="127.0.0.1:0", before=(), **settings):
        configure(home, url, **settings)
        running.append(Receiver(home, *args, token=token, listen=listen, before=before))
        return running[-1]

    yield start
    for one in running:
        one.close(signal.SIGKILL)


def test_from_webhook_to_thehive(home, receive):
    with tool.Sandbox() as sandbox:
        receiver = receive(url=sandbox.url, min_level=7)
        assert receiver.post(make_alert(1)).json() == {"accepted": 1, "filtered": 0}
        assert receiver.post(make_alert(2, level=3)).json() == {"accepted": 0, "filtered": 1}
        batch = [json.loads(make_alert(n)) for n in (1, 3, 4)]  # the first one again
        assert receiver.post(batch).status_code == 202
        wait_until(lambda: len(references(sandbox)) == 3 and not ids(home), what="three alerts")
        assert len(set(references(sandbox))) == 3
        numbers = receiver.metrics()
        assert numbers['socbridge_receive_alerts_total{result="accepted"}'] == 4
        assert numbers['socbridge_receive_alerts_total{result="filtered"}'] == 1
        counts = next(row for row in socctl(home, "queue", "stats", "-o", "jsonl").jsonl() if row["kind"] == "alerts")
        assert counts["filtered"] == 1  # as custom-w2thive counts it
        # An entry is removed a moment before it is counted.
        wait_until(lambda: receiver.metrics()['socbridge_relay_alerts_total{result="delivered"}'] == 4, what="the count")
        assert receiver.close() == 0


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_received_becomes_one_case_of_its_key(home, receive, version):
    """With the search lagging by a second, and (in version 5) the receiver killed while TheHive creates the case."""
    rule = {"rules": [{"match": {"rule": "5763"}, "set": {"promote": ["rule.id", "data.srcip"]}}]}
    hang = [f"commit-then-hang,first=1,{CASES}"] if version[0] == "5" else []  # it is waited for
    with tool.Sandbox(version=version, rules=["query-lag=800", *hang]) as sandbox:
        receiver = receive(url=sandbox.url, thehive_version="auto", budget_ms=1500, **rule)
        assert receiver.post([json.loads(make_alert(n)) for n in range(4)]).json()["accepted"] == 4
        wait_until(lambda: cases(sandbox), what="the case")
        if hang:
            receiver.close(signal.SIGKILL)
            receiver = receive(url=sandbox.url, thehive_version="auto", budget_ms=1500, **rule)
        assert receiver.post(make_alert(9)).status_code == 202
        assert receiver.post(make_alert(1)).status_code == 202  # again
        wait_until(lambda: not ids(home), 60, what="an empty queue")
        time.sleep(0.9)
        [case] = cases(sandbox)
        assert alerts_of(sandbox, case) == 5 and len(references(sandbox)) == 5
        assert receiver.close() == 0


def test_what_other_products_send(home, receive):
    shuffle = {"severity": 3, "pretext": "WAZUH Alert", "title": "x", "all_fields": json.loads(make_alert(1))}
    graylog = {"event_definition_id": "5e1", "event_definition_title": "Many logons", "backlog": [],
               "event": {"id": "01EV", "timestamp": "2026-01-02T03:04:05.000Z", "priority": 3, "source": "gl-1",
                         "fields": {"src_ip": "203.0.113.9"}}}
    formats = home.path / "formats.json"
    formats.write_text((SOURCE / "examples/receive-formats.json").read_text())
    alertmanager = {"version": "4", "groupKey": "{}:{}", "alerts": [
        {"fingerprint": "ab", "startsAt": "2026-01-02T03:04:05Z", "labels": {"alertname": "Down", "severity": "critical"},
         "annotations": {"summary": "web-1 is down"}}]}
    other = {"title": "Door open", "severity": "low", "id": "d-1", "srcip": "203.0.113.10"}
    with tool.Sandbox() as sandbox:
        receiver = receive("--formats", formats, url=sandbox.url)
        for body in (shuffle, graylog, alertmanager, other, other, graylog):
            assert receiver.post(body).status_code == 202
        wait_until(lambda: not ids(home), what="an empty queue")
        result = tool.run("alert", "list", "--limit", 100, "-o", "json", env=sandbox.env())
        found = {alert["title"]: alert["severity"] for alert in result.json()}
        assert sorted(found.values()) == [1, 2, 3, 4] and len(result.json()) == 4, found
        for words, severity in (("brute force", 2), ("Many logons", 3), ("web-1 is down", 4), ("Door open", 1)):
            assert [found[title] for title in found if words in title] == [severity], (words, found)


def test_the_token(home, receive):
    receiver = receive("--accept-only")
    assert receiver.post(make_alert(), headers={}).status_code == 401
    assert receiver.post(make_alert(), headers={"Authorization": "Bearer " + TOKEN[:-1] + "x"}).status_code == 401
    assert ids(home) == []
    assert receiver.post(make_alert(), headers={}, auth=("graylog", TOKEN)).status_code == 202
    assert requests.put(receiver.url, make_alert(2), headers=BEARER, timeout=30).status_code == 202
    assert requests.patch(receiver.url, make_alert(3), headers=BEARER, timeout=30).status_code == 202
    assert requests.get(receiver.url, headers=BEARER, timeout=30).status_code == 405
    assert requests.get(f"{receiver.url}/healthz", timeout=30).text == "ok\n"
    assert len(ids(home)) == 3
    assert TOKEN not in receiver.said() and TOKEN not in requests.get(f"{receiver.url}/metrics", timeout=30).text
    assert TOKEN.encode() not in Path(f"/proc/{receiver.process.pid}/cmdline").read_bytes()


def test_an_address_for_all_hosts_needs_a_token(home):
    configure(home, "http://127.0.0.1:9")
    refused = tool.run("receive", "--listen", "0.0.0.0:0", env=env(home))
    assert refused.code == 2 and "--token-file" in refused.err, refused
    half = tool.run("receive", "--tls-cert", "x", env=env(home))
    assert half.code == 2 and "--tls-key" in half.err, half
    alone = tool.run("receive", "--client-ca", "x", env=env(home))
    assert alone.code == 2 and "--tls-cert" in alone.err, alone
    short = tool.run("receive", "--listen", "127.0.0.1:0", env=env(home, SOCCTL_RECEIVE_TOKEN="short"))
    assert short.code == 2 and "openssl rand" in short.err and "short" not in short.err, short
    with socket.create_server(("127.0.0.1", 0)) as taken:
        busy = tool.run("receive", "--listen", f"127.0.0.1:{taken.getsockname()[1]}", env=env(home))
    assert busy.code == 1 and "in use" in busy.err, busy
    (home.path / "f.json").write_text('{"formats": [{"name": "x", "titel": "y"}]}')
    wrong = tool.run("receive", "--formats", home.path / "f.json", env=env(home))
    assert wrong.code == 2 and "f.json:1:" in wrong.err and "title" in wrong.err, wrong


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificates")
    folder.chmod(0o755)
    authority, other = trustme.CA(), trustme.CA()
    server = authority.issue_cert("127.0.0.1")
    server.private_key_pem.write_to_path(folder / "server.key")
    for index, blob in enumerate(server.cert_chain_pems):
        blob.write_to_path(folder / "server.pem", append=index > 0)
    authority.cert_pem.write_to_path(folder / "ca.pem")
    for name, ca in (("good", authority), ("bad", other)):
        client = ca.issue_cert(f"{name}@soc.example")
        client.private_key_and_cert_chain_pem.write_to_path(folder / f"{name}.pem")
    return folder


def test_mutual_tls(home, receive, certificates):
    # The spool's owner reads nothing here: the files are read first.
    receiver = receive("--accept-only", "--tls-cert", certificates / "server.pem", "--tls-key",
                       certificates / "server.key", "--client-ca", certificates / "ca.pem", token=None)
    assert receiver.url.startswith("https://")
    how = {"headers": {}, "verify": str(certificates / "ca.pem")}
    assert receiver.post(make_alert(), cert=str(certificates / "good.pem"), **how).status_code == 202
    for cert in (None, str(certificates / "bad.pem")):
        with pytest.raises(requests.exceptions.ConnectionError):
            receiver.post(make_alert(2), cert=cert, **how)
    context = ssl.create_default_context(cafile=certificates / "ca.pem")
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, OSError)):
        with socket.create_connection(("127.0.0.1", receiver.port), timeout=10) as plain:
            context.wrap_socket(plain, server_hostname="127.0.0.1")
    with socket.create_connection(("127.0.0.1", receiver.port), timeout=10) as plain:
        plain.sendall(b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}")
        assert not plain.recv(100).startswith(b"HTTP")
    assert len(ids(home)) == 1


def test_tls_over_one_connection(home, receive, certificates):
    receiver = receive("--accept-only", "--tls-cert", certificates / "server.pem", "--tls-key",
                       certificates / "server.key")
    with requests.Session() as session:
        for number in range(20):
            answer = session.post(receiver.url, make_alert(number), headers=BEARER, timeout=30,
                                  verify=str(certificates / "ca.pem"))
            assert answer.status_code == 202
    assert len(ids(home)) == 20


def test_bounds(home, receive):
    receiver = receive("--accept-only", "--max-body", 64, "--rate", 5, spool_max_entries=8)
    assert receiver.post(b"x" * 70000).status_code == 413
    assert receiver.post(b"not JSON").status_code == 400
    codes = [receiver.post(make_alert(n)).status_code for n in range(30)]
    assert codes[:8] == [202] * 8 and set(codes[8:]) == {503, 429}, codes
    wait_until(lambda: receiver.post(make_alert()).status_code == 503 or None, what="a full spool")
    assert requests.get(f"{receiver.url}/healthz", timeout=30).status_code == 503
    assert receiver.said().count("not stored") == 1, receiver.said()
    assert len(ids(home)) == 8


def test_slow_and_many_clients_delay_no_other(home, receive):
    receiver = receive("--accept-only", "--connections", 50)
    slow = []
    for number in range(200):
        client = socket.create_connection(("127.0.0.1", receiver.port), timeout=10)
        client.sendall(b"POST /alerts HTTP/1.1\r\nContent-Length: 1000\r\nX-Slow: ")
        slow.append(client)
        if number % 20 == 0:
            assert receiver.post(make_alert(number)).status_code == 202
    assert receiver.metrics()["socbridge_receive_connections"] <= 51
    for client in slow:
        client.close()
    assert len(ids(home)) == 10


def test_killed_at_any_moment_nothing_accepted_is_lost(home, receive):
    """Parallel senders, SIGKILL: alerts answered with 202 are in the spool, complete."""
    accepted, number = set(), 0

    def send(port, numbers):
        done = []
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        for one in numbers:
            try:
                connection.request("POST", "/alerts", make_alert(one), BEARER)
                answer = connection.getresponse()
                answer.read()
                if answer.status == 202:
                    done.append(one)
            except OSError:
                break
            except http.client.HTTPException:
                break
        return done

    chance = random.Random(7)
    rounds = 0
    while rounds < 10 or (len(accepted) <= 100 and rounds < 100):  # a busy machine accepts few before it is killed
        rounds += 1
        receiver = receive("--accept-only", "--rate", 0)
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            work = [pool.submit(send, receiver.port, range(number + 1000 * i, number + 1000 * (i + 1)))
                    for i in range(4)]
            number += 4000
            time.sleep(chance.uniform(0.02, 0.2))
            receiver.close(signal.SIGKILL)
            for one in work:
                accepted.update(one.result())
    stored = [json.loads(alert)["id"] for _, alert, _ in entries.in_state(home)]
    assert len(accepted) > 100
    missing = {f"1741938001.{1200 + one}" for one in accepted} - set(stored)
    assert not missing


def test_changed_settings_are_noticed(home, receive):
    receiver = receive("--accept-only", min_level=3)
    assert receiver.post(make_alert(1, level=5)).json()["accepted"] == 1
    configure(home, "http://127.0.0.1:9", min_level=10)
    wait_until(lambda: receiver.post(make_alert(2, level=5)).json()["filtered"] == 1, what="the new level")
    configure(home, "http://127.0.0.1:9", min_level=4)
    receiver.process.send_signal(signal.SIGHUP)
    wait_until(lambda: "reloaded" in receiver.said(), seconds=1.5, what="the reload")
    assert receiver.post(make_alert(3, level=5)).json()["accepted"] == 1


def test_who_only_connects_takes_no_descriptor_from_the_spool(home, receive):
    receiver = receive("--accept-only", before=("prlimit", "--nofile=256:256"))
    assert "at most 64 connections" in receiver.said()
    idle = [socket.create_connection(("127.0.0.1", receiver.port), timeout=10) for _ in range(300)]
    for number in range(5):
        assert receiver.post(make_alert(number)).status_code == 202, receiver.said()
    for client in idle:
        client.close()


def test_a_spool_that_becomes_read_only_is_not_said_with_each_alert(home, receive):
    """The error has the name of the file, another one each time."""
    home.spool.mkdir(exist_ok=True)
    if not AS_ROOT or tool.subprocess.run(["mount", "-t", "tmpfs", "-o", f"size=1m,mode=0700,uid={USER},gid={GROUP}", "tmpfs",
                                           home.spool], check=False).returncode != 0:
        pytest.skip("cannot mount a small tmpfs")
    try:
        receive("--accept-only", spool_min_free_mb=0).close()  # creates the folders
        tool.subprocess.run(["mount", "-o", "remount,ro", home.spool], check=True)
        receiver = receive("--accept-only", spool_min_free_mb=0)
        assert {receiver.post(make_alert(n)).status_code for n in range(20)} == {503}
        said = receiver.said()
        assert 1 <= said.count("was not stored") <= 2 and "Read-only" in said, said
        tool.subprocess.run(["mount", "-o", "remount,rw", home.spool], check=True)
        assert receiver.post(make_alert(1)).status_code == 202
        assert receiver.said().count("stored again") == 1
        receiver.close()
    finally:
        tool.subprocess.run(["umount", "-l", home.spool], check=True)
