// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace socbridge::opencti {

struct PatternToken {
  enum class Kind {
    end,
    word,     // AND, ipv4-addr, value, 12.5, true
    string,   // '…', unescaped
    special,  // t'…', h'…', b'…': a typed literal
    symbol,   // [ ] ( ) : . , = != < > <= >= *
    wrong,    // `text` has the error
  };
  Kind kind = Kind::end;
  std::string text;
  std::size_t at = 0;  // 0-based column
  bool is(std::string_view symbol) const { return kind == Kind::symbol && text == symbol; }
};

// Splits a pattern into tokens; skips blanks and comments (`/* */`, and `//` to the end of line).
class PatternTokens {
 public:
  explicit PatternTokens(std::string_view text) : text_(text) { advance(); }
  const PatternToken& current() const { return token_; }
  void advance();

 private:
  void skip_blanks();
  void read_string(PatternToken::Kind kind);
  void read_word();
  void read_symbol();
  void wrong(const char* what);

  std::string_view text_;
  std::size_t at_ = 0;
  PatternToken token_;
};

}  // namespace socbridge::opencti
