// SPDX-License-Identifier: Apache-2.0
#include "reconcile/time_expression.h"

#include <stdlib.h>
#include <time.h>

#include <catch2/catch.hpp>

#include "fixtures.h"

namespace socbridge::reconcile {
namespace {

using test::at;

// The local zone of one test.
class Zone {
 public:
  explicit Zone(const char* name) {
    setenv("TZ", name, 1);
    tzset();
  }
  ~Zone() {
    unsetenv("TZ");
    tzset();
  }
};

UnixMillis moment(const char* text, const char* now = "2025-03-14T12:30:00Z") {
  const auto read = parse_moment(text, at(now));
  INFO(text);
  REQUIRE(read.ok());
  return *read;
}

TEST_CASE("times ago", "[moment]") {
  CHECK(moment("24h") == at("2025-03-13T12:30:00Z"));
  CHECK(moment("90m") == at("2025-03-14T11:00:00Z"));
  CHECK(moment("7d") == at("2025-03-07T12:30:00Z"));
  CHECK(moment("2w") == at("2025-02-28T12:30:00Z"));
  CHECK(moment("now") == at("2025-03-14T12:30:00Z"));
}

TEST_CASE("days and times without a zone are local", "[moment]") {
  const Zone berlin("CET-1CEST,M3.5.0,M10.5.0/3");
  CHECK(moment("2025-03-14") == at("2025-03-13T23:00:00Z"));
  CHECK(moment("2025-07-01") == at("2025-06-30T22:00:00Z"));
  CHECK(moment("2025-03-14T07:40") == at("2025-03-14T06:40:00Z"));
  CHECK(moment("2025-03-14 07:40:01.5") == at("2025-03-14T06:40:01.500Z"));
  CHECK(moment("today", "2025-03-14T23:30:00Z") == at("2025-03-14T23:00:00Z"));
  CHECK(moment("yesterday", "2025-03-14T12:30:00Z") == at("2025-03-12T23:00:00Z"));
  // The day the clocks go forward has 23 hours.
  CHECK(moment("yesterday", "2025-03-31T12:00:00Z") == at("2025-03-29T23:00:00Z"));
}

TEST_CASE("time expression: a given zone applies", "[moment]") {
  const Zone berlin("CET-1CEST,M3.5.0,M10.5.0/3");
  CHECK(moment("2025-03-14T07:40:00Z") == at("2025-03-14T07:40:00Z"));
  CHECK(moment("2025-03-14T07:40:00-0500") == at("2025-03-14T12:40:00Z"));
  CHECK(moment("2025-03-14T07:40+01:00") == at("2025-03-14T06:40:00Z"));
}

TEST_CASE("an invalid time is refused with examples", "[moment]") {
  for (const char* text : {"", "24", "soon", "2025-13-01", "2025-02-30", "14.03.2025", "5x", "-1h",
                           "99999999999999999999d", "2025-03-14T25:00"}) {
    const auto read = parse_moment(text, at("2025-03-14T12:30:00Z"));
    INFO(text);
    REQUIRE_FALSE(read.ok());
    CHECK(read.status().code() == ExitCode::usage);
    CHECK(read.status().hint().find("24h") != std::string::npos);
  }
}

}  // namespace
}  // namespace socbridge::reconcile
