// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/time.h"
#include "json/value.h"

namespace socbridge::opensearch {

// A count of shards, nodes or documents from 0 to 2^40, so that sums do not overflow; `otherwise`
// if the value is not an integer.
inline std::int64_t count_in(json::Value value, std::int64_t otherwise = 0) {
  constexpr std::int64_t kMost = std::int64_t{1} << 40U;
  return std::clamp<std::int64_t>(value.integer().value_or(otherwise), 0, kMost);
}

// Clamps to the years 1 to 9999, so that differences do not overflow.
inline UnixMillis moment_within_calendar(std::int64_t ms) {
  constexpr std::int64_t kFirst = -62135596800000, kLast = 253402300799999;
  return std::clamp(ms, kFirst, kLast);
}

}  // namespace socbridge::opensearch
