// SPDX-License-Identifier: Apache-2.0
// What stands behind a backslash or in brackets.
#include <cctype>

#include "fixtures.h"
#include "rules/regex.h"
#include "rules/regex_parser.h"

using namespace socbridge;
using namespace socbridge::rules;
using namespace socbridge::rules::test;

namespace {

// "OFFSET: MESSAGE; HINT" of the only fault; empty if there is none.
std::string fault(const std::string& pattern) {
  Faults faults;
  RegexParser(pattern, faults).run();
  INFO(pattern);
  REQUIRE(faults.list().size() <= 1);
  if (faults.none()) return {};
  const Fault& one = faults.list()[0];
  return std::to_string(one.offset) + ": " + one.message + (one.hint.empty() ? "" : "; ") +
         one.hint;
}

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

// Which characters of ASCII the pattern is found in.
std::string ascii_of(const std::string& pattern) {
  const Regex regex = read(pattern);
  std::string out;
  for (int c = 0; c < 128; ++c) {
    const char one = static_cast<char>(c);
    if (regex.found_in(std::string_view(&one, 1))) out += one;
  }
  return out;
}

template <typename Is>
std::string ascii_that(Is is) {
  std::string out;
  for (int c = 0; c < 128; ++c) {
    if (is(c)) out += static_cast<char>(c);
  }
  return out;
}

}  // namespace

TEST_CASE("brackets and classes") {
  check({
      {"^[a-cx]$", {"a", "b", "c", "x"}, {"d", "-"}},
      {"^[^a-c]$", {"d", "\n", "é"}, {"a", ""}},
      {"^[]a]$", {"]", "a"}, {"b"}},
      {"^[^]a]$", {"b"}, {"]", "a"}},
      {"^[a-]$|^[-b]$", {"a", "-", "b"}, {"c"}},
      {"^[\\]\\\\x\\x41]$", {"]", "\\", "x", "A"}, {"a"}},
      {"^[[:alpha:]_]+$", {"aZ_"}, {"a1"}},
      {"^[[:punct:]]$", {"!", "~", "`"}, {"a", " "}},
      {"^\\d\\w\\s$", {"1a ", "9_\t", "0Z\v"}, {"aa ", "1- "}},
      {"^\\D\\W\\S$", {"a-b", "é☃é"}, {"1-b", "aab", "a- "}},
      {"^[\\d\\Wx]$", {"1", "-", "x", "é"}, {"a"}},
      {"^[^\\W]$", {"a"}, {"é", "-"}},
      {"[[]", {"["}, {"]"}},
  });
}

TEST_CASE("escapes and classes that are not known are said at their place") {
  CHECK(fault("(a)\\1") ==
        "3: has the back-reference \\1; back-references cannot be searched in bounded time");
  CHECK(fault("a\\p{L}").starts_with("1: has \\p, which is not supported here; known are \\d"));
  CHECK(fault("[\\b]").starts_with("1: has \\b, which is not supported here"));
  CHECK(fault("[[:foo:]]") ==
        "1: has a [: without the name of a class and :]; for example [[:alpha:]]");
  CHECK(fault("\\x4") == "0: has an incomplete \\x; write \\x2f or \\x{20ac}");
  CHECK(fault("\\x{110000}").starts_with("0: has an incomplete \\x"));
  CHECK(fault("[z-a]") == "1: has a range whose end is below its beginning");
  CHECK(fault("[a-\\d]") == "1: has a range that ends in a class; put the - first");
}

TEST_CASE("named classes are those of POSIX for ASCII") {
  CHECK(ascii_of("[[:alnum:]]") == ascii_that([](int c) { return std::isalnum(c) != 0; }));
  CHECK(ascii_of("[[:alpha:]]") == ascii_that([](int c) { return std::isalpha(c) != 0; }));
  CHECK(ascii_of("[[:blank:]]") == ascii_that([](int c) { return std::isblank(c) != 0; }));
  CHECK(ascii_of("[[:cntrl:]]") == ascii_that([](int c) { return std::iscntrl(c) != 0; }));
  CHECK(ascii_of("[[:digit:]]") == ascii_that([](int c) { return std::isdigit(c) != 0; }));
  CHECK(ascii_of("[[:graph:]]") == ascii_that([](int c) { return std::isgraph(c) != 0; }));
  CHECK(ascii_of("[[:lower:]]") == ascii_that([](int c) { return std::islower(c) != 0; }));
  CHECK(ascii_of("[[:print:]]") == ascii_that([](int c) { return std::isprint(c) != 0; }));
  CHECK(ascii_of("[[:punct:]]") == ascii_that([](int c) { return std::ispunct(c) != 0; }));
  CHECK(ascii_of("[[:space:]]") == ascii_that([](int c) { return std::isspace(c) != 0; }));
  CHECK(ascii_of("[[:upper:]]") == ascii_that([](int c) { return std::isupper(c) != 0; }));
  CHECK(ascii_of("[[:xdigit:]]") == ascii_that([](int c) { return std::isxdigit(c) != 0; }));
  const auto is_word = [](int c) { return std::isalnum(c) != 0 || c == '_'; };
  CHECK(ascii_of("[[:word:]]") == ascii_that(is_word));
  CHECK(ascii_of("\\w") == ascii_that(is_word));
  CHECK(ascii_of("\\s") == ascii_of("[[:space:]]"));
  for (const char* name : {"alnum", "alpha", "print", "punct", "upper"}) {
    CHECK_FALSE(read("[[:" + std::string(name) + ":]]").found_in("é"));
  }
}

