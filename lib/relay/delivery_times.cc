// SPDX-License-Identifier: Apache-2.0
#include "relay/delivery_times.h"

#include <algorithm>

namespace socbridge::relay {

void DeliveryTimes::add(std::int64_t ms) {
  ms = std::max<std::int64_t>(ms, 0);
  std::size_t at = 0;
  while (at < kBounds.size() && ms > kBounds.at(at).ms) ++at;
  ++counts_.at(at);
  sum_ms_ += ms;
}

DeliveryTimes::Counts DeliveryTimes::counts() const {
  Counts out;
  std::uint64_t all = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    all += counts_.at(i);
    out.up_to.at(i) = all;
  }
  out.sum_ms = sum_ms_;
  return out;
}

}  // namespace socbridge::relay
