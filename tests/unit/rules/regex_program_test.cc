// SPDX-License-Identifier: Apache-2.0
#include "rules/regex_program.h"

#include "fixtures.h"

using namespace socbridge::rules;

TEST_CASE("a set holds its ranges on both sides of ASCII") {
  CharSet set;
  set.add('x', 0x90);
  set.add(0x20AC, 0x20AC);
  for (const std::uint32_t c : {0x78U, 0x7FU, 0x80U, 0x90U, 0x20ACU}) CHECK(set.holds(c));
  for (const std::uint32_t c : {0U, 0x77U, 0x91U, 0x20ABU, kLastCodePoint})
    CHECK_FALSE(set.holds(c));
  set.negate();
  for (const std::uint32_t c : {0x78U, 0x7FU, 0x80U, 0x90U, 0x20ACU}) CHECK_FALSE(set.holds(c));
  for (const std::uint32_t c : {0U, 0x77U, 0x91U, 0x20ABU, kLastCodePoint}) CHECK(set.holds(c));
}

TEST_CASE("case is ignored only for ASCII letters") {
  for (std::uint32_t c = 0; c < kAsciiEnd; ++c) {
    CharSet set;
    set.add(c, c);
    set.ignore_case();
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    CAPTURE(c);
    for (std::uint32_t other = 0; other < kAsciiEnd; ++other) {
      CHECK(set.holds(other) == (other == c || (letter && other == (c ^ 0x20U))));
    }
  }
}

TEST_CASE("regex program: a set takes what another has") {
  CharSet digits, set;
  digits.add('0', '9');
  set.add(0x100, 0x200);
  set.add(digits);
  CHECK((set.holds('5') && set.holds(0x150) && !set.holds('a')));
}
