// SPDX-License-Identifier: Apache-2.0
#include "delivery/answer_scope.h"

#include <catch2/catch.hpp>

namespace socbridge::delivery {
namespace {

using thehive::Verdict;

thehive::Delivery answer(Verdict verdict, int status, bool foreign = false) {
  thehive::Delivery out;
  out.verdict = verdict;
  out.http_status = status;
  out.foreign = foreign;
  return out;
}

}  // namespace

TEST_CASE("answer scope: what a failure may concern") {
  CHECK_FALSE(needs_key_check(answer(Verdict::created, 201)));
  CHECK_FALSE(needs_key_check(answer(Verdict::refused, 400)));
  CHECK(needs_key_check(answer(Verdict::auth, 403)));
  CHECK(needs_key_check(answer(Verdict::blocked, 403, true)));
  CHECK_FALSE(needs_key_check(answer(Verdict::too_large, 413, true)));
  // TheHive's own 500 may concern this alert only; a gateway's, or one about a timeout, does not.
  CHECK(needs_key_check(answer(Verdict::retry, 500)));
  CHECK_FALSE(needs_key_check(answer(Verdict::retry, 503)));
  thehive::Delivery later = answer(Verdict::retry, 500);
  later.retry_after_ms = 5000;
  CHECK_FALSE(needs_key_check(later));
  // Cut off during the request: perhaps for its content.
  thehive::Delivery cut = answer(Verdict::retry, 0);
  CHECK_FALSE(needs_key_check(cut));
  cut.ambiguous = true;
  CHECK(needs_key_check(cut));
}

TEST_CASE("only a permanent refusal by a proxy is a refusal by a proxy") {
  CHECK(is_refusal(answer(Verdict::blocked, 403, true)));
  CHECK_FALSE(is_refusal(answer(Verdict::refused, 403)));
  for (const int status : {408, 425, 429, 500, 502}) {
    CHECK_FALSE(is_refusal(answer(Verdict::retry, status, true)));
  }
}

TEST_CASE("no answer has no status") {
  http::Outcome outcome;
  outcome.response.status = 200;
  CHECK(status_of(outcome) == 200);
  outcome.failure = http::FailureKind::interrupted_send;
  CHECK(status_of(outcome) == 0);
}

}  // namespace socbridge::delivery
