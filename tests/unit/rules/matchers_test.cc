// SPDX-License-Identifier: Apache-2.0
#include "rules/matchers.h"

#include <catch2/catch.hpp>
#include <chrono>
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

TEST_CASE("globs match the whole text, in any case") {
  struct Row {
    const char *pattern, *text;
    bool matches;
  };
  for (const Row& row :
       {Row{"", "", true}, Row{"", "a", false}, Row{"*", "", true}, Row{"*", "abc", true},
        Row{"a*", "Abc", true}, Row{"*c", "abC", true}, Row{"a?c", "abc", true},
        Row{"a?c", "ac", false}, Row{"?", "", false}, Row{"a*b*c", "axxbyyc", true},
        Row{"a*b*c", "axxcyyb", false}, Row{"**", "x", true}, Row{"[a-z]", "b", false},
        Row{"a.c", "abc", false}, Row{"*.example.com", "example.com", false}}) {
    CAPTURE(row.pattern, row.text);
    CHECK(glob_matches(row.pattern, row.text) == row.matches);
  }
}

TEST_CASE("a glob of many stars is not slow") {
  std::string pattern;
  for (int i = 0; i < 40; ++i) pattern += "a*";
  const auto begin = std::chrono::steady_clock::now();
  CHECK_FALSE(glob_matches(pattern + "b", std::string(20000, 'a')));
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
}

TEST_CASE("networks of both versions, and one address") {
  const auto holds = [](const char* network, const char* address) {
    const auto parsed = Network::parse(network);
    REQUIRE(parsed);
    CHECK(parsed->text == network);
    return parsed->holds(address);
  };
  CHECK(holds("10.0.0.0/8", "10.255.255.255"));
  CHECK_FALSE(holds("10.0.0.0/8", "11.0.0.0"));
  CHECK(holds("192.0.2.128/25", "192.0.2.200"));
  CHECK_FALSE(holds("192.0.2.128/25", "192.0.2.127"));
  CHECK(holds("203.0.113.9", "203.0.113.9"));
  CHECK_FALSE(holds("203.0.113.9", "203.0.113.8"));
  CHECK(holds("0.0.0.0/0", "203.0.113.9"));
  CHECK_FALSE(holds("0.0.0.0/0", "2001:db8::1"));
  CHECK(holds("2001:db8::/32", "2001:DB8:0:0:0:0:0:1"));
  CHECK_FALSE(holds("2001:db8::/32", "2001:db9::1"));
  CHECK_FALSE(holds("10.0.0.0/8", "no address"));
  for (const char* wrong : {"", "/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "2001:db8::/129",
                            "10.0.0.0/-1", "10.0.0.0/8/8", "host"}) {
    CAPTURE(wrong);
    CHECK_FALSE(Network::parse(wrong));
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
