// SPDX-License-Identifier: Apache-2.0
#include "json/repair.h"

#include <algorithm>

#include "base/text.h"
#include "base/utf8.h"
#include "json/number.h"

namespace socbridge::json {
namespace {

constexpr std::size_t kEscape = 6;  // \uXXXX

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Value of \uXXXX at `at`, or -1.
int unicode_escape(std::string_view text, std::size_t at) {
  if (text.size() < at + kEscape || text[at] != '\\' || text[at + 1] != 'u') return -1;
  int value = 0;
  for (std::size_t i = 2; i < kEscape; ++i) {
    const int digit = hex(text[at + i]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

bool high(int v) { return v >= 0xD800 && v <= 0xDBFF; }
bool low(int v) { return v >= 0xDC00 && v <= 0xDFFF; }

// Length of the escape at `at`; `lone` is set for an unpaired surrogate.
std::size_t escape_length(std::string_view text, std::size_t at, bool& lone) {
  const int value = unicode_escape(text, at);
  lone = false;
  if (value < 0) return std::min<std::size_t>(2, text.size() - at);
  if (high(value) && low(unicode_escape(text, at + kEscape))) return 2 * kEscape;
  lone = high(value) || low(value);
  return kEscape;
}

std::size_t comment_length(std::string_view text, std::size_t at) {
  const std::string_view two = text.substr(at, 2);
  if (two == "//") return std::min(text.find('\n', at), text.size()) - at;
  if (two != "/*") return 0;
  const std::size_t end = text.find("*/", at + 2);
  return (end == std::string_view::npos ? text.size() : end + 2) - at;
}

// Length of a number that must become a string, or 0.
std::size_t too_big_number(std::string_view text) {
  const std::size_t length = number_length(text);
  return length != 0 && beyond_double(text.substr(0, length)) ? length : 0;
}

class Mender {
 public:
  Mender(std::string_view text, bool comments) : text_(text), comments_(comments) {
    out_.text.reserve(text.size() + text.size() / 8);
  }

  Repaired run() {
    while (at_ < text_.size()) {
      if (in_string_) {
        string_character();
      } else if (const std::size_t n = comments_ ? comment_length(text_, at_) : 0; n > 0) {
        for (const std::size_t end = at_ + n; at_ < end;) character();
      } else if (const std::size_t size = too_big_number(text_.substr(at_)); size > 0) {
        insert('"');
        out_.numbers.push_back(out_.text.size());
        copy(size);
        insert('"');
      } else if (const std::size_t plain = number_length(text_.substr(at_)); plain > 0) {
        copy(plain);
      } else {
        in_string_ = text_[at_] == '"';
        character();
      }
    }
    return std::move(out_);
  }

 private:
  void copy(std::size_t size) {
    out_.text.append(text_.substr(at_, size));
    at_ += size;
  }
  void replace(std::size_t size, std::string_view by) {
    out_.text.append(by);
    at_ += size;
    out_.shifts.push_back({out_.text.size(), at_});
  }
  void insert(char c) {
    out_.text += c;
    out_.shifts.push_back({out_.text.size(), at_});
  }
  // Copies one character, or U+FFFD for bytes that are not UTF-8.
  void character() {
    const CodePoint c = decode_utf8(text_, at_);
    if (c.valid) {
      copy(c.size);
    } else {
      replace(c.size, "\xEF\xBF\xBD");
    }
  }
  void string_character() {
    const char c = text_[at_];
    if (c == '\\') {
      bool lone = false;
      const std::size_t n = escape_length(text_, at_, lone);
      if (lone) {
        replace(n, "\\ufffd");
      } else if (n == 2 && static_cast<unsigned char>(text_[at_ + 1]) >= 0x80) {
        copy(1);  // never part of a character
      } else {
        copy(n);
      }
    } else if (static_cast<unsigned char>(c) < 0x20 && (!comments_ || c == '\t')) {
      replace(1, "\\u00" + to_hex({&c, 1}));
    } else {
      in_string_ = c != '"';
      character();
    }
  }

  std::string_view text_;
  bool comments_;
  bool in_string_ = false;
  std::size_t at_ = 0;
  Repaired out_;
};

}  // namespace

bool has_lone_surrogate_escape(std::string_view text) {
  for (std::size_t at = text.find('\\'); at != std::string_view::npos; at = text.find('\\', at)) {
    bool lone = false;
    at += escape_length(text, at, lone);
    if (lone) return true;
  }
  return false;
}

std::size_t Repaired::original_offset(std::size_t offset) const {
  const auto after = std::upper_bound(
      shifts.begin(), shifts.end(), offset,
      [](std::size_t value, const Shift& shift) { return value < shift.repaired; });
  if (after == shifts.begin()) return offset;
  const Shift& last = *(after - 1);
  return last.original + (offset - last.repaired);
}

Repaired repair(std::string_view text, bool comments) { return Mender(text, comments).run(); }

}  // namespace socbridge::json
