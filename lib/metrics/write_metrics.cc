// SPDX-License-Identifier: Apache-2.0
#include "metrics/write_metrics.h"

#include <algorithm>

#include "queue/metrics.h"

namespace socbridge::metrics {
namespace {

using Type = PrometheusText::Type;

void write_counts(PrometheusText& out, const char* name, const char* help, const char* label,
                  const Counts& counts) {
  if (counts.empty()) return;
  out.family(name, Type::gauge, help);
  for (const auto& [value, count] : counts) out.sample(count, {{label, value}});
}

void write_thehive(PrometheusText& out, const TheHiveCounts& counts) {
  out.prefix("socbridge_thehive_");
  write_counts(out, "alerts_by_severity", "Alerts in TheHive, by severity.", "severity",
               counts.alerts_by_severity);
  write_counts(out, "alerts_by_status",
               "Alerts in TheHive, by status; custom: statuses of the organisation's own. TheHive "
               "5 only.",
               "status", counts.alerts_by_status);
  write_counts(out, "alerts_by_source",
               "Alerts in TheHive, by source; other: of sources beyond the first ten.", "source",
               counts.alerts_by_source);
  write_counts(out, "open_alerts_by_age", "Alerts that are not closed or imported, by age.", "age",
               counts.open_alerts_by_age);
  write_counts(out, "cases_by_severity", "Cases in TheHive, by severity.", "severity",
               counts.cases_by_severity);
  write_counts(out, "cases_by_status",
               "Cases in TheHive, by status; custom: statuses of the organisation's own.", "status",
               counts.cases_by_status);
  write_counts(out, "cases_by_resolution",
               "Closed cases in TheHive, by the status that they were closed with. TheHive 5 only.",
               "resolution", counts.cases_by_resolution);
  write_counts(out, "open_cases_by_age", "Open cases, by age.", "age", counts.open_cases_by_age);
  write_counts(out, "open_cases_by_owner",
               "Open cases, by assignee; other: none, or of people beyond the first 25.", "owner",
               counts.open_cases_by_owner);
  write_counts(out, "observables_by_type",
               "Observables in TheHive, by data type; custom: types that were added.", "type",
               counts.observables_by_type);
  if (counts.observables) {
    out.family("observables", Type::gauge, "Observables in TheHive.", *counts.observables);
  }
  if (counts.ioc) {
    out.family("ioc_observables", Type::gauge, "Observables that are marked as IOC.", *counts.ioc);
  }
}

void write_events(PrometheusText& out, const TheHiveEvents& events) {
  out.family("new_alerts_total", Type::counter,
             "Alerts created in TheHive since the first poll of this program, by severity.");
  for (const auto& [severity, count] : events.new_alerts.counts()) {
    out.sample(count, {{"severity", severity}});
  }
  out.family("new_alerts_by_rule_group_total", Type::counter,
             "The same by group of Wazuh's rule, from the tags; an alert counts in each of its "
             "groups; other: groups beyond the first 40.");
  for (const auto& [group, count] : events.new_alerts_by_group.counts()) {
    out.sample(count, {{"group", group}});
  }
  events.arrival.write(out, "alert_arrival_seconds",
                       "Time from an alert's own timestamp to its creation in TheHive.");
  events.first_look.write(out, "alert_first_look_seconds",
                          "Time from an alert's creation to the first change of its stage: the "
                          "mean is the MTTD. TheHive 5 only.");
  events.resolution.write(out, "case_resolution_seconds",
                          "Time from a case's creation to its end: the mean is the MTTR.");
}

void write_cortex(PrometheusText& out, const CortexNumbers& cortex) {
  out.prefix("socbridge_cortex_");
  write_counts(out, "jobs", "Jobs in Cortex, by status.", "status", cortex.jobs);
  out.family("ended_jobs_total", Type::counter,
             "Jobs that ended since the first poll of this program, by analyzer and status.");
  for (const EndedJobs::One& one : cortex.ended.by_analyzer) {
    out.sample(one.count, {{"analyzer", one.analyzer}, {"status", one.status}});
  }
  cortex.ended.duration.write(out, "job_duration_seconds", "Run time of those jobs.");
  if (cortex.quotas.empty()) return;
  out.family("quota_limit", Type::gauge,
             "Jobs that an analyzer may start per period of its limit; analyzers without a "
             "limit are left out.");
  for (const QuotaLeft& one : cortex.quotas) out.sample(one.limit, {{"analyzer", one.analyzer}});
  out.family("quota_left", Type::gauge, "Jobs that are left of the limit, by the jobs in Cortex.");
  for (const QuotaLeft& one : cortex.quotas) out.sample(one.left, {{"analyzer", one.analyzer}});
}

// Returns the first ones by name; the id is appended to duplicate names.
std::vector<opencti::Connector> with_names_of_their_own(const opencti::Connectors& all) {
  constexpr std::size_t kMost = 200;
  std::vector<opencti::Connector> out = all.connectors;
  if (out.size() > kMost) out.resize(kMost);
  for (std::size_t i = out.size(); i-- > 1;) {
    if (out[i].name == out[i - 1].name) out[i].name += " " + out[i].id;
  }
  return out;
}

void write_opencti(PrometheusText& out, const OpenCtiCounts& counts) {
  out.prefix("socbridge_opencti_");
  if (counts.indicators) {
    out.family("indicators", Type::gauge, "Indicators in OpenCTI.", *counts.indicators);
  }
  const std::vector<opencti::Connector> connectors = with_names_of_their_own(counts.connectors);
  const auto of_each = [&](const char* name, const char* help, const auto& write) {
    out.family(name, Type::gauge, help);
    for (const opencti::Connector& one : connectors) write(one);
  };
  of_each("connector_active",
          "1 if the connector pinged within five minutes; the first 200 connectors.",
          [&](const opencti::Connector& one) {
            out.sample(one.active ? 1 : 0, {{"connector", one.name}});
          });
  of_each("connector_last_run_timestamp_seconds",
          "Time of the connector's last successful run; left out if unknown.",
          [&](const opencti::Connector& one) {
            if (one.last_run_ms > 0) out.seconds(one.last_run_ms, {{"connector", one.name}});
          });
  of_each("connector_queue", "Waiting messages for the connector and pushed by it.",
          [&](const opencti::Connector& one) {
            const auto queued = one.queued > 0 ? static_cast<std::uint64_t>(one.queued) : 0;
            out.sample(queued, {{"connector", one.name}});
          });
}

void write_opensearch(PrometheusText& out, const OpenSearchCounts& counts) {
  out.prefix("socbridge_opensearch_");
  const opensearch::Activity& alerts = counts.alerts;
  if (alerts.documents) {
    out.family("alert_documents", Type::gauge, "Documents in the indices of alerts and findings.",
               *alerts.documents);
  }
  write_counts(out, "recent_alerts_by_level",
               "Alerts of the last hour there, by level: a number of Wazuh 4, a word of Wazuh 5.",
               "level", alerts.by_level);
  write_counts(
      out, "recent_alerts_by_agent",
      "Alerts of the last hour there, by agent; other: agents beyond the 25 with the most.",
      "agent", alerts.by_agent);
  if (alerts.newest) {
    out.family("newest_alert_timestamp_seconds", Type::gauge, "Time of the newest alert there.");
    out.seconds(*alerts.newest);
  }
  const auto shards = [](std::int64_t number) {
    return number > 0 ? static_cast<std::uint64_t>(number) : 0;
  };
  out.family("open_shards", Type::gauge, "Shards of open indices, with replicas.",
             shards(counts.open_shards));
  out.family("unassigned_shards", Type::gauge, "Shards that are not on any node.",
             shards(counts.unassigned_shards));
  if (counts.shard_limit) {
    out.family("shard_limit", Type::gauge, "Maximum number of shards on all data nodes together.",
               *counts.shard_limit);
  }
}

void write_agents(PrometheusText& out, const wazuh::AgentCounts& agents) {
  out.prefix("socbridge_wazuh_");
  out.family("agents", Type::gauge, "Agents of the manager, by the state of their connection.",
             "status",
             {{"active", agents.active},
              {"disconnected", agents.disconnected},
              {"never_connected", agents.never_connected},
              {"pending", agents.pending}});
}

void write_loads(PrometheusText& out, const std::vector<wazuh::NodeLoad>& nodes) {
  using wazuh::EngineLoad;
  using wazuh::NodeLoad;
  out.prefix("socbridge_wazuh_");
  const auto total = [&](const char* name, const char* help, const auto member) {
    const auto known = [&](const NodeLoad& one) { return (one.load.*member).has_value(); };
    if (std::none_of(nodes.begin(), nodes.end(), known)) return;
    out.family(name, Type::counter, help);
    for (const NodeLoad& one : nodes) {
      if (known(one)) out.sample(*(one.load.*member), {{"node", one.node}});
    }
  };
  total("events_received_total", "Events that analysisd received since its start.",
        &EngineLoad::received);
  total("events_processed_total", "Events that analysisd evaluated.", &EngineLoad::processed);
  total("events_dropped_total",
        "Events that analysisd dropped: a queue was full, or the limit of events was reached.",
        &EngineLoad::dropped);
  total("messages_discarded_total", "Messages of agents that remoted discarded.",
        &EngineLoad::discarded);
  const auto queues = [](const NodeLoad& one) { return !one.load.queues.empty(); };
  if (std::none_of(nodes.begin(), nodes.end(), queues)) return;
  out.family("queue_usage_ratio", Type::gauge,
             "How full the queues of analysisd and remoted are, from 0 to 1.");
  for (const NodeLoad& one : nodes) {
    for (const auto& [queue, thousandths] : one.load.queues) {
      out.thousandths(thousandths, {{"node", one.node}, {"queue", queue}});
    }
  }
}

void write_scrapes(PrometheusText& out, const Snapshot& snapshot) {
  out.prefix("socbridge_scrape_");
  out.family("success", Type::gauge, "1 if the product answered, 0 if it did not.");
  for (const Scrape& one : snapshot.scrapes) {
    out.sample(one.status.ok() ? 1 : 0, {{"product", one.product}});
  }
  out.family("duration_seconds", Type::gauge, "Duration of the poll of the product.");
  for (const Scrape& one : snapshot.scrapes) out.seconds(one.took_ms, {{"product", one.product}});
  out.family("last_update_timestamp_seconds", Type::gauge,
             "Time of the last poll of the products.");
  out.seconds(snapshot.at_ms);
}

void write_all(PrometheusText& out, const Snapshot& snapshot) {
  write_scrapes(out, snapshot);
  if (snapshot.thehive) {
    write_thehive(out, snapshot.thehive->counts);
    write_events(out, snapshot.thehive->events);
  }
  if (snapshot.cortex) write_cortex(out, *snapshot.cortex);
  if (snapshot.opencti) write_opencti(out, *snapshot.opencti);
  if (snapshot.opensearch) write_opensearch(out, *snapshot.opensearch);
  if (snapshot.wazuh) write_agents(out, snapshot.wazuh->agents);
  write_loads(out, loads_of(snapshot));
  if (snapshot.queue) queue::write_queue_metrics(out, *snapshot.queue, snapshot.at_ms);
}

// A snapshot with at least one sample of each family.
Snapshot everything() {
  const Counts one = {{kCustom, 1}};
  Snapshot out;
  out.scrapes.push_back({"thehive", {}, 1});
  TheHiveNumbers thehive;
  thehive.counts = TheHiveCounts{one, one, one, one, one, one, one, one, one, one, 1, 1};
  thehive.events.new_alerts.add("low");
  thehive.events.new_alerts_by_group.add("sshd");
  out.thehive = thehive;
  out.cortex = CortexNumbers{one, {{"VirusTotal", 1, 1}}, {{{"VirusTotal", "Success", 1}}, {}}};
  opencti::Connector connector;
  connector.last_run_ms = 1;
  OpenCtiCounts opencti;
  opencti.indicators = 1;
  opencti.connectors.connectors.push_back(connector);
  out.opencti = opencti;
  out.opensearch = OpenSearchCounts{{1, 1, one, one, {}}, {}, 1, 1, 1};
  out.wazuh = WazuhCounts{{}, wazuh::EngineLoad{1, 1, 1, 1, {{"alerts", 1}}}};
  queue::StateStats state;
  state.oldest_ms = 1;
  state.kinds["new"] = 1;
  queue::DestinationStats destination;
  destination.name = "other";
  destination.view.delivered_ms = 1;
  queue::DestinationTotals totals;
  totals.name = destination.name;
  totals.counts = spool::CountTotals{};
  out.queue = queue::QueueStats{{state}, spool::CountTotals{}, {totals}, {destination}};
  return out;
}

}  // namespace

std::string write_metrics(const Snapshot& snapshot, PrometheusText::Style style) {
  PrometheusText out("", style);
  write_all(out, snapshot);
  out.finish();
  return out.text();
}

std::vector<PrometheusText::Family> all_families() {
  PrometheusText out("");
  write_all(out, everything());
  return out.families();
}

}  // namespace socbridge::metrics
