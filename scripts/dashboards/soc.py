# SPDX-License-Identifier: Apache-2.0
from panels import (BY_SEVERITY, SEVERITIES, STATE_STEPS, STATES, bars, dashboard, lucene, promql, ranking, series, stacked,
                    stat, table, total)

ALL = "*"


def build():
    numbers = [
        total("Alerts of Wazuh", "Alerts in the indexer in the selected time.", ALL),
        total("High and critical", "Alerts of level 13 and above in the selected time.", "rule.level:>=13", ("orange", 1)),
        stat("Open alerts", "Alerts in TheHive that are not closed or imported.",
             promql("sum(socbridge_thehive_open_alerts_by_age)"), ("orange", 50), ("red", 500)),
        stat("Open cases", "Cases in TheHive that are not closed.", promql("sum(socbridge_thehive_open_cases_by_age)"),
             ("orange", 20), ("red", 100)),
        stat("MTTD", "Seven-day mean of the time from an alert's creation in TheHive to the first change of its stage.",
             promql("socbridge:alert_first_look_seconds:mean7d"), ("orange", 3600), ("red", 14400), unit="s", decimals=0),
        stat("MTTR", "Seven-day mean of the time from a case's creation to its end.",
             promql("socbridge:case_resolution_seconds:mean7d"), ("orange", 86400), ("red", 259200), unit="s", decimals=0)]
    integration = bars("State of the integration", "The worst check of each component: 0 ok to 3 down.",
                       promql("max by (component) (socbridge_health_check_severity)", "{{component}}"), 8, 8,
                       min=0, max=3, mappings=STATES, thresholds=STATE_STEPS)
    rows = [
        numbers,
        [stacked("Alerts of Wazuh by severity", "As custom-w2thive maps levels: 0 to 9, 10 to 12, 13 and 14, 15 and above.",
                 lucene(ALL, BY_SEVERITY), 16, 8, SEVERITIES), integration],
        [ranking("Rules", "The rules that fired most often.", ALL, "rule.description"),
         ranking("Agents", "The agents with the most alerts.", ALL, "agent.name"),
         ranking("Techniques", "MITRE ATT&CK techniques of Wazuh's rules.", ALL, "rule.mitre.technique")],
        [stacked("New alerts in TheHive", "Per hour, by severity.",
                 promql("3600 * socbridge:new_alerts:rate1h", "{{severity}}"), 8, 8, SEVERITIES),
         series("Groups of rules", "New alerts in TheHive per hour, by group of Wazuh's rule.",
                promql("topk(10, 3600 * sum by (group) (rate(socbridge_thehive_new_alerts_by_rule_group_total[1h])))", "{{group}}"), 8),
         series("From Wazuh to TheHive", "Time from an alert's own timestamp to its creation in TheHive, 95th percentile.",
                promql("socbridge:alert_arrival_seconds:p95_1h", "95 of 100"), 8, unit="s")],
        [stacked("Alerts in TheHive by severity", "All in TheHive.",
                 promql("sum by (severity) (socbridge_thehive_alerts_by_severity)", "{{severity}}"), 6, 8, SEVERITIES),
         series("Alerts by status", "TheHive's status.", promql("sum by (status) (socbridge_thehive_alerts_by_status)", "{{status}}"), 6),
         series("Alerts by source", "By source of the alert.", promql("sum by (source) (socbridge_thehive_alerts_by_source)", "{{source}}"), 6),
         bars("Age of open alerts", "Time since their creation.",
              promql("sum by (age) (socbridge_thehive_open_alerts_by_age)", "{{age}}"), 6, min=0)],
        [stacked("Cases by severity", "All in TheHive.",
                 promql("sum by (severity) (socbridge_thehive_cases_by_severity)", "{{severity}}"), 6, 8, SEVERITIES),
         series("Cases by status", "TheHive's status.", promql("sum by (status) (socbridge_thehive_cases_by_status)", "{{status}}"), 6),
         bars("Age of open cases", "Since their creation.", promql("sum by (age) (socbridge_thehive_open_cases_by_age)", "{{age}}"), 6, min=0),
         table("Open cases by assignee", "other: no assignee, or beyond the first 25.",
               "sort_desc(sum by (owner) (socbridge_thehive_open_cases_by_owner) > 0)", 6, rename={"Value": "cases"},
               empty="no open cases")],
        [table("Closed cases", "By the status that they were closed with.",
               "sort_desc(sum by (resolution) (socbridge_thehive_cases_by_resolution) > 0)", 8, rename={"Value": "cases"}),
         series("Backlog", "Alerts in the spool by state.", promql("sum by (state) (socbridge_queue_entries)", "{{state}}"), 8),
         table("Products that are counted", "1: answered; 0: did not.", "min by (product) (socbridge_scrape_success)", 8,
               rename={"Value": "answered"})]]
    return dashboard("socbridge-soc", "SOC overview",
                     "Alerts of Wazuh from the indexer; alerts, cases and the backlog from socctl metrics; the state of "
                     "the integration from socctl health.", rows)
