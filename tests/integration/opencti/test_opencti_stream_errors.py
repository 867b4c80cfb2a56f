# SPDX-License-Identifier: Apache-2.0
"""`socctl opencti stream` while every request fails occasionally: nothing is dropped that would succeed later."""

import json

import pytest
from live_stream import AUTHOR, Hive, Soc, event, indicator
from tool import KEY, Sandbox

IP = "198.51.100.7"
IP_PATTERN = f"[ipv4-addr:value = '{IP}']"


def many(hive, cases=3, each=10):
    """Cases full of addresses."""
    values = [f"203.0.113.{n}" for n in range(cases * each)]
    for first in range(0, len(values), each):
        hive.case(*[("ip", value) for value in values[first:first + each]])
    return values


@pytest.mark.parametrize("rules", [
    ["status=503,rate=0.06,seed=1", "half,rate=0.04,seed=2", "commit-then-reset,rate=0.02,seed=3"],
    ["half,rate=0.15,seed=4,path=/api/v1/query*"],
])
def test_a_thehive_that_often_breaks_off_gets_all_of_it_in_one_run(tmp_path, rules):
    """Each match takes several requests: a written one must count although the next one fails."""
    state = tmp_path / "hive.json"
    with Sandbox(state=state) as quiet:
        values = many(Hive(quiet))
    with Sandbox("opencti", state=state, rules=rules) as sandbox:
        soc = Soc(sandbox, tmp_path)
        soc.platform.publish(*[event(indicator(f"[ipv4-addr:value = '{value}']", n + 1))
                               for n, value in enumerate(values)])
        seen = soc.once("--from", "start", "--fail-after", "30s", timeout=120)
        assert seen.counts["refused"] == 0
    with Sandbox(state=state) as quiet:
        comments = Hive(quiet).comments()
    assert len(comments) == len(values)
    assert all(sum(value + "**" in text.replace("\\", "") for text in comments) == 1 for value in values)


def test_an_indicator_that_concerns_many_cases_gets_through(tmp_path):
    """Several hundred requests for one match: those done are not done again."""
    state = tmp_path / "hive.json"
    with Sandbox(state=state) as quiet:
        for _ in range(60):
            Hive(quiet).case(("ip", IP))
    with Sandbox("opencti", state=state, rules=["half,rate=0.03,seed=5", "status=503,rate=0.02,seed=6"]) as sandbox:
        soc = Soc(sandbox, tmp_path)
        soc.platform.publish(event(indicator(IP_PATTERN)))
        soc.once("--from", "start", timeout=120)
    with Sandbox(state=state) as quiet:
        assert len(Hive(quiet).comments()) == 60 == len(set(Hive(quiet).marks()))


@pytest.mark.parametrize("rule", ["opencti:half,path=/graphql,first=4", "opencti:status=503,path=/graphql,first=4",
                                  "opencti:reset,path=/graphql,first=4", "opencti:error=DATABASE_ERROR,path=/graphql,first=6"])
def test_who_we_are_is_asked_again_until_it_is_answered(tmp_path, rule):
    """Else a feed that writes with our own user would not be noticed."""
    with Sandbox("opencti", rules=[rule]) as sandbox:
        soc = Soc(sandbox, tmp_path)
        soc.hive.case(("ip", IP))
        me = "88ec0c6a-13ce-5e39-b486-354fe4a7084f"
        soc.platform.publish(event(indicator(IP_PATTERN, extension={"creator_ids": [me]})))
        seen = soc.once("--from", "start", "--fail-after", "30s")
        assert len(seen.named("account_shared")) == 1 and len(soc.hive.comments()) == 1
        assert seen.named("opencti_down")


def test_a_token_that_is_not_known_is_a_matter_of_the_token(tmp_path):
    with Sandbox("opencti") as sandbox:
        soc = Soc(sandbox, tmp_path)
        soc.hive.case(("ip", IP))
        seen = soc.once("--from", "start", code=4, env=sandbox.env(SOCCTL_OPENCTI_KEY="another-token-1"))
        assert "AUTH_REQUIRED" in seen.named("own_unknown")[0]["reason"] and seen.named("opencti_down") == []


@pytest.mark.parametrize("rule", ["half,path=/api/v1/query*,first=6", "reset,first=6", "status=502,first=6", "html=502,first=6"])
def test_the_first_filling_of_the_set_is_tried_again(tmp_path, rule):
    state = tmp_path / "hive.json"
    with Sandbox(state=state) as quiet:
        Hive(quiet).case(("ip", IP))
    with Sandbox("opencti", state=state, rules=[rule]) as sandbox:
        soc = Soc(sandbox, tmp_path)
        soc.platform.publish(event(indicator(IP_PATTERN)))
        assert soc.once("--from", "start", "--fail-after", "30s").counts["commented"] == 1


def test_a_stream_that_breaks_often_is_read_to_its_end(tmp_path):
    with Sandbox("opencti", rules=["opencti:reset,path=/stream*,first=9"]) as sandbox:
        soc = Soc(sandbox, tmp_path)
        soc.hive.case(("ip", IP))
        soc.platform.publish(event(indicator(IP_PATTERN), dependencies=[AUTHOR]))
        assert soc.once("--from", "start", "--fail-after", "30s").counts["commented"] == 1


def test_a_page_of_a_proxy_is_not_a_refusal(tmp_path):
    """Two pages with 200 instead of answers: the match is not written to refused.jsonl for that."""
    state = tmp_path / "hive.json"
    with Sandbox(state=state) as quiet:
        case = Hive(quiet).case(("ip", IP))
    with Sandbox("opencti", state=state, rules=["html=200,path=/api/v1/query*,after=4,first=2"]) as sandbox:
        soc = Soc(sandbox, tmp_path)
        soc.platform.publish(event(indicator(IP_PATTERN)))
        seen = soc.once("--from", "start", "--fail-after", "30s")
        assert seen.counts["refused"] == 0 and len(soc.hive.comments(case)) == 1


def test_what_thehive_never_takes_goes_to_refused_and_the_rest_goes_on(tmp_path):
    state = tmp_path / "hive.json"
    with Sandbox(state=state) as quiet:
        case = Hive(quiet).case(("ip", IP), ("domain", "evil.example"))
    with Sandbox("opencti", state=state, rules=["status=400,path=/api/v1/case/*,method=POST,first=3"]) as sandbox:
        soc = Soc(sandbox, tmp_path)
        soc.platform.publish(event(indicator(IP_PATTERN)), event(indicator("[domain-name:value = 'evil.example']", 2)))
        seen = soc.once("--from", "start", code=3)
        assert seen.counts["refused"] == 1
        assert len((tmp_path / "state" / "refused.jsonl").read_text().splitlines()) == 1
        assert len(soc.hive.comments(case)) == 1


def test_a_bundle_without_an_account_has_the_usual_one(tmp_path):
    data = tmp_path / "opencti.json"
    data.write_text(json.dumps({"type": "bundle", "id": "bundle--1", "objects": [], "sandbox": {}}))
    with Sandbox("opencti", data={"opencti": data}) as sandbox:
        soc = Soc(sandbox, tmp_path)
        assert soc.once("--from", "start").named("opencti_down") == []
        assert KEY not in "".join(map(str, soc.once().events))
