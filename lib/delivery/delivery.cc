// SPDX-License-Identifier: Apache-2.0
#include "delivery/delivery.h"

#include <algorithm>
#include <utility>

#include "grouping/grouped_alerts.h"

namespace socbridge::delivery {
namespace {

using Postponed = Outcome::Postponed;

constexpr std::int64_t kBusyMs = 1000;
// Time until TheHive's search finds a new case.
constexpr std::int64_t kIndexMs = 2000;
// Most that a mark can be ahead: the longest request and the longest settle_ms.
constexpr std::int64_t kLongestMarkMs = 2 * 3600000;

// References and case keys are unique per server and organisation.
std::string in_flight_key(const thehive::Endpoint& endpoint, const std::string& name) {
  return endpoint.url + "\n" + endpoint.organisation + "\n" + name;
}

std::optional<spool::Reason> reason_of(std::optional<StoredEntry>& entry) {
  return entry ? entry->spool.reason(entry->claim) : std::nullopt;
}

AlertRequests make_requests(const Channel& channel, const AlertInput& input,
                            const std::optional<spool::Reason>& before) {
  Known known;
  if (before) known.left_out = parse_parts(before->left_out);
  known.version = channel.versions.recall(wall_now_ms());
  known.filter = input.filter;
  known.shared = grouping::grouped_alerts(channel.env, channel.state_dir, channel.settings);
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
  if (entry_ && entry_->claim.sent()) tried_ms_ = entry_->claim.changed_ms();
  if (!requests_.finished()) {
    take_slot(input.ambiguous_before || (before_ && before_->ambiguous));
  }
}

void Delivery::take_slot(bool ambiguous_before) {
  const std::string& dir = channel_.spool_dir;
  const bool send_anyway = channel_.without_lock == WithoutLock::send;
  if (dir.empty() || (send_anyway && !has_table(channel_.env, dir))) {
    open_try_ = ambiguous_before;  // or sent before, which only stored entries record
    if (ambiguous_before) requests_.search_first();
    return;
  }
  const UnixMillis now = wall_now_ms();
  const std::string key = in_flight_key(channel_.settings.endpoint, requests_.key());
  auto in_flight = channel_.in_flight_table != nullptr
                       ? channel_.in_flight_table->take(key)
                       : spool::InFlight::take(channel_.env, dir, key);
  if (!in_flight.ok()) {
    lock_error_ = in_flight.status();
    requests_.give_up(Postponed::lock_unavailable,
                      "cannot ensure that no other process sends it: " + lock_error_.message(),
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
    requests_.give_up(Postponed::unsettled, "a request for the same alert had no known result",
                      unsettled);
    return;
  }
  const bool search = (*in_flight)->must_ask() || ambiguous_before;
  known_ = (*in_flight)->arrived();
  // The alert that another entry created is counted by that entry: an entry without a request
  // created nothing.
  const bool sent = entry_ && entry_->claim.sent();
  open_try_ = (sent || (search && (!entry_ || before_))) && !known_;
  if (search) requests_.search_first();
  in_flight_ = std::move(*in_flight);
}

http::Request Delivery::next(std::int64_t timeout_ms) {
  if (permit_.check_key) return channel_.breaker->key_request(timeout_ms);
  if (requests_.creates() && entry_ && !known_) {
    static_cast<void>(entry_->spool.mark_sent(entry_->claim));
  }
  // A mark that cannot be written (full disk) is ignored: it only matters if this process is killed
  // now.
  if (requests_.creates() && in_flight_) {
    const std::int64_t settle_ms = channel_.settings.retry.settle_ms;
    const std::int64_t pause_ms = settle_ms > 0 ? timeout_ms + settle_ms : 0;
    static_cast<void>(in_flight_->mark(wall_now_ms() + pause_ms));
    if (case_lock_) static_cast<void>(case_lock_->mark(wall_now_ms() + pause_ms));
  }
  return requests_.next(timeout_ms);
}

void Delivery::answered(http::Outcome outcome) {
  if (std::exchange(permit_.check_key, false)) {
    if (channel_.breaker->key_checked(outcome, wall_now_ms())) return;
    requests_.give_up(Postponed::key_refused, channel_.breaker->view().message);
    return;
  }
  const bool created = requests_.creates(), found_before = requests_.found();
  const bool interrupted = outcome.ambiguous();
  requests_.answered(std::move(outcome));
  const bool open = created && (interrupted || requests_.ambiguous());
  if (in_flight_ && created) note_create(open);
  // Not after the key check that follows an unknown result: it does not resolve it.
  if (in_flight_ && requests_.found() && (created ? !open : !found_before)) {
    static_cast<void>(open_try_ ? in_flight_->created() : in_flight_->clear());
  }
  if (case_lock_ && created) note_case(open);
  if (!requests_.case_key().empty()) take_case_lock();
  if (const auto& info = requests_.server_version()) channel_.versions.store(*info, wall_now_ms());
  if (requests_.version_in_doubt()) channel_.versions.forget();
}

void Delivery::note_create(bool open) {
  if (open) {
    static_cast<void>(in_flight_->mark(wall_now_ms() + channel_.settings.retry.settle_ms));
  } else if (requests_.created()) {
    static_cast<void>(in_flight_->created());  // until it is counted
  } else {
    static_cast<void>(in_flight_->clear());
    if (entry_ && !open_try_) static_cast<void>(entry_->spool.clear_sent(entry_->claim));
  }
}

// Alerts of one case key are promoted one after the other, so that they share one case. Without a
// spool other processes are not considered.
void Delivery::take_case_lock() {
  if (case_lock_ || channel_.state_dir.empty()) return;
  const UnixMillis now = wall_now_ms();
  auto lock =
      spool::InFlight::take(channel_.env, channel_.state_dir,
                            in_flight_key(channel_.settings.endpoint, requests_.case_key()));
  if (!lock.ok()) {
    requests_.give_up(Postponed::case_busy,
                      "cannot ensure that no other process creates it: " + lock.status().message(),
                      now + kBusyMs);
    return;
  }
  const UnixMillis until =
      lock->has_value() ? (*lock)->unsettled_until(now, kLongestMarkMs) : now + kBusyMs;
  if (until > 0) {
    requests_.give_up(Postponed::case_busy, "another alert for the same case is being promoted",
                      until);
    return;
  }
  case_lock_ = std::move(*lock);
}

void Delivery::note_case(bool open) {
  const UnixMillis now = wall_now_ms();
  if (open) {
    static_cast<void>(case_lock_->mark(now + channel_.settings.retry.settle_ms));
  } else if (outcome().promotion == Outcome::Promotion::promoted) {
    static_cast<void>(case_lock_->mark(now + kIndexMs));
  } else {
    static_cast<void>(case_lock_->clear());
  }
}

// Whether the request without a known result created it, rather than another delivery before this
// entry was accepted or after the server had finished that request.
bool Delivery::created_before() const {
  constexpr std::int64_t kClocksMs = 5000;  // largest assumed difference between the two clocks
  if (!open_try_) return false;
  const UnixMillis at = requests_.found_created_ms();
  if (at == 0) return true;
  const integration::Settings& settings = channel_.settings;
  // The last request counts, which may be later than the one in the reason.
  const bool noted = tried_ms_ == 0 && before_ && before_->ambiguous;
  const UnixMillis tried = noted ? before_->at_ms : tried_ms_;
  const UnixMillis done = tried + settings.budget_ms + settings.retry.settle_ms;
  return at >= entry_->accepted_ms - kClocksMs && (tried == 0 || at <= done + kClocksMs);
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

// An alert created by a request without a known result counts as created when it is found.
std::optional<spool::Counted> Delivery::count_as(const Decision& decision) const {
  using spool::Counted;
  switch (decision.disposition) {
    case Disposition::delivered:
      return outcome().kind == Outcome::Kind::created || created_before() ? Counted::created
                                                                          : Counted::duplicate;
    case Disposition::filtered: return Counted::filtered;
    case Disposition::dead:
      return decision.reason.kind == "expired" ? Counted::dead : Counted::refused;
    case Disposition::corrupt: return Counted::corrupt;
    case Disposition::retry: break;
  }
  return outcome().tried() ? std::optional(Counted::postponed) : std::nullopt;
}

// Setting the due time overwrites the entry's time, which records the request without a known
// result; the reason keeps it.
Status Delivery::reschedule(UnixMillis due_ms) {
  if (tried_ms_ == 0) return entry_->spool.reschedule(entry_->claim, due_ms);
  spool::Reason reason = before_.value_or(spool::Reason{});
  reason.at_ms = tried_ms_;
  reason.ambiguous = true;
  reason.attempts = std::max(reason.attempts, 1);
  if (reason.first_failure_ms == 0) reason.first_failure_ms = tried_ms_;
  reason.kind = "retry";
  reason.message = "a request was sent and its process ended before the answer";
  return entry_->spool.postpone(std::move(entry_->claim), reason, due_ms);
}

Status Delivery::settle(const Decision& decision, UnixMillis now_ms) {
  spool::Spool& spool = entry_->spool;
  spool::Claim& claim = entry_->claim;
  const auto counted = count_as(decision);
  known_ = known_ || counted == spool::Counted::created;
  switch (decision.disposition) {
    case Disposition::delivered:
      if (!requests_.settled()) {
        stays_ = true;
        return spool.reschedule(claim, now_ms + kBusyMs);
      }
      // The reason, which records that request, is removed before the entry.
      if (open_try_ && before_ && !claim.sent()) {
        static_cast<void>(spool.mark_sent(claim));
      }
      return spool.remove(std::move(claim), counted);
    case Disposition::filtered: return spool.remove(std::move(claim), counted);
    case Disposition::dead:
      return spool.move(std::move(claim), spool::State::dead, decision.reason, counted);
    case Disposition::corrupt:
      return spool.move(std::move(claim), spool::State::corrupt, decision.reason, counted);
    case Disposition::retry: break;
  }
  const bool promotes = outcome().promotion == Outcome::Promotion::open;
  if (!outcome().tried() && !promotes) return reschedule(decision.due_ms);
  return spool.postpone(std::move(claim), decision.reason, decision.due_ms, counted);
}

Report Delivery::finish(Breaker breaker) {
  Report report;
  report.outcome = outcome();
  const UnixMillis now = wall_now_ms();
  bool settled = false;
  if (entry_) {
    if (report.outcome.promoted()) {
      entry_->spool.counts(channel_.settings.destination).add(spool::Counted::promoted);
    }
    report.id = entry_->claim.id();
    report.decision = decision(now);
    report.settled = settle(*report.decision, now);
    settled = report.outcome.arrived() && report.settled.ok() && !stays_;
  } else if (report.outcome.arrived()) {
    settled = requests_.settled();
    known_ = known_ || report.outcome.kind == Outcome::Kind::created;
  }
  // A duplicate does not show whether the delivery that created the alert was counted.
  if (in_flight_ && settled) {
    static_cast<void>(known_ ? in_flight_->settle() : in_flight_->clear());
  }
  case_lock_.reset();
  in_flight_
      .reset();  // only now: until the entry is settled no other process may take the reference
  if (channel_.breaker != nullptr && breaker == Breaker::report) {
    report.notice = channel_.breaker->report(report.outcome, wall_now_ms());
  }
  permit_.lock.reset();
  return report;
}

}  // namespace socbridge::delivery
