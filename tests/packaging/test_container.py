# SPDX-License-Identifier: Apache-2.0
"""The file system of the container image, and the commands of packaging/kubernetes run in it."""

import json
import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest
import requests
import yaml

import integratord
import servers
import systems
import tool
from ports import free_port

SOURCE = Path(os.environ["SOCBRIDGE_SOURCE_DIR"])
BIN = integratord.BIN_DIR
pytestmark = pytest.mark.skipif(not integratord.AS_ROOT, reason="only root can change the root folder")


@pytest.fixture
def image(tmp_path):
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == 0:
            folder.chmod(folder.stat().st_mode | 0o011)
    systems.call(SOURCE / "scripts/container-root", tmp_path / "root", BIN)
    yield tmp_path / "root"
    shutil.rmtree(tmp_path / "root")


def in_image(image, user, *command, **env):
    """Like a container runtime: with /proc, visible to no other process."""
    (image / "proc").mkdir(exist_ok=True)
    mounted = 'mount --bind /proc "$0/proc" && exec chroot "$@"'
    return subprocess.run(["unshare", "--mount", "sh", "-c", mounted, str(image), f"--userspec={user}:{user}", "--groups=",
                           str(image), *map(str, command)], capture_output=True, text=True, timeout=60,
                          env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "SOCCTL_STATE_DIR": "/var/lib/socctl", **env})


def run(image, *args, user=65532, **env):
    return in_image(image, user, "/usr/bin/socctl", *args, **env)


def test_nothing_else_is_in_it(image):
    files = {str(path.relative_to(image)) for path in image.rglob("*") if not path.is_dir()}
    assert files == {"usr/bin/socctl", "usr/libexec/socbridge/custom-w2thive", "etc/ssl/certs/ca-certificates.crt",
                     "etc/passwd", "etc/group", "usr/share/socbridge/socbridge.cdx.json"}
    writable = [path for path in image.rglob("*") if path.lstat().st_mode & 0o022 and path.name != "tmp"]
    assert not writable
    assert run(image, "version").stdout.startswith("socctl ")


def test_a_folder_that_is_there_is_refused(image):
    again = subprocess.run([SOURCE / "scripts/container-root", image, BIN], capture_output=True, text=True)
    assert again.returncode == 1 and "must be a new folder" in again.stderr


@pytest.mark.skipif(shutil.which("buildah") is None, reason="buildah is not installed")
def test_buildah_makes_the_image_and_runs_it(image, tmp_path):
    buildah = ["buildah", "--storage-driver", "vfs", "--root", tmp_path / "store", "--runroot", tmp_path / "run"]
    systems.call(*buildah, "bud", "--isolation", "chroot", "-t", "socbridge:test", "-f",
                 SOURCE / "packaging/container/Containerfile", image)
    config = json.loads(systems.call(*buildah, "inspect", "--type", "image", "socbridge:test"))["OCIv1"]["config"]
    assert config["User"] == "65532:65532" and config["Entrypoint"] == ["/usr/bin/socctl"]
    made = systems.call(*buildah, "from", "socbridge:test").split()[-1]
    assert systems.call(*buildah, "run", "--isolation", "chroot", made, "--", "/usr/bin/socctl", "version").startswith("socctl ")
    systems.call(*buildah, "rm", made)


def mount_secret(image, place, files, group):
    """A volume as created by kubelet: files in a dated folder, links to them, owned by root, readable for the group."""
    folder = image / place
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o1777)
    dated = folder / "..2026_01_31"
    dated.mkdir()
    os.symlink("..2026_01_31", folder / "..data")
    for name, text in files.items():
        (dated / name).write_text(text)
        os.chown(dated / name, 0, group)
        (dated / name).chmod(0o440)
        os.symlink(f"..data/{name}", folder / name)


def test_health_with_a_mounted_secret(image):
    with tool.Sandbox() as sandbox:
        config = {"thehive": {"url": sandbox.url, "key": "file:thehive.key"}}
        mount_secret(image, "etc/socctl", {"config.json": json.dumps(config), "thehive.key": sandbox.key}, 65532)
        result = run(image, "health", "thehive", "-o", "json")
        assert json.loads(result.stdout)["components"][0]["state"] == "ok", result
        again = run(image, "analyze", "--new", "-o", "jsonl")
        assert again.returncode in (0, 2) and "permission" not in again.stderr.lower(), again


def patch_args(name):
    pod = yaml.safe_load((SOURCE / "packaging/kubernetes/wazuh-manager/master.yaml").read_text())["spec"]["template"]["spec"]
    return next(one["args"] for one in [*pod["initContainers"], *pod["containers"]] if one["name"] == name)


