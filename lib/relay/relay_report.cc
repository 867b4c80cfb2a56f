// SPDX-License-Identifier: Apache-2.0
// Reports of the supervisor: counts, status, metrics, the exit code.
#include <set>
#include <utility>

#include "base/durable_file.h"
#include "relay/relay.h"

namespace socbridge::relay {
namespace {

constexpr std::int64_t kSummaryMs = 600000;
constexpr std::int64_t kHeldLongMs = 60000;

std::string alerts(std::uint64_t count) {
  return std::to_string(count) + (count == 1 ? " alert" : " alerts");
}

}  // namespace

RelayCounts Relay::counts() const {
  const RelayCounters& counters = state_.counters;
  return {counters.delivered, counters.filtered, counters.postponed, counters.dead,
          counters.corrupt};
}

std::set<BlockedDestination> Relay::blocked() const {
  std::set<BlockedDestination> all;
  for (const auto& worker : workers_.all) {
    for (BlockedDestination& one : worker->status().blocked()) all.insert(std::move(one));
  }
  return all;
}

RelayView Relay::view() const {
  RelayView view;
  view.counts = counts();
  view.times = state_.counters.times.counts();
  view.waiting = waiting();
  view.started_ms = started_ms_;
  for (const auto& worker : workers_.all) view.in_flight += worker->status().in_flight;
  std::set<std::string> refused, silent;
  for (const BlockedDestination& one : blocked()) {
    if (one.reason == BlockedDestination::Reason::key_refused) refused.insert(one.url);
    if (one.reason == BlockedDestination::Reason::breaker_open) silent.insert(one.url);
  }
  view.held = state_.ready.held_for(kHeldLongMs).size();
  view.spool_errors = context_.spool.failures().count();
  view.key_refused = refused.size();
  view.not_answering = silent.size();
  return view;
}

std::string Relay::metrics() const {
  return started_ ? relay_prometheus(view(), wall_now_ms()) : std::string();
}

std::string Relay::status_line() const {
  const RelayView now = view();
  std::string text = std::to_string(now.in_flight) + " in flight, " + std::to_string(now.waiting) +
                     " waiting, " + std::to_string(now.counts.delivered) + " delivered";
  for (const BlockedDestination& one : blocked()) text += "; " + one.url + ": " + one.message;
  return text;
}

void Relay::log_started() {
  context_.log.say(Level::info, "started: " + alerts(waiting()) + " waiting in " +
                                    context_.spool.dir() + "/queue, up to " +
                                    std::to_string(options_.in_flight) + " in flight");
  next_.summary_ms = steady_now_ms() + kSummaryMs;
}

void Relay::log_stopped() {
  context_.log.say(Level::info, "stopped: " + std::to_string(state_.counters.delivered) +
                                    " delivered, " + std::to_string(waiting()) + " waiting");
}

void Relay::log_summary(std::int64_t steady_ms) {
  if (steady_ms < next_.summary_ms) return;
  next_.summary_ms = steady_ms + kSummaryMs;
  const std::uint64_t delivered = state_.counters.delivered - summarised_;
  if (delivered > 0) {
    context_.log.say(Level::info, alerts(delivered) + " delivered in 10 minutes, " +
                                      std::to_string(waiting()) + " waiting");
  }
  summarised_ += delivered;
}

void Relay::write_metrics(std::int64_t steady_ms) {
  if (options_.metrics_file.empty()) return;
  next_.metrics_ms = steady_ms + options_.metrics_every_ms;
  std::string text = relay_prometheus(view(), wall_now_ms());
  if (options_.more_metrics) text += options_.more_metrics();
  const Status written =
      replace_for_readers(context_.env, options_.metrics_file, text, Readers::all);
  if (!written.ok()) {
    context_.log.note(Level::warning, "metrics", "metrics are not written: " + written.line(),
                      steady_ms);
  }
}

ExitCode Relay::code_of_once() const {
  const RelayCounters& counters = state_.counters;
  const std::uint64_t left = counters.postponed + counters.dead + counters.corrupt +
                             counters.misconfigured + counters.unsaved + state_.ready.held() +
                             state_.ready.parked() + (state_.unread ? 1 : 0);
  if (left == 0) return ExitCode::ok;
  const RelayView now = view();
  if (now.key_refused > 0) return ExitCode::auth;
  if (now.not_answering > 0) return ExitCode::unreachable;
  if (counters.delivered > 0) return ExitCode::degraded;
  // The spool could not be used because of a local problem.
  if (counters.unsaved > 0 || state_.unread || lock_is_unavailable()) return ExitCode::failure;
  if (counters.unanswered > 0) return ExitCode::unreachable;
  return counters.misconfigured > 0 ? ExitCode::usage : ExitCode::degraded;
}

}  // namespace socbridge::relay
