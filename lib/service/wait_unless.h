// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

namespace socbridge {

// Waits, and looks every 50 ms whether to stop; `stop` may be empty. False: stopped.
bool wait_unless(const std::function<bool()>& stop, std::int64_t ms);

}  // namespace socbridge
