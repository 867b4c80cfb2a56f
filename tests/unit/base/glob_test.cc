// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <chrono>
#include <string>

#include "base/text.h"

using namespace socbridge;

TEST_CASE("globs take linear steps for any text") {
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
