// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace socbridge {

// Reads the forms of Wazuh and ISO 8601: `2025-03-14T07:40:01.037+0100`, `…+01:00`, `…Z`, a
// fraction of 0 to 9 digits (cut to ms), a blank instead of `T`. Without a zone it is UTC. Empty if
// the text is not such a time or a field is out of range.
std::optional<UnixMillis> parse_timestamp(std::string_view text);

// `2025-03-14T06:40:01.037Z`.
std::string format_utc(UnixMillis ms);

// "250ms", "3s", "5m", "2h", "1d", or a plain number of seconds; in milliseconds. Empty if the text
// is not a duration.
std::optional<std::int64_t> parse_duration_ms(std::string_view text);

// Milliseconds as seconds with three decimals: 1500 is "1.500". Negative values are "0.000".
std::string seconds_text(std::int64_t ms);

}  // namespace socbridge
