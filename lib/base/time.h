// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace socbridge {

using UnixMillis = std::int64_t;  // milliseconds since 1970-01-01T00:00:00Z

UnixMillis wall_now_ms();

// Monotonic milliseconds, for durations only.
std::int64_t steady_now_ms();

// A point on the monotonic clock by which work must end.
class Deadline {
 public:
  static Deadline after_ms(std::int64_t ms) { return Deadline(steady_now_ms() + ms); }
  // Milliseconds left, never negative.
  std::int64_t left_ms() const {
    const std::int64_t left = at_ - steady_now_ms();
    return left > 0 ? left : 0;
  }
  bool passed() const { return left_ms() == 0; }

 private:
  explicit Deadline(std::int64_t at) : at_(at) {}
  std::int64_t at_;
};

// Reads Wazuh's and ISO 8601 forms: `2025-03-14T07:40:01.037+0100`, `…+01:00`, `…Z`, fraction of 0
// to 9 digits (cut to ms), a blank instead of `T`; without a zone it is taken as UTC. Empty if it
// is no such time or a field is out of range.
std::optional<UnixMillis> parse_timestamp(std::string_view text);

// `2025-03-14T06:40:01.037Z`.
std::string format_utc(UnixMillis ms);

// "250ms", "3s", "5m", "2h", "1d", or a plain number of seconds; in milliseconds. Empty if not one.
std::optional<std::int64_t> parse_duration_ms(std::string_view text);

}  // namespace socbridge
