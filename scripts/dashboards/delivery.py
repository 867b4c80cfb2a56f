# SPDX-License-Identifier: Apache-2.0
from panels import dashboard, promql, series, stat, table, values_variable

# Destinations of etc/w2thive.json. A single one, and the top-level one in the states, has no label.
HERE = '{destination=~"$destination"}'
RECEIVED = "60 * sum by (result) (rate(socbridge_receive_%s_total[5m]))"


def numbers():
    return [
        stat("Waiting", "Alerts that the relays have not delivered yet, due or not.", promql("sum(socbridge_relay_waiting)"),
             ("orange", 100), ("red", 10000), decimals=0),
        stat("Blocked destinations", "TheHives that do not answer or that refuse the key, as reported by the relays.",
             promql("sum(socbridge_relay_destinations_blocked)"), ("red", 1), decimals=0),
        stat("Set aside", "Alerts in hold/, dead/ and corrupt/: an operator has to act (socctl queue list).",
             promql('sum(socbridge_queue_entries{state=~"hold|dead|corrupt"})'), ("orange", 1), decimals=0),
        stat("Last delivery", "Time since an alert last arrived at a TheHive, to the minute.",
             promql(f"time() - max(socbridge_queue_destination_delivered_timestamp_seconds{HERE})"), unit="s", decimals=0),
        stat("Oldest alert", "Age of the oldest alert of queue/.",
             promql('time() - min(socbridge_queue_oldest_timestamp_seconds{state="queue"})'), ("orange", 600), ("red", 3600),
             unit="s", decimals=0, noValue="none"),
        stat("Relay runs for", "Time since the last start of a relay. A value that stays short means that a relay keeps restarting.",
             promql("time() - max(socbridge_relay_start_timestamp_seconds)"), unit="s", decimals=0)]


def completeness():
    return [
        stat("Gaps", "Alerts that Wazuh fired and that were not in TheHive after the last run of reconcile.",
             promql("max(socbridge_reconcile_gaps)"), ("red", 1), decimals=0),
        stat("Proved complete", "1: the last run of reconcile proved that no alert is missing.",
             promql("min(socbridge_reconcile_complete)"), decimals=0),
        stat("Last reconcile", "Time since the end of the last run.", promql("time() - max(socbridge_reconcile_last_run_timestamp_seconds)"),
             ("orange", 3600), ("red", 10800), unit="s", decimals=0),
        stat("Left out by policy", "Alerts that were not forwarded by policy, in the last run of reconcile.", promql("max(socbridge_reconcile_not_forwarded)"), decimals=0),
        stat("Receiver runs for", "Time since the last start of a socctl receive.",
             promql("time() - max(socbridge_receive_start_timestamp_seconds)"), unit="s", decimals=0),
        stat("Counted before", "Time since the last poll by socctl metrics.",
             promql("time() - max(socbridge_scrape_last_update_timestamp_seconds)"), ("orange", 300), ("red", 900), unit="s",
             decimals=0)]


def build():
    latency = [promql("histogram_quantile(0.95, sum by (le) (rate(socbridge_relay_delivery_seconds_bucket[15m])))", "95 of 100"),
               promql("sum(rate(socbridge_relay_delivery_seconds_sum[15m])) / sum(rate(socbridge_relay_delivery_seconds_count[15m]))", "mean")]
    spool = [promql("max by (state) (socbridge_queue_entries)", "{{state}}"), promql("max(socbridge_queue_due)", "due"),
             promql("max(socbridge_queue_in_flight)", "in flight")]
    rows = [
        numbers(),
        [series("Alerts a minute", "By result; postponed alerts are counted with each try.",
                promql("60 * sum by (result) (rate(socbridge_relay_alerts_total[5m]))", "{{result}}")),
         series("From Wazuh to TheHive", "Time from acceptance to creation in TheHive, for the alerts that the relays delivered.", latency, unit="s")],
        [series("Spool", "Alerts by state, those of queue/ that may be tried now, and those that a process has claimed.", spool),
         series("Under way", "Requests in flight of all relays.", promql("sum(socbridge_relay_in_flight)", "in flight"), 6),
         series("Size of the spool", "By state; limited by spool_max_mb and spool_min_free_mb.",
                promql("max by (state) (socbridge_queue_bytes)", "{{state}}"), 6, unit="bytes")],
        [table("Why alerts are where they are", "Result of the last try; new alerts were not tried yet.",
               "sort_desc(max by (state, kind) (socbridge_queue_reasons) > 0)", 10, empty="no alerts"),
         table("Destinations", "State of each circuit breaker; open and auth: no requests.",
               f"max by (destination, url, organisation, state) (socbridge_queue_destination_state{HERE}) == 1", 14, hide=("Time", "Value"),
               empty="none known")],
        [series("What became of alerts", "Per minute, by all programs that use the spool, including direct delivery. postponed counts tries.",
                promql(f"60 * sum by (result) (socbridge:delivery_alerts:rate5m{HERE})", "{{result}}"), 24)],
        completeness(),
        [series("Alerts of the last reconcile", "Alerts that should be in TheHive, by state, and those without their required case.",
                [promql("max by (state) (socbridge_reconcile_alerts)", "{{state}}"),
                 promql("max(socbridge_reconcile_without_case)", "without case")], 8),
         series("Webhooks", "Requests to socctl receive per minute, by result.", promql(RECEIVED % "requests", "{{result}}"), 8),
         series("Alerts of webhooks", "Per minute, by result.", promql(RECEIVED % "alerts", "{{result}}"), 8)],
        [series("Connections of webhooks", "Open connections to socctl receive.", promql("sum(socbridge_receive_connections)", "connections"), 6),
         series("Memory for webhooks", "Memory reserved for request bodies.", promql("sum(socbridge_receive_body_bytes)", "bytes"), 6, unit="bytes"),
         series("Errors of the spool", "Failed system calls per hour; entries that other processes hold.",
                [promql("sum(increase(socbridge_relay_spool_errors_total[1h]))", "errors"),
                 promql("sum(socbridge_relay_held_by_others)", "held")], 6),
         series("Asking the products", "Duration of the poll of each product by socctl metrics.",
                promql("max by (product) (socbridge_scrape_duration_seconds)", "{{product}}"), 6, unit="s")]]
    return dashboard("socbridge-delivery", "Delivery of Wazuh alerts",
                     "Delivery of alerts from Wazuh to TheHive: socctl relay, receive, queue stats, metrics and reconcile.", rows,
                     [values_variable("destination", "Destination", "label_values(socbridge_delivery_alerts_total, destination)")])
