// SPDX-License-Identifier: Apache-2.0
// What the clerk says of the work: counts, status, metrics, the exit code.
#include <set>
#include <utility>

#include "base/durable_file.h"
#include "relay/relay.h"

namespace socbridge::relay {
namespace {

constexpr std::int64_t kMetricsMs = 10000;
constexpr std::int64_t kSummaryMs = 600000;
constexpr std::int64_t kHeldLongMs = 60000;

std::string alerts(std::uint64_t count) {
  return std::to_string(count) + (count == 1 ? " alert" : " alerts");
}

}  // namespace

RelayCounts Relay::counts() const {
  const RelayTally& tally = desk_.tally;
  return {tally.delivered, tally.filtered, tally.postponed, tally.dead, tally.corrupt};
}

std::set<Worker::Closed> Relay::closed() const {
  std::set<Worker::Closed> all;
  for (const auto& hand : hands_) {
    for (Worker::Closed& one : hand->closed()) all.insert(std::move(one));
  }
  return all;
}

RelayView Relay::view() const {
  RelayView view;
  view.counts = counts();
  view.times = desk_.tally.times.counts();
  view.waiting = waiting();
  view.started_ms = started_ms_;
  for (const auto& hand : hands_) view.in_flight += hand->in_flight();
  std::set<std::string> refused, silent;
  for (const Worker::Closed& one : closed()) {
    if (one.by == "auth") refused.insert(one.url);
    if (one.by == "open") silent.insert(one.url);
  }
  view.held = desk_.roster.held_for(kHeldLongMs).size();
  view.spool_errors = spool_.failures().count();
  view.key_refused = refused.size();
  view.not_answering = silent.size();
  return view;
}

std::string Relay::status_line() const {
  const RelayView now = view();
  std::string text = std::to_string(now.in_flight) + " in flight, " + std::to_string(now.waiting) +
                     " waiting, " + std::to_string(now.counts.delivered) + " delivered";
  for (const Worker::Closed& one : closed()) text += "; " + one.url + ": " + one.why;
  return text;
}

void Relay::say_started() {
  log_.say(Level::info, "started: " + alerts(waiting()) + " waiting in " + spool_.dir() +
                            "/queue, up to " + std::to_string(options_.in_flight) + " in flight");
  next_summary_ms_ = steady_now_ms() + kSummaryMs;
}

void Relay::say_stopped() {
  log_.say(Level::info, "stopped: " + std::to_string(desk_.tally.delivered) + " delivered, " +
                            std::to_string(waiting()) + " waiting");
}

void Relay::summarise(std::int64_t steady_ms) {
  if (steady_ms < next_summary_ms_) return;
  next_summary_ms_ = steady_ms + kSummaryMs;
  const std::uint64_t delivered = desk_.tally.delivered - told_;
  if (delivered > 0) {
    log_.say(Level::info, alerts(delivered) + " delivered in 10 minutes, " +
                              std::to_string(waiting()) + " waiting");
  }
  told_ += delivered;
}

void Relay::write_metrics(std::int64_t steady_ms) {
  if (options_.metrics_file.empty()) return;
  next_metrics_ms_ = steady_ms + kMetricsMs;
  const Status written = replace_for_readers(env_, options_.metrics_file,
                                             relay_prometheus(view(), wall_now_ms()), Readers::all);
  if (!written.ok()) {
    log_.note(Level::warning, "metrics", "metrics are not written: " + written.line(), steady_ms);
  }
}

ExitCode Relay::code_of_once() const {
  const RelayTally& tally = desk_.tally;
  const std::uint64_t left = tally.postponed + tally.dead + tally.corrupt + tally.misconfigured +
                             tally.unsaved + desk_.roster.held() + desk_.roster.parked() +
                             (desk_.unread ? 1 : 0);
  if (left == 0) return ExitCode::ok;
  const RelayView now = view();
  if (now.key_refused > 0) return ExitCode::auth;
  if (now.not_answering > 0) return ExitCode::unreachable;
  if (tally.delivered > 0) return ExitCode::degraded;
  // The spool could not be worked with, for a reason of this machine.
  if (tally.unsaved > 0 || desk_.unread || no_lock_can_be_had()) return ExitCode::failure;
  if (tally.unanswered > 0) return ExitCode::unreachable;
  return tally.misconfigured > 0 ? ExitCode::usage : ExitCode::degraded;
}

}  // namespace socbridge::relay
