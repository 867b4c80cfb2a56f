// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace socbridge {

using UnixMillis = std::int64_t;  // milliseconds since 1970-01-01T00:00:00Z

// The process-wide source of time and of sleeping threads. Tests replace it, so that a wait of
// hours takes no time (tests/support/fake_clock.h). Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual UnixMillis wall_ms() const = 0;
  virtual std::int64_t steady_ms() const = 0;  // monotonic, for durations only
  virtual void sleep_ms(std::int64_t ms) = 0;  // returns at once for 0 and less

  static Clock& real();
  // The clock in use: real() unless use() set another.
  static Clock& current();
  // Must not be called while other threads run.
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
