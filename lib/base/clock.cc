// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"

#include <atomic>
#include <chrono>
#include <ctime>
#include <thread>

namespace socbridge {
namespace {

std::int64_t clock_ms(clockid_t id) {
  constexpr std::int64_t kMillis = 1000, kNanosPerMilli = 1000000;
  timespec now{};
  clock_gettime(id, &now);
  return static_cast<std::int64_t>(now.tv_sec) * kMillis + now.tv_nsec / kNanosPerMilli;
}

class SystemClock final : public Clock {
 public:
  UnixMillis wall_ms() const override { return clock_ms(CLOCK_REALTIME); }
  std::int64_t steady_ms() const override { return clock_ms(CLOCK_MONOTONIC); }
  void sleep_ms(std::int64_t ms) override {
    std::this_thread::sleep_for(std::chrono::milliseconds(ms));
  }
};

SystemClock system_clock;
std::atomic<Clock*> in_use = &system_clock;

}  // namespace

Clock& Clock::real() { return system_clock; }
Clock& Clock::current() { return *in_use.load(std::memory_order_acquire); }
void Clock::use(Clock& clock) { in_use.store(&clock, std::memory_order_release); }

UnixMillis wall_now_ms() { return Clock::current().wall_ms(); }
std::int64_t steady_now_ms() { return Clock::current().steady_ms(); }
void sleep_ms(std::int64_t ms) { Clock::current().sleep_ms(ms); }

}  // namespace socbridge
