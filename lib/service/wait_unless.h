// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

namespace socbridge {

// Waits `ms`, calling `stop` (may be empty) every 50 ms. False: stopped.
bool wait_unless(const std::function<bool()>& stop, std::int64_t ms);

}  // namespace socbridge
