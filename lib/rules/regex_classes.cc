// SPDX-License-Identifier: Apache-2.0
// The part of RegexParser that reads escapes and bracket expressions.
#include <array>
#include <string>
#include <utility>

#include "rules/regex_parser.h"

namespace socbridge::rules {
namespace {

// A set of the pairs of characters (first, last).
CharSet set_of(std::string_view pairs) {
  CharSet set;
  for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
    set.add(static_cast<unsigned char>(pairs[i]), static_cast<unsigned char>(pairs[i + 1]));
  }
  return set;
}

constexpr std::string_view kDigits = "09";
constexpr std::string_view kWordCharacters = "09AZaz__";
constexpr std::string_view kBlanks = "\t\r  ";

// POSIX classes, ASCII only.
constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kNamed = {{
    {"alnum", "09AZaz"},
    {"alpha", "AZaz"},
    {"blank", "\t\t  "},
    {"cntrl", std::string_view("\0\x1f\x7f\x7f", 4)},
    {"digit", kDigits},
    {"graph", "!~"},
    {"lower", "az"},
    {"print", " ~"},
    {"punct", "!/:@[`{~"},
    {"space", kBlanks},
    {"upper", "AZ"},
    {"word", kWordCharacters},
    {"xdigit", "09AFaf"},
}};

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

std::optional<std::uint32_t> control_character(char letter) {
  switch (letter) {
    case 'a': return '\a';
    case 'e': return 0x1b;
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'v': return '\v';
    default: return std::nullopt;
  }
}

std::optional<std::uint32_t> digit_value(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint32_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint32_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<std::uint32_t>(c - 'A' + 10);
  return std::nullopt;
}

}  // namespace

std::optional<CharSet> RegexParser::escaped_class(char letter) {
  const char lower = static_cast<char>(letter | 0x20);
  if (lower != 'd' && lower != 'w' && lower != 's') return std::nullopt;
  CharSet set = set_of(lower == 'd' ? kDigits : lower == 'w' ? kWordCharacters : kBlanks);
  if (letter == lower) return set;
  set.negate();
  set.above_negated = false;  // to an explicit list, so that it can be added to another
  set.add(kAsciiEnd, kLastCodePoint);
  return set;
}

std::optional<std::uint32_t> RegexParser::hexadecimal() {
  const std::size_t at = at_ - 2;
  constexpr std::size_t kMostDigits = 6;
  const bool braced = skip("{");
  std::uint32_t value = 0;
  std::size_t digits = 0;
  for (; digits < (braced ? kMostDigits : 2); ++digits) {
    const auto digit = digit_value(peek());
    if (!digit) break;
    value = value * 16 + *digit;
    ++at_;
  }
  const bool whole = braced ? digits > 0 && skip("}") : digits == 2;
  if (whole && value <= kLastCodePoint) return value;
  fail(at, "has an incomplete \\x", "write \\x2f or \\x{20ac}");
  return std::nullopt;
}

std::optional<std::uint32_t> RegexParser::escaped_character() {
  const std::size_t at = at_ - 1;
  if (at_end()) {
    fail(at, "ends in a backslash", "write two of them for the character");
    return std::nullopt;
  }
  if (!is_letter_or_digit(peek())) return character();
  const char letter = text_[at_++];
  if (letter == 'x') return hexadecimal();
  if (const auto control = control_character(letter)) return control;
  const std::string shown = {'\\', letter};
  if (letter >= '0' && letter <= '9') {
    fail(at, "has the back-reference " + shown,
         "back-references cannot be searched in bounded time");
  } else {
    fail(
        at, "has " + shown + ", which is not supported here",
        "known are \\d \\w \\s \\b, their capitals, \\A \\z \\t \\n \\r \\f \\v \\a \\e and \\x2f");
  }
  return std::nullopt;
}

bool RegexParser::escape() {
  ++at_;
  if (auto set = escaped_class(peek())) {
    ++at_;
    return take(std::move(*set));
  }
  if (skip("A")) return assertion(kTextBegin);
  if (skip("z")) return assertion(kTextEnd);
  if (skip("b")) return assertion(kWordBoundary);
  if (skip("B")) return assertion(kNoWordBoundary);
  const auto c = escaped_character();
  if (!c) return false;
  CharSet set;
  set.add(*c, *c);
  return take(std::move(set));
}

bool RegexParser::bracket() {
  const std::size_t open = at_++;
  const bool negated = skip("^");
  CharSet set;
  bool first = true;
  while (!at_end() && (peek() != ']' || first)) {
    first = false;
    if (!bracket_item(set)) return false;
  }
  if (!skip("]")) return fail(open, "has a [ without ]", "write [[] for the character");
  if (flags_.ignore_case) set.ignore_case();  // before negation
  if (negated) set.negate();
  return take(std::move(set));
}

// One character, a range or a class.
bool RegexParser::bracket_item(CharSet& set) {
  const std::size_t at = at_;
  if (text_.substr(at_).starts_with("[:")) return named_class(set);
  const auto end = [&]() -> std::optional<std::uint32_t> {
    return skip("\\") ? escaped_character() : std::optional(character());
  };
  if (peek() == '\\' && at_ + 1 < text_.size()) {
    if (const auto known = escaped_class(text_[at_ + 1])) {
      at_ += 2;
      set.add(*known);
      return true;
    }
  }
  const auto from = end();
  if (!from) return false;
  const std::string_view rest = text_.substr(at_);
  auto to = from;
  if (rest.size() > 1 && rest[0] == '-' && rest[1] != ']') {
    if (rest[1] == '\\' && rest.size() > 2 && escaped_class(rest[2])) {
      return fail(at, "has a range that ends in a class", "put the - first");
    }
    ++at_;
    to = end();
    if (!to) return false;
    if (*to < *from) return fail(at, "has a range whose end is below its beginning");
  }
  set.add(*from, *to);
  return true;
}

bool RegexParser::named_class(CharSet& set) {
  const std::size_t at = at_;
  at_ += 2;
  for (const auto& [name, pairs] : kNamed) {
    const std::string_view rest = text_.substr(at_);
    if (!rest.starts_with(name) || !rest.substr(name.size()).starts_with(":]")) continue;
    at_ += name.size() + 2;
    set.add(set_of(pairs));
    return true;
  }
  return fail(at, "has a [: without the name of a class and :]", "for example [[:alpha:]]");
}

}  // namespace socbridge::rules
