# SPDX-License-Identifier: Apache-2.0
"""Objects marked above an alert or case of TheHive are not written into it: live stream, lookups, `context
--attach`."""

import json

import pytest
from live_stream import Soc, event, indicator
from tool import Sandbox, run

IP = "198.51.100.7"
IP_PATTERN = f"[ipv4-addr:value = '{IP}']"
SECRET = "FOR-THE-RED-ROOM-ONLY"
TLP = {"CLEAR": "613f2e26-407d-48c7-9eca-b8e91df99dc9", "GREEN": "34098fce-860f-48ae-8e50-ebd3cc5e41da",
       "AMBER": "f88d31f6-486f-44da-b317-01333bde0b82", "AMBER+STRICT": "826578e1-40ad-459f-bc73-ede076f81f37",
       "RED": "5e57c739-391a-4eb3-b6be-7d15ca92d5ed"}
LEVELS = list(TLP)
PAP_RED = {"type": "marking-definition", "id": "marking-definition--11111111-2222-5333-8444-555555555555",
           "definition_type": "PAP", "name": "PAP:RED"}
STATEMENT = {"type": "marking-definition", "id": "marking-definition--11111111-2222-5333-8444-666666666666",
             "definition_type": "statement", "name": "Copyright Example"}


def marked(*levels, number=1, **more):
    return indicator(IP_PATTERN, number, object_marking_refs=["marking-definition--" + TLP[one] for one in levels],
                     description=SECRET, labels=["red-label"], **more)


def new_case(hive, tlp=0, pap=2, kind="case"):
    if kind == "alert":
        made = hive.call("/api/v1/alert", {
            "type": "t", "source": "s", "sourceRef": f"r{tlp}{pap}", "title": "A", "description": "d", "tlp": tlp,
            "pap": pap, "observables": [{"dataType": "ip", "data": IP}]})
        return made["_id"]
    made = hive.call("/api/v1/case", {"title": "A case", "description": "d", "tlp": tlp, "pap": pap})
    hive.call(f"/api/v1/case/{made['_id']}/observable", {"dataType": "ip", "data": IP})
    return made["_id"]


def everything(hive, subject, kind="getCase"):
    """All text in and below it."""
    found = [hive.query({"_name": kind, "idOrName": subject})]
    found += [hive.query({"_name": kind, "idOrName": subject}, {"_name": what})
              for what in ("comments", "observables", "procedures")]
    return json.dumps(found)


@pytest.fixture
def soc(tmp_path):
    with Sandbox("opencti") as sandbox:
        yield Soc(sandbox, tmp_path)


@pytest.mark.parametrize("case_tlp", range(5))
def test_the_stream_writes_nothing_above_the_case(soc, case_tlp):
    case = new_case(soc.hive, case_tlp)
    for number, level in enumerate(LEVELS):
        soc.platform.publish(event(marked(level, number=number + 1, name=f"marked {level} end")))
    seen = soc.once("--from", "0-0")
    text = everything(soc.hive, case)
    assert [level for level in LEVELS if f"marked {level} end" in text.replace("\\\\", "")] == LEVELS[:case_tlp + 1]
    assert seen.counts["commented"] == case_tlp + 1
    assert seen.counts["withheld"] == 4 - case_tlp
    assert [one["result"] for one in seen.named("notified")].count("withheld") == 4 - case_tlp
    assert all(SECRET not in json.dumps(one) for one in seen.named("notified"))


def test_the_highest_of_several_markings_counts(soc):
    case = new_case(soc.hive, 1)
    soc.platform.publish(event(marked("GREEN", "RED")))
    assert soc.once("--from", "0-0").counts["withheld"] == 1
    assert SECRET not in everything(soc.hive, case) and "red-label" not in everything(soc.hive, case)


def test_alerts_have_limits_too(soc):
    alert = new_case(soc.hive, 0, kind="alert")
    soc.platform.publish(event(marked("AMBER")))
    assert soc.once("--from", "0-0").counts["withheld"] == 1
    assert SECRET not in everything(soc.hive, alert, "getAlert")


