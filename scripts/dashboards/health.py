# SPDX-License-Identifier: Apache-2.0
from panels import (STATE_STEPS, STATES, bars, dashboard, panel, promql, series, stacked, stat, steps, table,
                    values_variable)

STATE = 'socbridge_health_component_state{state=%s,component=~"$component"}'
CHECK = "socbridge_health_check_severity"
STATE_COLUMN = {"matcher": {"id": "byName", "options": "state"}, "properties": [
    {"id": "mappings", "value": STATES}, {"id": "custom.cellOptions", "value": {"type": "color-text"}}]}


def count_of(states):
    return promql("count(" + STATE % states + " == 1) or vector(0)")


def timeline():
    return panel("state-timeline", "State of each component", "The worst of its checks.",
                 promql(f'max by (component) ({CHECK}{{component=~"$component"}})', "{{component}}"), 16, 9,
                 {"mappings": STATES, "thresholds": STATE_STEPS},
                 {"showValue": "never", "mergeValues": True, "rowHeight": 0.8})


def well():
    part = 'avg_over_time(max by (component) (socbridge_health_component_state{state="ok",component=~"$component"})[$__range:5m])'
    return bars("Well in the time shown", "Share of the time in which each component was ok.",
                promql(part, "{{component}}"), 8, 8, unit="percentunit", min=0, max=1,
                thresholds=steps(("red", None), ("orange", 0.95), ("green", 0.99)))


def build():
    numbers = [
        stat("Down", "Components that do not work.", count_of('"down"'), ("red", 1)),
        stat("Degraded or unknown", "Components with a defect, or that could not be checked.",
             count_of('~"degraded|unknown"'), ("orange", 1)),
        stat("Last run", "Time since the last run of socctl health. If it is long, its timer or the textfile collector does "
             "not run, and all other panels are outdated too.", promql("time() - max(socbridge_health_last_run_timestamp_seconds)"),
             ("orange", 900), ("red", 1800), unit="s", decimals=0),
        stat("A run takes", "Duration of the last run; close to --timeout a probe hangs.",
             promql("max(socbridge_health_run_duration_seconds)"), ("orange", 8), unit="s", decimals=2)]
    feeds = bars("Feeds, indices and jobs", "Severity of the checks for new data: 0 ok to 3 down.",
                 promql(f'max by (check) ({CHECK}{{check=~"feed .*|stream|.* index|last job"}})', "{{check}}"), 8, 9,
                 min=0, max=3, mappings=STATES, thresholds=STATE_STEPS)
    waits = series("Alerts that wait or were refused",
                   "Severity of the checks of custom-w2thive's spool and log on the manager: 0 ok to 3 down.",
                   promql(f'max by (check) ({CHECK}{{component="wazuh",check=~"spool .*|delivery .*|log"}})', "{{check}}"),
                   14, 7, max=3, decimals=0, mappings=STATES)
    stage = 'max by (stage) (socbridge_health_canary_stage_seconds)'
    canary = [
        [stat("Canary", "The worst stage of the last test alert through the whole chain (socctl health --canary).",
              promql(f'max({CHECK}{{component="canary"}})'), width=4, mappings=STATES, thresholds=STATE_STEPS, noValue="none yet"),
         stat("Last canary", "Time since the start of the last canary.", promql("time() - max(socbridge_health_canary_last_run_timestamp_seconds)"),
              ("orange", 7200), width=4, unit="s", decimals=0, noValue="none yet")],
        bars("Stages of the canary", "Duration of each stage that was ok, from the log line or the integration to the report.",
             promql(stage, "{{stage}}"), 8, 8, unit="s", min=0),
        stacked("All the way of the canary", "The same over time, stacked.", promql(stage, "{{stage}}"), 12, 8, unit="s")]
    rows = [
        numbers,
        [timeline(), well()],
        [table("Not well now", "Every check that is not ok. Meaning and remedy: docs/health.md, or socctl health.",
               f'sort_desc(max by (component, check) ({CHECK}{{component=~"$component"}}) > 0)', 16, 9,
               rename={"Value": "state"}, empty="all is well", overrides=[STATE_COLUMN]), feeds],
        [waits, series("First answer", "Time until the first answer of each component.",
                       promql('max by (component) (socbridge_health_answer_seconds{component=~"$component"})', "{{component}}"),
                       10, 7, unit="s")],
        canary,
        [table("Versions", "As reported by each product.",
               'max by (component, version) (socbridge_health_component_info{component=~"$component"})', 24, 7,
               hide=("Time", "Value"), empty="none reported")]]
    return dashboard("socbridge", "SOC health",
                     "State of every component of the SOC, from socctl health through the textfile collector of the node exporter.",
                     rows, [values_variable("component", "Component",
                                            "label_values(socbridge_health_component_state, component)")])
