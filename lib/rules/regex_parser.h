// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rules/fault.h"
#include "rules/regex_program.h"

namespace socbridge::rules {

inline constexpr std::size_t kMostRegexBytes = 1024;         // of one pattern
inline constexpr std::size_t kMostRegexCharacters = 256;     // with repetitions expanded
inline constexpr std::size_t kMostRegexInstructions = 1024;  // the same, with branches
inline constexpr std::size_t kMostRegexNested = 32;          // nesting of groups

// Parses a regular expression (docs/rules.md has the syntax) into a program. A syntax error is a
// fault with its offset; the program must then not be used.
class RegexParser {
 public:
  RegexParser(std::string_view text, Faults& faults) : text_(text), faults_(faults) {}
  RegexProgram run();

 private:
  struct Flags {
    bool ignore_case = false;  // i
    bool lines = false;        // m: ^ and $ at each line
    bool dot_all = false;      // s: . takes line feeds too
  };
  struct Bounds {
    std::size_t least = 0;
    std::optional<std::size_t> most;
  };

  // Each returns false after a fault. `from` is the first instruction of the repeated part.
  bool is_text();
  bool alternatives();
  bool sequence();
  bool atom();
  bool group();
  bool group_kind(bool& only_flags);
  bool flags(bool& only_flags);
  bool escape();
  bool bracket();
  bool bracket_item(CharSet& set);
  bool named_class(CharSet& set);
  bool quantifier(std::size_t from);
  bool counted(Bounds& bounds);
  bool repeat(std::size_t from, const Bounds& bounds, std::size_t at);

  // The character of an escape that stands for itself or a control character; empty after a fault.
  // `at_` is after the backslash before the call, after the escape when it returns.
  std::optional<std::uint32_t> escaped_character();
  std::optional<std::uint32_t> hexadecimal();
  // The class of \d, \w, \s and their negations; empty for other letters.
  static std::optional<CharSet> escaped_class(char letter);
  std::uint32_t character();  // consumes the next one

  bool take(CharSet set);
  bool assertion(std::uint8_t kind);
  bool fits(std::size_t instructions, std::size_t characters, std::size_t at);
  bool fail(std::size_t at, std::string_view message, std::string_view hint = {});
  bool at_end() const { return at_ == text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  bool skip(std::string_view word);

  std::string_view text_;
  Faults& faults_;
  std::size_t at_ = 0;
  std::size_t nested_ = 0;
  Flags flags_;
  RegexProgram program_;
};

}  // namespace socbridge::rules
