# SPDX-License-Identifier: Apache-2.0
"""`socctl setup opencti` against the simulator."""

import json

import pytest
import requests

import tool
from setup_steps import ADMIN_KEY, Setup, mode, states

STEPS = ["version", "administrator", "role", "group", "user", "key", "stream"]
MADE = STEPS[2:]


class OpenCti(Setup):
    def __init__(self, soc, place):
        super().__init__("opencti", soc.urls["opencti"], place)

    def ask(self, query, token=ADMIN_KEY, **variables):
        answer = requests.post(self.url + "/graphql", timeout=20, headers={"Authorization": "Bearer " + token},
                               json={"query": query, "variables": variables}).json()
        assert "errors" not in answer, answer
        return answer["data"]

    def nodes(self, field, members):
        return [edge["node"] for edge in self.ask("{ %s { edges { node { %s } } } }" % (field, members))[field]["edges"]]


@pytest.fixture
def opencti(place):
    with tool.Sandbox("opencti", extra=("--admin-key", ADMIN_KEY)) as soc:
        yield OpenCti(soc, place)


def test_a_dry_run_changes_nothing(opencti):
    for words in ((), ("--dry-run",)):
        result, steps = opencti.run(*words)
        assert result.code == 0 and list(steps) == STEPS, result
        assert states(steps) == {name: "missing" if name in MADE else "present" for name in STEPS}
    assert not opencti.key_file.exists()
    assert "socbridge" not in {row["name"] for row in opencti.nodes("roles", "name")}


def test_from_nothing_to_the_stream_and_a_second_time_nothing(opencti, place):
    result, steps = opencti.run("--write")
    assert result.code == 0, result
    assert states(steps) == {name: "done" if name in MADE else "present" for name in STEPS}
    assert mode(opencti.key_file) == 0o600
    [role] = [row for row in opencti.nodes("roles", "name capabilities { name }") if row["name"] == "socbridge"]
    assert sorted(one["name"] for one in role["capabilities"]) == ["KNOWLEDGE", "MODULES", "TAXIIAPI"]
    [group] = [row for row in opencti.nodes("groups", "name allowed_marking { definition }") if row["name"] == "socbridge"]
    assert sorted(one["definition"] for one in group["allowed_marking"]) == ["PAP:AMBER", "TLP:AMBER"]
    [user] = [row for row in opencti.nodes("users", "user_email groups { edges { node { name } } }")
              if row["user_email"] == "socbridge@opencti.local"]
    assert [edge["node"]["name"] for edge in user["groups"]["edges"]] == ["socbridge"], "not the default group"

    env = opencti.env()
    whoami = tool.run("opencti", "whoami", "-o", "json", env=env).json()
    whoami = whoami[0] if isinstance(whoami, list) else whoami
    assert whoami["missing"] == ["KNOWLEDGE_KNUPDATE"] and "TLP:RED" not in whoami["markings"]
    assert {"TLP:GREEN", "TLP:AMBER"} <= set(whoami["markings"])
    stream = steps["stream"]["next"].split("=")[1].split(" ")[0]
    watch = place + "/watch"
    with open(watch, "w", encoding="ascii") as file:
        file.write("203.0.113.7\n")
    read = tool.run("opencti", "stream", "--stream", stream, "--watch-list", watch, "--once", "--state-dir", place + "/s", env=env)
    assert read.code == 0, read

    token = opencti.key()
    again, steps = opencti.run("--write")
    assert again.code == 0 and set(states(steps).values()) == {"present"}, again
    assert opencti.key() == token and stream in steps["stream"]["next"]


def test_sightings_and_markings(opencti):
    words = ("--sightings", "--max-marking", "TLP:GREEN")
    result, steps = opencti.run("--write", *words)
    assert result.code == 0, result
    env = opencti.env()
    whoami = tool.run("opencti", "whoami", "-o", "json", env=env).json()
    whoami = whoami[0] if isinstance(whoami, list) else whoami
    assert whoami["missing"] == [] and sorted(whoami["markings"]) == ["TLP:CLEAR", "TLP:GREEN"]
    result, steps = opencti.run()
    assert steps["role"]["state"] == "differs" and "KNOWLEDGE_KNUPDATE" in steps["role"]["detail"], result
    assert steps["group"]["state"] == "differs" and "no TLP:AMBER" in steps["group"]["detail"]
    assert opencti.run("--write")[0].code == 0
    result, steps = opencti.run("--max-marking", "TLP:GREEN", "--write")
    assert steps["group"]["state"] == "done", result
    [group] = [row for row in opencti.nodes("groups", "name allowed_marking { definition }") if row["name"] == "socbridge"]
    assert "TLP:AMBER" not in [one["definition"] for one in group["allowed_marking"]]
    result, steps = opencti.run("--max-marking", "TLP:PURPLE")
    assert result.code == 2 and "TLP:PURPLE" in steps["group"]["detail"], result