def test_pap_limits_like_tlp_and_other_markings_do_not(soc):
    low, high = new_case(soc.hive, 4, pap=2), new_case(soc.hive, 4, pap=3)
    soc.platform.publish(
        event(indicator(IP_PATTERN, 1, name="by pap", object_marking_refs=[PAP_RED["id"]]), dependencies=[PAP_RED]),
        event(indicator(IP_PATTERN, 2, name="by statement", object_marking_refs=[STATEMENT["id"]]),
              dependencies=[STATEMENT]),
        event(indicator(IP_PATTERN, 3, name="nameless", object_marking_refs=["marking-definition--" + "0" * 8])))
    assert soc.once("--from", "0-0").counts["withheld"] == 3
    assert "by pap" in everything(soc.hive, high) and "by pap" not in everything(soc.hive, low)
    assert "by statement" in everything(soc.hive, low)
    assert "nameless" not in everything(soc.hive, high)  # it has no marking


@pytest.mark.parametrize("args,case_tlp,level,shown", [
    (("--max-marking", "any"), 0, "RED", True),
    (("--max-marking", "TLP:GREEN"), 4, "AMBER", False),
    (("--max-marking", "TLP:GREEN"), 0, "GREEN", False),
    (("--max-marking", "tlp:amber"), 2, "AMBER", True),
    (("--withhold", "TLP:AMBER"), 4, "AMBER", False),
    (("--withhold", "marking-definition--" + TLP["AMBER"]), 4, "AMBER", False),
    (("--max-marking", "case"), 2, "AMBER", True),
])
def test_what_may_be_written_is_a_choice(soc, args, case_tlp, level, shown):
    case = new_case(soc.hive, case_tlp)
    soc.platform.publish(event(marked(level)))
    soc.once("--from", "0-0", *args)
    assert (SECRET in everything(soc.hive, case)) == shown


def test_a_limit_that_means_nothing(soc):
    bad = run(*soc.args("--once", "--max-marking", "secret"), env=soc.sandbox.env())
    assert bad.code == 2 and "--max-marking" in bad.err and "TLP:GREEN" in bad.err


def test_a_marking_that_is_raised_takes_back_what_was_written(soc):
    case = new_case(soc.hive, 1)
    soc.platform.publish(event(marked("GREEN")))
    soc.once("--from", "0-0")
    assert SECRET in everything(soc.hive, case) and "opencti:red-label" in everything(soc.hive, case)
    soc.platform.publish(event(marked("GREEN", revoked=True), "update"))
    soc.once()
    assert SECRET in everything(soc.hive, case)
    soc.platform.publish(event(marked("RED"), "update"))
    assert soc.once().counts["changed"] == 1
    assert SECRET not in everything(soc.hive, case) and "red-label" not in everything(soc.hive, case)
    assert soc.once().counts["changed"] == 0
    soc.platform.publish(event(marked("GREEN"), "update"))  # and lowered again
    soc.once()
    assert SECRET in everything(soc.hive, case)


def bundle(folder, *objects):
    path = folder / "opencti.json"
    path.write_text(json.dumps({"type": "bundle", "id": "bundle--1", "objects": list(objects)}))
    return {"opencti": path}


def thing(kind, number, name, level, **more):
    return {"type": kind, "id": f"{kind}--00000000-0000-5000-a000-{number:012x}", "name": name,
            "object_marking_refs": ["marking-definition--" + TLP[level]], **more}


def link(number, kind, source, target, level="CLEAR"):
    return {"type": "relationship", "id": f"relationship--00000000-0000-5000-b000-{number:012x}",
            "relationship_type": kind, "source_ref": source["id"], "target_ref": target["id"],
            "object_marking_refs": ["marking-definition--" + TLP[level]]}


def threats():
    """A clear indicator, whose red links and threats are another's business."""
    known = marked("CLEAR")
    open_pattern = thing("attack-pattern", 1, "Web Protocols", "CLEAR", x_mitre_id="T1071.001")
    other = thing("attack-pattern", 2, "Spearphishing Link", "CLEAR", x_mitre_id="T1566.002")
    behind = thing("attack-pattern", 3, "Data Encrypted for Impact", "CLEAR", x_mitre_id="T1486")
    secret = thing("malware", 4, "SECRETRAT", "RED", is_family=True)
    return known, [known, open_pattern, other, behind, secret, link(1, "indicates", known, open_pattern),
                   link(2, "indicates", known, other, "RED"), link(3, "indicates", known, secret),
                   link(4, "uses", secret, behind)]


