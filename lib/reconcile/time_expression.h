// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/status.h"
#include "base/time.h"

namespace socbridge::reconcile {

// A point in time in user input: `24h`, `90m`, `7d` or `2w` ago; `now`, `today`, `yesterday` (their
// first moment); `2025-03-14`; `2025-03-14T07:40`, `2025-03-14 07:40:01.5+01:00`. Without a zone it
// is local time, like Wazuh's day files. Errors are usage and list the formats.
Result<UnixMillis> parse_moment(std::string_view text, UnixMillis now_ms);

}  // namespace socbridge::reconcile