def test_what_the_manager_s_pod_runs(image):
    uid = 101
    for name in ("passwd", "group"):
        shutil.copy(SOURCE / f"packaging/kubernetes/wazuh-manager/{name}", image / "etc" / name)
    for name, owner, mode in (("integrations", 0, 0o2770), ("queue", 0, 0o2770), ("etc", uid, 0o2770), ("logs", uid, 0o2770)):
        folder = image / "var/ossec" / name  # fsGroup changes their group
        folder.mkdir()
        os.chown(folder, owner, uid)
        folder.chmod(mode)
    result = run(image, *patch_args("custom-w2thive"), user=0)
    assert result.returncode == 0, result
    program = image / "var/ossec/integrations/custom-w2thive"
    info = program.stat()
    assert (info.st_uid, info.st_gid, info.st_mode & 0o7777) == (0, uid, 0o750)
    assert program.read_bytes() == (BIN / "custom-w2thive").read_bytes()
    spool = image / "var/ossec/queue/w2thive"
    assert (spool.stat().st_uid, spool.stat().st_mode & 0o777) == (uid, 0o700)
    assert run(image, *patch_args("custom-w2thive"), user=0).returncode == 0, "after a restart of the pod"

    thehive = servers.TheHive()
    try:
        mount_secret(image, "etc/socbridge", {"thehive.key": "k3y-0123456789abcdef\n"}, uid)
        conf = image / "var/ossec/etc/ossec.conf"
        conf.write_text("<ossec_config>\n<integration>\n<name>custom-w2thive</name>\n"
                        f"<hook_url>{thehive.url}</hook_url>\n<api_key>file:/etc/socbridge/thehive.key</api_key>\n"
                        "<alert_format>json</alert_format>\n</integration>\n</ossec_config>\n")
        os.chown(conf, 0, uid)
        conf.chmod(0o660)
        (image / "tmp/custom-w2thive-1.alert").write_bytes(systems.make_alert(1))
        (image / "tmp/custom-w2thive-1.alert").chmod(0o644)
        sent = in_image(image, uid, "/var/ossec/integrations/custom-w2thive", "/tmp/custom-w2thive-1.alert",
                        "file:/etc/socbridge/thehive.key", "http://127.0.0.1:9", "", "", "10", "3")
        assert sent.returncode == 0, sent
        assert len(list(spool.glob("queue/*.alert"))) == 1
        args = patch_args("relay")
        assert args == ["relay"]
        flushed = run(image, "queue", "flush", user=uid)
        assert flushed.returncode == 0, flushed
        done = run(image, *args, "--once", user=uid)
        assert done.returncode == 0 and len(thehive.alerts) == 1, done
    finally:
        thehive.close()


def workload(file, name):
    for one in yaml.safe_load_all((SOURCE / "packaging/kubernetes/socbridge" / file).read_text()):
        if one["kind"] in ("Deployment", "StatefulSet", "CronJob") and one["metadata"]["name"] == name:
            spec = one["spec"].get("jobTemplate", one)["spec"]["template"]["spec"]
            return spec["containers"][0]["args"]
    raise KeyError(name)


def state_volume(image):
    """As fsGroup leaves it."""
    os.chown(image / "var/lib/socctl", 0, 65532)
    (image / "var/lib/socctl").chmod(0o2775)


def start(image, *args):
    """A service of the image; its /proc is that of this machine."""
    (image / "proc").mkdir(exist_ok=True)
    return subprocess.Popen(["unshare", "--mount", "sh", "-c", 'mount --bind /proc "$0/proc" && exec chroot "$@"', str(image),
                             "--userspec=65532:65532", "--groups=", str(image), "/usr/bin/socctl", *args],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "SOCCTL_STATE_DIR": "/var/lib/socctl"})


def on_free_port(args):
    port = free_port()
    return [re.sub(r"^--listen=:\d+$", f"--listen=127.0.0.1:{port}", word) for word in args], f"http://127.0.0.1:{port}"


def until_answered(url, process, wanted=200):
    for _ in range(200):
        assert process.poll() is None, process.communicate()
        try:
            if requests.get(url, timeout=5).status_code == wanted:
                return
        except requests.ConnectionError:
            pass
        time.sleep(0.05)
    raise AssertionError(url)


def test_receive_stores_and_delivers(image):
    state_volume(image)
    args, url = on_free_port(workload("receive.yaml", "receive"))
    with tool.Sandbox() as sandbox:
        mount_secret(image, "etc/socctl", {
            "w2thive.json": json.dumps({"url": sandbox.url, "api_key": "file:/etc/socctl/thehive.key"}),
            "thehive.key": sandbox.key, "receive.token": "t" * 32}, 65532)
        process = start(image, *args)
        try:
            until_answered(url + "/healthz", process)
            assert requests.post(url + "/alerts", systems.make_alert(1), timeout=10).status_code == 401
            taken = requests.post(url + "/alerts", systems.make_alert(1), timeout=10, headers={"Authorization": "Bearer " + "t" * 32})
            assert (taken.status_code, taken.json()) == (202, {"accepted": 1, "filtered": 0})
            for _ in range(200):
                found = tool.run("alert", "list", "-o", "jsonl", env=sandbox.env())
                if found.out.count("\n") == 1:
                    break
                time.sleep(0.05)
            assert found.out.count("\n") == 1, found
        finally:
            process.terminate()
            process.communicate(timeout=30)
        assert process.returncode == 0


def test_metrics_counts_and_the_canary_comes_back(image):
    state_volume(image)
    args, url = on_free_port(workload("metrics.yaml", "metrics"))
    with tool.Sandbox("cortex") as sandbox:
        config = {"thehive": {"url": sandbox.url, "key": "file:thehive.key"},
                  "cortex": {"url": sandbox.urls["cortex"], "key": "file:cortex.key"}}
        mount_secret(image, "etc/socctl", {"config.json": json.dumps(config), "thehive.key": sandbox.key,
                                           "cortex.key": sandbox.key}, 65532)
        process = start(image, *args)
        try:
            until_answered(url + "/readyz", process)
            text = requests.get(url + "/metrics", timeout=10).text
            assert 'socbridge_scrape_success{product="thehive"} 1' in text and 'product="cortex"} 1' in text
        finally:
            process.terminate()
            process.communicate(timeout=30)
        assert process.returncode == 0
        canary = run(image, *workload("health.yaml", "health-canary"))
        assert canary.returncode == 0 and "clean-up" in canary.stdout, canary
