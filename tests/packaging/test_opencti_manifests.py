# SPDX-License-Identifier: Apache-2.0
"""packaging/kubernetes/opencti and its compose twin: schedules, secrets and the settings that must not have their defaults."""

import pytest
import yaml

import manifests

FOLDER = manifests.ROOT / "opencti"
OBJECTS = manifests.documents("opencti")
COMPOSE = yaml.safe_load((manifests.ROOT.parent / "compose/opencti-feeds.yaml").read_text())["services"]
CRONJOBS = ("connector-mitre", "connector-alienvault", "connector-abuseipdb")
ALL = CRONJOBS + ("connector-virustotal",)


def pod(name):
    if name in CRONJOBS:
        return OBJECTS["CronJob", name]["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    return OBJECTS["Deployment", name]["spec"]["template"]["spec"]


def environment(name):
    return {entry["name"]: entry for entry in pod(name)["containers"][0]["env"]}


def value(name, variable):
    return environment(name)[variable]["value"]


def test_importers_run_once_and_never_twice_at_once():
    for name in CRONJOBS:
        spec = OBJECTS["CronJob", name]["spec"]
        assert spec["concurrencyPolicy"] == "Forbid" and spec["timeZone"]
        job = spec["jobTemplate"]["spec"]
        assert job["activeDeadlineSeconds"] > 0 and job["template"]["spec"]["restartPolicy"] == "Never"
        assert value(name, "CONNECTOR_RUN_AND_TERMINATE") == "true"
    assert OBJECTS["CronJob", "connector-mitre"]["spec"]["schedule"].split()[4] == "0"
    for name in ("connector-alienvault", "connector-abuseipdb"):
        assert OBJECTS["CronJob", name]["spec"]["schedule"].split()[2:] == ["*", "*", "*"]
    # Each try is one of five downloads a day.
    assert OBJECTS["CronJob", "connector-abuseipdb"]["spec"]["jobTemplate"]["spec"]["backoffLimit"] == 0
    # Less than the seven days between runs.
    assert int(value("connector-mitre", "MITRE_INTERVAL")) < 7


def test_the_enricher_stays():
    spec = OBJECTS["Deployment", "connector-virustotal"]["spec"]
    assert (spec["replicas"], spec["strategy"]["type"]) == (1, "Recreate")
    assert "CONNECTOR_RUN_AND_TERMINATE" not in environment("connector-virustotal")


@pytest.mark.parametrize("name", ALL)
def test_nothing_is_root_or_unbounded(name):
    spec = pod(name)
    assert spec["securityContext"]["runAsNonRoot"] is True and spec["securityContext"]["runAsUser"] > 0
    assert spec["shareProcessNamespace"] is True
    container = spec["containers"][0]
    assert container["securityContext"]["allowPrivilegeEscalation"] is False
    assert container["securityContext"]["capabilities"]["drop"] == ["ALL"]
    assert container["resources"]["limits"]["memory"] and container["resources"]["requests"]["cpu"]


def test_keys_come_from_the_one_secret():
    keys = set(OBJECTS["Secret", "opencti-connectors"]["stringData"])
    assert keys == {"OPENCTI_TOKEN", "OTX_API_KEY", "ABUSEIPDB_API_KEY", "VIRUSTOTAL_API_KEY"}
    used = set()
    for name in ALL:
        for variable, entry in environment(name).items():
            secret = any(word in variable for word in ("KEY", "TOKEN"))
            assert secret == ("valueFrom" in entry), variable
            if secret:
                reference = entry["valueFrom"]["secretKeyRef"]
                assert reference["name"] == "opencti-connectors"
                used.add(reference["key"])
    assert used == keys


def test_the_connectors_have_ids_of_their_own():
    ids = [value(name, "CONNECTOR_ID") for name in ALL]
    assert len(set(ids)) == len(ids)
    assert ids == [COMPOSE[name]["environment"]["CONNECTOR_ID"] for name in ALL]


def test_versions_stand_in_one_place():
    images = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())["images"]
    assert len({image["newTag"] for image in images}) == 1
    assert {pod(name)["containers"][0]["image"] for name in ALL} == {image["name"] for image in images}
    tags = {COMPOSE[name]["image"].split(":", 1)[1] for name in ALL}
    assert tags == {"${OPENCTI_VERSION:-" + images[0]["newTag"] + "}"}


@pytest.mark.parametrize("setting", [lambda n, v: value(n, v), lambda n, v: COMPOSE[n]["environment"][v]])
def test_settings_whose_defaults_would_hurt(setting):
    # Uploads of a case's data.
    assert setting("connector-virustotal", "VIRUSTOTAL_FILE_UPLOAD_UNSEEN_ARTIFACTS") == "false"
    assert setting("connector-virustotal", "VIRUSTOTAL_URL_UPLOAD_UNSEEN") == "false"
    # A free key's quota.
    assert setting("connector-virustotal", "CONNECTOR_AUTO") == "false"
    # Otherwise a stream of indicators stays empty.
    assert setting("connector-abuseipdb", "ABUSEIPDB_CREATE_INDICATOR") == "true"
    # Else years of pulses.
    assert setting("connector-alienvault", "ALIENVAULT_PULSE_START_TIMESTAMP") >= "2025"


def test_only_words_that_connectors_understand():
    maybe = {"TRUE", "FALSE", "True", "False", "1", "on", "off", "yes", "no"}
    for name in ALL:
        for variable, entry in environment(name).items():
            assert entry.get("value") not in maybe, variable
        for variable, text in COMPOSE[name]["environment"].items():
            assert isinstance(text, str) and text not in maybe, variable
