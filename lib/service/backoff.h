// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace socbridge {

// Wait time after consecutive failures; doubles with each one.
class Backoff {
 public:
  Backoff(std::int64_t shortest_ms, std::int64_t longest_ms)
      : shortest_ms_(shortest_ms), longest_ms_(longest_ms) {}

  // Records a failure; returns the pause before the next attempt, at least `least_ms`.
  std::int64_t failed(std::int64_t least_ms = 0);
  // Records a success, even a partial one.
  void succeeded();

  bool failing() const { return failures_ > 0; }
  // Milliseconds since the first of the consecutive failures; 0 without one.
  std::int64_t failing_ms() const;

 private:
  std::int64_t shortest_ms_, longest_ms_;
  std::int64_t failures_ = 0, since_ms_ = 0;
};

}  // namespace socbridge
