// SPDX-License-Identifier: Apache-2.0
#include "queue/metrics.h"

#include "mapping/mapping.h"

namespace socbridge::queue {
namespace {

using Type = PrometheusText::Type;

void write_states(PrometheusText& out, const std::vector<StateStats>& states) {
  const auto of_each = [&](const char* name, const char* help,
                           std::uint64_t StateStats::*const number) {
    out.family(name, Type::gauge, help);
    for (const StateStats& one : states) {
      out.sample(one.*number, {{"state", spool::state_name(one.state)}});
    }
  };
  of_each("entries", "Alerts in the spool.", &StateStats::count);
  of_each("bytes", "Size of their files.", &StateStats::bytes);
  of_each("in_flight", "Alerts that a process has claimed.", &StateStats::in_flight);
  out.family("due", Type::gauge, "Alerts of queue/ that are due.");
  for (const StateStats& one : states) {
    if (one.state == spool::State::queue) out.sample(one.due);
  }
  out.family("oldest_timestamp_seconds", Type::gauge,
             "When the oldest alert was accepted; absent if there is none.");
  for (const StateStats& one : states) {
    if (one.oldest_ms) out.seconds(*one.oldest_ms, {{"state", spool::state_name(one.state)}});
  }
  out.family("reasons", Type::gauge,
             "Alerts by result of their last attempt; new: no attempt yet.");
  for (const StateStats& one : states) {
    for (const auto& [kind, count] : one.kinds) {
      out.sample(count, {{"state", spool::state_name(one.state)}, {"kind", kind}});
    }
  }
}

void write_totals(PrometheusText& out, const std::vector<DestinationTotals>& totals) {
  if (totals.empty()) return;
  out.family("destination_entries", Type::gauge, "Alerts in the spool by destination.");
  for (const DestinationTotals& one : totals) {
    for (std::size_t i = 0; i < one.entries.size(); ++i) {
      out.sample(one.entries.at(i), {{"destination", mapping::shown_destination(one.name)},
                                     {"state", spool::state_name(static_cast<spool::State>(i))}});
    }
  }
}

// The series of all destinations add up to the totals.
void write_counts(PrometheusText& out, const QueueStats& stats) {
  const auto write = [&](const spool::CountTotals& counts, const std::string& destination) {
    for (std::size_t i = 0; i < counts.size(); ++i) {
      const char* result = spool::counted_name(static_cast<spool::Counted>(i));
      if (destination.empty()) {
        out.sample(counts.at(i), {{"result", result}});
      } else {
        out.sample(counts.at(i), {{"destination", destination}, {"result", result}});
      }
    }
  };
  if (stats.totals.empty()) write(*stats.counts, {});
  for (const DestinationTotals& one : stats.totals) {
    if (one.counts) write(*one.counts, mapping::shown_destination(one.name));
  }
}

void write_destinations(PrometheusText& out, const std::vector<DestinationStats>& destinations) {
  out.family("destination_state", Type::gauge,
             "1 for the current state, 0 for the others; open and auth: no requests.");
  for (const DestinationStats& one : destinations) {
    for (const char* state : {"unknown", "closed", "failing", "open", "auth"}) {
      const std::uint64_t value = one.view.state == state ? 1 : 0;
      if (one.name.empty()) {
        out.sample(value, {{"url", one.url}, {"organisation", one.organisation}, {"state", state}});
      } else {
        out.sample(value, {{"url", one.url},
                           {"organisation", one.organisation},
                           {"destination", one.name},
                           {"state", state}});
      }
    }
  }
  out.family("destination_delivered_timestamp_seconds", Type::gauge,
             "When an alert last arrived there, to the minute; absent if unknown.");
  for (const DestinationStats& one : destinations) {
    if (one.view.delivered_ms <= 0) continue;
    if (one.name.empty()) {
      out.seconds(one.view.delivered_ms, {{"url", one.url}, {"organisation", one.organisation}});
    } else {
      out.seconds(
          one.view.delivered_ms,
          {{"url", one.url}, {"organisation", one.organisation}, {"destination", one.name}});
    }
  }
}

}  // namespace

void write_queue_metrics(PrometheusText& out, const QueueStats& stats, UnixMillis now_ms) {
  if (stats.counts) {
    out.prefix("socbridge_delivery_");
    out.family(
        "alerts_total", Type::counter,
        "Results of alerts, by all programs that use this spool; postponed: a failed attempt, so "
        "one alert may count several times; promoted: put into a case at once, in addition to "
        "the result of the alert.");
    write_counts(out, stats);
  }
  out.prefix("socbridge_queue_");
  write_states(out, stats.states);
  write_totals(out, stats.totals);
  write_destinations(out, stats.destinations);
  out.family("last_update_timestamp_seconds", Type::gauge, "When the spool was read.");
  out.seconds(now_ms);
}

std::string queue_prometheus(const QueueStats& stats, UnixMillis now_ms) {
  PrometheusText out("");
  write_queue_metrics(out, stats, now_ms);
  return out.text();
}

}  // namespace socbridge::queue
