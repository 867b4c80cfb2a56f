# SPDX-License-Identifier: Apache-2.0
"""`socctl health opensearch` on a cluster that refuses writes, or soon will.

The answers have the format of OpenSearch 2.19.6.
"""

import json
import re

import pytest
import requests

import tool

USER = {"SOCCTL_OPENSEARCH_USER": "admin"}
MARK = "cluster.routing.allocation.disk.watermark."
INDEX = {"health": "green", "docs": 10, "age_s": 5}
ALERTS = {**INDEX, "name": "wazuh-alerts-4.x-{today}"}
YESTERDAY = {**INDEX, "name": "wazuh-alerts-4.x-2026.01.01", "age_s": 7300, "created_s": 100000}
MONITORING = {**INDEX, "name": "wazuh-monitoring-2026.48w"}
STATISTICS = {**INDEX, "name": "wazuh-statistics-2026.48w"}
ALL = [ALERTS, MONITORING, STATISTICS]
DAY = 86400


@pytest.fixture
def look(tmp_path):
    def run(data):
        file = tmp_path / "opensearch.json"
        file.write_text(json.dumps(data))
        with tool.Sandbox("opensearch", data={"opensearch": file}) as sandbox:
            result = tool.run("health", "opensearch", "-o", "json", env={**USER, **sandbox.env()})
        assert result.err == "", result
        [report] = result.json()["components"]
        return result.code, {one["check"]: one for one in report["checks"]}
    return run


def settings(layer="persistent", **marks):
    return {"settings": {layer: {MARK + name: text for name, text in marks.items()}}}


DISK = [
    # the cluster's answers, the state of the check, its expected text
    ({"disk_used_percent": 71, **settings(low="50%", high="60%", flood_stage="70%")}, "down", r"flood stage \(70%\)"),
    ({"disk_used_percent": 71, **settings(low="0.5", high="0.6", flood_stage="0.7")}, "down", r"flood stage \(0\.7\)"),
    ({"disk_used_percent": 71, **settings("transient", low="50gb", high="40gb", flood_stage="30gb")}, "down",
     r"flood stage \(30gb\)"),
    ({"disk_used_percent": 71, **settings(low="50g", high="30g", flood_stage="1g")}, "degraded", r"high watermark \(30g\)"),
    ({"disk_used_percent": 71, **settings(low="0.7", high="0.8", flood_stage="0.9")}, "degraded", r"low watermark \(0\.7\)"),
    ({"disk_used_percent": 96, **settings(low="97%", high="98%", flood_stage="99%")}, "ok", "96 %"),
    ({"disk_used_percent": 71, "settings": {"persistent": {MARK + "flood_stage": "60%"},
                                            "transient": {MARK + "flood_stage": "99%"}}}, "ok", "71 %"),
    ({"disk_used_percent": 71, **settings(flood_stage="much")}, "unknown", "watermark"),
    ({"disk_used_percent": 41,
      "settings": {"persistent": {"cluster.routing.allocation.disk.threshold_enabled": "false"}}}, "degraded",
     "threshold_enabled"),
]


@pytest.mark.parametrize("data,state,words", DISK, ids=[row[2] + " " + row[1] for row in DISK])
def test_the_watermarks_of_the_cluster_itself(look, data, state, words):
    code, checks = look(data)
    found = checks["disk"]
    assert found["state"] == state and re.search(words, found["detail"]), found
    assert code == {"ok": 0, "degraded": 3, "unknown": 3, "down": 5}[state] or checks["writes"]["state"] != "ok"
    assert bool(found["next"]) == (state != "ok")


def test_past_the_flood_stage_the_disk_is_the_cure_and_not_filebeat(look):
    code, checks = look({"disk_used_percent": 71, **settings(low="50%", high="60%", flood_stage="70%"),
                         "indices": [{**ALERTS, "age_s": 7300}, MONITORING, STATISTICS]})
    assert code == 5
    assert checks["writes"]["state"] == "down" and "flood-stage" in checks["writes"]["detail"]
    assert "disk" in checks["writes"]["next"]
    assert checks["alerts index"]["cause"] == "stale"
    assert "Filebeat" not in checks["alerts index"]["next"] and "writes" in checks["alerts index"]["next"]


