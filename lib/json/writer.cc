// SPDX-License-Identifier: Apache-2.0
#include "json/writer.h"

#include <fmt/format.h>

#include <cmath>

#include "base/swar.h"
#include "base/text.h"
#include "base/unprintable.h"
#include "base/utf8.h"
#include "json/quote.h"

namespace socbridge::json {
namespace {

// The letter of a two-character escape, or 0.
char short_escape(std::uint32_t c) {
  switch (c) {
    case '"': return '"';
    case '\\': return '\\';
    case '\b': return 'b';
    case '\f': return 'f';
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    default: return 0;
  }
}

// Number of bytes from `at` on that a JSON string holds unescaped.
std::size_t plain_run(std::string_view text, std::size_t at) {
  constexpr unsigned char kDelete = 0x7F;
  std::size_t end = swar::skip_run(text, at, [](std::uint64_t next) {
    return swar::any_above_ascii(next) || swar::any_below(next, ' ') || swar::any_is(next, '"') ||
           swar::any_is(next, '\\') || swar::any_is(next, kDelete);
  });
  while (end < text.size()) {
    const auto c = static_cast<unsigned char>(text[end]);
    if (c < 0x20 || c >= kDelete || c == '"' || c == '\\') break;
    ++end;
  }
  return end - at;
}

}  // namespace

void append_u_escape(std::string& out, std::uint32_t code_point) {
  constexpr std::uint32_t kSupplementary = 0x10000;
  if (code_point >= kSupplementary) {
    code_point -= kSupplementary;
    append_u_escape(out, 0xD800 + (code_point >> 10U));
    append_u_escape(out, 0xDC00 + (code_point & 0x3FFU));
    return;
  }
  out += "\\u";
  for (unsigned shift = 16; shift != 0;) out += kHexDigits[(code_point >> (shift -= 4)) & 0xFU];
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  std::size_t done = 0;  // bytes already written
  std::size_t at = 0;
  for (;;) {
    at += plain_run(text, at);
    if (at == text.size()) break;
    const CodePoint point = decode_utf8(text, at);
    const char letter = point.valid ? short_escape(point.value) : '\0';
    if (point.valid && letter == 0 && !is_unprintable(point.value)) {
      at += point.size;
      continue;
    }
    out.append(text.substr(done, at - done));
    if (letter != 0) {
      out += '\\';
      out += letter;
    } else if (point.valid) {
      append_u_escape(out, point.value);
    } else {
      out += "\xEF\xBF\xBD";
    }
    at += point.size;
    done = at;
  }
  out.append(text.substr(done));
  out += '"';
}

std::string escape_unprintable(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  for (std::size_t at = 0; at < json.size();) {
    const std::size_t plain = plain_run(json, at);
    out.append(json.substr(at, plain));
    at += plain;
    if (at == json.size()) break;
    const CodePoint point = decode_utf8(json, at);
    const bool blank = json[at] == '\n' || json[at] == '\r' || json[at] == '\t';
    if (!point.valid) {
      out += "\xEF\xBF\xBD";
    } else if (!blank && is_unprintable(point.value)) {
      append_u_escape(out, point.value);
    } else {
      out.append(json.substr(at, point.size));
    }
    at += point.size;
  }
  return out;
}

std::string quote(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  append_quoted(out, text);
  return out;
}

void Writer::separate() {
  if (!after_key_ && !first_) out_ += ',';
  after_key_ = false;
  first_ = false;
}

void Writer::begin_object() {
  separate();
  out_ += '{';
  first_ = true;
}

void Writer::end_object() {
  out_ += '}';
  first_ = false;
}

void Writer::begin_array() {
  separate();
  out_ += '[';
  first_ = true;
}

void Writer::end_array() {
  out_ += ']';
  first_ = false;
}

void Writer::key(std::string_view name) {
  separate();
  append_quoted(out_, name);
  out_ += ':';
  after_key_ = true;
}

void Writer::value(std::string_view text) {
  separate();
  append_quoted(out_, text);
}

void Writer::value(std::int64_t number) { raw(fmt::format_int(number).c_str()); }

void Writer::value(std::uint64_t number) { raw(fmt::format_int(number).c_str()); }

// JSON has no spelling for infinities and NaN.
void Writer::value(double number) {
  raw(std::isfinite(number) ? fmt::format("{}", number) : std::string("null"));
}

void Writer::value(bool flag) { raw(flag ? "true" : "false"); }

void Writer::null() { raw("null"); }

void Writer::raw(std::string_view json) {
  separate();
  out_ += json;
}

}  // namespace socbridge::json
