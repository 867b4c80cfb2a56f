// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace socbridge::metrics {

// The number of objects for each value of one label.
using Counts = std::vector<std::pair<std::string, std::uint64_t>>;

// The label value for custom values of an organisation, which are unbounded and therefore counted
// together.
inline constexpr const char* kCustom = "custom";
// The label value for values beyond the maximum number.
inline constexpr const char* kOther = "other";

}  // namespace socbridge::metrics
