// SPDX-License-Identifier: Apache-2.0
#include "metrics/write_metrics.h"

#include "queue/metrics.h"

namespace socbridge::metrics {
namespace {

using Type = Exposition::Type;

void write_counts(Exposition& out, const char* name, const char* help, const char* label,
                  const Counts& counts) {
  if (counts.empty()) return;
  out.family(name, Type::gauge, help);
  for (const auto& [value, count] : counts) out.sample(count, {{label, value}});
}

void write_thehive(Exposition& out, const TheHiveCounts& counts) {
  out.prefix("socbridge_thehive_");
  write_counts(out, "alerts_by_severity", "Alerts in TheHive, by severity.", "severity",
               counts.alerts_by_severity);
  write_counts(out, "alerts_by_status",
               "Alerts in TheHive, by status; custom: statuses of the organisation's own. TheHive "
               "5 only.",
               "status", counts.alerts_by_status);
  write_counts(out, "cases_by_severity", "Cases in TheHive, by severity.", "severity",
               counts.cases_by_severity);
  write_counts(out, "cases_by_status",
               "Cases in TheHive, by status; custom: statuses of the organisation's own.", "status",
               counts.cases_by_status);
  write_counts(out, "cases_by_resolution",
               "Closed cases in TheHive, by the status that they were closed with. TheHive 5 only.",
               "resolution", counts.cases_by_resolution);
  write_counts(out, "observables_by_type",
               "Observables in TheHive, by data type; custom: types that were added.", "type",
               counts.observables_by_type);
}

void write_scrapes(Exposition& out, const Snapshot& snapshot) {
  out.prefix("socbridge_scrape_");
  out.family("success", Type::gauge, "1 if the product answered, 0 if it did not.");
  for (const Scrape& one : snapshot.scrapes) {
    out.sample(one.status.ok() ? 1 : 0, {{"product", one.product}});
  }
  out.family("duration_seconds", Type::gauge, "How long the product was asked.");
  for (const Scrape& one : snapshot.scrapes) out.seconds(one.took_ms, {{"product", one.product}});
  out.family("last_update_timestamp_seconds", Type::gauge, "When the products were last asked.");
  out.seconds(snapshot.at_ms);
}

void write_all(Exposition& out, const Snapshot& snapshot) {
  write_scrapes(out, snapshot);
  if (snapshot.thehive) write_thehive(out, *snapshot.thehive);
  if (snapshot.cortex_jobs) {
    out.prefix("socbridge_cortex_");
    write_counts(out, "jobs", "Jobs in Cortex, by status.", "status", *snapshot.cortex_jobs);
  }
  if (snapshot.queue) queue::write_queue_metrics(out, *snapshot.queue, snapshot.at_ms);
}

// With one sample at least of each family.
Snapshot everything() {
  const Counts one = {{kCustom, 1}};
  Snapshot out;
  out.scrapes.push_back({"thehive", {}, 1});
  out.thehive = TheHiveCounts{one, one, one, one, one, one};
  out.cortex_jobs = one;
  queue::StateStats state;
  state.oldest_ms = 1;
  state.kinds["new"] = 1;
  queue::DestinationStats destination;
  destination.view.delivered_ms = 1;
  out.queue = queue::QueueStats{{state}, {destination}};
  return out;
}

}  // namespace

std::string write_metrics(const Snapshot& snapshot, Exposition::Style style) {
  Exposition out("", style);
  write_all(out, snapshot);
  out.finish();
  return out.text();
}

std::vector<Exposition::Family> all_families() {
  Exposition out("");
  write_all(out, everything());
  return out.families();
}

}  // namespace socbridge::metrics
