// SPDX-License-Identifier: Apache-2.0
#include "rules/regex_parser.h"

#include <string>
#include <utility>
#include <vector>

#include "base/utf8.h"

namespace socbridge::rules {

using Kind = RegexInstruction::Kind;

bool RegexParser::fail(std::size_t at, std::string_view message, std::string_view hint) {
  faults_.add(std::string(message), std::string(hint), at);
  return false;
}

bool RegexParser::skip(std::string_view word) {
  if (!text_.substr(at_).starts_with(word)) return false;
  at_ += word.size();
  return true;
}

std::uint32_t RegexParser::character() {
  constexpr std::uint32_t kReplacement = 0xFFFD;
  const CodePoint c = decode_utf8(text_, at_);
  at_ += c.size;
  return c.valid ? c.value : kReplacement;
}

// Whether the program may grow by that many instructions and characters.
bool RegexParser::fits(std::size_t instructions, std::size_t characters, std::size_t at) {
  if (program_.characters + characters <= kMostRegexCharacters &&
      program_.code.size() + instructions <= kMostRegexInstructions) {
    return true;
  }
  return fail(at, "has more than 256 characters with its repetitions written out, or 1024 branches",
              "split it into a list of shorter ones");
}

bool RegexParser::take(CharSet set) {
  if (!fits(1, 1, 0)) return false;
  if (flags_.ignore_case) set.ignore_case();
  program_.code.push_back({Kind::character, static_cast<std::uint16_t>(program_.sets.size()), 1});
  program_.sets.push_back(std::move(set));
  ++program_.characters;
  return true;
}

bool RegexParser::assertion(std::uint8_t kind) {
  if (!fits(1, 0, 0)) return false;
  program_.code.push_back({Kind::assertion, kind, 1});
  return true;
}

RegexProgram RegexParser::run() {
  if (text_.size() > kMostRegexBytes) {
    fail(0, "has more than 1024 bytes", "split it into a list of shorter ones");
  } else if (is_text() && alternatives() && !at_end()) {
    fail(at_, "has a ) without (", "write [)] for the character");
  }
  return std::move(program_);
}

// JSON reads \b as a backspace, where a word boundary was meant.
bool RegexParser::is_text() {
  constexpr unsigned char kFirstSign = 0x20, kDelete = 0x7f;
  for (std::size_t i = 0; i < text_.size(); ++i) {
    const auto c = static_cast<unsigned char>(text_[i]);
    if (c == '\t' || c == '\n' || c == '\r' || (c >= kFirstSign && c != kDelete)) continue;
    return fail(i, "has a control character",
                c == '\b' ? "in JSON \\b is a backspace; write \\\\b for a word boundary"
                          : "write it as \\\\x and two hexadecimal digits");
  }
  return true;
}

// a|b|c, up to the end or the group's ).
bool RegexParser::alternatives() {
  std::vector<std::size_t> jumps;  // from the ends of alternatives to the common end
  auto& code = program_.code;
  for (;;) {
    const std::size_t from = code.size();
    if (!sequence()) return false;
    if (!skip("|")) break;
    if (!fits(2, 0, at_ - 1)) return false;
    const auto length = static_cast<std::int32_t>(code.size() - from);
    code.insert(code.begin() + static_cast<std::ptrdiff_t>(from), {Kind::split, 0, length + 2});
    jumps.push_back(code.size());
    code.push_back({Kind::jump, 0, 1});
  }
  for (const std::size_t jump : jumps) {
    code[jump].to = static_cast<std::int32_t>(code.size() - jump);
  }
  return true;
}

bool RegexParser::sequence() {
  while (!at_end() && peek() != '|' && peek() != ')') {
    const std::size_t from = program_.code.size();
    if (!atom() || !quantifier(from)) return false;
  }
  return true;
}

bool RegexParser::atom() {
  const std::size_t start = at_;
  CharSet set;
  switch (peek()) {
    case '(': return group();
    case '[': return bracket();
    case '\\': return escape();
    case '^': ++at_; return assertion(flags_.lines ? kLineBegin : kTextBegin);
    case '$': ++at_; return assertion(flags_.lines ? kLineEnd : kTextEnd);
    case '.':
      ++at_;
      if (!flags_.dot_all) set.add('\n', '\n');
      set.negate();
      return take(std::move(set));
    case '*':
    case '+':
    case '?':
    case '{':
      return fail(start, "has nothing to repeat before the " + std::string(1, peek()),
                  "put it in [ and ] for the character");
    default:
      const std::uint32_t c = character();
      set.add(c, c);
      return take(std::move(set));
  }
}

bool RegexParser::group() {
  const std::size_t open = at_++;
  const Flags outside = flags_;
  bool only_flags = false;
  if (++nested_ > kMostRegexNested) return fail(open, "nests more than 32 groups");
  if (skip("?") && !group_kind(only_flags)) return false;
  if (!only_flags) {
    if (!alternatives()) return false;
    if (!skip(")")) return fail(open, "has a ( without )", "write [(] for the character");
    flags_ = outside;  // (?i) applies up to the end of the enclosing group
  }
  --nested_;
  return true;
}

// After "(?".
bool RegexParser::group_kind(bool& only_flags) {
  const std::size_t at = at_;
  for (const std::string_view look : {"=", "!", "<=", "<!", ">"}) {
    if (skip(look)) {
      return fail(at, "has look-around or an atomic group",
                  "they cannot be searched in bounded time");
    }
  }
  if (skip(":")) return true;
  if (skip("P<") || skip("<")) {
    while (!at_end() && peek() != '>') ++at_;
    return skip(">") || fail(at, "has a group name without >");
  }
  return flags(only_flags);
}

// i, m, s, up to the following ) or :.
bool RegexParser::flags(bool& only_flags) {
  const std::size_t at = at_;
  bool on = true;
  for (;;) {
    const char c = peek();
    if (c == '-') {
      on = false;
    } else if (c == 'i') {
      flags_.ignore_case = on;
    } else if (c == 'm') {
      flags_.lines = on;
    } else if (c == 's') {
      flags_.dot_all = on;
    } else {
      break;
    }
    ++at_;
  }
  only_flags = skip(")");
  return only_flags || skip(":") ||
         fail(at, "has an unknown flag after (?", "known are i, m and s, as in (?i)");
}

bool RegexParser::quantifier(std::size_t from) {
  const std::size_t at = at_;
  Bounds bounds;
  if (peek() == '{') {
    if (!counted(bounds)) return false;
  } else if (skip("+")) {
    bounds.least = 1;
  } else if (skip("?")) {
    bounds.most = 1;
  } else if (!skip("*")) {
    return true;
  }
  skip("?");  // lazy: matches the same texts
  const char next = peek();
  if (!at_end() && (next == '*' || next == '+' || next == '?' || next == '{')) {
    return fail(at_, "repeats a repetition", "put the repeated part in ( and )");
  }
  return repeat(from, bounds, at);
}

// {2}, {2,} or {2,5}
bool RegexParser::counted(Bounds& bounds) {
  const std::size_t open = at_++;
  const auto number = [&]() -> std::optional<std::size_t> {
    constexpr std::size_t kDigits = 4;
    std::size_t value = 0, digits = 0;
    for (; peek() >= '0' && peek() <= '9' && digits < kDigits; ++digits) {
      value = value * 10 + static_cast<std::size_t>(text_[at_++] - '0');
    }
    return digits == 0 ? std::nullopt : std::optional(value);
  };
  const auto least = number();
  bounds.most = least;
  if (least && skip(",")) bounds.most = number();
  if (!least || !skip("}")) {
    return fail(open, "has a { that is not a repetition",
                "write {2}, {2,}, {2,5}, or [{] for the character");
  }
  bounds.least = *least;
  if (bounds.least > kMostRegexCharacters || bounds.most.value_or(0) > kMostRegexCharacters) {
    return fail(open, "repeats more than 256 times");
  }
  if (bounds.most && *bounds.most < bounds.least) {
    return fail(open, "has a repetition whose end is below its beginning");
  }
  return true;
}

bool RegexParser::repeat(std::size_t from, const Bounds& bounds, std::size_t at) {
  auto& code = program_.code;
  const std::vector<RegexInstruction> part(code.begin() + static_cast<std::ptrdiff_t>(from),
                                           code.end());
  if (part.empty()) return true;
  code.resize(from);
  std::size_t characters = 0;
  for (const RegexInstruction& one : part) characters += one.kind == Kind::character ? 1 : 0;
  program_.characters -= characters;

  const auto length = static_cast<std::int32_t>(part.size());
  const std::size_t optional = bounds.most ? *bounds.most - bounds.least : 0;
  const std::size_t loops = !bounds.most && bounds.least == 0 ? 1 : 0;
  const std::size_t copies = bounds.least + optional + loops;
  if (!fits(copies * part.size() + optional + 2, copies * characters, at)) return false;
  const auto add_part = [&] { code.insert(code.end(), part.begin(), part.end()); };

  for (std::size_t i = 0; i < bounds.least; ++i) add_part();
  for (std::size_t left = optional; left > 0; --left) {
    code.push_back({Kind::split, 0, static_cast<std::int32_t>(left) * (length + 1)});
    add_part();
  }
  if (loops == 1) {
    code.push_back({Kind::split, 0, length + 2});
    add_part();
    code.push_back({Kind::jump, 0, -(length + 1)});
  } else if (!bounds.most) {
    code.push_back({Kind::split, 0, -length});
  }
  program_.characters += copies * characters;
  return true;
}

}  // namespace socbridge::rules
