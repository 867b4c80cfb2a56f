// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <catch2/catch.hpp>
#include <limits>

using namespace socbridge;

TEST_CASE("Wazuh's and ISO timestamps") {
  constexpr UnixMillis kAt = 1741934401037;  // 2025-03-14T06:40:01.037Z
  CHECK(parse_timestamp("2025-03-14T07:40:01.037+0100") == kAt);
  CHECK(parse_timestamp("2025-03-14T07:40:01.037+01:00") == kAt);
  CHECK(parse_timestamp("2025-03-14T06:40:01.037Z") == kAt);
  CHECK(parse_timestamp("2025-03-14 06:40:01.037") == kAt);
  CHECK(parse_timestamp("2025-03-14T06:40:01.037999999Z") == kAt);
  CHECK(parse_timestamp("2025-03-14T06:40:01Z") == kAt - 37);
  CHECK(parse_timestamp("2025-03-13T20:40:01.037-1000") == kAt);
  CHECK(parse_timestamp("1970-01-01T00:00:00Z") == 0);
  CHECK(parse_timestamp("1969-12-31T23:59:59Z") == -1000);
  CHECK(parse_timestamp("2024-02-29T00:00:00Z").has_value());
  CHECK(parse_timestamp("2016-12-31T23:59:60Z") == parse_timestamp("2016-12-31T23:59:59Z"));
}

TEST_CASE("invalid times are refused") {
  for (const char* text : {"", "now", "2025-02-29T00:00:00Z", "2025-13-01T00:00:00Z",
                           "2025-00-10T00:00:00Z", "2025-03-14", "2025-03-14T24:00:00Z",
                           "2025-03-14T06:40:01.Z", "2025-03-14T06:40:01.1234567890Z",
                           "2025-03-14T06:40:01+2500", "2025-03-14T06:40:01Zx", "1741938001"}) {
    INFO(text);
    CHECK_FALSE(parse_timestamp(text));
  }
}

TEST_CASE("time: UTC text and back") {
  for (const UnixMillis ms :
       {UnixMillis{0}, UnixMillis{-1}, UnixMillis{1741934401037}, UnixMillis{253402300799999}}) {
    CHECK(parse_timestamp(format_utc(ms)) == ms);
  }
  CHECK(format_utc(1741934401037) == "2025-03-14T06:40:01.037Z");
}

TEST_CASE("time: durations") {
  CHECK(parse_duration_ms("250ms") == 250);
  CHECK(parse_duration_ms("3s") == 3000);
  CHECK(parse_duration_ms("3") == 3000);
  CHECK(parse_duration_ms("2h") == 7200000);
  CHECK(parse_duration_ms("1d") == 86400000);
  CHECK_FALSE(parse_duration_ms("3 weeks"));
  CHECK_FALSE(parse_duration_ms("-3s"));
  CHECK_FALSE(parse_duration_ms("99999999999999999999d"));
}

TEST_CASE("a deadline passes and is never negative") {
  const Deadline past = Deadline::after_ms(-5);
  CHECK(past.passed());
  CHECK(past.left_ms() == 0);
  CHECK_FALSE(Deadline::after_ms(60000).passed());
}

TEST_CASE("time: milliseconds as seconds") {
  CHECK(seconds_text(0) == "0.000");
  CHECK(seconds_text(-5) == "0.000");
  CHECK(seconds_text(9) == "0.009");
  CHECK(seconds_text(60010) == "60.010");
  CHECK(seconds_text(1764165332123) == "1764165332.123");
}

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
