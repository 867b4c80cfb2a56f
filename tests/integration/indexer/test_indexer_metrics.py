# SPDX-License-Identifier: Apache-2.0
"""Counts of `socctl metrics` in a real OpenSearch: alerts, findings, and statistics of Wazuh's dashboard."""

import datetime

import opensearch_node
import prometheus
import tool
from health_sandbox import USERS
from metrics_service import NOTHING, samples

# As from Wazuh's dashboard, with the members that are read here and those that cannot be
# aggregated.
STATISTICS_TEMPLATE = {
    "order": 0, "index_patterns": ["wazuh-statistics-*"], "settings": {"number_of_shards": 1, "number_of_replicas": 0},
    "mappings": {
        "dynamic_templates": [{"string_as_keyword": {"match_mapping_type": "string", "mapping": {"type": "keyword"}}}],
        "properties": {
            "timestamp": {"type": "date", "format": "dateOptionalTime"},
            "analysisd": {"properties": {"events_received": {"type": "long"}, "event_queue_usage": {"type": "long"}}},
            "remoted": {"properties": {"queue_size": {"type": "keyword"}, "discarded_count": {"type": "long"}}},
            "nodeName": {"type": "text", "fields": {"keyword": {"type": "keyword", "ignore_above": 256}}},
            "apiName": {"type": "text", "fields": {"keyword": {"type": "keyword", "ignore_above": 256}}}}}}
ANALYSISD = {"total_events_decoded": 100, "events_processed": 119, "events_received": 120, "events_dropped": 3,
             "alerts_written": 9, "event_queue_usage": 0.53, "event_queue_size": 16384, "winevt_queue_usage": 0,
             "alerts_queue_usage": 1}
REMOTED = {"queue_size": 13107, "total_queue_size": 131072, "tcp_sessions": 41, "evt_count": 123, "discarded_count": 2}
WEEK = "wazuh-statistics-2026.48w"


def moment(ago_s):
    return datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=ago_s)


def iso(ago_s):
    return moment(ago_s).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def alert(number, ago_s=5, level=10, agent="web-01"):
    index = moment(ago_s).strftime("wazuh-alerts-4.x-%Y.%m.%d")
    return index, None, {"timestamp": iso(ago_s).replace("Z", "+0000"), "id": f"1741938001.{number}",
                         "rule": {"id": "5763", "level": level}, "agent": {"id": "3", "name": agent}}


def finding(kind, ago_s, level, agent):
    return f"wazuh-findings-v5-{kind}", None, {
        "@timestamp": iso(ago_s), "wazuh": {"rule": {"id": "sec-003", "level": level}, "agent": {"id": "9", "name": agent}}}


def statistics(ago_s, node=None, index=WEEK, api="default", **state):
    [(daemon, numbers)] = state.items()
    document = {daemon: numbers, "apiName": api, "cluster": "true" if node else "false", "timestamp": iso(ago_s)}
    return index, None, {**document, "nodeName": node} if node else document


def count(indexer, **env):
    result = tool.run("metrics", "write", "-", env={**NOTHING, "SOCCTL_OPENSEARCH_URL": indexer.url, **env})
    assert (result.code, result.err) == (0, ""), result
    assert prometheus.check_metrics(result.out) == ""
    return result.out


def wazuh(text):
    """{metric: {labels: value}} of the managers' load."""
    out = {}
    for line in text.splitlines():
        if line.startswith("socbridge_wazuh_") and "agents" not in line:
            name, _, rest = line.removeprefix("socbridge_wazuh_").partition("{")
            labels, _, value = rest.partition("} ")
            out.setdefault(name, {})[labels] = float(value)
    return out


def test_the_last_hour_is_counted_by_level_and_agent(indexer):
    indexer.bulk([alert(n) for n in range(20)] + [alert(90, 5, 3, "dc-01"), alert(91, 7200, 10, "old-01")])
    text = count(indexer)
    for line in ('alert_documents 22', 'recent_alerts_by_level{level="10"} 20', 'recent_alerts_by_level{level="3"} 1',
                 'recent_alerts_by_agent{agent="web-01"} 20', 'recent_alerts_by_agent{agent="dc-01"} 1'):
        assert f"socbridge_opensearch_{line}\n" in text
    assert "old-01" not in text and "newest_alert_timestamp_seconds" in text


