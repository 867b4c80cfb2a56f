# SPDX-License-Identifier: Apache-2.0
"""Each panel of packaging/grafana over OpenSearch finds data in a real one, queried as by Grafana's plug-in."""

import datetime
import random

import pytest

from monitoring import targets
from opensearch_node import daily

PANELS = [(panel["title"], target) for panel, target in targets("grafana-opensearch-datasource")]
RULES = [("5710", 5, "sshd: attempt to log in with a non-existent user", ["syslog", "sshd"], ["Password Guessing"]),
         ("5763", 10, "sshd: brute force", ["syslog", "sshd"], ["Brute Force"]),
         ("100200", 13, "Malware found", ["malware"], ["Ingress Tool Transfer"]),
         ("100300", 15, "Ransom note", ["malware"], ["Data Encrypted for Impact"])]


def alert(number, now):
    id, level, text, groups, techniques = RULES[number % len(RULES)]
    moment = now - datetime.timedelta(minutes=number)
    return {"timestamp": moment.isoformat(timespec="milliseconds").replace("+00:00", "+0000"), "id": f"1741938001.{number}",
            "rule": {"id": id, "level": level, "description": text, "groups": groups, "mitre": {"technique": techniques}},
            "manager": {"name": f"wazuh-0{number % 2}"}, "agent": {"id": "003", "name": f"web-0{number % 3}"},
            "decoder": {"name": "sshd"}, "location": "/var/log/auth.log", "data": {"srcip": f"192.0.2.{number % 7}"}}


def aggregations(buckets):
    """The nested aggregations of the plug-in, from the outermost bucket in."""
    if not buckets:
        return {}
    bucket, inner = buckets[0], aggregations(buckets[1:])
    settings = bucket["settings"]
    if bucket["type"] == "terms":
        one = {"terms": {"field": bucket["field"], "size": int(settings["size"]), "min_doc_count": int(settings["min_doc_count"]),
                         "order": {settings["orderBy"]: settings["order"]}}}
    elif bucket["type"] == "filters":
        one = {"filters": {"filters": {each["label"]: {"query_string": {"query": each["query"], "analyze_wildcard": True}}
                                       for each in settings["filters"]}}}
    else:
        one = {"date_histogram": {"field": bucket["field"], "fixed_interval": "10m",
                                  "min_doc_count": int(settings["min_doc_count"]), "format": "epoch_millis"}}
    return {"aggs": {bucket["id"]: {**one, **inner}}}


def search_of(target, now):
    window = {"gte": int((now - datetime.timedelta(hours=24)).timestamp() * 1000), "lte": int(now.timestamp() * 1000),
              "format": "epoch_millis"}
    return {"size": 0, "query": {"bool": {"filter": [
        {"range": {target["timeField"]: window}},
        {"query_string": {"analyze_wildcard": True, "query": target["query"]}}]}}, **aggregations(target["bucketAggs"])}


def counts(answer, buckets):
    """{path of bucket keys: documents} of the innermost buckets that have some."""
    found = {}

    def walk(node, rest, path):
        if not rest:
            if node["doc_count"]:
                found[path] = node["doc_count"]
            return
        inner = node[rest[0]["id"]]["buckets"]
        named = inner.items() if isinstance(inner, dict) else [(one["key"], one) for one in inner]
        for key, one in named:
            walk(one, rest[1:], path + (key,))
    walk(answer["aggregations"], buckets, ())
    return found


@pytest.fixture
def filled(indexer):
    now = datetime.datetime.now(datetime.timezone.utc)
    alerts = [alert(number, now) for number in range(1, 201)]
    random.Random(1).shuffle(alerts)
    indexer.bulk([(daily(one), None, one) for one in alerts])
    return indexer, now


def test_every_panel_has_data(filled):
    node, now = filled
    assert len(PANELS) >= 12
    for title, target in PANELS:
        answer = node.post("/wazuh-alerts-4.x-*/_search", search_of(target, now))
        assert answer["_shards"]["failed"] == 0, title
        assert counts(answer, target["bucketAggs"]), title


def test_the_severities_are_those_of_custom_w2thive(filled):
    node, now = filled
    [target] = [target for title, target in PANELS if title == "Alerts of Wazuh by severity"]
    answer = node.post("/wazuh-alerts-4.x-*/_search", search_of(target, now))
    by_severity = {}
    for (severity, _), count in counts(answer, target["bucketAggs"]).items():
        by_severity[severity] = by_severity.get(severity, 0) + count
    assert by_severity == {"low": 50, "medium": 50, "high": 50, "critical": 50}


def test_rankings_count_each_alert(filled):
    node, now = filled
    for title, wanted in (("Rules", {(rule[2],): 50 for rule in RULES}), ("Techniques", {(rule[4][0],): 50 for rule in RULES})):
        [target] = [target for name, target in PANELS if name == title]
        answer = node.post("/wazuh-alerts-4.x-*/_search", search_of(target, now))
        assert counts(answer, target["bucketAggs"]) == wanted
