// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "json/value.h"

namespace socbridge::wazuh {

// A count in an answer or a statistic of Wazuh: a non-negative integer, else empty.
inline std::optional<std::uint64_t> count_of(json::Value value) {
  const auto number = value.integer();
  if (!number || *number < 0) return {};
  return static_cast<std::uint64_t>(*number);
}

}  // namespace socbridge::wazuh