def test_findings_of_wazuh_5_are_counted_with_them(indexer):
    indexer.bulk([alert(n) for n in range(4)])
    indexer.bulk([finding("security", 60, "high", "web-01"), finding("security", 70, "low", "srv-05"),
                  finding("network-activity", 80, "high", "srv-05"), finding("other", 7200, "critical", "old-05")], action="create")
    got = samples(count(indexer))
    assert got["socbridge_opensearch_recent_alerts_by_level"] == {"10": 4, "high": 2, "low": 1}
    assert got["socbridge_opensearch_recent_alerts_by_agent"] == {"web-01": 5, "srv-05": 2}
    assert got["socbridge_opensearch_alert_documents"] == {"": 8}


def test_wazuh_5_alone(indexer):
    indexer.bulk([finding("security", 60, "critical", "srv-05")], action="create")
    got = samples(count(indexer))
    assert got["socbridge_opensearch_recent_alerts_by_level"] == {"critical": 1}
    assert got["socbridge_opensearch_alert_documents"] == {"": 1}
    [newest] = got["socbridge_opensearch_newest_alert_timestamp_seconds"].values()
    assert 55 < moment(0).timestamp() - newest < 120


def test_the_newest_statistics_of_each_node(indexer):
    indexer.put("/_template/wazuh-statistics", STATISTICS_TEMPLATE)
    try:
        indexer.bulk([
            statistics(30, "master", analysisd=ANALYSISD), statistics(30, "master", remoted=REMOTED),
            statistics(330, "master", analysisd={**ANALYSISD, "events_received": 50}),
            # In the week before, of another index.
            statistics(400, "worker", "wazuh-statistics-2026.47w", analysisd={"events_received": 7, "events_dropped": 0}),
            statistics(890, "worker", "wazuh-statistics-2026.47w", analysisd={"events_received": 6}),
            # A removed node, and a wrong clock.
            statistics(1000, "gone", analysisd=ANALYSISD), statistics(-3600, "ahead", analysisd=ANALYSISD)])
        with tool.Sandbox("wazuh") as sandbox:  # the API speaks of one of them, so it is not counted again
            text = count(indexer, **{name: value for name, value in {**sandbox.env(), **USERS}.items() if "WAZUH" in name})
        assert wazuh(text) == wazuh(count(indexer)) == {
            "events_received_total": {'node="master"': 120, 'node="worker"': 7}, "events_processed_total": {'node="master"': 119},
            "events_dropped_total": {'node="master"': 3, 'node="worker"': 0}, "messages_discarded_total": {'node="master"': 2},
            "queue_usage_ratio": {f'node="master",queue="{queue}"': usage for queue, usage in (
                ("alerts", 1), ("eventchannel", 0), ("others", 0.53), ("remoted", 0.1))}}
        assert 'socbridge_wazuh_agents{status="active"} 41\n' in text
    finally:
        indexer.delete("/_template/wazuh-statistics")


def test_one_manager_without_a_cluster(indexer):
    """Without the dashboard's template, as its index is created without the permission to install it."""
    indexer.bulk([statistics(30, analysisd=ANALYSISD), statistics(30, remoted=REMOTED)])
    assert wazuh(count(indexer))["events_received_total"] == {'node="default"': 120}
    with tool.Sandbox("wazuh") as sandbox:
        env = {name: value for name, value in {**sandbox.env(), **USERS}.items() if "WAZUH" in name}
        assert wazuh(count(indexer, **env))["events_received_total"] == {'node="127.0.0.1"': 1203412}


def test_statistics_that_are_old_are_missing(indexer):
    indexer.bulk([statistics(901, "master", analysisd=ANALYSISD)])
    assert wazuh(count(indexer)) == {}


def test_the_counts_of_managers_before_4_4_are_not_counters(indexer):
    indexer.bulk([statistics(30, analysisd={**ANALYSISD, "events_edps": 24})])
    assert set(wazuh(count(indexer))) == {"queue_usage_ratio"}


def test_more_nodes_than_are_shown(indexer):
    indexer.bulk([statistics(30 + number, f"node{number:03}", analysisd=ANALYSISD) for number in range(60)])
    shown = wazuh(count(indexer))["events_received_total"]
    assert list(shown) == [f'node="node{number:03}"' for number in range(50)]


def test_a_field_by_which_nothing_is_counted(indexer):
    """Without Wazuh's template text is not a keyword: the other metrics exist."""
    indexer.delete("/_template/wazuh")
    try:
        indexer.bulk([alert(1)])
        got = samples(count(indexer))
        assert got["socbridge_opensearch_alert_documents"] == {"": 1}
        assert "socbridge_opensearch_recent_alerts_by_agent" not in got
    finally:
        indexer.put("/_template/wazuh", opensearch_node.TEMPLATE)
