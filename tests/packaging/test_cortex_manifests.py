# SPDX-License-Identifier: Apache-2.0
"""packaging/kubernetes/cortex: rights as a set, names that must fit one another, and the script that enables analyzers."""

import http.server
import json
import os
import subprocess
import threading

import pytest
import yaml

import manifests

FOLDER = manifests.ROOT / "cortex"
OBJECTS = manifests.documents("cortex")
RIGHTS = ({("batch", "jobs", verb) for verb in ("create", "get", "list", "watch", "delete")}
          | {("", resource, verb) for resource in ("pods", "pods/log") for verb in ("get", "list", "watch")})
MISSION = {
    "VirusTotal_GetReport": {"hash", "ip", "domain", "url"},
    "AbuseIPDB": {"ip"},
    "URLhaus": {"url", "domain"},
    "MaxMind_GeoIP": {"ip"},
    "FileInfo": {"file"},
}


def test_rights_are_exactly_those_needed():
    assert manifests.granted(OBJECTS["Role", "cortex-job-runner"]) == RIGHTS


@pytest.mark.parametrize("change", [
    lambda rules: rules[0]["verbs"].remove("delete"),
    lambda rules: rules[0]["verbs"].append("deletecollection"),
    lambda rules: rules[1]["resources"].remove("pods/log"),
    lambda rules: rules.append({"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"]}),
])
def test_a_missing_and_an_extra_right_are_both_seen(change):
    role = yaml.safe_load(yaml.safe_dump(OBJECTS["Role", "cortex-job-runner"]))
    change(role["rules"])
    assert manifests.granted(role) != RIGHTS


def test_the_rights_are_bound_to_the_account_that_cortex_runs_as():
    binding = OBJECTS["RoleBinding", "cortex-job-runner"]
    account = OBJECTS["Deployment", "cortex"]["spec"]["template"]["spec"]["serviceAccountName"]
    assert binding["roleRef"]["name"] == "cortex-job-runner"
    assert [(s["kind"], s["name"], s["namespace"]) for s in binding["subjects"]] == [
        ("ServiceAccount", account, "cortex")]
    assert ("ServiceAccount", account) in OBJECTS


def test_the_job_directory_is_one_shared_nfs_volume():
    volume = OBJECTS["PersistentVolume", "cortex-jobs"]["spec"]
    claim = OBJECTS["PersistentVolumeClaim", "cortex-jobs"]["spec"]
    assert volume["accessModes"] == claim["accessModes"] == ["ReadWriteMany"]
    assert "nfs" in volume
    assert claim["volumeName"] == "cortex-jobs"
    assert claim["storageClassName"] == volume["storageClassName"]
    pod = OBJECTS["Deployment", "cortex"]["spec"]["template"]["spec"]
    container = pod["containers"][0]
    command = container["command"]
    assert command[command.index("--kubernetes-job-pvc") + 1] == "cortex-jobs"
    where = command[command.index("--job-directory") + 1]
    name = next(m["name"] for m in container["volumeMounts"] if m["mountPath"] == where)
    assert next(v for v in pod["volumes"] if v["name"] == name)["persistentVolumeClaim"]["claimName"] == "cortex-jobs"


def test_only_one_cortex_runs_at_once_and_never_as_root():
    spec = OBJECTS["Deployment", "cortex"]["spec"]
    assert (spec["replicas"], spec["strategy"]["type"]) == (1, "Recreate")
    for kind, name in (("Deployment", "cortex"), ("Job", "enable-analyzers")):
        pod = OBJECTS[kind, name]["spec"]["template"]["spec"]
        assert pod["securityContext"]["runAsNonRoot"] is True
        for container in pod["containers"]:
            assert container["securityContext"]["allowPrivilegeEscalation"] is False
            assert container["resources"]["limits"]["memory"]


def test_every_config_map_and_secret_that_is_used_exists():
    kustomization = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())
    maps = {generator["name"]: generator["files"] for generator in kustomization["configMapGenerator"]}
    for files in maps.values():
        for file in files:
            assert (FOLDER / file).is_file(), file
    for resource in kustomization["resources"]:
        assert (FOLDER / resource).is_file(), resource
    images = {image["name"] for image in kustomization["images"]}
    secrets = {name for kind, name in OBJECTS if kind == "Secret"}
    for kind in ("Deployment", "Job"):
        for pod in [o["spec"]["template"]["spec"] for (k, _), o in OBJECTS.items() if k == kind]:
            for container in pod["containers"]:
                assert container["image"] in images, "the tag stands in kustomization.yaml alone"
                for variable in container.get("env", []):
                    if "valueFrom" in variable:
                        assert variable["valueFrom"]["secretKeyRef"]["name"] in secrets
            for volume in pod["volumes"]:
                if "configMap" in volume:
                    assert volume["configMap"]["name"] in maps
                if "secret" in volume:
                    assert volume["secret"]["secretName"] in secrets