TEST_CASE("a class and its opposite share no character and leave none out") {
  for (const char letter : {'d', 'w', 's'}) {
    const std::string small = {'\\', letter};
    const std::string large = {'\\', static_cast<char>(letter - 'a' + 'A')};
    CHECK(ascii_of(small).size() + ascii_of(large).size() == 128);
    CHECK(ascii_of("[^" + small + "]") == ascii_of(large));
    CHECK(ascii_of("[^" + large + "]") == ascii_of(small));
    CHECK(ascii_of("[" + small + large + "]").size() == 128);
    for (const char* beyond : {"é", "☃", "😀"}) {
      CAPTURE(letter, beyond);
      CHECK_FALSE(read(small).found_in(beyond));
      CHECK(read(large).found_in(beyond));
      CHECK_FALSE(read("[^" + large + "]").found_in(beyond));
    }
  }
}

TEST_CASE("control characters by their letters, and any character by its number") {
  CHECK(ascii_of("[\\a\\e\\f\\n\\r\\t\\v]") == "\a\t\n\v\f\r\x1b");
  check({
      {"^\\x2f\\x2F\\x{2f}$", {"///"}, {"//"}},
      {"^\\x{10FFFF}$", {"\xF4\x8F\xBF\xBF"}, {"a"}},
      {"^[\\x{20ac}-\\x{20ad}]$", {"€", "\xE2\x82\xAD"}, {"\xE2\x82\xAE"}},
      {"^\\x411$", {"A1"}, {"\xD0\x91"}},
      {"^\\.\\-\\/\\ \\é$", {".-/ é"}, {}},
  });
  for (const char* wrong : {"\\x", "\\xg0", "\\x{}", "\\x{2f", "\\x{0000041}", "\\x{g}"}) {
    CAPTURE(wrong);
    CHECK(fault(wrong) == "0: has an incomplete \\x; write \\x2f or \\x{20ac}");
  }
}

TEST_CASE("ranges in brackets, and a hyphen that is one") {
  check({
      {"^[a-a]$", {"a"}, {"b", "-"}},
      {"^[-a]$|^[a-]$|^[\\-]$", {"-"}, {"b"}},
      {"^[+--]$", {"+", ",", "-"}, {"."}},
      {"^[a-c-e]$", {"a", "c", "-", "e"}, {"d"}},
      {"^[\\d-z]$", {"5", "-", "z"}, {"a"}},
      {"^[[:digit:]-z]$", {"5", "-", "z"}, {"a"}},
      {"^[]-a]$", {"]", "^", "_", "`", "a"}, {"[", "b"}},
      {"^[^]]$", {"a"}, {"]"}},
      {"^[a\\]b]$", {"]"}, {"\\"}},
  });
  CHECK(fault("[\\x62-a]") == "1: has a range whose end is below its beginning");
  CHECK(fault("[é-è]") == "1: has a range whose end is below its beginning");
  CHECK(fault("[a-\\q]").starts_with("3: has \\q, which is not supported here"));
  CHECK(fault("[a-") == "0: has a [ without ]; write [[] for the character");
}

TEST_CASE("case that does not count holds for what brackets name and for what they leave out") {
  check({
      {"(?i)^[a-c]$", {"a", "B"}, {"d", "D"}},
      {"(?i)^[^a-c]$", {"d", "D"}, {"a", "B"}},
      {"(?i)^[[:upper:]]$", {"a", "A"}, {"1"}},
      {"^[[:upper:]]$", {"A"}, {"a"}},
  });
}
