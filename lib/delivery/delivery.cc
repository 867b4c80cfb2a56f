// SPDX-License-Identifier: Apache-2.0
#include "delivery/delivery.h"

#include <utility>

#include "grouping/grouped_alerts.h"

namespace socbridge::delivery {
namespace {

using Postponed = Outcome::Postponed;

constexpr std::int64_t kBusyMs = 1000;
// Longest that a mark can be ahead of its time: the longest request and the longest settle_ms.
constexpr std::int64_t kLongestMarkMs = 2 * 3600000;

std::optional<spool::Reason> reason_of(std::optional<StoredEntry>& entry) {
  return entry ? entry->spool.reason(entry->claim) : std::nullopt;
}

AlertRequests make_requests(const Channel& channel, const AlertInput& input,
                            const std::optional<spool::Reason>& before) {
  Known known;
  if (before) known.left_out = parse_parts(before->left_out);
  known.version = channel.versions.recall(wall_now_ms());
  known.filter = input.filter;
  known.shared = grouping::shared_alerts(channel.env, channel.state_dir, channel.settings);
  if (input.alert != nullptr) return {*input.alert, channel.settings, std::move(known)};
  return {input.raw, channel.settings, std::move(known)};
}

bool has_table(Env& env, const std::string& spool_dir) {
  constexpr mode_t kMode = 0600;
  const std::string file = spool_dir + "/in-flight";
  return env.stat(file).ok() && env.open_rw(file, kMode).ok();
}

}  // namespace

Delivery::Delivery(const Channel& channel, const AlertInput& input,
                   std::optional<StoredEntry> entry, CircuitBreaker::Permit permit)
    : channel_(channel),
      permit_(std::move(permit)),
      entry_(std::move(entry)),
      before_(reason_of(entry_)),
      requests_(make_requests(channel, input, before_)) {
  if (!requests_.finished()) {
    take_slot(input.ambiguous_before || (before_ && before_->ambiguous));
  }
}

void Delivery::take_slot(bool ambiguous_before) {
  const std::string& dir = channel_.spool_dir;
  const bool send_anyway = channel_.without_lock == WithoutLock::send;
  if (dir.empty() || (send_anyway && !has_table(channel_.env, dir))) {
    if (ambiguous_before) requests_.search_first();
    return;
  }
  const UnixMillis now = wall_now_ms();
  const thehive::Endpoint& endpoint = channel_.settings.endpoint;
  // The same reference at another server is another alert.
  const std::string key = endpoint.url + "\n" + endpoint.organisation + "\n" + requests_.key();
  auto in_flight = channel_.in_flight_table != nullptr
                       ? channel_.in_flight_table->take(key)
                       : spool::InFlight::take(channel_.env, dir, key);
  if (!in_flight.ok()) {
    lock_error_ = in_flight.status();
    requests_.give_up(Postponed::lock_unavailable,
                      "cannot make sure that no other process sends it: " + lock_error_.message(),
                      now + kBusyMs);
    return;
  }
  slot_ = spool::InFlight::slot_of(key);
  if (!in_flight->has_value()) {
    requests_.give_up(Postponed::in_flight, "a request for the same alert is in flight",
                      now + kBusyMs);
    return;
  }
  const UnixMillis unsettled = (*in_flight)->unsettled_until(now, kLongestMarkMs);
  if (unsettled > 0) {
    slot_.reset();
    requests_.give_up(Postponed::unsettled, "a request for the same alert had no known end",
                      unsettled);
    return;
  }
  if ((*in_flight)->must_ask() || ambiguous_before) requests_.search_first();
  in_flight_ = std::move(*in_flight);
}

http::Request Delivery::next(std::int64_t timeout_ms) {
  if (permit_.check_key) return channel_.breaker->key_request(timeout_ms);
  // A mark that cannot be written (full disk) stops nothing: it matters only if we are killed now.
  if (requests_.creates() && in_flight_) {
    const std::int64_t settle_ms = channel_.settings.retry.settle_ms;
    const std::int64_t pause_ms = settle_ms > 0 ? timeout_ms + settle_ms : 0;
    static_cast<void>(in_flight_->mark(wall_now_ms() + pause_ms));
  }
  return requests_.next(timeout_ms);
}

void Delivery::answered(http::Outcome outcome) {
  if (std::exchange(permit_.check_key, false)) {
    if (channel_.breaker->key_checked(outcome, wall_now_ms())) return;
    requests_.give_up(Postponed::key_refused, channel_.breaker->view().message);
    return;
  }
  const bool created = requests_.creates();
  const bool interrupted = outcome.ambiguous();
  requests_.answered(std::move(outcome));
  if (in_flight_ && created) note_create(interrupted);
  if (in_flight_ && requests_.found()) static_cast<void>(in_flight_->clear());
  if (const auto& info = requests_.server_version()) channel_.versions.store(*info, wall_now_ms());
  if (requests_.version_in_doubt()) channel_.versions.forget();
}

void Delivery::note_create(bool interrupted) {
  if (interrupted || requests_.ambiguous()) {
    static_cast<void>(in_flight_->mark(wall_now_ms() + channel_.settings.retry.settle_ms));
  } else {
    static_cast<void>(in_flight_->clear());
  }
}

Decision Delivery::decision(UnixMillis now_ms) const {
  History history;
  history.reason = before_;
  history.accepted_ms = entry_->accepted_ms;
  if (outcome().kind == Outcome::Kind::blocked && channel_.breaker != nullptr) {
    history.last_delivery_ms = channel_.breaker->view().delivered_ms;
  }
  return decide(outcome(), history, channel_.settings.retry, now_ms, random_chance());
}

Status Delivery::settle(const Decision& decision, UnixMillis now_ms) {
  spool::Spool& spool = entry_->spool;
  spool::Claim& claim = entry_->claim;
  switch (decision.disposition) {
    case Disposition::delivered:
      if (!requests_.settled()) return spool.reschedule(claim, now_ms + kBusyMs);
      return spool.remove(std::move(claim));
    case Disposition::filtered: return spool.remove(std::move(claim));
    case Disposition::dead:
      return spool.move(std::move(claim), spool::State::dead, decision.reason);
    case Disposition::corrupt:
      return spool.move(std::move(claim), spool::State::corrupt, decision.reason);
    case Disposition::retry: break;
  }
  if (!outcome().tried()) return spool.reschedule(claim, decision.due_ms);
  return spool.postpone(std::move(claim), decision.reason, decision.due_ms);
}

Report Delivery::finish(Breaker breaker) {
  Report report;
  report.outcome = outcome();
  const UnixMillis now = wall_now_ms();
  if (entry_) {
    report.id = entry_->claim.id();
    report.decision = decision(now);
    report.settled = settle(*report.decision, now);
  } else if (report.outcome.arrived()) {
    static_cast<void>(requests_.settled());
  }
  in_flight_
      .reset();  // only now: until the entry is settled no other process may take the reference
  if (channel_.breaker != nullptr && breaker == Breaker::report) {
    report.notice = channel_.breaker->report(report.outcome, wall_now_ms());
  }
  permit_.lock.reset();
  return report;
}

}  // namespace socbridge::delivery
