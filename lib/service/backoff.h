// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace socbridge {

// How long to wait after failures in a row: twice as long each time.
class Backoff {
 public:
  Backoff(std::int64_t shortest_ms, std::int64_t longest_ms)
      : shortest_ms_(shortest_ms), longest_ms_(longest_ms) {}

  // One more failure: the pause before the next try, at least `least_ms`.
  std::int64_t failed(std::int64_t least_ms = 0);
  // Something went well, if only a part.
  void succeeded();

  bool failing() const { return failures_ > 0; }
  // Since the first failure in this row; 0 if there is none.
  std::int64_t failing_ms() const;

 private:
  std::int64_t shortest_ms_, longest_ms_;
  std::int64_t failures_ = 0, since_ms_ = 0;
};

}  // namespace socbridge
