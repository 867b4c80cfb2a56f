# SPDX-License-Identifier: Apache-2.0
"""Writers of files that root uses, servers that get a key, and the user that reads Wazuh's configuration."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

import tool
from conftest import make_alert
from entries import count
from integratord import AS_ROOT, ENV, GROUP, NAME, USER
from servers import HANG, answer

pytestmark = pytest.mark.skipif(not AS_ROOT, reason="checks what root does with files of other users")
STRANGER = 4242
OWN_KEY = "own-key-0123456789"
WAZUH_KEY = "wazuh-key-0123456789"
ROOT_ONLY = "root-only-secret-0123456789"


def ossec_conf(url, key):
    return f"""<ossec_config><global><jsonout_output>yes</jsonout_output></global>
      <integration><name>custom-w2thive</name><hook_url>{url}</hook_url><api_key>{key}</api_key><level>3</level>
      <alert_format>json</alert_format></integration></ossec_config>"""


def keys_seen(server):
    return {request.headers["authorization"].removeprefix("Bearer ")
            for request in server.requests if "authorization" in request.headers}


def everything(folder):
    return {str(path): (path.lstat().st_uid, path.lstat().st_mode) for path in folder.rglob("*")}


def write(path, text, mode=0o600, owner=0, group=0):
    path.write_text(text)
    os.chown(path, owner, group)
    path.chmod(mode)
    return path


@pytest.fixture
def folder():
    """A folder that all users can read; pytest's own is root's."""
    made = Path(tempfile.mkdtemp(prefix="socbridge-trust-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def sandbox():
    with tool.Sandbox() as running:
        yield running


@pytest.fixture
def listener(serve):
    return serve(lambda request: answer(200, []))


@pytest.fixture
def secret(folder):
    """A file that root alone may read."""
    return write(folder / "root-only", ROOT_ONLY)


@pytest.fixture
def prepared(folder, listener, secret):
    """A folder like a Wazuh home, created by an attacker."""
    place = folder / "prepared"
    for made in (place, *(place / name for name in ("integrations", "etc", "logs"))):
        made.mkdir(mode=0o755)
    script = place / "integrations" / NAME
    script.write_text(f"#!/bin/sh\ntouch {folder}/ran\n")
    script.chmod(0o755)
    (place / "etc/ossec.conf").write_text(ossec_conf(listener.url, f"file:{secret}"))
    (place / "etc/w2thive.json").write_text(json.dumps({"proxy": listener.url}))
    for path in (place, *place.rglob("*")):
        os.chown(path, STRANGER, STRANGER)
    return place


# Each command that reads the Wazuh home or files named in its configuration.
COMMANDS = [
    ["alert", "list"],
    ["alert", "test"],
    ["alert", "send", "--dry-run"],
    ["alert", "map"],
    ["case", "list"],
    ["config", "check"],
    ["config", "explain"],
    ["queue", "list"],
    ["queue", "stats"],
    ["relay", "--once"],
    ["reconcile", "--from", "-"],
    ["health", "wazuh"],
    ["health", "--canary"],
]
NAMES = [" ".join(words) for words in COMMANDS]


@pytest.mark.parametrize("words", COMMANDS, ids=NAMES)
def test_the_working_directory_is_never_the_wazuh_home(prepared, listener, words):
    before = everything(prepared)
    with tool.Sandbox("cortex") as sandbox:
        for env in ({}, sandbox.env()):
            result = tool.run(*words, env=env, cwd=prepared, stdin="")
            assert ROOT_ONLY not in result.out + result.err
            assert str(prepared) not in result.out + result.err
    assert listener.requests == []
    assert everything(prepared) == before
    assert not (prepared.parent / "ran").exists()


@pytest.mark.parametrize("words", COMMANDS, ids=NAMES)
def test_root_uses_no_home_of_a_stranger(prepared, listener, words):
    before = everything(prepared)
    with tool.Sandbox("cortex") as sandbox:
        for env in ({}, sandbox.env()):
            result = tool.run(*words, env={**env, "SOCBRIDGE_WAZUH_HOME": str(prepared)}, stdin="")
            assert ROOT_ONLY not in result.out + result.err
            if env and words[1] == "list" and words[0] != "queue":
                assert result.code == 0  # the home is not needed
                continue
            assert result.code == 2 and result.out == ""
            [line] = result.err.splitlines()
            assert f"{prepared} belongs to user {STRANGER}, not to root" in line and "put it where" in line
    assert listener.requests == []
    assert everything(prepared) == before
    assert not (prepared.parent / "ran").exists()


@pytest.mark.parametrize("open_part,words", [("", "alert list"), ("etc", "alert list"), ("etc/ossec.conf", "alert list"),
                                             ("etc/w2thive.json", "alert list"), ("..", "config check"),
                                             ("etc/w2thive.json", "config check"), ("etc/w2thive.json", "alert test"),
                                             ("etc", "reconcile --from -")])
def test_what_all_users_may_write_is_an_error_that_says_so(prepared, listener, secret, open_part, words):
    for path in (prepared, *prepared.rglob("*")):
        os.chown(path, 0, 0)
    (prepared / open_part).chmod(0o777)
    env = {"SOCBRIDGE_WAZUH_HOME": str(prepared)}
    if words != "alert list":
        env |= {"SOCCTL_THEHIVE_URL": listener.url, "SOCCTL_THEHIVE_KEY": OWN_KEY}
    result = tool.run(*words.split(), env=env, stdin="")
    assert result.code == 2
    named = str((prepared / open_part).resolve())
    assert f"{named} may be written by any user" in result.out + result.err
    assert f"chmod o-w {named}" in result.out + result.err
    assert keys_seen(listener) == set()


def test_an_unprivileged_user_uses_no_home_of_another(prepared, listener, secret):
    secret.chmod(0o644)
    env = {**tool.BASE_ENV, "HOME": "/", "SOCBRIDGE_WAZUH_HOME": str(prepared)}
    result = subprocess.run([tool.BIN, "alert", "list"], env=env, user=USER, group=GROUP, extra_groups=[], cwd=prepared,
                            capture_output=True, text=True)
    assert result.returncode == 2 and f"belongs to user {STRANGER}" in result.stderr
    assert listener.requests == []


def test_the_canary_runs_no_program_that_others_may_write(home, listener):
    home.write("etc/ossec.conf", ossec_conf(listener.url, WAZUH_KEY))
    marker = home.path / "logs/ran"
    home.binary.write_text(f"#!/bin/sh\ntouch {marker}\n")
    with tool.Sandbox("cortex") as sandbox:
        env = sandbox.env(SOCBRIDGE_WAZUH_HOME=str(home.path))
        home.binary.chmod(0o757)
        open_file = tool.run("health", "--canary", "-o", "json", env=env)
        home.binary.chmod(0o755)
        os.chown(home.binary, STRANGER, STRANGER)
        of_stranger = tool.run("health", "--canary", "-o", "json", env=env)
    assert f"{home.binary} may be written by any user" in open_file.out
    assert f"{home.binary} belongs to user {STRANGER}" in of_stranger.out
    assert not marker.exists()


def test_a_key_file_in_the_folder_of_the_homes_user_is_read_but_no_link_of_that_user(home, serve, folder):
    server = serve(lambda request: answer(200, {"version": "5.4.1"} if "status" in request.path else []))
    secret = write(folder / "secret", "of-root-alone-0123456789")
    os.chown(home.path / "etc", USER, GROUP)
    key = home.path / "etc/thehive.key"
    key.write_text(OWN_KEY)
    key.chmod(0o600)
    arguments = ("alert", "list", "--url", server.url, "--key-file", key)
    env = {"SOCBRIDGE_WAZUH_HOME": str(home.path)}
    assert tool.run(*arguments, env=env).code == 0 and keys_seen(server) == {OWN_KEY}
    server.requests.clear()
    key.unlink()
    key.symlink_to(secret)
    os.lchown(key, USER, GROUP)
    refused = tool.run(*arguments, env=env)
    assert refused.code == 2 and "is a link of" in refused.err and keys_seen(server) == set(), refused


# --- whom a key is sent to

def config(folder, **thehive):
    return write(folder / "config.json", json.dumps({"thehive": thehive}))


def test_a_key_is_sent_only_to_the_url_given_with_it(folder, serve, home):
    def thehive(request):
        return answer(200, {"version": "5.4.1"} if "status" in request.path else [])
    ours, other = (serve(thehive) for _ in range(2))
    key_file = write(folder / "key", OWN_KEY)
    wazuh = {"SOCBRIDGE_WAZUH_HOME": str(home.path)}
    env_url, env_key = {"SOCCTL_THEHIVE_URL": other.url}, {"SOCCTL_THEHIVE_KEY": OWN_KEY}

    def listed(*flags, env=None, conf=None, block=None, w2thive=None):
        for server in (ours, other):
            server.requests.clear()
        if conf is not None:
            flags += ("--profile", config(folder, **conf))
        home.write("etc/ossec.conf", ossec_conf(*block) if block else "<ossec_config></ossec_config>")
        home.configure(**(w2thive or {}))
        return tool.run("alert", "list", *flags, env={**wazuh, **(env or {})})

    def assert_sent(result, server, key):
        assert keys_seen(server) == {key}, result
        assert keys_seen(other if server is ours else ours) == set()

    def assert_refused(result, key_origin, url_origin):
        assert keys_seen(ours) == keys_seen(other) == set()
        assert result.code == 2 and result.out == ""
        [line] = result.err.splitlines()
        assert str(key_origin) in line and str(url_origin) in line and "--key-file" in line
        assert OWN_KEY not in line and WAZUH_KEY not in line

    path, conf, w2 = folder / "config.json", home.path / "etc/ossec.conf", home.path / "etc/w2thive.json"
    pair = {"url": ours.url, "key": OWN_KEY}
    # Both from one source, or both given for this run.
    assert_sent(listed(conf=pair), ours, OWN_KEY)
    assert_sent(listed("--url", other.url, "--key-file", key_file, conf=pair), other, OWN_KEY)
    assert_sent(listed("--url", other.url, env=env_key), other, OWN_KEY)
    assert_sent(listed("--key-file", key_file, env=env_url), other, OWN_KEY)
    assert_sent(listed(env={**env_url, **env_key}, block=(ours.url, WAZUH_KEY)), other, OWN_KEY)
    assert_sent(listed(block=(ours.url, WAZUH_KEY)), ours, WAZUH_KEY)
    assert_sent(listed(w2thive={"url": ours.url, "api_key": WAZUH_KEY}), ours, WAZUH_KEY)
    assert_sent(listed(w2thive={"api_key": WAZUH_KEY}, block=(ours.url, "")), ours, WAZUH_KEY)
    # The same URL in another spelling is not another one.
    assert_sent(listed("--url", ours.url + "/", conf=pair), ours, OWN_KEY)
    assert_sent(listed(env={"SOCCTL_THEHIVE_URL": ours.url}, block=(ours.url, WAZUH_KEY)), ours, WAZUH_KEY)
    # A key with another URL is skipped for the matching one.
    assert_sent(listed("--url", other.url, conf=pair, block=(other.url, WAZUH_KEY)), other, WAZUH_KEY)
    # Everything else is an error.
    assert_refused(listed("--url", other.url, conf=pair), path, "--url")
    assert_refused(listed("--url", other.url, env={"SOCCTL_THEHIVE_URL": ours.url, **env_key}), "SOCCTL_THEHIVE_KEY", "--url")
    assert_refused(listed(env=env_url, conf=pair), path, "SOCCTL_THEHIVE_URL")
    assert_refused(listed(env=env_key, conf={"url": ours.url}), "SOCCTL_THEHIVE_KEY", path)
    assert_refused(listed(env=env_key, conf=pair), "SOCCTL_THEHIVE_KEY", path)
    assert_refused(listed(env=env_key, block=(ours.url, WAZUH_KEY)), "SOCCTL_THEHIVE_KEY", conf)
    assert_refused(listed("--key-file", key_file, w2thive={"url": ours.url}), "--key-file", w2)
    assert_refused(listed(conf={"key": OWN_KEY}, block=(ours.url, WAZUH_KEY)), path, conf)
    assert_refused(listed(conf={"url": ours.url}, block=(other.url, WAZUH_KEY)), conf, path)
    assert_refused(listed("--url", other.url, block=(ours.url, WAZUH_KEY)), conf, "--url")


@pytest.mark.parametrize("words", ["alert test", "alert send", "reconcile --from -", "alert list"])
def test_a_proxy_of_wazuh_never_sees_the_operators_key(home, thehive, serve, words):
    proxy = serve(lambda request: answer(502, {}))
    home.configure(proxy=proxy.url, url=thehive.url, api_key=WAZUH_KEY)
    env = {"SOCBRIDGE_WAZUH_HOME": str(home.path), "SOCCTL_THEHIVE_URL": thehive.url, "SOCCTL_THEHIVE_KEY": OWN_KEY}
    tool.run(*words.split(), env=env, stdin=make_alert())
    assert proxy.requests == []
    assert keys_seen(thehive) == {OWN_KEY}
    # Its own key goes its own way.
    tool.run(*words.split(), env={"SOCBRIDGE_WAZUH_HOME": str(home.path)}, stdin=make_alert(2), timeout=120)
    assert proxy.requests != [] and keys_seen(proxy) <= {WAZUH_KEY}


# --- as whom it is read

READERS = ["alert list", "alert test", "case list", "reconcile --from -", "health thehive", "health wazuh",
           "health --canary", "config check", "relay --once"]


@pytest.mark.parametrize("words", READERS)
@pytest.mark.parametrize("where", ["ossec.conf", "w2thive.json", "link"])
def test_no_file_that_root_alone_may_read_becomes_a_key(home, listener, secret, words, where):
    secret.parent.chmod(0o755)
    named = secret
    if where == "link":
        named = home.path / "etc/thehive.key"
        named.symlink_to(secret)
        os.lchown(named, USER, GROUP)
    home.write("etc/ossec.conf", ossec_conf(listener.url, "" if where == "w2thive.json" else f"file:{named}"), owner=USER)
    if where == "w2thive.json":
        home.write("etc/w2thive.json", json.dumps({"api_key": f"file:{secret}"}), owner=USER)
    result = tool.run(*words.split(), env={"SOCBRIDGE_WAZUH_HOME": str(home.path)}, stdin=make_alert(), timeout=120)
    assert ROOT_ONLY not in result.out + result.err
    assert all(ROOT_ONLY not in str(request.headers) for request in listener.requests)
    if words in ("alert list", "alert test", "case list", "reconcile --from -", "health --canary"):
        assert result.code == 2 and "Permission denied" in result.err and str(named) in result.err


@pytest.mark.parametrize("words", ["alert test", "alert send", "reconcile --from -", "relay", "health thehive wazuh"])
def test_root_becomes_the_user_of_the_home(home, serve, words):
    server = serve(lambda request: HANG)
    home.run(make_alert(9), key=WAZUH_KEY, url="http://127.0.0.1:9")  # a waiting alert
    home.configure(url=server.url, api_key=WAZUH_KEY, thehive_version="5", min_level=0)
    home.write("etc/ossec.conf", ossec_conf(server.url, ""))
    process = tool.start(*words.split(), env={"SOCBRIDGE_WAZUH_HOME": str(home.path)}, stdin=b"")
    process.stdin.write(make_alert())
    process.stdin.close()
    try:
        tool.wait_until(lambda: server.requests or None, what="a request")
        status = open(f"/proc/{process.pid}/status").read().splitlines()
        ids = {line.split(":")[0]: line.split(":")[1].split() for line in status if ":" in line}
        assert ids["Uid"] == [str(USER)] * 4 and ids["Gid"] == [str(GROUP)] * 4
        assert int(ids["CapEff"][0], 16) == int(ids["CapPrm"][0], 16) == 0
        assert ids["Groups"] == [str(GROUP)]
    finally:
        process.kill()  # the relay would wait for its request
        process.wait()
        process.stdout.close()
        process.stderr.close()


def test_a_first_run_by_hand_as_root_harms_nothing(home, thehive):
    shutil.rmtree(home.spool)
    os.chown(home.path / "queue", USER, GROUP)
    alert = write(home.path / "one.alert", make_alert().decode())
    options = write(home.path / "one.options", '{"min_level": 3}')
    run = subprocess.run([home.binary, alert, WAZUH_KEY, thehive.url, "", options, "10", "3"], env=ENV, cwd="/",
                         capture_output=True)
    assert run.returncode == 0, run
    assert len(thehive.alerts) == 1
    made = [home.spool, *home.spool.rglob("*")]
    assert {path.stat().st_uid for path in made} == {USER}
    assert home.run(make_alert(2), key=WAZUH_KEY, url="http://127.0.0.1:9").code == 0
    assert count(home) == 1


def test_what_the_operator_names_is_read_though_the_user_of_the_home_may_not(home, sandbox, folder):
    folder.chmod(0o700)
    alerts = write(folder / "alerts.json", make_alert().decode())
    days = folder / "days"
    days.mkdir(mode=0o700)
    write(days / "alerts.json", make_alert(2).decode())
    conf = write(folder / "w2thive.json", '{"thehive_version": "5"}')
    env = sandbox.env(SOCBRIDGE_WAZUH_HOME=str(home.path))
    assert "brute force" in tool.run("alert", "map", alerts, "--config", conf, env=env).out
    sent = tool.run("alert", "send", alerts, "--config", conf, env=env)
    assert sent.code == 0, sent
    filled = tool.run("reconcile", "--from", days, "--config", conf, "-o", "jsonl", env=env)
    assert filled.code == 0 and filled.jsonl()[-1]["filled"] == 1, filled
    # But no other link from there is followed.
    (days / "alerts.json").unlink()
    (days / "alerts.json").symlink_to(alerts)
    named = tool.run("reconcile", "--from", days / "alerts.json", "--config", conf, "-o", "jsonl", env=env)
    assert named.code == 0 and named.jsonl()[-1]["present"] == 1, named  # the operator's own choice
    refused = tool.run("reconcile", "--from", days, "--config", conf, env=env)
    assert refused.code == 6 and "has no file of alerts" in refused.err


# --- configuration of custom-w2thive

@pytest.mark.parametrize("key", ["itself", "file:etc/thehive.key", "file:{home}/etc/thehive.key"])
def test_url_and_key_in_w2thive_json_alone(home, key):
    home.write("etc/thehive.key", tool.KEY + "\n")
    home.write("etc/ossec.conf", ossec_conf("", ""))
    with tool.Sandbox("cortex") as sandbox:
        home.configure(url=sandbox.url, api_key=tool.KEY if key == "itself" else key.format(home=home.path))
        assert home.run(make_alert()).code == 0
        env = {"SOCBRIDGE_WAZUH_HOME": str(home.path)}
        for words in ("alert list -o jsonl", "case list", "alert test --delete", "alert send", "reconcile --from -",
                      "health thehive", "health --canary", "relay --once", "config check"):
            result = tool.run(*words.split(), env=env, stdin=make_alert(), timeout=120)
            assert result.code in ((0, 3) if "health" in words else (0,)), (words, result)
            assert tool.KEY not in result.out + result.err
        assert len(tool.run("alert", "list", "-o", "jsonl", env=env).jsonl()) == 1


def test_a_relative_key_file_is_below_the_home_wherever_it_stands(home, folder):
    home.write("etc/thehive.key", tool.KEY + "\n")
    with tool.Sandbox() as sandbox:
        for conf, w2thive in ((ossec_conf(sandbox.url, "file:etc/thehive.key"), {}),
                              (ossec_conf(sandbox.url, "wrong"), {"api_key": "file:etc/thehive.key"})):
            home.write("etc/ossec.conf", conf)
            home.configure(**w2thive)
            for cwd in ("/", str(folder)):
                listed = tool.run("alert", "list", env={"SOCBRIDGE_WAZUH_HOME": str(home.path)}, cwd=cwd)
                assert listed.code == 0, listed
        assert home.run(make_alert(), key="file:etc/thehive.key", url=sandbox.url).code == 0
        assert len(tool.run("alert", "list", "-o", "jsonl", env=sandbox.env()).jsonl()) == 1


def test_the_home_of_the_command_line(home, folder):
    with tool.Sandbox() as sandbox:
        home.configure(url=sandbox.url, api_key=tool.KEY)
        (folder / "home").symlink_to(home.path)
        wrong = {"SOCBRIDGE_WAZUH_HOME": "/nonexistent"}
        for words in (["--wazuh-home", home.path, "alert", "list"], ["alert", "list", "--wazuh-home", home.path],
                      ["alert", f"--wazuh-home={home.path}", "list"], ["alert", "list", "--wazuh-home", "home"]):
            listed = tool.run(*words, env=wrong, cwd=folder)
            assert listed.code == 0, listed
    assert tool.run("alert", "list", "--wazuh-home", env=wrong).code == 2
    assert "--wazuh-home" in tool.run("--help").out


# --- cron

def test_health_replaces_a_file_in_a_folder_of_root(home, folder):
    home.configure()
    home.write("etc/ossec.conf", ossec_conf("http://127.0.0.1:9", WAZUH_KEY))
    textfile = folder / "textfile"
    textfile.mkdir(mode=0o755)
    file = textfile / "socctl.prom"
    trap = write(folder / "trap", "untouched")
    for _ in range(2):
        result = tool.run("health", "wazuh", "-q", "-o", "prometheus", "--out", file,
                          env={"SOCBRIDGE_WAZUH_HOME": str(home.path)})
        assert result.out == "" and result.err == "", result
        assert "socbridge_health_component_state" in file.read_text()
        assert [path.name for path in textfile.iterdir()] == ["socctl.prom"]
        assert (file.stat().st_uid, file.stat().st_mode & 0o777) == (0, 0o644)
        file.unlink()
        file.symlink_to(trap)  # a link is replaced, not followed
    assert trap.read_text() == "untouched"


def test_the_cron_line_of_reconcile(home, thehive, folder):
    """As in docs/reconcile.md: as Wazuh's user, with a separate folder for the cursor."""
    home.configure(url=thehive.url, api_key=WAZUH_KEY, thehive_version="5")
    alerts = home.path / "logs/alerts"
    alerts.mkdir()
    write(alerts / "alerts.json", make_alert().decode(), 0o640, USER, GROUP)
    os.chown(alerts, USER, GROUP)
    state = folder / "reconcile"
    state.mkdir(mode=0o750)
    os.chown(state, USER, GROUP)
    run = subprocess.run([tool.BIN, "reconcile", "--from", alerts, "--until", "1m", "--cursor-file", state / "cursor"],
                         env={**tool.BASE_ENV, "HOME": "/", "SOCBRIDGE_WAZUH_HOME": str(home.path)}, user=USER, group=GROUP,
                         extra_groups=[], capture_output=True, text=True)
    assert "denied" not in run.stderr and (state / "cursor").exists(), run
    assert (state / "cursor").stat().st_uid == USER
