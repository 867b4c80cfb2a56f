# SPDX-License-Identifier: Apache-2.0
"""The static executables of the release preset: how they are linked, and that TLS works with the OpenSSL built for them."""

import os
import re
import subprocess
import tempfile
from pathlib import Path

import pytest
import trustme

import integratord
import spool_env
import tool
from conftest import KEY, make_alert
from tls_servers import OwnCaTheHive

PROGRAMS = ["custom-w2thive", "socctl"]


@pytest.fixture
def secure():
    server = OwnCaTheHive()
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


def test_custom_w2thive_is_small():
    """Each alert starts it. A use of fmt with floating point, or of a stream, links 0.5 MB of locales."""
    assert (integratord.BIN_DIR / "custom-w2thive").stat().st_size <= 5_000_000


@pytest.mark.parametrize("program", PROGRAMS)
def test_linked_static_and_hardened(program):
    assert re.search(r"Type:\s+DYN", readelf("-h", program))
    segments = readelf("-l", program)
    assert "GNU_RELRO" in segments and "INTERP" not in segments
    assert re.search(r"GNU_STACK .* RW +0x", segments)
    dynamic = readelf("-d", program)
    assert "NEEDED" not in dynamic and re.search(r"FLAGS_1.*\bNOW\b.*\bPIE\b", dynamic)
    assert ".symtab" not in readelf("-S", program)
    assert ".relr.dyn" in readelf("-S", program)


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_code_checks_its_stack_its_buffers_and_its_jumps(program):
    """-fstack-protector-strong, _FORTIFY_SOURCE and -fcf-protection, as they show in a file without symbols."""
    path = integratord.BIN_DIR / program
    image = path.read_bytes()
    assert b"stack smashing detected" in image and b"buffer overflow detected" in image
    code = subprocess.run(["objdump", "-d", "--no-show-raw-insn", path], capture_output=True, text=True, check=True).stdout
    functions = len(re.findall(r"\tret\b", code))  # about
    assert functions > 10_000 and code.count("%fs:0x28") > functions / 4 and code.count("endbr64") > 3000


