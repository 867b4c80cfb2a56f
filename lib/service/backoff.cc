// SPDX-License-Identifier: Apache-2.0
#include "service/backoff.h"

#include <algorithm>

#include "base/time.h"

namespace socbridge {

std::int64_t Backoff::failed(std::int64_t least_ms) {
  constexpr std::int64_t kMostDoublings = 16;
  if (failures_++ == 0) since_ms_ = steady_now_ms();
  const std::int64_t doubled = shortest_ms_ << std::min(failures_ - 1, kMostDoublings);
  return std::max(std::min(doubled, longest_ms_), least_ms);
}

void Backoff::succeeded() { failures_ = 0; }

std::int64_t Backoff::failing_ms() const {
  return failures_ == 0 ? 0 : steady_now_ms() - since_ms_;
}

}  // namespace socbridge
