// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace socbridge::metrics {

// How many there are of each value of one label.
using Counts = std::vector<std::pair<std::string, std::uint64_t>>;

// The label for what has a value that is none of the product's own. Those that an organisation
// defines itself have no bound, so they are counted together.
inline constexpr const char* kCustom = "custom";
// The label for values beyond the bound of their number.
inline constexpr const char* kOther = "other";

}  // namespace socbridge::metrics
