# SPDX-License-Identifier: Apache-2.0
"""The pages of `socctl metrics serve` and of services with --metrics-listen: TLS, logins, scrapes of a real
Prometheus."""

import crypt
import os
import re
import signal
import warnings

import pytest
import requests
import trustme

import live_stream
import prometheus
import spool_env
import tool
from conftest import make_alert
from integratord import AS_ROOT

NOTHING = {"SOCBRIDGE_WAZUH_HOME": "/nonexistent"}
LOGIN = ("prometheus", "s3cret-of-prometheus")


@pytest.fixture
def authority(tmp_path):
    """A CA, a certificate of it for 127.0.0.1, and one for a client."""
    ca = trustme.CA()
    own = ca.issue_cert("127.0.0.1")
    own.private_key_pem.write_to_path(tmp_path / "own.key")
    own.cert_chain_pems[0].write_to_path(tmp_path / "own.pem")
    client = ca.issue_cert("prometheus@soc.example")
    client.private_key_and_cert_chain_pem.write_to_path(tmp_path / "client.pem")
    ca.cert_pem.write_to_path(tmp_path / "ca.pem")
    os.chmod(tmp_path / "own.key", 0o600)
    return tmp_path


def hashed(password):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return crypt.crypt(password, crypt.mksalt(crypt.METHOD_BLOWFISH, rounds=1 << 5))


def web_config(folder, *more):
    file = folder / "web.yml"
    text = "tls_server_config:\n  cert_file: own.pem\n  key_file: own.key\n" + "".join(f"  {line}\n" for line in more)
    file.write_text(text + f"basic_auth_users:\n  {LOGIN[0]}: {hashed(LOGIN[1])}\n")
    return file


class Pages:
    """A service whose pages answer at `url` until the end of the block."""

    def __init__(self, *args, env):
        self.process = tool.start(*args, env={**NOTHING, **env})
        for line in iter(self.process.stderr.readline, b""):
            found = re.search(r"(https?://[^/\s]+)/metrics", line.decode())
            if found:
                self.url = found[1]
                return
        raise AssertionError("no pages")

    def get(self, path="/metrics", **how):
        return requests.get(self.url + path, timeout=20, **how)

    def complaint(self, act):
        """The next line on standard error, while `act` is done again and again."""
        os.set_blocking(self.process.stderr.fileno(), False)
        seen = b""

        def line():
            nonlocal seen
            act()
            seen += self.process.stderr.read() or b""
            return seen if b"\n" in seen else None
        return tool.wait_until(line, 20, "a complaint").decode()

    def text(self):
        """Once there are numbers."""
        tool.wait_until(lambda: self.get().status_code == 200, 60, "numbers")
        return self.get().text

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=30)


def test_tls_and_a_login(authority):
    config = web_config(authority)
    ca = str(authority / "ca.pem")
    with tool.Sandbox() as sandbox, Pages("metrics", "serve", "--listen", "127.0.0.1:0", "--web-config", config,
                                          env=sandbox.env()) as pages:
        assert pages.url.startswith("https://")
        assert pages.get("/healthz", verify=ca).status_code == 200
        refused = pages.get(verify=ca)
        assert refused.status_code == 401 and refused.headers["WWW-Authenticate"].startswith("Basic ")
        assert pages.get(verify=ca, auth=(LOGIN[0], "wrong")).status_code == 401
        assert pages.get(verify=ca, auth=("other", LOGIN[1])).status_code == 401
        tool.wait_until(lambda: pages.get("/readyz", verify=ca, auth=LOGIN).status_code == 200, 60, "numbers")
        assert "socbridge_scrape_success" in pages.get(verify=ca, auth=LOGIN).text
        with pytest.raises(requests.exceptions.SSLError):
            pages.get()
        with pytest.raises(requests.exceptions.ConnectionError):
            requests.get(pages.url.replace("https", "http"), timeout=20)


def test_a_real_prometheus_scrapes_with_tls_and_a_login(authority):
    with tool.Sandbox() as sandbox, Pages("metrics", "serve", "--listen", "127.0.0.1:0", "--web-config", web_config(authority),
                                          env=sandbox.env()) as pages:
        job = {"target": pages.url.removeprefix("https://"), "scheme": "https", "login": LOGIN, "ca": authority / "ca.pem"}
        real = prometheus.Prometheus({"soc": job})
        try:
            real.wait_until(lambda targets, rules: [one["health"] for one in targets] == ["up"])
        finally:
            real.close()


