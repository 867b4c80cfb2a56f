#include "relay/retry.h"

#include <sys/random.h>

#include <algorithm>

namespace socbridge::relay {
namespace {

constexpr int kLeastTries = 8;
constexpr std::int64_t kBusyMs = 1000;
constexpr std::int64_t kSlackMs = 60000;

std::int64_t longest_ms(const RetryPolicy& policy) { return policy.max_ms + policy.settle_ms; }

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

std::int64_t backoff_ms(int failures, const RetryPolicy& policy, double chance) {
  std::int64_t pause = policy.min_ms;
  for (int i = 1; i < failures && pause < policy.max_ms; ++i) pause *= 2;
  pause = std::min(pause, policy.max_ms);
  const auto jitter = static_cast<std::int64_t>(static_cast<double>(pause) * (chance - 0.5) / 2);
  return std::clamp(pause + jitter, policy.min_ms, policy.max_ms);
}

Decision decide(const Attempt& attempt, const std::optional<spool::Reason>& before,
                UnixMillis accepted_ms, const RetryPolicy& policy, UnixMillis now_ms,
                double chance) {
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
  reason.attempts = (before ? before->attempts : 0) + 1;
  reason.http_status = delivery.http_status;
  reason.ambiguous = delivery.ambiguous;
  if (reason.first_failure_ms <= 0 || reason.first_failure_ms > now_ms) {
    reason.first_failure_ms = now_ms;
  }
  if (attempt.last_word) {
    out.fate = Fate::dead;
    return out;
  }
  const UnixMillis born = accepted_ms > 0 && accepted_ms <= now_ms
                              ? accepted_ms
                              : reason.first_failure_ms;  // the clock was ahead
  if (now_ms - born > policy.lifetime_ms && reason.attempts >= kLeastTries) {
    reason.kind = "expired";
    out.fate = Fate::dead;
    return out;
  }
  const bool refused = delivery.verdict == thehive::Verdict::refused ||
                       delivery.verdict == thehive::Verdict::too_large;
  std::int64_t pause = backoff_ms(reason.attempts, policy, chance);
  if (refused && !delivery.wrong_place) pause = policy.min_ms;  // with parts left out
  if (delivery.retry_after_ms > 0) {
    pause = std::clamp(delivery.retry_after_ms, pause, std::max(pause, policy.max_ms));
  }
  if (delivery.ambiguous) pause = std::max(pause, policy.settle_ms);
  out.due_ms = now_ms + pause;
  return out;
}

bool is_due(std::int64_t next_attempt_ms, const RetryPolicy& policy, UnixMillis now_ms) {
  return next_attempt_ms <= now_ms || next_attempt_ms - now_ms > longest_ms(policy) + kSlackMs;
}

double random_chance() {
  std::uint32_t bits = 0;
  if (getrandom(&bits, sizeof bits, GRND_NONBLOCK) != static_cast<ssize_t>(sizeof bits)) return 0.5;
  return static_cast<double>(bits) / static_cast<double>(UINT32_MAX);
}

}  // namespace socbridge::relay
