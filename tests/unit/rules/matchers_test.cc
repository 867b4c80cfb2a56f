// SPDX-License-Identifier: Apache-2.0
#include "rules/matchers.h"

#include <catch2/catch.hpp>
#include <string>

using namespace socbridge::rules;

TEST_CASE("patterns take linear steps whatever the text") {
  CHECK(glob_matches("", ""));
  CHECK(glob_matches("*", ""));
  CHECK(glob_matches("a*b*c", "aXXbYYc"));
  CHECK(glob_matches("*.exe", "C:\\x.EXE"));
  CHECK(glob_matches("a**b", "ab"));
  CHECK_FALSE(glob_matches("a?", "a"));
  CHECK_FALSE(glob_matches("a*b", "abc"));
  CHECK_FALSE(glob_matches("[a]", "a"));
  const std::string text(60000, 'a');
  CHECK_FALSE(glob_matches("*a*a*a*a*a*a*a*a*a*b", text));
}

TEST_CASE("networks of every width") {
  const auto net = [](const char* text) { return Network::parse(text).value(); };
  CHECK(net("0.0.0.0/0").holds("203.0.113.9"));
  CHECK(net("203.0.113.9/32").holds("203.0.113.9"));
  CHECK_FALSE(net("203.0.113.8/32").holds("203.0.113.9"));
  CHECK(net("203.0.113.8/31").holds("203.0.113.9"));
  CHECK(net("2001:db8::/127").holds("2001:db8::1"));
  CHECK_FALSE(net("2001:db8::/128").holds("2001:db8::1"));
  CHECK(net("192.0.2.0/24").holds("::ffff:192.0.2.7"));
  CHECK(net("192.0.2.0/24").holds("192.0.2.7:443"));
  for (const char* bad :
       {"", "/8", "10.0.0.0/", "10.0.0.0/-1", "a/8", "10.0.0.0/8/8", "300.0.0.1"}) {
    INFO(bad);
    CHECK_FALSE(Network::parse(bad));
  }
}

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
