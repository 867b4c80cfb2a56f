// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/fault.h"

namespace socbridge::rules {

struct RegexProgram;

// Most bytes of a text that are searched; no event of Wazuh 4 is longer.
inline constexpr std::size_t kMostSearched = 65536;

// A regular expression for texts that an attacker may choose. Each character of the text costs at
// most 64 steps of 4 words; above ASCII also a comparison with each range of the expression.
// Searching allocates nothing. Implemented as Glushkov's automaton: its states are sets of the
// expression's characters (at most 256), as bits. docs/rules.md has the syntax. Immutable, so
// threads may share it.
class Regex {
 public:
  // A syntax error or too large an expression is a fault with the offset into `pattern`; the result
  // then matches nothing.
  static Regex read(std::string_view pattern, Faults& faults);

  // Whether part of the text matches. Bytes that are not UTF-8 count as U+FFFD. Only the first
  // `most` bytes are searched; a longer text has no end for `$`.
  bool found_in(std::string_view text, std::size_t most = kMostSearched) const;

  // Number of characters with repetitions expanded. The sum over all expressions limits the cost of
  // an alert.
  std::size_t characters() const { return characters_; }

 private:
  // The kind of a neighbour of a position between two characters.
  enum Side : std::uint8_t { kNothing, kLineFeed, kWord, kOther, kSides };

  // Transitions between two characters, for one set of assertions that hold there.
  struct Steps {
    bool matched_at_once = false;  // before any character
    // Rows of `words_`: the possible first positions; the positions that end a match; then, for
    // each four positions and each subset of these, their successors.
    std::vector<std::uint64_t> rows;
  };
  // Characters above ASCII, and the positions that accept them.
  struct Wide {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> ranges;
    bool negated = false;
    std::vector<std::uint64_t> places;
  };

  void number_characters(const RegexProgram& program);
  void add_steps(const RegexProgram& program);
  Steps steps_where(const RegexProgram& program, std::uint8_t held) const;
  void find_beginnings();
  static std::uint8_t held_between(Side before, Side behind);
  static Side side_of(std::uint32_t code_point);
  template <std::size_t Words>
  bool search(std::string_view text, bool whole) const;
  template <std::size_t Words>
  std::array<std::uint64_t, Words> places_of(std::uint32_t code_point) const;

  std::size_t characters_ = 0;
  std::size_t words_ = 1;             // of 64 bits, with a bit for each position: 1 or 4
  std::vector<std::uint64_t> ascii_;  // for each ASCII character, the positions that accept it
  std::vector<Wide> wide_;
  std::vector<Steps> steps_;
  std::array<std::array<std::uint8_t, kSides>, kSides> steps_at_{};  // [before][behind]
  std::array<bool, 128> begins_{};  // ASCII characters that may come first
};

}  // namespace socbridge::rules
