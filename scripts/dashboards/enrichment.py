# SPDX-License-Identifier: Apache-2.0
from panels import bars, dashboard, promql, series, stat, steps, table


def build():
    left = "min by (analyzer) (socbridge_cortex_quota_left / socbridge_cortex_quota_limit)"
    numbers = [
        stat("Jobs that failed", "In Cortex.", promql('sum(socbridge_cortex_jobs{status="Failure"})'), ("orange", 1)),
        stat("Least quota left", "Of all analyzers with a limit.", promql(f"min({left})"), unit="percentunit", decimals=0),
        stat("Indicators", "In OpenCTI.", promql("max(socbridge_opencti_indicators)")),
        stat("Connectors that are off", "Connectors that have not pinged for five minutes.",
             promql("count(socbridge_opencti_connector_active == 0) or vector(0)"), ("red", 1)),
        stat("Lag of the stream", "Age of the newest event or heartbeat of OpenCTI.",
             promql("max(socbridge_stream_lag_seconds)"), ("orange", 60), ("red", 300), unit="s", decimals=1),
        stat("Observables", "In TheHive.", promql("max(socbridge_thehive_observables)"))]
    cortex = [
        series("Jobs of Cortex", "By status.", promql("sum by (status) (socbridge_cortex_jobs)", "{{status}}"), 8),
        series("Ended jobs", "Per hour, by analyzer and status.",
               promql("3600 * sum by (analyzer, status) (rate(socbridge_cortex_ended_jobs_total[1h]))", "{{analyzer}} {{status}}"), 8),
        series("Duration of jobs", "95th percentile of the last hour.",
               promql("histogram_quantile(0.95, sum by (le) (rate(socbridge_cortex_job_duration_seconds_bucket[1h])))", "95 of 100"),
               8, unit="s")]
    stream = "socbridge_stream_%s"
    rows = [
        numbers, cortex,
        [bars("Quota left", "Share of the quota that each analyzer has left.", promql(left, "{{analyzer}}"), 12, unit="percentunit",
              min=0, max=1, thresholds=steps(("red", None), ("orange", 0.1), ("green", 0.3))),
         table("Limits", "Jobs that each analyzer may start in the period of its limit.",
               "sort_desc(max by (analyzer) (socbridge_cortex_quota_limit))", 12, rename={"Value": "jobs"})],
        [table("Connectors of OpenCTI", "Seconds since the last successful run of each connector.",
               "sort_desc(max by (connector) (time() - socbridge_opencti_connector_last_run_timestamp_seconds))", 12,
               rename={"Value": "seconds ago"}),
         series("Messages that wait", "In the queues of each connector, incoming and outgoing.",
                promql("max by (connector) (socbridge_opencti_connector_queue)", "{{connector}}"))],
        [series("Events of the stream", "Per minute.",
                [promql(f"60 * sum(rate({stream % 'events_total'}[5m]))", "events"),
                 promql(f"60 * sum by (source) (rate({stream % 'matches_total'}[5m]))", "matches by {{source}}"),
                 promql(f"60 * sum(rate({stream % 'procedures_total'}[5m]))", "techniques"),
                 promql(f"60 * sum(rate({stream % 'looked_up_values_total'}[5m]))", "values looked up"),
                 promql(f"60 * sum(rate({stream % 'by_our_user_total'}[5m]))", "by our own user")], 8),
         series("Notifications of TheHive", "Per minute, by result.",
                promql(f"60 * sum by (result) (rate({stream % 'notifications_total'}[5m]))", "{{result}}"), 8),
         series("Not matched", "Per minute, by reason.",
                promql(f"60 * sum by (reason) (rate({stream % 'skipped_total'}[5m]))", "{{reason}}"), 8)],
        [series("Waiting of the stream", "Bytes that wait on disk.",
                promql("sum by (kind) (socbridge_stream_waiting_bytes)", "for {{kind}}"), 8, unit="bytes"),
         series("Disturbances of the stream", "Per hour.",
                [promql(f"sum(increase({stream % 'outages_total'}[1h]))", "outages"),
                 promql(f"sum(increase({stream % 'connections_total'}[1h]))", "connections"),
                 promql(f"sum(increase({stream % 'gaps_total'}[1h]))", "gaps")], 8),
         stat("Values that are matched", "Values of open alerts and cases.", promql("max(socbridge_stream_values)"), width=8)],
        [series("Observables by type", "In TheHive.", promql("sum by (type) (socbridge_thehive_observables_by_type)", "{{type}}"), 16),
         series("Marked as IOC", "Observables in TheHive.", promql("max(socbridge_thehive_ioc_observables)", "IOC"), 8)]]
    return dashboard("socbridge-enrichment", "Enrichment", "Cortex and OpenCTI: jobs, quotas, feeds, live stream.", rows)
