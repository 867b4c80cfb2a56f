# SPDX-License-Identifier: Apache-2.0
"""However many values OpenCTI knows, no query exceeds a default search engine's limit, and all are answered."""

import json
import urllib.request

import pytest
from live_stream import Soc, indicator
from tool import Sandbox, run

MOST = 1000  # searches of shards that a default engine takes at once


def searches(sandbox):
    with urllib.request.urlopen(sandbox.urls["opencti"] + "/sandbox/searches", timeout=20) as answer:
        return json.loads(answer.read())


def value_of(n, kind):
    return f"10.{n // 250}.{n % 250}.1" if kind == "ipv4-addr" else f"host{n}.evil.example"


def known(count, references=2, kind="ipv4-addr"):
    """Addresses or names, each with an indicator and references."""
    objects = []
    for n in range(count):
        value = value_of(n, kind)
        address = {"type": kind, "id": f"{kind}--00000000-0000-5000-a000-{n:012x}", "value": value,
                   "external_references": [{"source_name": f"s{k}", "url": f"https://x.example/{n}/{k}"}
                                           for k in range(references)]}
        one = indicator(f"[{kind}:value = '{value}']", n + 1, name=f"about {n}", external_references=[
            {"source_name": "blog", "url": f"https://blog.example/{n}"}])
        objects += [address, one, {
            "type": "relationship", "id": f"relationship--00000000-0000-5000-b000-{n:012x}",
            "relationship_type": "based-on", "source_ref": one["id"], "target_ref": address["id"]}]
    return objects


def bundle(folder, objects, **sandbox):
    path = folder / "opencti.json"
    path.write_text(json.dumps({"type": "bundle", "id": "bundle--1", "objects": objects, "sandbox": sandbox}))
    return {"opencti": path}


def test_the_sandbox_refuses_what_a_default_engine_refuses(tmp_path):
    with Sandbox("opencti", data=bundle(tmp_path, known(60))) as sandbox:
        dear = run("opencti", "query", "-", env=sandbox.env(), stdin="""{ stixCyberObservables(first: 60) { edges { node {
            id externalReferences(first: 20) { edges { node { url } } } reports(first: 10) { edges { node { id } } }
            } } } }""")
        assert dear.code == 5 and "DATABASE_ERROR" in dear.err


@pytest.mark.parametrize("count,kind", [(60, "ipv4-addr"), (1000, "domain-name")])
def test_known_values_are_answered_within_the_bound(tmp_path, count, kind):
    with Sandbox("opencti", data=bundle(tmp_path, known(count, kind=kind))) as sandbox:
        values = "\n".join(value_of(n, kind) for n in range(count))
        asked = run("opencti", "context", "-", "-o", "jsonl", "--timeout", "500s", env=sandbox.env(), stdin=values,
                    timeout=520)
        assert asked.code == 0, asked.err
        found = asked.jsonl()
        assert len(found) == count and all(one["known"] for one in found)
        assert all(len(one["indicators"]) == 1 and len(one["observables"][0]["references"]) == 2 for one in found)
        assert searches(sandbox)["most"] <= MOST


def test_the_questions_of_the_stream_stay_within_the_bound(tmp_path):
    with Sandbox("opencti", data=bundle(tmp_path, known(60))) as sandbox:
        soc = Soc(sandbox, tmp_path)
        case = soc.hive.case(*[("ip", f"10.0.{n}.1") for n in range(60)])
        seen = soc.once("--lookup", "all", "--techniques", "none", timeout=500)
        assert seen.counts["commented"] == 60 and len(soc.hive.comments(case)) == 60
        assert searches(sandbox)["most"] <= MOST


def test_a_case_that_cannot_be_asked_for_does_not_block_others(tmp_path):
    """One value that always fails, among others and before them."""
    objects = known(3)
    with Sandbox("opencti", data=bundle(tmp_path, objects, poison="10.0.1.1")) as sandbox:
        soc = Soc(sandbox, tmp_path)
        first = soc.hive.case(("ip", "10.0.1.1"))
        second = soc.hive.case(("ip", "10.0.0.1"), ("ip", "10.0.2.1"))
        soc.once("--lookup", "all", "--fail-after", "2s", code=5)
        assert len(soc.hive.comments(second)) == 2 and soc.hive.comments(first) == []
        state = tmp_path / "state"
        waiting = "".join(path.read_text() for path in state.glob("lookups.[0-9]*"))
        assert "10.0.1.1" in waiting  # it is not lost
        both = run("opencti", "context", "10.0.1.1", "10.0.0.1", "10.0.2.1", env=sandbox.env())
        assert both.code == 5 and "10.0.1.1" in both.err
        assert [row[2] for row in both.rows()] == ["?", "yes", "yes"]
        third = soc.hive.case(("ip", "10.0.1.1"), ("ip", "10.0.0.1"))
        attached = run("opencti", "context", "--case", third, "--attach", env=sandbox.env())
        assert attached.code == 5 and "nothing is attached" in attached.err
        assert soc.hive.comments(third) == []


def test_what_is_cut_off_is_said(tmp_path):
    objects = known(1, references=25)
    objects += [{"type": "report", "id": f"report--00000000-0000-5000-c000-{n:012x}", "name": f"Report {n}",
                 "published": "2026-01-01T00:00:00.000Z", "object_refs": [objects[1]["id"]]} for n in range(12)]
    with Sandbox("opencti", data=bundle(tmp_path, objects)) as sandbox:
        asked = run("opencti", "context", "10.0.0.1", env=sandbox.env())
        assert asked.code == 0
        assert "more than 20 references" in asked.err and "more than 10 reports" in asked.err