def test_a_client_certificate_can_be_wanted(authority):
    config = web_config(authority, "client_auth_type: RequireAndVerifyClientCert", "client_ca_file: ca.pem")
    ca = str(authority / "ca.pem")
    with tool.Sandbox() as sandbox, Pages("metrics", "serve", "--listen", "127.0.0.1:0", "--web-config", config,
                                          env=sandbox.env()) as pages:
        with pytest.raises(requests.exceptions.ConnectionError):
            pages.get("/healthz", verify=ca)
        assert pages.get("/healthz", verify=ca, cert=str(authority / "client.pem")).status_code == 200


@pytest.mark.parametrize("text,words", [
    ("basic_auth_users: {u: plain-password}", "bcrypt"), ("tls_server_config: {cert_file: none.pem, key_file: none.key}", "none.pem"),
    ("tls: {}", "unknown"), ("a: [", "line")])
def test_a_wrong_configuration_is_one_line(tmp_path, text, words):
    file = tmp_path / "web.yml"
    file.write_text(text)
    with tool.Sandbox() as sandbox:
        result = tool.run("metrics", "serve", "--listen", "127.0.0.1:0", "--web-config", file, env={**NOTHING, **sandbox.env()})
    assert (result.code, result.out) == (2, "") and result.err.count("\n") == 1 and words in result.err, result
    assert "plain-password" not in result.err


@pytest.mark.skipif(not AS_ROOT, reason="the spool must belong to user wazuh")
def test_relay_and_receive(home):
    with tool.Sandbox() as sandbox:
        spool_env.configure(home, sandbox.url)
        spool_env.put(home, 1)
        env = spool_env.env(home)
        with Pages("relay", "--metrics-listen", "127.0.0.1:0", env=env) as pages:
            assert "socbridge_relay_waiting" in pages.text() and pages.get("/else").status_code == 404
            assert prometheus.check_metrics(pages.text()) == ""
        with Pages("receive", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", env=env) as pages:
            assert "socbridge_receive_connections" in pages.text()


@pytest.mark.skipif(not AS_ROOT, reason="the spool must belong to user wazuh")
def test_the_receiving_port_has_no_metrics_then(home):
    with tool.Sandbox() as sandbox:
        spool_env.configure(home, sandbox.url)
        process = tool.start("receive", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0",
                             env={**NOTHING, **spool_env.env(home)})
        urls = {}
        while len(urls) < 2:
            line = process.stderr.readline().decode()
            found = re.search(r"(listening|metrics) at (http://[^/\s]+)", line)
            assert line, "the receiver ended"
            if found:
                urls[found[1]] = found[2]
        try:
            assert requests.get(urls["listening"] + "/metrics", timeout=20).status_code == 404
            assert requests.get(urls["listening"] + "/healthz", timeout=20).status_code == 200
            assert requests.get(urls["metrics"] + "/metrics", timeout=20).status_code in (200, 503)
            sent = requests.post(urls["listening"] + "/alerts", data=make_alert(3, 12), timeout=20)
            assert sent.status_code == 202
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)


def test_stream_and_analyze(tmp_path):
    with tool.Sandbox("opencti", "cortex") as sandbox:
        live_stream.Hive(sandbox).case(("ip", "1.2.3.4"))
        state = ("--state-dir", tmp_path / "stream", "--stream", live_stream.STREAM, "--from", "0-0")
        with Pages("opencti", "stream", *state, "--metrics-listen", "127.0.0.1:0", env=sandbox.env()) as pages:
            pages.text()
            tool.wait_until(lambda: "socbridge_stream_lag_seconds" in pages.text(), 60, "a heartbeat")
        config = tmp_path / "config.json"
        config.write_text('{"analysis": {"rules": {"all": {"types": ["ip"], "analyzers": ["MaxMind_GeoIP"]}}}}')
        with Pages("analyze", "--new", "--follow", "--interval", "1s", "--profile", config, "--state", tmp_path / "state.json",
                   "--metrics-listen", "127.0.0.1:0", env=sandbox.env()) as pages:
            text = pages.text()
            assert "socbridge_analyze_last_pass_timestamp_seconds" in text and prometheus.check_metrics(text) == ""


def test_the_options_that_go_together():
    for args in (("analyze", "--new", "--metrics-listen", "127.0.0.1:0"), ("relay", "--web-config", "x")):
        result = tool.run(*args, env=NOTHING)
        assert result.code == 2 and result.err.count("\n") == 1, result


def issue(ca, folder, name="127.0.0.1"):
    own = ca.issue_cert(name)
    own.private_key_pem.write_to_path(folder / "own.key.new")
    own.cert_chain_pems[0].write_to_path(folder / "own.pem.new")
    os.replace(folder / "own.key.new", folder / "own.key")
    return own


