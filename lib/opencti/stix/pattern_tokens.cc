// SPDX-License-Identifier: Apache-2.0
#include "opencti/stix/pattern_tokens.h"

#include <array>

namespace socbridge::opencti {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f'; }

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '+' || static_cast<unsigned char>(c) >= 0x80;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

void PatternTokens::wrong(const char* what) {
  token_.kind = PatternToken::Kind::wrong;
  token_.text = what;
  at_ = text_.size();
}

void PatternTokens::skip_blanks() {
  while (at_ < text_.size()) {
    const std::string_view rest = text_.substr(at_);
    if (is_blank(rest.front())) {
      ++at_;
    } else if (rest.starts_with("//")) {
      const std::size_t end = rest.find('\n');
      at_ = end == std::string_view::npos ? text_.size() : at_ + end;
    } else if (rest.starts_with("/*")) {
      const std::size_t end = rest.find("*/", 2);
      if (end == std::string_view::npos) return;  // read_symbol() reports it
      at_ += end + 2;
    } else {
      return;
    }
  }
}

void PatternTokens::read_string(PatternToken::Kind kind) {
  token_.kind = kind;
  for (++at_; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c == '\'') {
      ++at_;
      return;
    }
    // Only `\` and `'` are escaped; any other backslash is literal.
    const bool escape =
        c == '\\' && at_ + 1 < text_.size() && (text_[at_ + 1] == '\\' || text_[at_ + 1] == '\'');
    if (escape) ++at_;
    token_.text += text_[at_];
  }
  wrong("a text without a closing quote");
}

void PatternTokens::read_word() {
  token_.kind = PatternToken::Kind::word;
  const std::size_t begin = at_;
  while (at_ < text_.size() && is_word(text_[at_])) ++at_;
  // 12.5 is one number, value.x two steps of a path.
  const bool number = is_digit(text_[begin]) || text_[begin] == '-' || text_[begin] == '+';
  if (number && at_ + 1 < text_.size() && text_[at_] == '.' && is_digit(text_[at_ + 1])) {
    ++at_;
    while (at_ < text_.size() && is_word(text_[at_])) ++at_;
  }
  token_.text = text_.substr(begin, at_ - begin);
}

void PatternTokens::read_symbol() {
  static constexpr std::array<std::string_view, 17> kSymbols = {
      "!=", "<>", "<=", ">=", "==", "=", "<", ">", "[", "]", "(", ")", ":", ".", ",", "*", "{"};
  const std::string_view rest = text_.substr(at_);
  if (rest.starts_with("/*")) return wrong("an unterminated comment");
  for (const std::string_view symbol : kSymbols) {
    if (!rest.starts_with(symbol)) continue;
    token_.kind = PatternToken::Kind::symbol;
    token_.text = symbol;
    at_ += symbol.size();
    return;
  }
  wrong("a character that is not allowed in a pattern");
}

void PatternTokens::advance() {
  skip_blanks();
  token_ = {};
  token_.at = at_;
  if (at_ >= text_.size()) return;
  const char c = text_[at_];
  const bool quoted_next = at_ + 1 < text_.size() && text_[at_ + 1] == '\'';
  if (c == '\'') {
    read_string(PatternToken::Kind::string);
  } else if (quoted_next && (c == 't' || c == 'h' || c == 'b')) {
    ++at_;
    read_string(PatternToken::Kind::special);
  } else if (is_word(c)) {
    read_word();
  } else {
    read_symbol();
  }
}

}  // namespace socbridge::opencti
