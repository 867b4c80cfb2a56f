# SPDX-License-Identifier: Apache-2.0
"""For each alert of packaging/prometheus the state in which it must fire: series and values in promtool's notation."""

CHECK = "socbridge_health_check_severity"
TOOK = "socbridge_relay_delivery_seconds"
NOW = "0+60x300"  # a time that goes with the clock
NEWEST = "socbridge_opensearch_newest_alert_timestamp_seconds"
DELIVERED = 'socbridge_delivery_alerts_total{instance="m1",result="created"}'
QUOTA = 'socbridge_cortex_quota_%s{analyzer="VT"}'
SHARDS = "socbridge_opensearch_%s"
ENDED = "socbridge_thehive_case_resolution_seconds_%s"
FIRES = [
    # alert, series that hold for hours, labels of the alert, and the series in the ok state (else:
    # 0)
    ("SocHealthOutdated", "socbridge_health_last_run_timestamp_seconds", "0x300", {}),
    ("SocHealthOutdated", "up", "1x300", {}),
    ("SocPartDown", 'socbridge_health_component_state{component="cortex",state="down"}', "1x300", {"component": "cortex"}),
    ("SocPartDegraded", 'socbridge_health_component_state{component="x",state="degraded"}', "1x300", {"component": "x"}),
    ("SocPartSlow", 'socbridge_health_answer_seconds{component="thehive"}', "3x300", {"component": "thehive"}),
    ("SocAlertsWait", CHECK + '{component="wazuh",check="spool queue"}', "2x300", {"check": "spool queue"}),
    ("SocAlertsRefused", CHECK + '{component="wazuh",check="spool dead"}', "2x300", {"check": "spool dead"}),
    ("SocJobsFail", CHECK + '{component="cortex",check="job folder"}', "3x300", {"check": "job folder"}),
    ("SocFeedStale", CHECK + '{component="opencti",check="feed mitre"}', "2x300", {"check": "feed mitre"}),
    ("SocIndexStale", CHECK + '{component="opensearch",check="alerts index"}', "2x300", {"check": "alerts index"}),
    ("SocIndexStale", CHECK + '{component="opensearch",check="writes"}', "3x300", {"check": "writes"}),
    ("SocIndexStale", CHECK + '{component="opensearch",check="shards"}', "2x300", {"check": "shards"}),
    ("SocRelayGone", 'socbridge_relay_last_update_timestamp_seconds{instance="m1"}', "0x300", {"instance": "m1"}, NOW),
    ("SocTheHiveBlocked", 'socbridge_relay_destinations_blocked{reason="key_refused"}', "1x300", {"reason": "key_refused"}),
    ("SocSpoolFails", 'socbridge_relay_spool_errors_total{instance="m1"}', "0+1x300", {"instance": "m1"}),
    ("SocSpoolFails", 'socbridge_relay_held_by_others{instance="m1"}', "2x300", {"instance": "m1"}),
    ("SocDeliveryLate", None, {TOOK + "_sum": "0+24060x300", TOOK + "_count": "0+60x300"}, {},
     {TOOK + "_sum": "0+60x300", TOOK + "_count": "0+60x300"}),
    ("SocAlertsLost", 'socbridge_delivery_alerts_total{instance="m1",result="lost"}', "0+1x300", {"instance": "m1"}),
    ("SocDeadLetters", 'socbridge_delivery_alerts_total{instance="m1",result="refused"}', "0+1x300", {"instance": "m1"}),
    ("SocDeadLetters", 'socbridge_delivery_alerts_total{instance="m1",result="dead"}', "0+1x300", {"instance": "m1"}),
    ("SocNotCounted", 'socbridge_scrape_success{product="cortex"}', "0x300", {"product": "cortex"}, "1x300"),
    ("SocNotCounted", "socbridge_scrape_last_update_timestamp_seconds", "0x300", {}, NOW),
    ("SocNothingDelivered", None, {DELIVERED: "7x300", NEWEST: NOW}, {}, {DELIVERED: "0+1x300", NEWEST: NOW}),
    ("SocQueueGrows", 'socbridge_queue_entries{instance="m1",state="queue"}', "200+1x300", {"instance": "m1"}, "200x300"),
    ("SocKeyRefused", 'socbridge_queue_destination_state{url="https://t",state="auth"}', "1x300", {"url": "https://t"}),
    ("SocQuotaLow", None, {QUOTA % "left": "4x300", QUOTA % "limit": "50x300"}, {"analyzer": "VT"},
     {QUOTA % "left": "6x300", QUOTA % "limit": "50x300"}),
    ("SocFeedStopped", 'socbridge_opencti_connector_active{connector="mitre"}', "0x300", {"connector": "mitre"}, "1x300"),
    ("SocFeedStopped", 'socbridge_opencti_connector_last_run_timestamp_seconds{connector="otx"}', "-172900x300",
     {"connector": "otx"}, NOW),
    ("SocIndexerStale", NEWEST, "0x300", {}, NOW),
    ("SocShardsNearLimit", None, {SHARDS % "open_shards": "950x300", SHARDS % "shard_limit": "1000x300"}, {},
     {SHARDS % "open_shards": "850x300", SHARDS % "shard_limit": "1000x300"}),
    ("SocWazuhDropsEvents", 'socbridge_wazuh_events_dropped_total{node="w1"}', "0+1x300", {"node": "w1"}, "7x300"),
    ("SocWazuhDropsEvents", 'socbridge_wazuh_messages_discarded_total{node="w1"}', "0+1x300", {"node": "w1"}, "7x300"),
    # As the statistics of Wazuh's dashboard bring it, every five minutes.
    ("SocWazuhDropsEvents", 'socbridge_wazuh_events_dropped_total{node="w1"}', "3x234 4x4", {"node": "w1"}, "4x300"),
    ("SocWazuhQueueFull", 'socbridge_wazuh_queue_usage_ratio{node="w1",queue="others"}', "0.95x300",
     {"node": "w1", "queue": "others"}, "0.9x300"),
    ("SocShardsUnassigned", SHARDS % "unassigned_shards", "3x300", {}),
    ("SocResolutionSlow", None, {ENDED % "sum": "0+300000x300", ENDED % "count": "0+1x300"}, {},
     {ENDED % "sum": "0+3600x300", ENDED % "count": "0+1x300"}),
    ("SocStreamLags", 'socbridge_stream_lag_seconds{instance="m1"}', "600x300", {"instance": "m1"}),
    ("SocStreamGone", 'socbridge_stream_last_update_timestamp_seconds{instance="m1"}', "0x300", {"instance": "m1"}, NOW),
    ("SocMatchesWait", 'socbridge_stream_waiting_bytes{instance="m1",kind="thehive"}', "2000000+1000x300", {"instance": "m1"},
     "2000000x300"),
    ("SocReconcileGaps", "socbridge_reconcile_gaps", "2x300", {}),
    ("SocReconcileOutdated", "socbridge_reconcile_last_run_timestamp_seconds", "0x300", {}, NOW),
    ("SocReconcileOutdated", "socbridge_reconcile_complete", "0x300", {}, "1x300"),
    ("SocQueueStatsOutdated", 'socbridge_queue_last_update_timestamp_seconds{instance="m1"}', "0x300", {"instance": "m1"}, NOW),
]


def series_of(series, values):
    return values if isinstance(values, dict) else {series: values}
