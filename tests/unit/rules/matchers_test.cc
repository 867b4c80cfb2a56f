// SPDX-License-Identifier: Apache-2.0
#include "rules/matchers.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <string>

using namespace socbridge::rules;

TEST_CASE("patterns take linear steps for any text") {
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