def test_what_differs_is_shown_and_put_right(opencti):
    opencti.run("--write")
    [stream] = [row for row in opencti.nodes("streamCollections", "id name filters") if row["name"] == "socbridge"]
    [user] = [row for row in opencti.nodes("users", "id user_email") if row["user_email"].startswith("socbridge")]
    opencti.ask("mutation($id: ID!, $input: [EditInput]!) { streamCollectionEdit(id: $id) { fieldPatch(input: $input) { id } } }",
                id=stream["id"], input=[{"key": "stream_live", "value": [False]},
                                        {"key": "filters", "value": [json.dumps({"mode": "and", "filters": [], "filterGroups": []})]}])
    opencti.ask("mutation($id: ID!, $input: [EditInput]!) { userEdit(id: $id) { fieldPatch(input: $input) { id } } }",
                id=user["id"], input=[{"key": "account_status", "value": ["Locked"]}])
    result, steps = opencti.run()
    assert {name for name, state in states(steps).items() if state == "differs"} == {"user", "stream"}, result  # the key is still that user's
    assert "other filters, stopped" in steps["stream"]["detail"] and "now: Locked" in steps["user"]["detail"]
    assert opencti.run("--write")[0].code == 0
    assert set(states(opencti.run()[1]).values()) == {"present"}


@pytest.mark.parametrize("broken", [3, 5, 7, 9])
def test_interrupted_and_run_again(place, broken):
    """One request fails in the middle of it."""
    with tool.Sandbox("opencti", rules=[f"opencti:error=FUNCTIONAL_ERROR,after={broken},first=1"],
                      extra=("--admin-key", ADMIN_KEY)) as soc:
        opencti = OpenCti(soc, place)
        result, steps = opencti.run("--write")
        assert result.code != 0 and "failed" in states(steps).values(), result
        result, steps = opencti.run("--write")
        assert result.code == 0, result
        assert set(states(opencti.run()[1]).values()) == {"present"}
        assert [row["name"] for row in opencti.nodes("groups", "name")].count("socbridge") == 1


def test_rights_that_are_not_enough_and_another_version(opencti, place):
    opencti.run("--write")
    result, steps = opencti.run("--write", admin=opencti.key_file)
    assert result.code == 4 and "lacks SETTINGS_SETACCESSES, TAXIIAPI_SETCOLLECTIONS" in steps["administrator"]["detail"], result
    result, steps = opencti.run(admin=opencti.secret("wrong", "no-such-token-0000"))
    assert result.code == 4 and "no-such-token" not in result.out, result
    data = place + "/seven.json"
    with open(data, "w", encoding="ascii") as file:
        json.dump({"type": "bundle", "id": "bundle--1", "objects": [], "sandbox": {"version": "7.260817.0"}}, file)
    with tool.Sandbox("opencti", data={"opencti": data}, extra=("--admin-key", ADMIN_KEY)) as soc:
        result, steps = OpenCti(soc, place).run("--write")
        assert result.code == 7 and "7.260817.0 is not supported" in steps["version"]["detail"], result


def test_a_second_look_that_fails_is_not_success(place):
    with tool.Sandbox("opencti", rules=["opencti:status=500,path=/graphql,after=18"], extra=("--admin-key", ADMIN_KEY)) as soc:
        result, steps = OpenCti(soc, place).run("--write")
    assert result.code == 5 and steps["administrator"]["state"] == "failed", result
    assert [name for name, row in steps.items() if row["detail"].startswith("done, but not confirmed: ")] == MADE, steps


def test_a_role_that_may_be_made_in_part_is_named_with_its_undo(place):
    with tool.Sandbox("opencti", rules=["opencti:status=500,path=/graphql,after=6"], extra=("--admin-key", ADMIN_KEY)) as soc:
        setup = OpenCti(soc, place)
        result = tool.run("setup", "opencti", "--url", setup.url, "--admin-key-file", setup.admin_file,
                          "--key-file", setup.key_file, "--write", "-o", "table")
    assert "\nMay be partly done: role\n\nTo undo:\n  delete the role in OpenCTI" in result.out, result


def test_the_configuration_that_is_shown_has_the_whole_path_of_the_key(opencti, place):
    words = ["--url", opencti.url, "--admin-key-file", opencti.admin_file, "--key-file", "kk/oc", "-o", "json"]
    [key] = [row for row in tool.run("setup", "opencti", *words, cwd=place).json() if row["step"] == "key"]
    config = json.loads("{" + key["next"].removesuffix(" in /etc/socctl/config.json") + "}")
    assert config == {"opencti": {"url": opencti.url, "key_file": f"{place}/kk/oc"}}
