// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace socbridge {

// Milliseconds as seconds with three decimals: 1500 is "1.500". Less than nothing is "0.000".
std::string seconds_text(std::int64_t ms);

}  // namespace socbridge
