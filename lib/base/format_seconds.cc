// SPDX-License-Identifier: Apache-2.0
#include "base/format_seconds.h"

#include <algorithm>

namespace socbridge {

std::string seconds_text(std::int64_t ms) {
  constexpr std::int64_t kSecond = 1000;
  ms = std::max<std::int64_t>(ms, 0);
  const std::string rest = std::to_string(kSecond + ms % kSecond).substr(1);
  return std::to_string(ms / kSecond) + "." + rest;
}

}  // namespace socbridge
