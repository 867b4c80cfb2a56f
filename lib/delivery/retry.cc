// SPDX-License-Identifier: Apache-2.0
#include "delivery/retry.h"

#include <sys/random.h>

#include <algorithm>

namespace socbridge::delivery {
namespace {

constexpr int kLeastTries = 8;
constexpr std::int64_t kBusyMs = 1000;
constexpr std::int64_t kSlackMs = 60000;

std::int64_t longest_ms(const integration::RetryPolicy& policy) {
  return policy.max_ms + policy.settle_ms;
}

// The pause, or a longer one required by the server or an ambiguous result.
std::int64_t asked_for(const Outcome& outcome, std::int64_t pause,
                       const integration::RetryPolicy& policy) {
  if (outcome.retry_after_ms > 0) {
    pause = std::clamp(outcome.retry_after_ms, pause, std::max(pause, policy.max_ms));
  }
  return outcome.ambiguous ? std::max(pause, policy.settle_ms) : pause;
}

// False: move it to dead/.
bool blocked_goes_on(const Outcome& outcome, const History& history,
                     const integration::RetryPolicy& policy, UnixMillis now_ms,
                     spool::Reason& reason) {
  const bool others_pass = history.last_delivery_ms > reason.first_failure_ms ||
                           now_ms - reason.first_failure_ms >= policy.max_ms;
  if (!others_pass || reason.attempts < kBlockedTries - 1) return true;
  if (outcome.could_leave_out.empty()) return reason.attempts < kBlockedTries;
  reason.left_out = join_parts(outcome.could_leave_out);
  return true;
}

// No request was sent, so the reason of the last real attempt stays; or the alert arrived, and its
// case waits for that of another alert.
Decision postpone(const Outcome& outcome, const std::optional<spool::Reason>& before,
                  const integration::RetryPolicy& policy, UnixMillis now_ms) {
  Decision out;
  if (before) {
    out.reason = *before;
  } else {
    out.reason.at_ms = now_ms;
    out.reason.message = outcome.message;
    out.reason.left_out = join_parts(outcome.left_out);
    out.reason.kind = "waiting";
  }
  if (outcome.promotion == Outcome::Promotion::open) {
    out.reason.at_ms = now_ms;
    out.reason.message = outcome.message;
  }
  const std::int64_t pause = std::clamp(outcome.not_before_ms - now_ms,
                                        std::min(kBusyMs, policy.min_ms), longest_ms(policy));
  out.due_ms = now_ms + pause;
  return out;
}

// An attempt with at least one request that did not deliver the alert.
Decision after_failure(const Outcome& outcome, const History& history,
                       const integration::RetryPolicy& policy, UnixMillis now_ms, double chance) {
  Decision out;
  spool::Reason& reason = out.reason;
  if (history.reason) reason = *history.reason;
  reason.at_ms = now_ms;
  reason.message = outcome.message;
  reason.left_out = join_parts(outcome.left_out);
  reason.kind = result_name(outcome);
  if (reason.first_failure_ms <= 0 || reason.first_failure_ms > now_ms) {
    reason.first_failure_ms = now_ms;
  }
  const UnixMillis born = history.accepted_ms > 0 && history.accepted_ms <= now_ms
                              ? history.accepted_ms
                              : reason.first_failure_ms;  // the clock was ahead
  const bool old = now_ms - born > policy.lifetime_ms;
  const bool blocked = outcome.kind == Outcome::Kind::blocked;
  // Failures of another kind restart its count, but not beyond its lifetime.
  if (blocked && history.reason && history.reason->kind != reason.kind && !old) {
    reason.attempts = 0;
    reason.first_failure_ms = now_ms;
  }
  ++reason.attempts;
  reason.http_status = outcome.http_status;
  reason.ambiguous = outcome.ambiguous;
  const bool final =
      outcome.kind == Outcome::Kind::refused || outcome.kind == Outcome::Kind::too_large;
  if (final || (blocked && !blocked_goes_on(outcome, history, policy, now_ms, reason))) {
    out.disposition = Disposition::dead;
    return out;
  }
  if (old && reason.attempts >= kLeastTries) {
    reason.kind = "expired";
    out.disposition = Disposition::dead;
    return out;
  }
  const std::int64_t pause = outcome.kind == Outcome::Kind::reduced
                                 ? policy.min_ms
                                 : backoff_ms(reason.attempts, policy, chance);
  out.due_ms = now_ms + asked_for(outcome, pause, policy);
  return out;
}

}  // namespace

std::int64_t backoff_ms(int failures, const integration::RetryPolicy& policy, double chance) {
  std::int64_t pause = policy.min_ms;
  for (int i = 1; i < failures && pause < policy.max_ms; ++i) pause *= 2;
  pause = std::min(pause, policy.max_ms);
  const auto jitter = static_cast<std::int64_t>(static_cast<double>(pause) * (chance - 0.5) / 2);
  return std::clamp(pause + jitter, policy.min_ms, policy.max_ms);
}

Decision decide(const Outcome& outcome, const History& history,
                const integration::RetryPolicy& policy, UnixMillis now_ms, double chance) {
  Decision out;
  switch (outcome.kind) {
    case Outcome::Kind::created:
    case Outcome::Kind::duplicate: out.disposition = Disposition::delivered; return out;
    case Outcome::Kind::filtered: out.disposition = Disposition::filtered; return out;
    case Outcome::Kind::bad_input:
      out.disposition = Disposition::corrupt;
      if (history.reason) out.reason = *history.reason;
      out.reason.at_ms = now_ms;
      out.reason.kind = result_name(outcome);
      out.reason.message = outcome.message;
      out.reason.http_status = 0;
      return out;
    case Outcome::Kind::postponed: return postpone(outcome, history.reason, policy, now_ms);
    default: return after_failure(outcome, history, policy, now_ms, chance);
  }
}

bool is_due(std::int64_t next_attempt_ms, const integration::RetryPolicy& policy,
            UnixMillis now_ms) {
  return next_attempt_ms <= now_ms || next_attempt_ms - now_ms > longest_ms(policy) + kSlackMs;
}

double random_chance() {
  std::uint32_t bits = 0;
  if (getrandom(&bits, sizeof bits, GRND_NONBLOCK) != static_cast<ssize_t>(sizeof bits)) return 0.5;
  return static_cast<double>(bits) / static_cast<double>(UINT32_MAX);
}

}  // namespace socbridge::delivery
