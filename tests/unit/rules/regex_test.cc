// SPDX-License-Identifier: Apache-2.0
#include "rules/regex.h"

#include "fixtures.h"
#include "rules/regex_parser.h"

using namespace socbridge;
using namespace socbridge::rules;
using namespace socbridge::rules::test;

namespace {

Regex read(const std::string& pattern) {
  Faults faults;
  Regex regex = Regex::read(pattern, faults);
  INFO(pattern << ": " << lines(faults));
  REQUIRE(faults.none());
  return regex;
}

struct Case {
  const char* pattern;
  std::vector<std::string_view> found, none;
};

void check(const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    const Regex regex = read(one.pattern);
    for (const std::string_view text : one.found) {
      INFO(one.pattern << " in " << text);
      CHECK(regex.found_in(text));
    }
    for (const std::string_view text : one.none) {
      INFO(one.pattern << " in " << text);
      CHECK_FALSE(regex.found_in(text));
    }
  }
}

}  // namespace

TEST_CASE("regex: a part of the text is enough") {
  check({
      {"abc", {"abc", "xxabcxx", "ababc"}, {"", "ab", "ABC", "a bc"}},
      {"a.c", {"abc", "xa c", "a☃c"}, {"ac", "a\nc"}},
      {"(?s)a.c", {"a\nc"}, {"ac"}},
      {"x*", {"", "a"}, {}},
      {"\\.\\*\\\\", {".*\\"}, {".*"}},
  });
}

TEST_CASE("regex: alternatives and groups") {
  check({
      {"cat|dog|", {"cat", "dog", ""}, {}},
      {"^(cat|dog)s?$", {"cat", "dogs"}, {"catss", "cow", "cats\n"}},
      {"^(?:a|b|ab)(?P<name>c|bcd)(d*)$", {"abcd", "ac", "bbcddd"}, {"abab"}},
      {"((((a))))", {"a"}, {"b"}},
  });
}

TEST_CASE("regex: repetitions") {
  check({
      {"^a*$", {"", "aaaa"}, {"b", "aab"}},
      {"^a+b?$", {"a", "aaab"}, {"", "b", "abb"}},
      {"^(ab){2,3}$", {"abab", "ababab"}, {"ab", "abababab", "aba"}},
      {"^a{2}$", {"aa"}, {"a", "aaa"}},
      {"^a{2,}$", {"aa", "aaaaaa"}, {"a"}},
      {"^a{0}b$", {"b"}, {"ab"}},
      {"^(a{2}){2}$", {"aaaa"}, {"aaa", "aa"}},
      {"^(a*)*b$", {"b", "aaab"}, {"a"}},
      {"^(a|b*|){3}c$", {"c", "abc", "bbbbac"}, {"d"}},
      {"^a+?b*?c??$", {"aabc"}, {"b"}},
      {"(){256}|x{0,256}", {""}, {}},
  });
}

TEST_CASE("regex: places in the text") {
  check({
      {"^ab", {"abc"}, {"xab", "\nab"}},
      {"ab$", {"xab"}, {"abx", "ab\n"}},
      {"(?m)^ab$", {"ab", "x\nab\ny"}, {"xab", "abx"}},
      {"\\Aab\\z", {"ab"}, {"ab\n", "\nab"}},
      {"(?m)\\Aab\\z", {"ab"}, {"ab\nx"}},
      {"\\bcat\\b", {"cat", "a cat.", "é-cat"}, {"cats", "_cat", "concat"}},
      {"\\Bcat", {"concat"}, {"cat", "a cat"}},
      {"^$", {""}, {"a", "\n"}},
      {"a\\bb", {}, {"ab", "a b"}},
      {"^^a$$", {"a"}, {}},
      {"(^a|b)c", {"ac", "xbc"}, {"xac"}},
  });
}

TEST_CASE("matching is case-sensitive unless i is set") {
  check({
      {"(?i)Power[s]hell", {"powershell", "POWERSHELL"}, {"power hell"}},
      {"(?i)[^a]b", {"xB"}, {"Ab"}},
      {"a(?i)b(?-i)c", {"aBc"}, {"aBC", "ABc"}},
      {"a(?i:b)c", {"aBc"}, {"abC"}},
      {"(a(?i)b)c", {"aBc"}, {"aBC"}},
      {"(?i)é[@`{]", {"é@"}, {"É@", "é\x1b"}},
  });
}

TEST_CASE("characters beyond ASCII, and invalid ones") {
  check({
      {"^.{3}$", {"äöü", "a☃😀"}, {"ää"}},
      {"^[à-ü]+$", {"éèà"}, {"ÿ", "a"}},
      {"^\\x{20ac}\\xe9$", {"€é"}, {"e"}},
      {"^[^é]$", {"è", "a"}, {"é"}},
      {"^a.b$",
       {"a\xff"
        "b"},
       {"a\xff\xff"
        "b"}},
  });
  using namespace std::string_view_literals;
  check({{"^a\\x00b$", {"a\0b"sv}, {"ab"}}, {"b$", {"a\0b"sv}, {}}});
}

TEST_CASE("more than 64 characters are states like others") {
  const std::string word(200, 'a');
  const Regex regex = read("^(" + word + "|b{50}c)$");
  CHECK(regex.characters() == 251);
  CHECK(regex.found_in(word));
  CHECK(regex.found_in(std::string(50, 'b') + "c"));
  CHECK_FALSE(regex.found_in(word + "a"));
  CHECK_FALSE(regex.found_in(std::string(49, 'b') + "c"));
  const Regex optional = read("^(a?){255}b$");
  CHECK(optional.found_in(std::string(255, 'a') + "b"));
  CHECK_FALSE(optional.found_in(std::string(256, 'a') + "b"));
  CHECK_FALSE(optional.found_in(std::string(255, 'a')));
}

TEST_CASE("text beyond the limit is not searched, and the limit is not an end") {
  const Regex end = read("b$");
  CHECK(end.found_in("aab", 3));
  CHECK_FALSE(end.found_in("aabb", 3));
  CHECK_FALSE(read("b").found_in("aab", 2));
  CHECK_FALSE(read("b\\z|^$").found_in("b", 0));
  CHECK(read("a").found_in(std::string(kMostSearched - 1, 'x') + "a"));
  CHECK_FALSE(read("a").found_in(std::string(kMostSearched, 'x') + "a"));
}

TEST_CASE("an invalid expression matches nothing") {
  Faults faults;
  const Regex regex = Regex::read("a|(", faults);
  CHECK_FALSE(faults.none());
  CHECK(regex.characters() == 0);
  for (const char* text : {"", "a", "(", "é"}) CHECK_FALSE(regex.found_in(text));
}