def test_techniques_are_checked_by_all_that_leads_to_them(tmp_path):
    known, objects = threats()
    with Sandbox("opencti", data=bundle(tmp_path, *objects)) as sandbox:
        soc = Soc(sandbox, tmp_path)
        case, red = new_case(soc.hive, 0), new_case(soc.hive, 4)
        soc.platform.publish(event(known))
        soc.once("--from", "0-0")

        def techniques(of):
            found = soc.hive.query({"_name": "getCase", "idOrName": of}, {"_name": "procedures"})
            return sorted(one["patternId"] for one in found)

        assert techniques(case) == ["T1071.001"] and "SECRETRAT" not in everything(soc.hive, case)
        assert techniques(red) == ["T1071.001", "T1486", "T1566.002"]


def test_looked_up_values_are_checked_like_streamed_events(tmp_path):
    with Sandbox("opencti", data=bundle(tmp_path, marked("AMBER"))) as sandbox:
        soc = Soc(sandbox, tmp_path)
        case, amber = new_case(soc.hive, 0), new_case(soc.hive, 2)
        assert soc.once("--lookup", "all").counts["withheld"] == 1
        assert SECRET not in everything(soc.hive, case) and SECRET in everything(soc.hive, amber)


@pytest.mark.parametrize("level,shown", [("AMBER", False), ("CLEAR", True)])
def test_thehive_4_gets_the_tags_that_it_may(tmp_path, level, shown):
    with Sandbox("opencti", version="4.1.24") as sandbox:
        soc = Soc(sandbox, tmp_path)
        case = soc.hive.call("/api/v1/case", {"title": "A case", "description": "d", "tlp": 0})["_id"]
        soc.hive.call(f"/api/v1/case/{case}/observable", {"dataType": "ip", "data": [IP]})
        soc.platform.publish(event(marked(level)))
        seen = soc.once("--from", "0-0")
        assert seen.counts["withheld"] == (0 if shown else 1)
        assert any("red-label" in tag for tag in soc.hive.tags(case)[IP]) == shown


def test_attach_checks_threats_links_and_reports_too(tmp_path):
    known, objects = threats()
    report = {"type": "report", "id": "report--1", "name": "SECRETREPORT", "published": "2026-01-01T00:00:00.000Z",
              "object_refs": [known["id"]], "object_marking_refs": ["marking-definition--" + TLP["RED"]]}
    with Sandbox("opencti", data=bundle(tmp_path, *objects, report)) as sandbox:
        soc = Soc(sandbox, tmp_path)
        case = new_case(soc.hive, 0)
        args = ("opencti", "context", "--case", case, "--attach", "--all-techniques")
        done = run(*args, env=sandbox.env())
        assert done.code == 0 and "withheld" in done.err, done
        text = everything(soc.hive, case)
        assert "SECRET" not in text.replace(SECRET, "") and "T1071.001" in text
        assert "T1566.002" not in text and "T1486" not in text
        run(*args, "--max-marking", "any", env=sandbox.env())
        assert "SECRETRAT" in everything(soc.hive, case) and "SECRETREPORT" in everything(soc.hive, case)


def test_attach_does_not_count_what_it_withheld_as_not_known(tmp_path):
    other = indicator("[domain-name:value = 'known.example']", 7)
    with Sandbox("opencti", data=bundle(tmp_path, marked("RED"), other)) as sandbox:
        soc = Soc(sandbox, tmp_path)
        case = new_case(soc.hive, 0)
        for kind, data in (("domain", "known.example"), ("ip", "192.0.2.99")):
            soc.hive.call(f"/api/v1/case/{case}/observable", {"dataType": kind, "data": data})
        done = run("opencti", "context", "--case", case, "--attach", env=sandbox.env())
        assert done.code == 0 and "1 object(s) are withheld" in done.err
        comment = soc.hive.comments(case)[0]
        assert "1 other observables are not known" in comment and SECRET not in comment
        only = new_case(soc.hive, 0)
        done = run("opencti", "context", "--case", only, "--attach", env=sandbox.env())
        assert "all that OpenCTI knows is withheld" in done.err and "unknown to OpenCTI" not in done.err
