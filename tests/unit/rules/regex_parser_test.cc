// SPDX-License-Identifier: Apache-2.0
#include "rules/regex_parser.h"

#include "fixtures.h"

using namespace socbridge;
using namespace socbridge::rules;

namespace {

// "OFFSET: MESSAGE; HINT" of the only error; empty without one.
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

std::string times(std::size_t count, const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

RegexProgram program(const std::string& pattern) {
  Faults faults;
  RegexProgram out = RegexParser(pattern, faults).run();
  REQUIRE(faults.none());
  return out;
}

}  // namespace

TEST_CASE("an unclosed or unopened group is reported at its character") {
  CHECK(fault("ab(c") == "2: has a ( without ); write [(] for the character");
  CHECK(fault("ab)c") == "2: has a ) without (; write [)] for the character");
  CHECK(fault("a[b-") == "1: has a [ without ]; write [[] for the character");
  CHECK(fault("[]") == "0: has a [ without ]; write [[] for the character");
  CHECK(fault("é\\") == "2: ends in a backslash; write two of them for the character");
  CHECK(fault("[\\") == "1: ends in a backslash; write two of them for the character");
  CHECK(fault("(?<a") == "2: has a group name without >");
}

TEST_CASE("regex parser: a repetition repeats one element") {
  CHECK(fault("*a") ==
        "0: has nothing to repeat before the *; put it in [ and ] for the character");
  CHECK(fault("a|+").starts_with("2: has nothing to repeat before the +"));
  CHECK(fault("(?:?)").starts_with("3: has nothing to repeat before the ?"));
  CHECK(fault("{2}").starts_with("0: has nothing to repeat before the {"));
  for (const char* twice : {"a**", "a+*", "a*+", "a*?+", "a{2}{3}"}) {
    CAPTURE(twice);
    CHECK(fault(twice).ends_with("repeats a repetition; put the repeated part in ( and )"));
  }
  CHECK(fault("(a*)*").empty());
}

TEST_CASE("regex parser: counts") {
  for (const char* wrong :
       {"a{", "a{}", "a{x}", "a{,3}", "a{1", "a{1,", "a{1,2", "a{1 }", "a{00001}"}) {
    CAPTURE(wrong);
    CHECK(fault(wrong) ==
          "1: has a { that is not a repetition; write {2}, {2,}, {2,5}, or [{] for the character");
  }
  CHECK(fault("a{257}") == "1: repeats more than 256 times");
  CHECK(fault("a{1,257}") == "1: repeats more than 256 times");
  CHECK(fault("a{3,2}") == "1: has a repetition whose end is below its beginning");
  CHECK(fault("a{256}").empty());
  CHECK(fault("a}]").empty());
}

TEST_CASE("regex parser: unsupported syntax") {
  for (const char* look : {"(?=a)", "(?!a)", "(?<=a)", "(?<!a)", "(?>a)"}) {
    CAPTURE(look);
    CHECK(fault(look) ==
          "2: has look-around or an atomic group; they cannot be searched in bounded time");
  }
  CHECK(fault("(?x)a") == "2: has an unknown flag after (?; known are i, m and s, as in (?i)");
}

TEST_CASE("control characters that JSON made of an escape") {
  CHECK(fault("foo\bbar") ==
        "3: has a control character; in JSON \\b is a backspace; write \\\\b for a word boundary");
  CHECK(fault("\x1b").starts_with("0: has a control character"));
  CHECK(fault("a\x7f").starts_with("1: has a control character"));
  CHECK(fault("a\tb\r\nc").empty());  // these have the meaning of the escapes
}

TEST_CASE("regex parser: each limit is exact") {
  CHECK(fault(times(512, "[]") + "a").starts_with("0: has more than 1024 bytes"));
  CHECK(fault("[" + times(1022, "a") + "]").empty());
  CHECK(fault(times(256, "a")).empty());
  CHECK(fault(times(257, "a")).starts_with("0: has more than 256 characters"));
  CHECK(fault("(a{16}){16}").empty());
  CHECK(fault("(a{16}){17}").starts_with("7: has more than 256 characters"));
  CHECK(fault("((a{256}){256}){256}").starts_with("9: has more than 256 characters"));
  CHECK(fault("(\\b{256}){256}").starts_with("9: has more than 256 characters"));
  CHECK(fault("(((|){256}){256}){256}").starts_with("11: has more than 256 characters"));
  CHECK(fault("((((){256}){256}){256}){256}").empty());
  CHECK(fault(times(32, "(") + times(32, ")")).empty());
  CHECK(fault(times(33, "(") + times(33, ")")) == "32: nests more than 32 groups");
  CHECK(fault(times(500, "()")).empty());
  CHECK(fault(times(1024, "|")).starts_with("512: has more than 256 characters"));
}

TEST_CASE("regex parser: repetitions are written out") {
  CHECK(program("(ab){3}").characters == 6);
  CHECK(program("(ab){3}").sets.size() == 2);
  CHECK(program("a{0}b").characters == 1);
  CHECK(program("(a{2}|b){2,5}").characters == 15);
  CHECK(program("a{3,}").characters == 3);
}
