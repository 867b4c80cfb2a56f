// SPDX-License-Identifier: Apache-2.0
#include "service/wait_unless.h"

#include <catch2/catch.hpp>

#include "support/fake_clock.h"

using namespace socbridge;

TEST_CASE("a wait without a condition lasts as long as it is to") {
  const FakeClock clock;
  CHECK(wait_unless(nullptr, 1234));
  CHECK(clock.passed_ms() == 1234);
}

TEST_CASE("a wait looks every 50 ms whether to stop, and ends then") {
  const FakeClock clock;
  int looks = 0;
  CHECK_FALSE(wait_unless([&] { return ++looks == 4; }, 1000));
  CHECK(clock.passed_ms() == 150);
  CHECK_FALSE(wait_unless([] { return true; }, 1000));
  CHECK(clock.passed_ms() == 150);
}

TEST_CASE("a condition that comes with the end of the wait is too late to stop it") {
  const FakeClock clock;
  CHECK(wait_unless([&] { return clock.passed_ms() >= 120; }, 120));
  CHECK(clock.passed_ms() == 120);
}

TEST_CASE("no time is not a wait, whatever the condition says") {
  const FakeClock clock;
  bool asked = false;
  for (const std::int64_t ms : {std::int64_t{0}, std::int64_t{-5}}) {
    CHECK(wait_unless(
        [&] {
          asked = true;
          return true;
        },
        ms));
  }
  CHECK_FALSE(asked);
  CHECK(clock.passed_ms() == 0);
}
