// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace socbridge::rules {

inline constexpr std::uint32_t kLastCodePoint = 0x10FFFF;
inline constexpr std::uint32_t kAsciiEnd = 0x80;

// The characters that one position of a regular expression accepts.
struct CharSet {
  std::array<std::uint64_t, 2> ascii{};
  std::vector<std::pair<std::uint32_t, std::uint32_t>> above;  // ranges beyond ASCII, ends included
  bool above_negated = false;                                  // accepts those not in `above`

  void add(std::uint32_t from, std::uint32_t to);  // both ends included
  void add(const CharSet& other);                  // `other` is not negated
  void negate();
  void ignore_case();  // of ASCII letters
  bool holds(std::uint32_t code_point) const;
};

// What may hold between two characters; bits, so that they can be combined.
enum Assertion : std::uint8_t {
  kTextBegin = 1,
  kTextEnd = 2,
  kLineBegin = 4,
  kLineEnd = 8,
  kWordBoundary = 16,
  kNoWordBoundary = 32,
};

// One step of a program. `to` is relative to this instruction, so that a part of a program can be
// copied.
struct RegexInstruction {
  enum class Kind : std::uint8_t { character, assertion, split, jump };
  Kind kind = Kind::character;
  std::uint16_t what = 0;  // index of the set, or the assertion
  std::int32_t to = 1;     // of a jump; a split also continues with the next one
};

// A regular expression as a graph; after the last instruction it has matched.
struct RegexProgram {
  std::vector<CharSet> sets;
  std::vector<RegexInstruction> code;
  std::size_t characters = 0;  // instructions that consume one
};

}  // namespace socbridge::rules
