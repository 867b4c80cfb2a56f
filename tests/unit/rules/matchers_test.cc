// SPDX-License-Identifier: Apache-2.0
#include "rules/matchers.h"

#include <catch2/catch.hpp>
#include <string>

using namespace socbridge::rules;

TEST_CASE("ranges of numbers with and without ends") {
  const auto holds = [](const char* range, const char* number) {
    const auto parsed = ValueRange::parse(range);
    INFO(range);
    REQUIRE(parsed);
    return parsed->holds(number);
  };
  CHECK(holds("7", "7.0"));
  CHECK(holds("7-8.9", "8.9"));
  CHECK_FALSE(holds("7-8.9", "8.91"));
  CHECK(holds("-5--1", "-3"));
  CHECK(holds("-5", "-5"));
  CHECK(holds(">= 3", "3"));
  CHECK_FALSE(holds(">3", "3"));
  CHECK(holds("<=1e3", "1000"));
  CHECK_FALSE(holds("<3", "nan"));
  CHECK_FALSE(holds("<3", ""));
  CHECK_FALSE(holds("<3", "2x"));
  for (const char* bad : {"", "-", "x", "3-x", "5-3", ">", "<=x", "inf", "1-2-3"}) {
    INFO(bad);
    CHECK_FALSE(ValueRange::parse(bad));
  }
}

TEST_CASE("numbers and ranges, both ends included") {
  const auto range = NumberRange::parse("100000-100999");
  REQUIRE(range);
  CHECK(range->holds(100000));
  CHECK(range->holds(100999));
  CHECK_FALSE(range->holds(99999));
  CHECK_FALSE(range->holds(101000));
  CHECK(NumberRange::parse("5710")->holds(5710));
  CHECK_FALSE(NumberRange::parse("5710")->holds(5711));
  for (const char* wrong : {"", "-", "-5", "9-5", "a", "1-2-3", "18446744073709551616"}) {
    CAPTURE(wrong);
    CHECK_FALSE(NumberRange::parse(wrong));
  }
}

TEST_CASE("a range of whole numbers without an upper end") {
  CHECK(NumberRange::parse("12-")->holds(12));
  CHECK(NumberRange::parse("12-")->holds(1000000));
  CHECK_FALSE(NumberRange::parse("12-")->holds(11));
}
