// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>

#include "base/clock.h"

// The clock of this process during its lifetime: it stands still until it is moved. A sleeping
// thread moves it on and continues at once. Thread-safe.
class FakeClock final : public socbridge::Clock {
 public:
  static constexpr socbridge::UnixMillis kStart = 1741934401037;  // 2025-03-14T06:40:01.037Z

  FakeClock() { use(*this); }
  ~FakeClock() override { use(real()); }
  FakeClock(const FakeClock&) = delete;
  FakeClock& operator=(const FakeClock&) = delete;

  socbridge::UnixMillis wall_ms() const override { return kStart + passed_ + jumped_; }
  std::int64_t steady_ms() const override { return passed_; }
  void sleep_ms(std::int64_t ms) override {
    ++sleeps_;
    if (ms > 0) passed_ += ms;
  }

  void advance_ms(std::int64_t ms) { passed_ += ms; }
  // The system's clock is set; the monotonic one stays.
  void jump_ms(std::int64_t ms) { jumped_ += ms; }
  std::int64_t passed_ms() const { return passed_; }
  int sleeps() const { return sleeps_; }

 private:
  std::atomic<std::int64_t> passed_ = 0, jumped_ = 0;
  std::atomic<int> sleeps_ = 0;
};
