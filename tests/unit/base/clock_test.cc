// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"

#include <catch2/catch.hpp>
#include <ctime>

#include "support/fake_clock.h"

using namespace socbridge;

TEST_CASE("the real clock is the system's") {
  constexpr std::int64_t kTolerance = 2000;
  const std::int64_t difference = wall_now_ms() - std::int64_t{std::time(nullptr)} * 1000;
  CHECK(difference > -kTolerance);
  CHECK(difference < kTolerance);
  const std::int64_t before = steady_now_ms();
  sleep_ms(2);
  CHECK(steady_now_ms() - before >= 2);
  sleep_ms(0);
  sleep_ms(-1);
}

TEST_CASE("a test's clock replaces the real one during its lifetime") {
  {
    FakeClock clock;
    const Deadline deadline = Deadline::after_ms(3600000);
    CHECK(wall_now_ms() == FakeClock::kStart);
    sleep_ms(3599999);
    CHECK(deadline.left_ms() == 1);
    clock.jump_ms(-86400000);
    CHECK_FALSE(deadline.passed());
    clock.advance_ms(2);
    CHECK(deadline.passed());
    CHECK(deadline.left_ms() == 0);
    CHECK(wall_now_ms() == FakeClock::kStart + 3600001 - 86400000);
    CHECK(clock.sleeps() == 1);
  }
  CHECK(wall_now_ms() > FakeClock::kStart);
}
