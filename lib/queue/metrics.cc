// SPDX-License-Identifier: Apache-2.0
#include "queue/metrics.h"

namespace socbridge::queue {
namespace {

using Type = Exposition::Type;

void write_states(Exposition& out, const std::vector<StateStats>& states) {
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
  out.family("due", Type::gauge, "Alerts of queue/ that may be tried now.");
  for (const StateStats& one : states) {
    if (one.state == spool::State::queue) out.sample(one.due);
  }
  out.family("oldest_timestamp_seconds", Type::gauge,
             "When the oldest alert was accepted; left out where there is none.");
  for (const StateStats& one : states) {
    if (one.oldest_ms) out.seconds(*one.oldest_ms, {{"state", spool::state_name(one.state)}});
  }
  out.family("reasons", Type::gauge, "Alerts by how their last try ended; new: not tried yet.");
  for (const StateStats& one : states) {
    for (const auto& [kind, count] : one.kinds) {
      out.sample(count, {{"state", spool::state_name(one.state)}, {"kind", kind}});
    }
  }
}

void write_destinations(Exposition& out, const std::vector<DestinationStats>& destinations) {
  out.family("destination_state", Type::gauge,
             "1 for the present state, 0 for the others; open and auth: no requests.");
  for (const DestinationStats& one : destinations) {
    for (const char* state : {"unknown", "closed", "failing", "open", "auth"}) {
      out.sample(one.view.state == state ? 1 : 0,
                 {{"url", one.url}, {"organisation", one.organisation}, {"state", state}});
    }
  }
  out.family("destination_delivered_timestamp_seconds", Type::gauge,
             "When an alert last arrived there, to the minute; left out where that is not known.");
  for (const DestinationStats& one : destinations) {
    if (one.view.delivered_ms > 0) {
      out.seconds(one.view.delivered_ms, {{"url", one.url}, {"organisation", one.organisation}});
    }
  }
}

}  // namespace

void write_queue_metrics(Exposition& out, const QueueStats& stats, UnixMillis now_ms) {
  out.prefix("socbridge_queue_");
  write_states(out, stats.states);
  write_destinations(out, stats.destinations);
  out.family("last_update_timestamp_seconds", Type::gauge, "When the spool was read.");
  out.seconds(now_ms);
}

std::string queue_prometheus(const QueueStats& stats, UnixMillis now_ms) {
  Exposition out("");
  write_queue_metrics(out, stats, now_ms);
  return out.text();
}

}  // namespace socbridge::queue