def test_a_new_certificate_is_served_without_a_restart(tmp_path):
    """Key and certificate are replaced one after the other: until they fit, the ones from before are served."""
    first, second = trustme.CA(), trustme.CA()
    issue(first, tmp_path)
    os.replace(tmp_path / "own.pem.new", tmp_path / "own.pem")
    for ca, name in ((first, "first.pem"), (second, "second.pem")):
        ca.cert_pem.write_to_path(tmp_path / name)
    config = tmp_path / "web.yml"
    config.write_text("tls_server_config: {cert_file: own.pem, key_file: own.key}\n")
    with tool.Sandbox() as sandbox, Pages("metrics", "serve", "--listen", "127.0.0.1:0", "--web-config", config,
                                          env=sandbox.env()) as pages:
        def served(name):
            try:
                return pages.get("/healthz", verify=str(tmp_path / name)).status_code == 200
            except requests.exceptions.SSLError:
                return False
        assert served("first.pem") and not served("second.pem")
        issue(second, tmp_path)
        line = pages.complaint(lambda: served("first.pem"))
        assert "own.key" in line and "the certificate from before is kept" in line
        assert served("first.pem")
        os.replace(tmp_path / "own.pem.new", tmp_path / "own.pem")
        tool.wait_until(lambda: served("second.pem"), 20, "the new certificate")
        assert not served("first.pem")


def test_a_changed_configuration_holds_without_a_restart(authority):
    """Users, headers and TLS settings are read for each connection; an unusable file changes nothing."""
    config, ca = web_config(authority), str(authority / "ca.pem")

    def replace(text):
        (authority / "web.new").write_text(text)
        os.replace(authority / "web.new", config)

    with tool.Sandbox() as sandbox, Pages("metrics", "serve", "--listen", "127.0.0.1:0", "--web-config", config,
                                          env=sandbox.env()) as pages:
        def status(path="/else", **how):
            return pages.get(path, verify=ca, **how).status_code
        assert (status(auth=LOGIN), status(auth=("second", "word"))) == (404, 401)
        tls = config.read_text().partition("basic_auth_users")[0]
        users, second = f"basic_auth_users:\n  second: {hashed('word')}\n", ("second", "word")
        replace(tls + users)
        assert (status(auth=LOGIN), status(auth=second)) == (401, 404)
        replace(f"{tls}http_server_config: {{headers: {{X-Frame-Options: deny}}}}\n{users}")
        answer = pages.get("/else", verify=ca, auth=second)
        assert answer.status_code == 404 and answer.headers["X-Frame-Options"] == "deny"
        for bad, words in (("a: [", "line"), (f"{tls}basic_auth_users: {{u: plain-password}}\n", "bcrypt"),
                           (tls, "logins are turned off by a restart"),
                           ("", "TLS is turned on or off by a restart")):
            replace(bad)
            line = pages.complaint(lambda: status())
            assert words in line and "the configuration from before is kept" in line and "plain-password" not in line
            assert (status(), status(auth=second)) == (401, 404)
        replace(f"{tls}  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ca.pem\n{users}")

        def wants_a_certificate():
            try:
                return status() is None
            except requests.exceptions.ConnectionError:
                return True
        tool.wait_until(wants_a_certificate, 20, "the new rule of TLS")
        assert status(cert=str(authority / "client.pem"), auth=second) == 404


@pytest.mark.skipif(not AS_ROOT, reason="root gives up its rights")
def test_a_key_of_root_is_read_again_by_the_user_of_the_home(home, tmp_path):
    tmp_path.chmod(0o700)
    first, second = trustme.CA(), trustme.CA()
    issue(first, tmp_path)
    os.replace(tmp_path / "own.pem.new", tmp_path / "own.pem")
    second.cert_pem.write_to_path(tmp_path / "second.pem")
    os.chmod(tmp_path / "own.key", 0o600)
    config = tmp_path / "web.yml"
    config.write_text("tls_server_config: {cert_file: own.pem, key_file: own.key}\n")
    with tool.Sandbox() as sandbox:
        spool_env.configure(home, sandbox.url)
        with Pages("relay", "--metrics-listen", "127.0.0.1:0", "--web-config", config, env=spool_env.env(home)) as pages:
            issue(second, tmp_path)
            os.replace(tmp_path / "own.pem.new", tmp_path / "own.pem")

            def served():
                try:
                    return pages.get("/healthz", verify=str(tmp_path / "second.pem")).status_code == 200
                except requests.exceptions.SSLError:
                    return False
            tool.wait_until(served, 20, "the new certificate")
            config.write_text(config.read_text() + f"basic_auth_users: {{{LOGIN[0]}: {hashed(LOGIN[1])}}}\n")
            assert pages.get(verify=str(tmp_path / "second.pem")).status_code == 401
