// SPDX-License-Identifier: Apache-2.0
#include "relay/concurrency.h"

#include <algorithm>

namespace socbridge::relay {

void Concurrency::succeeded(std::uint64_t request) {
  // An answer to an older request does not apply to the lowered limit.
  if (request <= lowered_at_) return;
  limit_ = std::min(limit_ + 1.0 / limit_, static_cast<double>(most_));
}

bool Concurrency::failed(std::uint64_t request) {
  if (request <= lowered_at_) return false;
  lowered_at_ = last_;
  const std::size_t before = limit();
  limit_ = std::max(limit_ / 2, 1.0);
  return limit() < before;
}

void Concurrency::restart() {
  lowered_at_ = last_;
  limit_ = 1;
}

}  // namespace socbridge::relay
