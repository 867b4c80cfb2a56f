// SPDX-License-Identifier: Apache-2.0
#include "delivery/answer_scope.h"

namespace socbridge::delivery {

using thehive::Verdict;

int status_of(const http::Outcome& outcome) {
  return outcome.answered() ? outcome.response.status : 0;
}

bool may_be_content(const thehive::Delivery& delivery) {
  if (delivery.verdict == Verdict::created || delivery.verdict == Verdict::too_large) return false;
  return delivery.foreign || (delivery.http_status == 0 && delivery.ambiguous);
}

bool may_be_this_alert(const thehive::Delivery& delivery) {
  constexpr int kServerError = 500, kBadGateway = 502, kGatewayTimeout = 504;
  const int status = delivery.http_status;
  const bool gateway = status >= kBadGateway && status <= kGatewayTimeout;
  return delivery.verdict == Verdict::retry && !delivery.foreign && status >= kServerError &&
         !gateway && delivery.retry_after_ms < 0;
}

bool is_refusal(const thehive::Delivery& delivery) {
  constexpr int kTimeout = 408, kTooEarly = 425, kTooMany = 429, kServerError = 500;
  const int status = delivery.http_status;
  return delivery.foreign && status < kServerError && status != kTimeout && status != kTooEarly &&
         status != kTooMany;
}

}  // namespace socbridge::delivery
