# SPDX-License-Identifier: Apache-2.0
"""Client certificate, pinned public key, unchecked certificates, and a proxy with a login."""

import base64
import hashlib
import os
import socket
import ssl
import subprocess
import threading

import pytest

import integratord
import spool_env
import tls_servers
import tool
from conftest import KEY, make_alert


@pytest.fixture(scope="module")
def authority():
    made = tls_servers.Authority()
    yield made
    made.close()


@pytest.fixture
def server(authority):
    made = tls_servers.TlsTheHive(*authority.issue("server"))
    yield made
    made.close()


def pin_of(certificate):
    public = subprocess.run(["openssl", "x509", "-in", certificate, "-pubkey", "-noout"], capture_output=True, check=True)
    der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "der"], input=public.stdout, capture_output=True,
                         check=True)
    return "sha256//" + base64.b64encode(hashlib.sha256(der.stdout).digest()).decode()


def checked(home):
    return tool.run("config", "check", "-o", "jsonl", env={"SOCBRIDGE_WAZUH_HOME": str(home.path)})


def test_a_client_certificate_is_shown(home, authority, server):
    server.context.verify_mode = ssl.CERT_REQUIRED
    server.context.load_verify_locations(authority.ca)
    certificate, key = authority.issue("client")
    os.chmod(key, 0o600)
    os.chown(key, integratord.USER, integratord.GROUP)
    home.configure(thehive_version="5", ca_file=authority.ca)
    assert home.run(make_alert(1), key=KEY, url=server.url).code == 0
    assert server.alerts == {} and len(list((home.spool / "queue").glob("*.alert"))) == 1
    home.configure(thehive_version="5", ca_file=authority.ca, client_cert_file=certificate, client_key_file=key,
                   breaker_failures=10)
    assert home.run(make_alert(2), key=KEY, url=server.url).code == 0
    assert server.alerts and server.sessions[-1][2]["subject"][0][0][1] == "client"


def test_half_a_pair_and_a_key_for_all_are_refused(home, authority):
    certificate, key = authority.issue("client")
    home.configure(client_cert_file=certificate)
    result = checked(home)
    assert result.code == 2 and "needs client_key_file" in result.out
    os.chmod(key, 0o644)
    home.configure(client_cert_file=certificate, client_key_file=key)
    result = checked(home)
    assert "can be read by all users" in result.out, result


def test_a_pinned_key_must_be_the_servers(home, authority, server):
    right, wrong = pin_of(authority.issue("server")[0]), pin_of(authority.issue("client")[0])
    home.configure(thehive_version="5", ca_file=authority.ca, pinned_key=wrong)
    assert home.run(make_alert(1), key=KEY, url=server.url).code == 0
    assert server.alerts == {} and "pinned public key" in home.log_text()
    home.configure(thehive_version="5", ca_file=authority.ca, pinned_key=f"{wrong};{right}", breaker_failures=10)
    assert home.run(make_alert(2), key=KEY, url=server.url).code == 0
    assert server.alerts


@pytest.mark.parametrize("pin", ["sha256//short", "md5//AAAA", "sha256//" + "A" * 44, "/etc/key.pem"])
def test_a_pin_of_another_form_is_an_error(home, pin):
    home.configure(pinned_key=pin)
    result = checked(home)
    assert result.code == 2 and "w2thive.json:1:" in result.out and "sha256//BASE64" in result.out


def test_insecure_is_said_in_log_and_checks(home, server):
    home.configure(thehive_version="5", insecure=True)
    assert home.run(make_alert(1), key=KEY, url=server.url).code == 0
    assert len(server.alerts) == 1
    assert "WARNING" in home.log_text() and "certificate of TheHive is not checked" in home.log_text()
    rows = [row for row in checked(home).jsonl() if row["check"] == "tls"]
    assert [row["state"] for row in rows] == ["warning"]
    health = tool.run("health", "wazuh", "-o", "json", env={"SOCBRIDGE_WAZUH_HOME": str(home.path)})
    assert "certificate of TheHive is not checked" in health.out


def test_insecure_is_said_by_the_relay_too(home, server):
    spool_env.configure(home, server.url, insecure=True)
    spool_env.put(home, 1)
    spool_env.put(home, 2)
    result = spool_env.socctl(home, "relay", "--once")
    assert result.code == 0 and len(server.alerts) == 2, result
    assert result.err.count("certificate of TheHive is not checked") == 1, result


def test_without_it_an_unknown_ca_is_refused(home, server):
    home.configure(thehive_version="5")
    assert home.run(make_alert(1), key=KEY, url=server.url).code == 0
    assert server.alerts == {}


class Proxy:
    """A CONNECT proxy that requires a login."""

    def __init__(self, login):
        self.wanted = b"Proxy-Authorization: Basic " + base64.b64encode(login.encode())
        self.refused = self.passed = 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                peer, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(peer,), daemon=True).start()

    def _talk(self, peer):
        head = b""
        while b"\r\n\r\n" not in head:
            part = peer.recv(4096)
            if not part:
                return
            head += part
        if self.wanted not in head.split(b"\r\n"):
            self.refused += 1
            peer.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"p\"\r\n"
                         b"Content-Length: 0\r\nConnection: close\r\n\r\n")
            peer.close()
            return
        self.passed += 1
        host, port = head.split(b" ")[1].decode().rsplit(":", 1)
        other = socket.create_connection((host, int(port)))
        peer.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        threading.Thread(target=self._pump, args=(other, peer), daemon=True).start()
        self._pump(peer, other)

    @staticmethod
    def _pump(source, target):
        try:
            while part := source.recv(65536):
                target.sendall(part)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self):
        self.socket.close()


@pytest.fixture
def proxy():
    made = Proxy("soc:p4ss:word")
    yield made
    made.close()


def test_a_proxy_with_a_login(home, authority, server, proxy):
    login = home.write("etc/proxy.login", "soc:p4ss:word\n")
    login.chmod(0o600)
    os.chown(login, integratord.USER, integratord.GROUP)
    home.configure(thehive_version="5", ca_file=authority.ca, proxy=proxy.url, proxy_login="file:etc/proxy.login")
    assert home.run(make_alert(1), key=KEY, url=server.url).code == 0
    assert len(server.alerts) == 1 and proxy.passed and "p4ss" not in home.log_text()
    shown = tool.run("config", "explain", env={"SOCBRIDGE_WAZUH_HOME": str(home.path)})
    assert "p4ss" not in shown.out


def test_a_proxy_that_refuses_the_login(home, authority, server, proxy):
    home.configure(thehive_version="5", ca_file=authority.ca, proxy=proxy.url, proxy_login="soc:wrong")
    assert home.run(make_alert(1), key=KEY, url=server.url).code == 0
    assert server.alerts == {} and proxy.refused and "wrong" not in home.log_text()
    assert len(list((home.spool / "queue").glob("*.alert"))) == 1


@pytest.mark.parametrize("keys, word", [({"proxy_login": "a:b"}, "needs a proxy"),
                                        ({"proxy": "http://127.0.0.1:1", "proxy_login": "ab"}, "user:password"),
                                        ({"proxy": "http://a:b@127.0.0.1:1"}, "must not have a user or password")])
def test_a_login_that_leads_nowhere(home, keys, word):
    home.configure(**keys)
    result = checked(home)
    assert result.code == 2 and word in result.out