def test_a_stale_index_of_a_cluster_that_takes_writes_is_still_filebeat(look):
    _, checks = look({"indices": [{**ALERTS, "age_s": 7300}, MONITORING, STATISTICS]})
    assert checks["writes"]["state"] == "ok"
    assert "Filebeat" in checks["alerts index"]["next"]


WRITES = [
    ({"global": ["13"]}, 5, "down", r"cluster read-only / allow delete \(api\)", "cluster.blocks.read_only_allow_delete"),
    ({"global": ["6"]}, 5, "down", r"cluster read-only \(api\)", "cluster.blocks.read_only"),
    ({"global": ["10"]}, 3, "degraded", "create-index blocked", "disk"),
    ({"indices": {ALERTS["name"]: ["8"]}}, 5, "down", r"wazuh-alerts-4\.x-20.*index write \(api\)", "index.blocks.write"),
    ({"indices": {STATISTICS["name"]: ["5"]}}, 5, "down", r"wazuh-statistics.*index read-only \(api\)",
     "index.blocks.read_only"),
    ({"indices": {MONITORING["name"]: ["12"]}}, 5, "down", "wazuh-monitoring.*flood-stage", "disk"),
    # The flood stage was reached somewhere, but the indices in use accept writes.
    ({"indices": {YESTERDAY["name"]: ["12"]}}, 3, "degraded", r"wazuh-alerts-4\.x-2026\.01\.01", "disk"),
    ({"indices": {"another-index": ["12"]}}, 3, "degraded", "another-index", "disk"),
    # Old indices that are read-only or closed on purpose.
    ({"indices": {YESTERDAY["name"]: ["8"]}}, 0, "ok", "", None),
    ({"indices": {YESTERDAY["name"]: ["5"], "wazuh-alerts-4.x-2025.12.31": ["4"]}}, 0, "ok", "", None),
]


@pytest.mark.parametrize("blocks,code,state,words,cure", WRITES, ids=[json.dumps(row[0]) for row in WRITES])
def test_what_refuses_writes(look, blocks, code, state, words, cure):
    exit_code, checks = look({"blocks": blocks, "indices": [YESTERDAY, *ALL]})
    found = checks["writes"]
    assert (exit_code, found["state"]) == (code, state), checks
    assert re.search(words, found["detail"]), found
    assert found["next"] == "" if cure is None else cure in found["next"], found


def test_an_index_that_may_not_be_read_is_not_a_question_of_the_key(look):
    code, checks = look({"blocks": {"indices": {MONITORING["name"]: ["7"]}}})
    found = checks["monitoring index"]
    assert (code, found["state"], found["cause"]) == (3, "degraded", "reported_error"), found
    assert "index read (api)" in found["detail"] and "index.blocks.read" in found["next"]


SHARDS = [
    # open shards, the limit on each data node, nodes; the state, the expected text
    (33, "1000", 1, "ok", "33 of 1000 shards"),
    (990, "1000", 1, "degraded", "990 of 1000 shards.*3 days"),
    (1990, "1000", 2, "degraded", "1990 of 2000 shards.*3 days"),
    (1000, "1000", 1, "degraded", "1000 of 1000 shards.*next"),
    (998, "1000", 1, "degraded", "998 of 1000 shards.*next"),  # the next index of alerts needs three
    (990, "5000", 1, "ok", "990 of 5000 shards"),
]


