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

// The pause, or a longer one that the server or an open end asks for.
std::int64_t asked_for(const thehive::Delivery& delivery, std::int64_t pause,
                       const integration::RetryPolicy& policy) {
  if (delivery.retry_after_ms > 0) {
    pause = std::clamp(delivery.retry_after_ms, pause, std::max(pause, policy.max_ms));
  }
  return delivery.ambiguous ? std::max(pause, policy.settle_ms) : pause;
}

// False: it is given up.
bool goes_on_blocked(const Attempt& attempt, const integration::RetryPolicy& policy,
                     UnixMillis now_ms, UnixMillis others_arrived_ms, spool::Reason& reason) {
  const bool it_alone = others_arrived_ms > reason.first_failure_ms ||
                        now_ms - reason.first_failure_ms >= policy.max_ms;
  if (!it_alone || reason.attempts < kBlockedTries - 1) return true;
  if (attempt.could_leave_out.empty()) return reason.attempts < kBlockedTries;
  reason.left_out = join_parts(attempt.could_leave_out);
  return true;
}

}  // namespace

const char* fate_name(Fate fate) {
  switch (fate) {
    case Fate::delivered: return "delivered";
    case Fate::filtered: return "filtered";
    case Fate::again: return "again";
    case Fate::dead: return "dead";
    case Fate::corrupt: return "corrupt";
  }
  return "";
}

std::int64_t backoff_ms(int failures, const integration::RetryPolicy& policy, double chance) {
  std::int64_t pause = policy.min_ms;
  for (int i = 1; i < failures && pause < policy.max_ms; ++i) pause *= 2;
  pause = std::min(pause, policy.max_ms);
  const auto jitter = static_cast<std::int64_t>(static_cast<double>(pause) * (chance - 0.5) / 2);
  return std::clamp(pause + jitter, policy.min_ms, policy.max_ms);
}

Decision decide(const Attempt& attempt, const std::optional<spool::Reason>& before,
                UnixMillis accepted_ms, const integration::RetryPolicy& policy, UnixMillis now_ms,
                double chance, UnixMillis others_arrived_ms) {
  const thehive::Delivery& delivery = attempt.delivery;
  Decision out;
  if (attempt.filtered) {
    out.fate = Fate::filtered;
    return out;
  }
  const bool arrived = delivery.verdict == thehive::Verdict::created ||
                       delivery.verdict == thehive::Verdict::duplicate;
  if (!attempt.bad_input && arrived) {
    out.fate = Fate::delivered;
    return out;
  }
  spool::Reason& reason = out.reason;
  if (before) reason = *before;
  reason.at_ms = now_ms;
  reason.message = delivery.message;
  if (attempt.bad_input) {
    reason.kind = "bad_input";
    reason.http_status = 0;
    out.fate = Fate::corrupt;
    return out;
  }
  reason.left_out = join_parts(attempt.left_out);
  reason.kind = thehive::verdict_name(delivery.verdict);
  if (!attempt.tried) {
    // What the last real try said stays; without one this is all there is to say.
    if (before) {
      reason = *before;
    } else {
      reason.kind = "waiting";
    }
    const std::int64_t pause = std::clamp(attempt.not_before_ms - now_ms,
                                          std::min(kBusyMs, policy.min_ms), longest_ms(policy));
    out.due_ms = now_ms + pause;
    return out;
  }
  if (reason.first_failure_ms <= 0 || reason.first_failure_ms > now_ms) {
    reason.first_failure_ms = now_ms;
  }
  const UnixMillis born = accepted_ms > 0 && accepted_ms <= now_ms
                              ? accepted_ms
                              : reason.first_failure_ms;  // the clock was ahead
  const bool old = now_ms - born > policy.lifetime_ms;
  const bool blocked = delivery.verdict == thehive::Verdict::blocked;
  // Failures of another kind do not count against it; but it does not live for ever by that.
  if (blocked && before && before->kind != reason.kind && !old) {
    reason.attempts = 0;
    reason.first_failure_ms = now_ms;
  }
  ++reason.attempts;
  reason.http_status = delivery.http_status;
  reason.ambiguous = delivery.ambiguous;
  if (attempt.last_word ||
      (blocked && !goes_on_blocked(attempt, policy, now_ms, others_arrived_ms, reason))) {
    out.fate = Fate::dead;
    return out;
  }
  if (old && reason.attempts >= kLeastTries) {
    reason.kind = "expired";
    out.fate = Fate::dead;
    return out;
  }
  const bool refused = delivery.verdict == thehive::Verdict::refused ||
                       delivery.verdict == thehive::Verdict::too_large;
  const std::int64_t pause = refused && !delivery.wrong_place
                                 ? policy.min_ms  // with parts left out
                                 : backoff_ms(reason.attempts, policy, chance);
  out.due_ms = now_ms + asked_for(delivery, pause, policy);
  return out;
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
