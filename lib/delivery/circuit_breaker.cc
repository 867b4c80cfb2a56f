// SPDX-License-Identifier: Apache-2.0
#include "delivery/circuit_breaker.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "base/text.h"
#include "delivery/retry.h"
#include "http/hide_key.h"
#include "thehive/requests.h"

namespace socbridge::delivery {
namespace {

using Postponed = Outcome::Postponed;

// Servers ban after five refused keys, and each refusal is followed by a check.
constexpr int kFirstRequests = 2;
constexpr int kLongestOpen = 10;  // times open_ms
constexpr std::int64_t kSlackMs = 60000;
constexpr int kMostFailures = 1000;
// Failures of single alerts in a row, per one of breaker.failures, that count as a failure of the
// server.
constexpr int kAlertFailures = 10;

std::string seconds(std::int64_t ms) {
  constexpr std::int64_t kSecond = 1000;
  return ms < kSecond ? std::to_string(ms) + " ms" : std::to_string(ms / kSecond) + " s";
}

}  // namespace

CircuitBreaker::CircuitBreaker(Env& env, std::string spool_dir,
                               const integration::Settings& settings, std::int64_t trust_ms)
    : env_(&env),
      spool_dir_(spool_dir),
      file_(env, std::move(spool_dir), settings.endpoint),
      retry_(settings.retry),
      policy_(settings.breaker),
      trust_ms_(trust_ms) {}

std::string CircuitBreaker::server() const {
  return "TheHive at " + printable(file_.endpoint().url);
}

bool CircuitBreaker::is_closed(const std::optional<BreakerState>& state) {
  const bool closed = state && state->state == "closed" && file_.is_own_key(*state);
  trusted_until_ms_ = closed && trust_ms_ > 0 ? steady_now_ms() + trust_ms_ : 0;
  return closed;
}

bool CircuitBreaker::was_closed_lately() const {
  return trusted_until_ms_ > 0 && steady_now_ms() < trusted_until_ms_;
}

void CircuitBreaker::write(const BreakerState& state) {
  trusted_until_ms_ = 0;
  file_.write(state);
}

// A time further ahead than any pause was written with a wrong clock.
bool CircuitBreaker::still_ahead(UnixMillis until_ms, UnixMillis now_ms) const {
  const std::int64_t longest =
      std::max({retry_.max_ms, policy_.auth_probe_ms * 2, policy_.open_ms * kLongestOpen * 2}) +
      kSlackMs;
  return until_ms > now_ms && until_ms - now_ms <= longest;
}

CircuitBreaker::Permit CircuitBreaker::take_lock(const char* kind, int count,
                                                 Permit::Result otherwise) {
  Permit permit;
  for (int i = 0; i < count; ++i) {
    auto lock = spool::NamedLock::take(*env_, spool_dir_,
                                       std::string(kind) + std::to_string(i) + "\n" + file_.name());
    if (!lock.ok()) {
      permit.result = Permit::Result::refused;
      permit.why = Postponed::lock_unavailable;
      permit.message = "cannot ensure that no other process tests it: " + lock.status().message();
      return permit;
    }
    if (lock->has_value()) {
      permit.lock = std::move(**lock);
      return permit;
    }
  }
  permit.result = otherwise;
  permit.probing = true;
  permit.message = "other processes are testing whether TheHive accepts the key";
  return permit;
}

CircuitBreaker::Permit CircuitBreaker::try_acquire(UnixMillis now_ms) {
  if (was_closed_lately()) return {};
  const auto state = file_.read();
  if (is_closed(state)) return {};
  const bool own_key = state && file_.is_own_key(*state);
  const bool blocked = state && (state->state == "open" || (state->state == "auth" && own_key));
  if (blocked) return test(*state, now_ms);
  if (own_key) return {};
  // After a refusal a changed key gets one request; a new destination gets some.
  return take_lock("unproven", state && state->state == "auth" ? 1 : kFirstRequests,
                   Permit::Result::wait);
}

// The permit for the one request that tests a blocked destination after its pause.
CircuitBreaker::Permit CircuitBreaker::test(const BreakerState& blocked, UnixMillis now_ms) {
  const bool auth = blocked.state == "auth";
  Permit refused;
  refused.result = Permit::Result::refused;
  refused.why = auth ? Postponed::key_refused : Postponed::breaker_open;
  refused.until_ms = blocked.until_ms;
  refused.message = blocked.message;
  if (still_ahead(blocked.until_ms, now_ms)) return refused;
  Permit permit = take_lock("probe", 1, Permit::Result::refused);
  if (permit.why == Postponed::lock_unavailable) return permit;
  refused.until_ms = now_ms + policy_.open_ms;  // the testing process will have a result by then
  refused.probing = permit.probing;
  if (!permit.granted()) return refused;
  // Read again under the lock: the previous test may just have ended.
  const auto again = file_.read();
  if (!again || again->state != blocked.state || again->until_ms != blocked.until_ms) {
    permit.lock.reset();
    const bool still_blocked = again && (again->state == "open" || again->state == "auth");
    if (!still_blocked) return try_acquire(now_ms);
    refused.until_ms = again->until_ms;
    refused.message = again->message;
    return refused;
  }
  permit.check_key = auth;
  return permit;
}

CircuitBreaker::Permit CircuitBreaker::acquire(const Deadline& deadline) {
  constexpr std::int64_t kPauseMs = 5;
  while (true) {
    Permit permit = try_acquire(wall_now_ms());
    if (permit.result != Permit::Result::wait || deadline.left_ms() <= kPauseMs) return permit;
    sleep_ms(kPauseMs);
  }
}

// For people who want to know when it last worked; once a minute is enough.
void CircuitBreaker::note_delivery(UnixMillis now_ms) {
  constexpr std::int64_t kMinuteMs = 60000;
  const std::int64_t steady = steady_now_ms();
  if (steady < noted_until_ms_) return;
  noted_until_ms_ = steady + kMinuteMs;
  const std::int64_t age = now_ms - file_.delivered_ms();
  if (age < 0 || age >= kMinuteMs) file_.set_delivered_ms(now_ms);
}

http::Request CircuitBreaker::key_request(std::int64_t timeout_ms) const {
  return thehive::key_request(file_.endpoint(), timeout_ms);
}

bool CircuitBreaker::key_checked(const http::Outcome& outcome, UnixMillis now_ms) {
  http::Outcome answer = outcome;
  http::hide_key(answer, file_.endpoint().key);
  const Status key = thehive::read_key(answer, file_.endpoint().organisation);
  if (key.ok()) return true;
  auto state = file_.read();
  if (!state) return false;
  state->until_ms = now_ms + policy_.auth_probe_ms;
  if (key.code() == ExitCode::auth) state->message = key.message();
  write(*state);
  return false;
}

std::optional<CircuitBreaker::Notice> CircuitBreaker::report(const Outcome& outcome,
                                                             UnixMillis now_ms) {
  if (!outcome.tried()) return {};
  if (outcome.arrived()) note_delivery(now_ms);
  switch (outcome.kind) {
    case Outcome::Kind::key_refused: return key_refused(outcome.message, now_ms);
    case Outcome::Kind::failed:
    case Outcome::Kind::wrong_url: return failed(outcome.message, outcome.retry_after_ms, now_ms);
    case Outcome::Kind::alert_failed:
      if (outcome.from_thehive) return alert_failed(outcome.message, now_ms);
      return succeeded(now_ms);
    default: return succeeded(now_ms);
  }
}

std::optional<CircuitBreaker::Notice> CircuitBreaker::key_accepted(UnixMillis now_ms) {
  const auto state = file_.read();
  if (!state || state->state != "auth" || !file_.is_own_key(*state)) return {};
  return succeeded(now_ms);
}

std::optional<CircuitBreaker::Notice> CircuitBreaker::succeeded(UnixMillis now_ms) {
  if (was_closed_lately()) return {};
  const auto before = file_.read();
  if (is_closed(before) && before->alert_failures == 0) return {};
  BreakerState closed = file_.fresh(before);
  closed.state = "closed";
  closed.since_ms = now_ms;
  write(closed);
  return closed_again(before);
}

std::optional<CircuitBreaker::Notice> CircuitBreaker::closed_again(
    const std::optional<BreakerState>& before) const {
  if (before && before->state == "open") {
    return Notice{Notice::Level::info, "circuit breaker closed for " + server() + ": it answers"};
  }
  if (before && before->state == "auth") {
    return Notice{Notice::Level::info, server() + " accepts the key again"};
  }
  return {};
}

std::optional<CircuitBreaker::Notice> CircuitBreaker::key_refused(const std::string& message,
                                                                  UnixMillis now_ms) {
  const auto lock = count_lock();
  const auto before = file_.read();
  const bool again = before && file_.is_own_key(*before) && before->state == "auth";
  BreakerState refused = file_.fresh(before);
  refused.state = "auth";
  refused.failures = again ? std::min(before->failures + 1, kMostFailures) : 1;
  refused.since_ms = again ? before->since_ms : now_ms;
  refused.until_ms = now_ms + policy_.auth_probe_ms;
  refused.message = message;
  write(refused);
  if (again) return {};
  return Notice{Notice::Level::error,
                server() + " refuses the key: " + message +
                    "; no requests until the key is accepted, alerts stay queued; the key is "
                    "checked every " +
                    seconds(policy_.auth_probe_ms)};
}

// Ensures that each failure is counted once and reported once; waits only briefly.
std::optional<spool::NamedLock> CircuitBreaker::count_lock() {
  constexpr int kTries = 20;
  for (int i = 0; i < kTries; ++i) {
    auto lock = spool::NamedLock::take(*env_, spool_dir_, "count\n" + file_.name());
    if (!lock.ok()) return {};
    if (lock->has_value()) return std::move(**lock);
    sleep_ms(1);
  }
  return {};
}

std::optional<CircuitBreaker::Notice> CircuitBreaker::failed(const std::string& message,
                                                             std::int64_t retry_after_ms,
                                                             UnixMillis now_ms) {
  const auto lock = count_lock();
  const auto before = file_.read();
  // The tag identifies an accepted or refused key; this failure is neither.
  const bool counts_on = before && (!BreakerFile::has_key(*before) || file_.is_own_key(*before));
  BreakerState next = counts_on ? *before : BreakerFile::without_key();
  next.failures = std::min(next.failures + 1, kMostFailures);
  if (next.state != "failing" && next.state != "open") {
    next.failures = 1;
    next.since_ms = now_ms;
  }
  next.message = message;
  const std::int64_t asked_ms = std::min(retry_after_ms, retry_.max_ms);
  if (next.state == "open" || next.failures >= policy_.failures || asked_ms > 0) {
    return open(std::move(next), asked_ms, now_ms);
  }
  next.state = "failing";
  next.until_ms = 0;
  write(next);
  return {};
}

// Server and key are usable, so the breaker is closed; only a success resets the count.
std::optional<CircuitBreaker::Notice> CircuitBreaker::alert_failed(const std::string& message,
                                                                   UnixMillis now_ms) {
  const auto lock = count_lock();
  const auto before = file_.read();
  const bool was_closed = is_closed(before);
  BreakerState next = was_closed ? *before : file_.fresh(before);
  next.alert_failures = before ? std::min(before->alert_failures + 1, kMostFailures) : 1;
  next.message = message;
  if (!was_closed) next.since_ms = now_ms;
  if (next.alert_failures >= policy_.failures * kAlertFailures) {
    next.failures = next.alert_failures;
    return open(std::move(next), 0, now_ms);
  }
  next.state = "closed";
  write(next);
  return closed_again(before);
}

std::optional<CircuitBreaker::Notice> CircuitBreaker::open(BreakerState next,
                                                           std::int64_t retry_after_ms,
                                                           UnixMillis now_ms) {
  const bool was_open = next.state == "open";
  // Requests that were in flight when it opened do not extend the pause.
  if (was_open && still_ahead(next.until_ms, now_ms) && retry_after_ms <= 0) return {};
  next.state = "open";
  next.open_ms =
      was_open ? std::min(next.open_ms * 2, policy_.open_ms * kLongestOpen) : policy_.open_ms;
  std::int64_t pause = next.open_ms + static_cast<std::int64_t>(static_cast<double>(next.open_ms) *
                                                                (random_chance() - 0.5) / 2);
  if (retry_after_ms > 0) pause = retry_after_ms;
  next.until_ms = now_ms + std::max<std::int64_t>(pause, 1);
  write(next);
  if (was_open) return {};
  return Notice{Notice::Level::error,
                "circuit breaker open for " + server() + ": no requests for " + seconds(pause) +
                    " after " + std::to_string(next.failures) +
                    (next.failures == 1 ? " failure: " : " consecutive failures: ") + next.message +
                    "; alerts stay queued"};
}

CircuitBreaker::View CircuitBreaker::view() const {
  const auto state = file_.read();
  const UnixMillis delivered_ms = file_.delivered_ms();
  if (!state) return {"unknown", 0, 0, 0, "", delivered_ms};
  return {state->state,    state->failures, state->since_ms,
          state->until_ms, state->message,  delivered_ms};
}

}  // namespace socbridge::delivery