@pytest.mark.parametrize("shards,limit,nodes,state,words", SHARDS)
def test_the_shard_limit(look, shards, limit, nodes, state, words):
    # A new index of three shards on each of the last seven days.
    daily = [{**ALERTS, "created_s": 3600}, *({**YESTERDAY, "name": f"wazuh-alerts-4.x-2026.01.{day:02}",
                                               "created_s": day * DAY + 3600} for day in range(1, 7))]
    weekly = [{**MONITORING, "created_s": 30 * DAY}, {**STATISTICS, "created_s": 30 * DAY}]
    code, checks = look({"other_shards": shards - 27, "nodes": nodes, "indices": daily + weekly,
                         "settings": {"persistent": {"cluster.max_shards_per_node": limit}}})
    found = checks["shards"]
    assert found["state"] == state and re.search(words, found["detail"]), found
    assert code == (0 if state == "ok" else 3)
    assert found["next"] == "" if state == "ok" else "max_shards_per_node" in found["next"]


def test_without_room_for_the_index_of_today_the_limit_is_the_cure(look):
    code, checks = look({"other_shards": 1000, "indices": [YESTERDAY, MONITORING, STATISTICS]})
    assert code == 5 and checks["shards"]["state"] == "down", checks
    assert checks["alerts index"]["state"] == "degraded"
    assert "Filebeat" not in checks["alerts index"]["next"] and "shards" in checks["alerts index"]["next"]


RED = [
    ({**ALERTS, "unassigned": 1}, "2 of 3 shards"),  # one shard without a place: `failed` stays 0
    ({**ALERTS, "failed_shards": 1}, "2 of 3 shards"),
    ({**ALERTS, "unassigned": 3}, "shards failed"),  # HTTP 503
]


@pytest.mark.parametrize("index,words", RED, ids=["unassigned", "failed", "all"])
def test_an_answer_of_a_part_of_the_shards_does_not_read_as_the_newest_document(look, index, words):
    code, checks = look({"indices": [index, MONITORING, STATISTICS]})
    found = checks["alerts index"]
    assert (code, found["state"], found["cause"]) == (3, "degraded", "reported_error"), found
    assert words in found["detail"] and "allocation/explain" in found["next"], found
    assert checks["monitoring index"]["state"] == "ok"


def test_a_search_that_timed_out_is_not_proof(look):
    code, checks = look({"search_timed_out": True})
    assert code == 3 and checks["alerts index"]["state"] == "degraded"
    assert "timed out" in checks["alerts index"]["detail"]


def test_a_document_of_the_future_is_reported_and_hides_no_stale_series(look):
    ahead = {**ALERTS, "name": "wazuh-alerts-4.x-2027.01.01", "age_s": -3 * DAY}
    code, checks = look({"indices": [ALERTS, ahead, MONITORING, STATISTICS]})
    found = checks["alerts index"]
    assert (code, found["state"], found["cause"]) == (3, "degraded", "reported_error"), found
    assert "3 days in the future" in found["detail"] and "clock" in found["next"]
    assert "stale" not in found["detail"]
    _, checks = look({"indices": [{**ALERTS, "age_s": 3 * DAY + 600}, ahead, MONITORING, STATISTICS]})
    assert "3 days old" in checks["alerts index"]["detail"], checks["alerts index"]
    # A clock difference of one minute is not reported.
    code, checks = look({"indices": [{**ALERTS, "age_s": -60}, MONITORING, STATISTICS]})
    assert code == 0 and checks["alerts index"]["state"] == "ok"


@pytest.mark.parametrize("query,found", [
    ("include_defaults=true&flat_settings=true&filter_path=*.cluster.routing*", {}),
    ("include_defaults=true&flat_settings=true&filter_path=*.cluster*max_shards*", None),
    ("include_defaults=true&filter_path=*.cluster.max_shards_per_node",
     {"defaults": {"cluster": {"max_shards_per_node": "1000"}}}),
    ("", {"persistent": {}, "transient": {}}),
])
def test_the_simulator_filters_settings_as_the_real_one(query, found):
    with tool.Sandbox("opensearch") as sandbox:
        answer = requests.get(f"{sandbox.urls['opensearch']}/_cluster/settings?{query}", timeout=10,
                              auth=("admin", sandbox.key)).json()
    assert answer == ({"defaults": {"cluster.max_shards_per_node": "1000"}} if found is None else found)
