// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/server/stop_signal.h"

#include <poll.h>

#include "base/time.h"

namespace socbridge::sandbox {

bool StopSignal::raised() const { return wait_ms(0); }

bool StopSignal::wait_ms(std::int64_t ms) const {
  const Deadline deadline = Deadline::after_ms(ms);
  while (true) {
    pollfd stop{wakeup_.fd(), POLLIN, 0};
    if (::poll(&stop, 1, static_cast<int>(deadline.left_ms())) == 1) return true;
    if (deadline.passed()) return false;
  }
}

}  // namespace socbridge::sandbox
