# SPDX-License-Identifier: Apache-2.0
"""TLS of the static executables: current servers work with the reduced OpenSSL."""

import os
import ssl
from pathlib import Path

import pytest

import tls_servers
import tool
from conftest import KEY, make_alert

ALERT = Path(os.environ["SOCBRIDGE_SOURCE_DIR"]) / "examples/alerts/01-ssh-brute-force.json"
VERSIONS = {"TLSv1.2": ssl.TLSVersion.TLSv1_2, "TLSv1.3": ssl.TLSVersion.TLSv1_3}
SUITES = ["ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-CHACHA20-POLY1305",
          "ECDHE-RSA-AES128-SHA256", "ECDHE-RSA-AES256-SHA384", "ECDHE-RSA-AES256-SHA",
          "DHE-RSA-AES128-GCM-SHA256", "DHE-RSA-AES256-GCM-SHA384", "AES128-GCM-SHA256", "AES256-SHA"]


@pytest.fixture(scope="module")
def authority():
    made = tls_servers.Authority()
    yield made
    made.close()


@pytest.fixture
def serve(authority):
    servers = []

    def start(kind):
        servers.append(tls_servers.TlsTheHive(*authority.issue(kind.replace(" ", "-"), tls_servers.KEYS[kind])))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def send(server, *args):
    env = {"SOCCTL_THEHIVE_URL": server.url, "SOCCTL_THEHIVE_KEY": KEY}
    return tool.run("alert", "send", ALERT, *args, env=env)


def check_sent(server, *args):
    result = send(server, *args)
    assert result.code == 0 and len(server.alerts) == 1, result
    return server.sessions[0]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", tls_servers.KEYS)
def test_a_server_certificate_of_any_usual_kind(serve, authority, kind, version):
    server = serve(kind)
    server.context.minimum_version = server.context.maximum_version = VERSIONS[version]
    assert check_sent(server, "--ca-file", authority.ca)[0] == version


@pytest.mark.parametrize("suite", SUITES)
def test_a_server_of_one_cipher_suite(serve, authority, suite):
    server = serve("RSA 2048")
    server.context.maximum_version = ssl.TLSVersion.TLSv1_2
    server.context.set_ciphers(suite)
    server.context.load_dh_params(authority.dh_parameters())
    assert check_sent(server, "--ca-file", authority.ca)[1] == suite


@pytest.mark.parametrize("group", ["prime256v1", "secp384r1", "secp521r1"])
def test_a_server_of_one_group(serve, authority, group):
    server = serve("ECDSA P-256")
    server.context.set_ecdh_curve(group)
    check_sent(server, "--ca-file", authority.ca)


def test_a_hashed_folder_of_cas(serve, authority, home):
    server = serve("RSA 2048")
    home.configure(thehive_version="5", ca_dir=authority.folder)
    assert home.run(make_alert(), key=KEY, url=server.url).code == 0
    assert len(server.alerts) == 1 and home.log_text() == ""


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_server_that_knows_only_old_tls(serve, authority):
    server = serve("RSA 2048")
    server.context.options |= ssl.OP_NO_TLSv1_2 | ssl.OP_NO_TLSv1_3
    server.context.set_ciphers("ALL:@SECLEVEL=0")
    result = send(server, "--ca-file", authority.ca)
    assert result.code == 5 and server.alerts == {}, result
    assert "protocol version" in result.err, result


def test_a_key_that_is_too_short(authority):
    server = tls_servers.TlsTheHive(*authority.issue("short", "rsa:1024"), ciphers="ALL:@SECLEVEL=0")
    result = send(server, "--ca-file", authority.ca)
    server.close()
    assert result.code == 5 and server.alerts == {}, result
    assert "too weak" in result.err or "too small" in result.err, result


def kubernetes_with(serve, authority, tmp_path, certificate, key):
    """A server that requires a certificate, and a kubeconfig with one for it."""
    server = serve("RSA 2048")
    server.context.verify_mode = ssl.CERT_REQUIRED
    server.context.load_verify_locations(authority.ca)
    config = tmp_path / "kubeconfig"
    config.write_text(f"""
apiVersion: v1
current-context: soc
clusters: [{{name: c, cluster: {{server: "{server.url}", certificate-authority: "{authority.ca}"}}}}]
contexts: [{{name: soc, context: {{cluster: c, user: u, namespace: cortex}}}}]
users: [{{name: u, user: {{client-certificate: "{certificate}", client-key: "{key}"}}}}]
""")
    return server, ["cortex", "doctor", "--kubeconfig", config]


def check_certificate_came(server):
    assert server.sessions and server.sessions[0][2]["subject"][0][0][1].startswith("client-"), server.sessions


@pytest.mark.parametrize("kind", ["RSA 2048", "ECDSA P-256", "Ed25519"])
def test_a_client_certificate(serve, authority, tmp_path, kind):
    pair = authority.issue(f"client-{kind.replace(' ', '-')}", tls_servers.KEYS[kind])
    server, command = kubernetes_with(serve, authority, tmp_path, *pair)
    with tool.Sandbox("cortex") as sandbox:
        tool.run(*command, env=sandbox.env())
    check_certificate_came(server)


@pytest.mark.parametrize("form", tls_servers.ENCRYPTED)
def test_an_encrypted_key_on_a_terminal(serve, authority, tmp_path, form):
    certificate, _ = authority.issue("client-RSA-2048")
    key = authority.encrypted("client-RSA-2048", form, "a pass phrase")
    server, command = kubernetes_with(serve, authority, tmp_path, certificate, key)
    with tool.Sandbox("cortex") as sandbox:
        result = tool.run_on_terminal(*command, env=sandbox.env(), answer=("pass phrase", "a pass phrase"))
    check_certificate_came(server)
    assert "Enter PEM pass phrase" in result.out, result
