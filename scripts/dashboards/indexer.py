# SPDX-License-Identifier: Apache-2.0
from panels import (BY_SEVERITY, SEVERITIES, STATE_STEPS, STATES, bars, dashboard, lucene, promql, ranking, series, stacked,
                    stat, terms)

ALL = "*"


def activity():
    return [
        series("Alerts an hour by level", "Alerts and findings of the last hour in the indices.",
               promql("max by (level) (socbridge_opensearch_recent_alerts_by_level)", "{{level}}")),
        bars("Alerts an hour by agent", "Alerts of the last hour; other: agents beyond the 25 with the most.",
             promql("topk(12, max by (agent) (socbridge_opensearch_recent_alerts_by_agent))", "{{agent}}"), 12, 8, min=0)]


def wazuh():
    """Agents, analysisd and remoted, from the manager's API or the statistics of Wazuh's dashboard."""
    def rate(metric):  # the statistics are written every five minutes
        return f"sum(max by (node) (rate(socbridge_wazuh_{metric}_total[20m])))"
    return [
        bars("Agents of Wazuh", "By the state of their connection to the manager.",
             promql("max by (status) (socbridge_wazuh_agents)", "{{status}}"), 6, 8, min=0),
        series("Events of Wazuh", "Per second, all nodes: events that analysisd received and evaluated.",
               [promql(rate("events_received"), "received"), promql(rate("events_processed"), "processed")], 6),
        series("Lost by Wazuh", "Per second: events that analysisd dropped, messages of agents that remoted discarded.",
               [promql(rate("events_dropped"), "dropped"), promql(rate("messages_discarded"), "discarded")], 6),
        series("Queues of Wazuh", "Usage of the queues of analysisd and remoted, on the node with the highest usage.",
               promql("max by (queue) (socbridge_wazuh_queue_usage_ratio)", "{{queue}}"), 6, unit="percentunit", max=1)]


def build():
    numbers = [
        stat("Documents", "Documents in the indices of alerts.", promql("max(socbridge_opensearch_alert_documents)")),
        stat("Newest alert", "Age of the newest alert.", promql("time() - max(socbridge_opensearch_newest_alert_timestamp_seconds)"),
             ("orange", 900), ("red", 1800), unit="s", decimals=0),
        stat("Shards in use", "Share of the shard limit of the data nodes.",
             promql("max(socbridge_opensearch_open_shards) / max(socbridge_opensearch_shard_limit)"), ("orange", 0.8), ("red", 0.9),
             unit="percentunit", decimals=0),
        stat("Unassigned shards", "Shards that are on no node.", promql("max(socbridge_opensearch_unassigned_shards)"), ("red", 1)),
        stat("Open shards", "Including replicas.", promql("max(socbridge_opensearch_open_shards)")),
        stat("Gaps", "Alerts that were not in TheHive after the last run of reconcile.", promql("max(socbridge_reconcile_gaps)"),
             ("red", 1))]
    checks = bars("Checks", "Checks of socctl health opensearch: 0 ok to 3 down.",
                  promql('max by (check) (socbridge_health_check_severity{component="opensearch"})', "{{check}}"), 8, 8,
                  min=0, max=3, mappings=STATES, thresholds=STATE_STEPS)
    rows = [
        numbers,
        [stacked("Alerts by severity", "As custom-w2thive maps levels.", lucene(ALL, BY_SEVERITY), 16, 8, SEVERITIES), checks],
        [series("Alerts by manager", "The managers with the most alerts.", lucene(ALL, terms("manager.name", 5))),
         series("Documents over time", "In the indices of alerts.", promql("max(socbridge_opensearch_alert_documents)", "documents"))],
        activity(),
        wazuh(),
        [ranking("Levels", "Levels of the rules that fired.", ALL, "rule.level"),
         ranking("Groups of rules", "Groups with the most alerts.", ALL, "rule.groups"),
         ranking("Decoders", "Decoders of the events.", ALL, "decoder.name")],
        [ranking("Places", "Logs and modules of the events.", ALL, "location", 12),
         ranking("Source addresses", "Source addresses of the events.", "data.srcip:*", "data.srcip", 12)]]
    return dashboard("socbridge-indexer", "Indexer", "OpenSearch: disk, shards and age of the data, and Wazuh's documents.", rows)