def objects(archive, *command):
    """A program's data about each object of an archive."""
    text = subprocess.run([*command, archive], capture_output=True, text=True, check=True).stdout
    parts = re.split(r"^(?:File: \S*\(|)([\w.+-]+\.o)\)?:?$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


@pytest.mark.parametrize("archive, least", [("curl/lib/libcurl.a", 60), ("openssl/usr/lib/libssl.a", 40),
                                            ("openssl/usr/lib/libcrypto.a", 600)])
def test_what_is_built_for_them_has_the_hardening_of_the_rest(archive, least):
    archive = integratord.BIN_DIR.parent / archive
    symbols, notes = objects(archive, "nm"), objects(archive, "readelf", "-nW")
    with_code = [name for name, text in symbols.items() if re.search(r" [Tt] ", text)]
    assert len(with_code) > least
    assert [name for name in with_code if "IBT, SHSTK" not in notes[name]] == []
    guarded = [name for name in with_code if "U __stack_chk_fail" in symbols[name]]
    checked = [name for name in with_code if re.search(r"U __\w+_chk\b", symbols[name])]
    assert len(guarded) > len(with_code) / 3 and len(checked) > 2


def test_the_marks_of_control_flow_protection_are_what_the_parts_allow():
    """The linker sets them if each object has them; those of Debian 12's libc.a have not."""
    libc = subprocess.run(["gcc", "-print-file-name=libc.a"], capture_output=True, text=True, check=True).stdout.strip()
    marked = all("IBT, SHSTK" in text for text in objects(libc, "readelf", "-nW").values())
    for program in PROGRAMS:
        assert ("IBT" in readelf("-n", program)) <= marked


def large_alert(shape, size):
    head = b'{"id":"1741938001.1","rule":{"level":10,"id":"5763","description":"large"},'
    one = {"one text": b"x", "numbers": b"1,", "objects": b'{"b":{}},', "members": b'"k":"v",', "brackets": b"[" * 50 + b"]" * 50 + b","}
    before = {"one text": b'"full_log":"', "members": b'"data":{'}.get(shape, b'"data":{"a":[')
    behind = {"one text": b'"', "members": b'"z":0}'}.get(shape, b"0]}")
    return head + before + one[shape] * (size // len(one[shape])) + behind + b',"location":"end"}'


@pytest.mark.parametrize("mib", [20, 54])
@pytest.mark.parametrize("shape", ["one text", "numbers", "objects", "members", "brackets"])
def test_a_large_alert_takes_no_more_than_four_times_its_memory_and_the_budget(home, thehive, shape, mib):
    home.configure(thehive_version="5", budget_ms=30000)
    alert = large_alert(shape, mib << 20)
    run = home.run(alert, key=KEY, url=thehive.url, timeout="30", wrapper=["prlimit", f"--as={4 * len(alert)}"])
    assert run.code == 0 and home.log_text() == "", home.log_text()[:1000]
    assert [one["title"] for one in thehive.alerts.values()] == ["large"]
    assert run.seconds < 30, run.seconds


def test_no_variable_makes_it_write_down_the_keys_of_its_tls_connections(home, secure):
    home.configure(thehive_version="5", ca_file=secure.ca)
    log = home.path / "logs/tls-keys"
    assert home.run(make_alert(), key=KEY, url=secure.url, wrapper=["env", f"SSLKEYLOGFILE={log}"]).code == 0
    assert len(secure.alerts) == 1 and not log.exists()


def test_an_alert_over_plain_http(home, thehive):
    home.configure(thehive_version="5")
    assert home.run(make_alert(), key=KEY, url=thehive.url).code == 0
    assert len(thehive.alerts) == 1 and home.log_text() == ""


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_an_alert_to_a_name(home, thehive, secure, scheme):
    server = secure if scheme == "https" else thehive
    home.configure(thehive_version="5", ca_file=secure.ca)
    assert home.run(make_alert(), key=KEY, url=f"{scheme}://localhost:{server.port}").code == 0
    assert len(server.alerts) == 1 and home.log_text() == ""


def test_an_alert_over_https(home, secure):
    home.configure(thehive_version="auto", ca_file=secure.ca)
    assert home.run(make_alert(), key=KEY, url=secure.url).code == 0
    assert len(secure.alerts) == 1 and home.log_text() == ""


def test_what_is_read_only_after_the_start_stays_so(home, secure):
    home.configure(thehive_version="5", ca_file=secure.ca)
    trace = home.path / "logs/trace"
    wrapper = ["strace", "-o", str(trace), "-e", "trace=mprotect"]
    if integratord.AS_ROOT:
        wrapper += ["-u", "nobody"]
    assert home.run(make_alert(), key=KEY, url=secure.url, wrapper=wrapper).code == 0
    assert len(secure.alerts) == 1
    calls = trace.read_text().count("mprotect(")
    assert calls == 1 and "PROT_WRITE" not in trace.read_text(), trace.read_text()  # RELRO, before main


def test_a_certificate_of_another_ca(home, secure, other_ca):
    home.configure(thehive_version="5", ca_file=other_ca)
    assert home.run(make_alert(), key=KEY, url=secure.url).code == 0  # kept
    assert "self-signed" in home.log_text() or "local issuer" in home.log_text(), home.log_text()
    assert secure.alerts == {} and len(spool_env.ids(home)) == 1


def test_a_file_that_is_not_a_ca(home, secure):
    home.configure(thehive_version="5", ca_file=str(home.write("etc/ca.pem", "no certificate", mode=0o644)))
    assert home.run(make_alert(), key=KEY, url=secure.url).code == 0
    assert "etc/ca.pem" in home.log_text(), home.log_text()
    assert len(spool_env.ids(home)) == 1


def test_a_proxy_over_tls_before_plain_http(home, secure):
    home.configure(thehive_version="5", proxy=secure.url, ca_file=secure.ca)
    assert home.run(make_alert(), key=KEY, url="http://192.0.2.1:9000").code == 0
    assert "not delivered" in home.log_text(), home.log_text()
    assert len(spool_env.ids(home)) == 1


def test_the_relay_over_https(home, secure):
    spool_env.configure(home, secure.url, ca_file=secure.ca)
    for number in range(20):
        spool_env.put(home, number)
    result = spool_env.socctl(home, "relay", "--once", "--in-flight", "8")
    assert result.code == 0, result
    assert len(secure.alerts) == 20 and spool_env.ids(home) == []


def test_socctl_over_https(secure, other_ca):
    args = ["alert", "send", Path(os.environ["SOCBRIDGE_SOURCE_DIR"]) / "examples/alerts/01-ssh-brute-force.json"]
    env = {"SOCCTL_THEHIVE_URL": secure.url, "SOCCTL_THEHIVE_KEY": KEY}
    refused = tool.run(*args, "--ca-file", other_ca, env=env)
    assert refused.code == 5 and secure.alerts == {}, refused
    result = tool.run(*args, "--ca-file", secure.ca, env=env)
    assert result.code == 0 and len(secure.alerts) == 1, result


def test_a_form_over_plain_http(tmp_path):
    """Its boundary consists of random bytes of the TLS library."""
    (tmp_path / "evil.exe").write_bytes(b"MZ")
    with tool.Sandbox("cortex") as sandbox:
        result = tool.run("cortex", "submit", f"@{tmp_path}/evil.exe", "--analyzer", "FileInfo", "-o", "json",
                          env=sandbox.env(SOCCTL_STATE_DIR=str(tmp_path)))
    assert result.code == 0 and result.json()[0]["attachment"]["size"] == 2, result
