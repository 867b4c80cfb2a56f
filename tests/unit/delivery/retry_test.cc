// SPDX-License-Identifier: Apache-2.0
#include "delivery/retry.h"

#include <catch2/catch.hpp>

namespace socbridge::delivery {
using namespace socbridge::integration;

namespace {

constexpr UnixMillis kNow = 1741938001037;
constexpr std::int64_t kDay = 86400000;

using Kind = Outcome::Kind;

Outcome failed(int status, Kind kind = Kind::failed) {
  Outcome outcome;
  outcome.kind = kind;
  outcome.http_status = status;
  outcome.message = "why";
  return outcome;
}

spool::Reason after(int attempts) {
  spool::Reason reason;
  reason.attempts = attempts;
  reason.first_failure_ms = kNow - 1000;
  return reason;
}

}  // namespace

TEST_CASE("pauses double from five seconds to an hour, with jitter and never outside") {
  const RetryPolicy policy;
  CHECK(backoff_ms(1, policy, 0.5) == 5000);
  CHECK(backoff_ms(2, policy, 0.5) == 10000);
  CHECK(backoff_ms(4, policy, 0.5) == 40000);
  CHECK(backoff_ms(50, policy, 0.5) == 3600000);
  CHECK(backoff_ms(4, policy, 0) == 30000);
  CHECK(backoff_ms(4, policy, 1) == 50000);
  for (const double chance : {0.0, 0.3, 1.0}) {
    for (int n = 0; n < 100; ++n) {
      CHECK(backoff_ms(n, policy, chance) >= policy.min_ms);
      CHECK(backoff_ms(n, policy, chance) <= policy.max_ms);
    }
  }
}

TEST_CASE("arrived and filtered go, bad input is corrupt") {
  const RetryPolicy policy;
  for (const Kind kind : {Kind::created, Kind::duplicate}) {
    CHECK(decide(failed(201, kind), {{}, kNow}, policy, kNow, 0.5).disposition ==
          Disposition::delivered);
  }
  Outcome outcome = failed(0, Kind::filtered);
  CHECK(decide(outcome, {{}, kNow}, policy, kNow, 0.5).disposition == Disposition::filtered);
  outcome = failed(0, Kind::bad_input);
  CHECK(decide(outcome, {{}, kNow}, policy, kNow, 0.5).disposition == Disposition::corrupt);
}

TEST_CASE("a failure is counted, dated and explained") {
  const RetryPolicy policy;
  const Decision first = decide(failed(503), {{}, kNow}, policy, kNow, 0.5);
  CHECK(first.disposition == Disposition::retry);
  CHECK(first.due_ms == kNow + 5000);
  CHECK(first.reason.attempts == 1);
  CHECK(first.reason.first_failure_ms == kNow);
  CHECK(first.reason.kind == "retry");
  CHECK(first.reason.message == "why");
  const Decision second = decide(failed(0), {first.reason, kNow}, policy, kNow + 9000, 0.5);
  CHECK(second.reason.attempts == 2);
  CHECK(second.reason.first_failure_ms == kNow);
  CHECK(second.due_ms == kNow + 9000 + 10000);
}

TEST_CASE("Retry-After is honoured up to the longest pause") {
  const RetryPolicy policy;
  Outcome outcome = failed(429);
  outcome.retry_after_ms = 120000;
  CHECK(decide(outcome, {{}, kNow}, policy, kNow, 0.5).due_ms == kNow + 120000);
  outcome.retry_after_ms = 7 * kDay;
  CHECK(decide(outcome, {{}, kNow}, policy, kNow, 0.5).due_ms == kNow + policy.max_ms);
  outcome.retry_after_ms = 1;
  CHECK(decide(outcome, {{}, kNow}, policy, kNow, 0.5).due_ms == kNow + policy.min_ms);
}

TEST_CASE("after an ambiguous end the next request waits for the settle time") {
  const RetryPolicy policy;
  Outcome outcome = failed(0);
  outcome.ambiguous = true;
  const Decision decision = decide(outcome, {{}, kNow}, policy, kNow, 0.5);
  CHECK(decision.reason.ambiguous);
  CHECK(decision.due_ms == kNow + policy.settle_ms);
}

TEST_CASE("refused: once more in a reduced form, then dead") {
  const RetryPolicy policy;
  Outcome outcome = failed(400, Kind::reduced);
  outcome.left_out = {"procedures"};
  const Decision again = decide(outcome, {{}, kNow}, policy, kNow, 0.5);
  CHECK(again.disposition == Disposition::retry);
  CHECK(again.reason.left_out == "procedures");
  outcome.kind = Kind::refused;
  const Decision dead = decide(outcome, {again.reason, kNow}, policy, kNow, 0.5);
  CHECK(dead.disposition == Disposition::dead);
  CHECK(dead.reason.kind == "refused");
}

TEST_CASE("the lifetime ends with a failed try, not only by the clock") {
  const RetryPolicy policy;
  const UnixMillis old = kNow - 6 * kDay;
  const Decision dead = decide(failed(503), {after(20), old}, policy, kNow, 0.5);
  CHECK(dead.disposition == Disposition::dead);
  CHECK(dead.reason.kind == "expired");
  CHECK(dead.reason.message == "why");
  CHECK(decide(failed(503), {after(2), old}, policy, kNow, 0.5).disposition == Disposition::retry);
  Outcome waiting;
  waiting.message = "busy";
  CHECK(decide(waiting, {after(20), old}, policy, kNow, 0.5).disposition == Disposition::retry);
  // Accepted in the future, because the clock was ahead.
  CHECK(decide(failed(503), {after(20), kNow + 400 * kDay}, policy, kNow, 0.5).disposition ==
        Disposition::retry);
}

TEST_CASE("a try that was not made changes neither count nor reason") {
  const RetryPolicy policy;
  Outcome busy;
  busy.message = "busy";
  busy.not_before_ms = kNow + 20000;
  const Decision decision = decide(busy, {after(3), kNow}, policy, kNow, 0.5);
  CHECK(decision.reason.attempts == 3);
  CHECK(decision.due_ms == kNow + 20000);
  busy.not_before_ms = kNow + 900 * kDay;
  CHECK(decide(busy, {{}, kNow}, policy, kNow, 0.5).due_ms <=
        kNow + policy.max_ms + policy.settle_ms);
}

TEST_CASE("a time beyond the longest pause was set by a wrong clock") {
  const RetryPolicy policy;
  CHECK(is_due(kNow, policy, kNow));
  CHECK_FALSE(is_due(kNow + 1, policy, kNow));
  CHECK_FALSE(is_due(kNow + policy.max_ms, policy, kNow));
  CHECK(is_due(kNow + kDay, policy, kNow));
}

TEST_CASE("blocked: a few tries, one in reduced form, then dead, if others arrive meanwhile") {
  const RetryPolicy policy;
  Outcome outcome = failed(403, Kind::blocked);
  outcome.could_leave_out = {"observables", "long_text"};
  std::optional<spool::Reason> before;
  UnixMillis now = kNow;
  for (int i = 1; i < kBlockedTries; ++i) {
    const Decision decision = decide(outcome, {before, kNow, now - 1}, policy, now, 0.5);
    REQUIRE(decision.disposition == Disposition::retry);
    CHECK(decision.reason.kind == "blocked");
    CHECK(decision.reason.attempts == i);
    CHECK(decision.due_ms - now == policy.min_ms << (i - 1));
    CHECK(decision.reason.left_out.empty() == (i < kBlockedTries - 1));
    before = decision.reason;
    now = decision.due_ms;
  }
  outcome.left_out = {"observables", "long_text"};
  outcome.could_leave_out.clear();
  const Decision dead = decide(outcome, {before, kNow, now - 1}, policy, now, 0.5);
  CHECK(dead.disposition == Disposition::dead);
  CHECK(dead.reason.kind == "blocked");
}

TEST_CASE(
    "blocked while nothing arrives: all may be refused, so it is not moved to dead/ in minutes") {
  const RetryPolicy policy;
  Outcome outcome = failed(403, Kind::blocked);
  std::optional<spool::Reason> before;
  UnixMillis now = kNow;
  Disposition result = Disposition::retry;
  while (result == Disposition::retry) {
    const Decision decision = decide(outcome, {before, kNow, kNow - 1000}, policy, now, 0.5);
    result = decision.disposition;
    before = decision.reason;
    if (result == Disposition::retry) now = decision.due_ms;
    REQUIRE(now - kNow < kDay);
  }
  CHECK(now - kNow >= policy.max_ms);
}

TEST_CASE("failures of another kind do not count for a blocked alert, but its age does") {
  const RetryPolicy policy;
  spool::Reason before = after(20);
  before.kind = "retry";
  const Outcome outcome = failed(403, Kind::blocked);
  const Decision first = decide(outcome, {before, kNow - 1000, kNow}, policy, kNow, 0.5);
  CHECK(first.disposition == Disposition::retry);
  CHECK(first.reason.attempts == 1);
  CHECK(decide(outcome, {before, kNow - 6 * kDay, kNow}, policy, kNow, 0.5).disposition ==
        Disposition::dead);
}

}  // namespace socbridge::delivery
