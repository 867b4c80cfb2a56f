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

// Bytes of a text; no event of Wazuh 4 is longer.
inline constexpr std::size_t kMostSearched = 65536;

// A regular expression that is searched for in texts of attackers: each character of the text costs
// at most 64 steps of 4 words, beyond ASCII also a comparison for each range of the expression;
// nothing is allocated. It is Glushkov's automaton: its states are sets of the at most 256
// characters of the expression, as bits. docs/rules.md has the syntax. Immutable, so threads may
// share it.
class Regex {
 public:
  // A mistake, or too large an expression, is a fault with the offset into `pattern`; the result
  // then matches nothing.
  static Regex read(std::string_view pattern, Faults& faults);

  // Whether a part of the text matches. What is not UTF-8 counts as U+FFFD. Behind `most` bytes
  // nothing is read, and the text has no end for `$`.
  bool found_in(std::string_view text, std::size_t most = kMostSearched) const;

  // With repetitions written out; what an alert may cost is bounded by the sum over all
  // expressions.
  std::size_t characters() const { return characters_; }

 private:
  // What is next to a place between two characters.
  enum Side : std::uint8_t { kNothing, kLineFeed, kWord, kOther, kSides };

  // Where one goes on between two characters, for one set of assertions that hold there.
  struct Steps {
    bool matched_at_once = false;  // before any character
    // Rows of `words_`: the characters that may come first; those behind which it has matched; then
    // for each four characters and each subset of these, what may follow.
    std::vector<std::uint64_t> rows;
  };
  // Characters beyond ASCII, and where the expression takes them.
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
  std::size_t words_ = 1;             // of 64 bits, for a bit of each character: 1 or 4
  std::vector<std::uint64_t> ascii_;  // for each ASCII character, which places take it
  std::vector<Wide> wide_;
  std::vector<Steps> steps_;
  std::array<std::array<std::uint8_t, kSides>, kSides> steps_at_{};  // [before][behind]
  std::array<bool, 128> begins_{};  // ASCII characters that may come first
};

}  // namespace socbridge::rules
