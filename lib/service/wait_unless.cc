// SPDX-License-Identifier: Apache-2.0
#include "service/wait_unless.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/time.h"

namespace socbridge {

bool wait_unless(const std::function<bool()>& stop, std::int64_t ms) {
  constexpr std::int64_t kLookMs = 50;
  const Deadline until = Deadline::after_ms(ms);
  while (!until.passed()) {
    if (stop && stop()) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(std::min(kLookMs, until.left_ms())));
  }
  return true;
}

}  // namespace socbridge