def test_the_catalogue_has_the_analyzers_and_their_data_types():
    catalogue = {a["name"]: a for a in json.loads((FOLDER / "catalogue/analyzers.json").read_text())}
    assert set(catalogue) == set(MISSION)
    for name, types in MISSION.items():
        assert types <= set(catalogue[name]["dataTypeList"])
        assert catalogue[name]["dockerImage"].rpartition("/")[2].startswith(name.lower() + ":")
    enabled = json.loads((FOLDER / "enabled.json").read_text())
    for entry in enabled:
        name, _, version = entry["definition"].partition("_" + catalogue[
            entry["body"]["name"].rsplit("_", 2)[0]]["version"].replace(".", "_"))
        assert version == "" and entry["body"]["name"] == entry["definition"]
        known = {item["name"] for item in catalogue[name]["configurationItems"]}
        assert set(entry["body"]["configuration"]) <= known
        required = {item["name"] for item in catalogue[name]["configurationItems"] if item["required"]}
        assert required <= set(entry["body"]["configuration"])
    rates = {e["definition"]: (e["body"].get("rate"), e["body"].get("rateUnit")) for e in enabled}
    assert rates["VirusTotal_GetReport_3_1"] == (500, "Day")
    assert rates["AbuseIPDB_2_0"] == (1000, "Day")


class Cortex(http.server.ThreadingHTTPServer):
    """Requests of enable-analyzers.sh to Cortex."""

    def __init__(self, key, listed=()):
        self.key, self.listed, self.seen = key, listed, []
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/api/status":
            return 200, {"versions": {"Cortex": "4.1.0"}}
        if self.headers["Authorization"] != "Bearer " + self.server.key:
            return 401, {"type": "AuthenticationError", "message": "Authentication failure"}
        if self.path.startswith("/api/analyzer?"):
            return 200, list(self.server.listed)
        self.server.seen.append((self.command, self.path, json.loads(body)))
        return (204, None) if self.command == "PATCH" else (201, {"id": "x"})

    def do_GET(self):
        status, body = self.answer()
        text = b"" if body is None else json.dumps(body, separators=(",", ":")).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_POST = do_PATCH = do_GET

    def log_message(self, *_):
        pass


@pytest.fixture
def run(tmp_path):
    servers = []

    def go(listed=(), keys=None):
        server = Cortex("admin-key", listed)
        servers.append(server)
        folder = tmp_path / "keys"
        folder.mkdir(exist_ok=True)
        for name, value in (keys or {}).items():
            (folder / name).write_text(value)
        done = subprocess.run(
            ["sh", str(FOLDER / "enable-analyzers.sh")], capture_output=True, text=True, timeout=60,
            env={"PATH": os.environ["PATH"], "CORTEX_URL": server.url, "KEYS_DIR": str(folder),
                 "ENABLED": str(FOLDER / "enabled.json"), "TRIES": "3", "PAUSE": "0"})
        return done, server.seen

    yield go
    for server in servers:
        server.shutdown()
        server.server_close()


KEYS = {"cortex-orgadmin": "admin-key\n", "VirusTotal_GetReport": "vt-key.0123", "AbuseIPDB": "abuse-key\n",
        "URLhaus": "urlhaus/key+=="}


def test_the_script_enables_all_with_their_keys(run):
    done, seen = run(keys={**KEYS, "VirusTotal_GetReport": "vt-key"})
    assert done.returncode == 0, done
    bodies = {path.rpartition("/")[2]: body for method, path, body in seen}
    assert {method for method, *_ in seen} == {"POST"}
    assert bodies["VirusTotal_GetReport_3_1"]["configuration"]["key"] == "vt-key"
    assert bodies["VirusTotal_GetReport_3_1"]["rate"] == 500
    assert bodies["AbuseIPDB_2_0"]["configuration"]["key"] == "abuse-key"
    assert bodies["URLhaus_2_0"]["configuration"]["API_Key"] == "urlhaus/key+=="
    assert bodies["FileInfo_8_0"]["configuration"]["manalyze_enable"] is False
    assert "MaxMind_GeoIP_4_0" in bodies
    for secret in ("vt-key", "abuse-key", "urlhaus/key"):
        assert secret not in done.stdout + done.stderr


def test_what_is_enabled_is_updated(run):
    listed = [{"id": "a1", "name": "AbuseIPDB_2_0", "workerDefinitionId": "AbuseIPDB_2_0"},
              {"id": "f1", "name": "FileInfo", "workerDefinitionId": "FileInfo_8_0"}]
    done, seen = run(listed, keys={**KEYS, "VirusTotal_GetReport": "vt-key"})
    assert done.returncode == 0, done
    assert {path for method, path, _ in seen if method == "PATCH"} == {"/api/analyzer/a1", "/api/analyzer/f1"}
    assert len(seen) == 5


def test_without_a_key_an_analyzer_is_left_out_and_said_so(run):
    done, seen = run(keys={"cortex-orgadmin": "admin-key"})
    assert done.returncode == 0
    assert {path.rpartition("/")[2] for _, path, _ in seen} == {"MaxMind_GeoIP_4_0", "FileInfo_8_0"}
    assert "URLhaus: skipped" in done.stdout


def test_a_key_that_would_break_the_request_is_refused(run):
    done, seen = run(keys={**KEYS, "VirusTotal_GetReport": 'x","evil":"y'})
    assert done.returncode == 1
    assert "VirusTotal_GetReport_3_1" not in {path.rpartition("/")[2] for _, path, _ in seen}
    assert "evil" not in done.stdout + done.stderr


def test_a_wrong_orgadmin_key_stops_it(run):
    done, seen = run(keys={**KEYS, "cortex-orgadmin": "wrong"})
    assert (done.returncode, seen) == (4, [])
    assert "wrong" not in done.stdout + done.stderr
