// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace socbridge {

using UnixMillis = std::int64_t;  // milliseconds since 1970-01-01T00:00:00Z

// Where this process takes its time from and how its threads sleep. There is one for all, as there
// is one kernel: tests put a clock of theirs in its place, so that a wait of hours takes no time
// (tests/support/fake_clock.h). Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual UnixMillis wall_ms() const = 0;
  virtual std::int64_t steady_ms() const = 0;  // monotonic, for durations only
  virtual void sleep_ms(std::int64_t ms) = 0;  // returns at once for 0 and less

  static Clock& real();
  // The one in use; real() unless use() named another.
  static Clock& current();
  // Not while other threads are at work.
  static void use(Clock& clock);
};

UnixMillis wall_now_ms();
std::int64_t steady_now_ms();
void sleep_ms(std::int64_t ms);

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

}  // namespace socbridge
