// SPDX-License-Identifier: Apache-2.0
#include "base/format_seconds.h"

#include <catch2/catch.hpp>
#include <limits>

using socbridge::seconds_text;

TEST_CASE("milliseconds as seconds with three decimals") {
  CHECK(seconds_text(0) == "0.000");
  CHECK(seconds_text(7) == "0.007");
  CHECK(seconds_text(70) == "0.070");
  CHECK(seconds_text(999) == "0.999");
  CHECK(seconds_text(1000) == "1.000");
  CHECK(seconds_text(1500) == "1.500");
  CHECK(seconds_text(86400001) == "86400.001");
  CHECK(seconds_text(-1) == "0.000");
  CHECK(seconds_text(std::numeric_limits<std::int64_t>::min()) == "0.000");
}
