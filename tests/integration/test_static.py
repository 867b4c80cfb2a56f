"""The static executables of the release preset: how they are linked, and that TLS works though the tables of its
library are relocated late, by whatever way the library is first used."""

import os
import re
import ssl
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import trustme

import integratord
import servers
import spooled
import tool
from conftest import KEY, make_alert

sys.path.insert(0, os.environ["SOCBRIDGE_SOURCE_DIR"] + "/cmake")
import elf_image  # noqa: E402
import relr  # noqa: E402

PROGRAMS = ["custom-w2thive", "socctl"]


class TlsTheHive(servers.TheHive):
    """TheHive over TLS with a certificate of the CA in the file `ca`."""

    def __init__(self):
        self.dir = tempfile.TemporaryDirectory(prefix="socbridge-ca-")
        os.chmod(self.dir.name, 0o755)
        authority = trustme.CA()
        self.ca = os.path.join(self.dir.name, "ca.pem")
        authority.cert_pem.write_to_path(self.ca)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(self.context)
        super().__init__()
        self.url = f"https://127.0.0.1:{self.port}"

    def _talk(self, peer):
        try:
            super()._talk(self.context.wrap_socket(peer, server_side=True))
        except OSError:  # the client does not trust it
            peer.close()

    def close(self):
        super().close()
        self.dir.cleanup()


@pytest.fixture
def secure():
    server = TlsTheHive()
    yield server
    server.close()


@pytest.fixture
def other_ca():
    with tempfile.TemporaryDirectory(prefix="socbridge-ca-") as name:
        os.chmod(name, 0o755)
        trustme.CA().cert_pem.write_to_path(name + "/ca.pem")
        yield name + "/ca.pem"


def readelf(option, program):
    return subprocess.run(["readelf", "-W", option, integratord.BIN_DIR / program], capture_output=True, text=True,
                          check=True).stdout


@pytest.mark.parametrize("program", PROGRAMS)
def test_linked_static_hardened_and_with_the_tables_deferred(program):
    assert re.search(r"Type:\s+DYN", readelf("-h", program))
    segments = readelf("-l", program)
    assert "GNU_RELRO" in segments and "INTERP" not in segments
    assert re.search(r"GNU_STACK .* RW +0x", segments)
    dynamic = readelf("-d", program)
    assert "NEEDED" not in dynamic and re.search(r"FLAGS_1.*\bNOW\b.*\bPIE\b", dynamic)
    assert ".symtab" not in readelf("-S", program)
    image = elf_image.Image((integratord.BIN_DIR / program).read_bytes())
    count, *words = image.words(image.section(".socbridge.deferred"))
    eager, deferred = image.words(image.section(".relr.dyn")), relr.decode(words[:count])
    assert image.dynamic(elf_image.DT_RELRSZ, "DT_RELRSZ")[1] == len(eager) * 8 < count * 8
    assert len(deferred) > len(relr.decode(eager)) and not set(deferred) & set(relr.decode(eager))
    _, relro, size = image.segment(elf_image.PT_GNU_RELRO, "RELRO")
    assert relro <= min(deferred) and max(deferred) + 8 <= relro + size


def test_an_alert_over_plain_http(home, thehive):
    home.configure(thehive_version="5")
    assert home.run(make_alert(), key=KEY, url=thehive.url).code == 0
    assert len(thehive.alerts) == 1 and home.log_text() == ""


def test_an_alert_over_https(home, secure):
    home.configure(thehive_version="auto", ca_file=secure.ca)
    assert home.run(make_alert(), key=KEY, url=secure.url).code == 0
    assert len(secure.alerts) == 1 and home.log_text() == ""


def test_a_certificate_of_another_ca(home, secure, other_ca):
    home.configure(thehive_version="5", ca_file=other_ca)
    assert home.run(make_alert(), key=KEY, url=secure.url).code == 0  # kept
    assert "self-signed" in home.log_text() or "local issuer" in home.log_text(), home.log_text()
    assert secure.alerts == {} and len(spooled.ids(home)) == 1


def test_a_file_that_is_no_ca(home, secure):
    home.configure(thehive_version="5", ca_file=str(home.write("etc/ca.pem", "no certificate", mode=0o644)))
    assert home.run(make_alert(), key=KEY, url=secure.url).code == 0
    assert "etc/ca.pem" in home.log_text(), home.log_text()
    assert len(spooled.ids(home)) == 1


def test_a_proxy_over_tls_before_plain_http(home, secure):
    home.configure(thehive_version="5", proxy=secure.url, ca_file=secure.ca)
    assert home.run(make_alert(), key=KEY, url="http://192.0.2.1:9000").code == 0
    assert "not delivered" in home.log_text(), home.log_text()
    assert len(spooled.ids(home)) == 1


def test_tables_that_cannot_be_made_writable_are_an_error(home, secure):
    home.configure(thehive_version="5", ca_file=secure.ca)
    trace = home.path / "logs/trace"
    # The first one makes the relocated tables read-only before main.
    wrapper = ["strace", "-o", str(trace), "-e", "trace=mprotect", "-e", "inject=mprotect:error=ENOMEM:when=2+"]
    if integratord.AS_ROOT:
        wrapper += ["-u", "nobody"]
    assert home.run(make_alert(), key=KEY, url=secure.url, wrapper=wrapper).code == 0
    assert "INJECTED" in trace.read_text()
    assert "libcurl cannot be set up" in home.log_text(), home.log_text()
    assert secure.alerts == {} and len(spooled.ids(home)) == 1


def test_the_relay_over_https(home, secure):
    spooled.configure(home, secure.url, ca_file=secure.ca)
    for number in range(20):
        spooled.put(home, number)
    result = spooled.socctl(home, "relay", "--once", "--in-flight", "8")
    assert result.code == 0, result
    assert len(secure.alerts) == 20 and spooled.ids(home) == []


def test_socctl_over_https(secure, other_ca):
    args = ["alert", "send", Path(os.environ["SOCBRIDGE_SOURCE_DIR"]) / "examples/alerts/01-ssh-brute-force.json"]
    env = {"SOCCTL_THEHIVE_URL": secure.url, "SOCCTL_THEHIVE_KEY": KEY}
    refused = tool.run(*args, "--ca-file", other_ca, env=env)
    assert refused.code == 5 and secure.alerts == {}, refused
    result = tool.run(*args, "--ca-file", secure.ca, env=env)
    assert result.code == 0 and len(secure.alerts) == 1, result


def test_a_form_over_plain_http(tmp_path):
    """Its boundary is made of random bytes of the TLS library."""
    (tmp_path / "evil.exe").write_bytes(b"MZ")
    with tool.Sandbox("cortex") as sandbox:
        result = tool.run("cortex", "submit", f"@{tmp_path}/evil.exe", "--analyzer", "FileInfo", "-o", "json",
                          env=sandbox.env(SOCCTL_STATE_DIR=str(tmp_path)))
    assert result.code == 0 and result.json()[0]["attachment"]["size"] == 2, result
