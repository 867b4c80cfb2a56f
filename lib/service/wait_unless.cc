// SPDX-License-Identifier: Apache-2.0
#include "service/wait_unless.h"

#include <algorithm>

#include "base/time.h"

namespace socbridge {

bool wait_unless(const std::function<bool()>& stop, std::int64_t ms) {
  constexpr std::int64_t kLookMs = 50;
  const Deadline until = Deadline::after_ms(ms);
  while (!until.passed()) {
    if (stop && stop()) return false;
    sleep_ms(std::min(kLookMs, until.left_ms()));
  }
  return true;
}

}  // namespace socbridge
