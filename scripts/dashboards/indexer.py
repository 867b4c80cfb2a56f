# SPDX-License-Identifier: Apache-2.0
from panels import (BY_SEVERITY, SEVERITIES, STATE_STEPS, STATES, bars, dashboard, lucene, promql, ranking, series, stacked,
                    stat, terms)

ALL = "*"


def activity():
    return [
        series("Alerts an hour by level", "In the indices of alerts and findings, in the last hour.",
               promql("max by (level) (socbridge_opensearch_recent_alerts_by_level)", "{{level}}")),
        bars("Alerts an hour by agent", "In the last hour; other: agents beyond the 25 with the most.",
             promql("topk(12, max by (agent) (socbridge_opensearch_recent_alerts_by_agent))", "{{agent}}"), 12, 8, min=0)]


def wazuh():
    """What the manager's API, or the statistics of Wazuh's dashboard, say of agents, analysisd and remoted."""
    def rate(metric):  # the statistics come every five minutes
        return f"sum(max by (node) (rate(socbridge_wazuh_{metric}_total[20m])))"
    return [
        bars("Agents of Wazuh", "By the state of their connection to the manager.",
             promql("max by (status) (socbridge_wazuh_agents)", "{{status}}"), 6, 8, min=0),
        series("Events of Wazuh", "A second, of all nodes: what analysisd was given, and what it evaluated.",
               [promql(rate("events_received"), "received"), promql(rate("events_processed"), "processed")], 6),
        series("Lost by Wazuh", "A second: events that analysisd dropped, messages of agents that remoted discarded.",
               [promql(rate("events_dropped"), "dropped"), promql(rate("messages_discarded"), "discarded")], 6),
        series("Queues of Wazuh", "How full those of analysisd and remoted are, of the node where they are fullest.",
               promql("max by (queue) (socbridge_wazuh_queue_usage_ratio)", "{{queue}}"), 6, unit="percentunit", max=1)]


def build():
    numbers = [
        stat("Documents", "In the indices of alerts.", promql("max(socbridge_opensearch_alert_documents)")),
        stat("Newest alert", "Its age.", promql("time() - max(socbridge_opensearch_newest_alert_timestamp_seconds)"),
             ("orange", 900), ("red", 1800), unit="s", decimals=0),
        stat("Shards in use", "Of those that the data nodes may have.",
             promql("max(socbridge_opensearch_open_shards) / max(socbridge_opensearch_shard_limit)"), ("orange", 0.8), ("red", 0.9),
             unit="percentunit", decimals=0),
        stat("Unassigned shards", "On no node.", promql("max(socbridge_opensearch_unassigned_shards)"), ("red", 1)),
        stat("Open shards", "With replicas.", promql("max(socbridge_opensearch_open_shards)")),
        stat("Gaps", "Alerts that were not in TheHive after the last run of reconcile.", promql("max(socbridge_reconcile_gaps)"),
             ("red", 1))]
    checks = bars("Checks", "Of socctl health opensearch: 0 ok to 3 down.",
                  promql('max by (check) (socbridge_health_check_severity{component="opensearch"})', "{{check}}"), 8, 8,
                  min=0, max=3, mappings=STATES, thresholds=STATE_STEPS)
    rows = [
        numbers,
        [stacked("Alerts by severity", "As custom-w2thive maps levels.", lucene(ALL, BY_SEVERITY), 16, 8, SEVERITIES), checks],
        [series("Alerts by manager", "Those with the most alerts.", lucene(ALL, terms("manager.name", 5))),
         series("Documents over time", "In the indices of alerts.", promql("max(socbridge_opensearch_alert_documents)", "documents"))],
        activity(),
        wazuh(),
        [ranking("Levels", "Of the rules that fired.", ALL, "rule.level"),
         ranking("Groups of rules", "With the most alerts.", ALL, "rule.groups"),
         ranking("Decoders", "That read the events.", ALL, "decoder.name")],
        [ranking("Places", "Logs and modules that the events came from.", ALL, "location", 12),
         ranking("Source addresses", "Of the events.", "data.srcip:*", "data.srcip", 12)]]
    return dashboard("socbridge-indexer", "Indexer", "OpenSearch: its room and freshness, and what Wazuh puts there.", rows)
