// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.h"

#include "base/swar.h"
#include "base/text.h"

namespace socbridge {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Lowest and highest second byte, and the number of bytes after the first one.
struct Lead {
  unsigned char low = 0x80, high = 0xBF;
  std::size_t tail = 0;
};

Lead lead_of(unsigned char b) {
  if (b >= 0xC2 && b <= 0xDF) return {0x80, 0xBF, 1};
  if (b == 0xE0) return {0xA0, 0xBF, 2};
  if (b == 0xED) return {0x80, 0x9F, 2};
  if (b >= 0xE1 && b <= 0xEF) return {0x80, 0xBF, 2};
  if (b == 0xF0) return {0x90, 0xBF, 3};
  if (b >= 0xF1 && b <= 0xF3) return {0x80, 0xBF, 3};
  if (b == 0xF4) return {0x80, 0x8F, 3};
  return {};
}

// Length of the leading run of plain ASCII.
std::size_t ascii_run(std::string_view text, std::size_t at) {
  std::size_t end = swar::skip_run(text, at, swar::any_above_ascii);
  while (end < text.size() && static_cast<unsigned char>(text[end]) < 0x80) ++end;
  return end - at;
}

}  // namespace

CodePoint decode_utf8(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  if (first < 0x80) return {first, 1, true};
  const Lead lead = lead_of(first);
  if (lead.tail == 0) return {0, 1, false};
  constexpr unsigned kTailBits = 6;
  std::uint32_t value = first & (0x3FU >> lead.tail);
  for (std::size_t i = 1; i <= lead.tail; ++i) {
    const unsigned char low = i == 1 ? lead.low : 0x80;
    const unsigned char high = i == 1 ? lead.high : 0xBF;
    if (at + i >= text.size()) return {0, i, false};
    const auto next = static_cast<unsigned char>(text[at + i]);
    if (next < low || next > high) return {0, i, false};
    value = (value << kTailBits) | (next & 0x3FU);
  }
  return {value, lead.tail + 1, true};
}

void append_utf8(std::string& out, std::uint32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0U | (c >> 6U));
    out += static_cast<char>(0x80U | (c & 0x3FU));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0U | (c >> 12U));
    out += static_cast<char>(0x80U | ((c >> 6U) & 0x3FU));
    out += static_cast<char>(0x80U | (c & 0x3FU));
  } else {
    out += static_cast<char>(0xF0U | (c >> 18U));
    out += static_cast<char>(0x80U | ((c >> 12U) & 0x3FU));
    out += static_cast<char>(0x80U | ((c >> 6U) & 0x3FU));
    out += static_cast<char>(0x80U | (c & 0x3FU));
  }
}

bool is_valid_utf8(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    at += ascii_run(bytes, at);
    if (at == bytes.size()) break;
    const CodePoint c = decode_utf8(bytes, at);
    if (!c.valid) return false;
    at += c.size;
  }
  return true;
}

std::string repair_utf8(std::string_view bytes) {
  if (is_valid_utf8(bytes)) return std::string(bytes);
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 4);
  for (std::size_t at = 0; at < bytes.size();) {
    const CodePoint c = decode_utf8(bytes, at);
    out.append(c.valid ? bytes.substr(at, c.size) : kReplacement);
    at += c.size;
  }
  return out;
}

std::size_t utf16_length(std::string_view text) {
  std::size_t units = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t run = ascii_run(text, at);
    units += run;
    at += run;
    if (at == text.size()) break;
    const CodePoint c = decode_utf8(text, at);
    units += c.valid && c.value > 0xFFFF ? 2 : 1;
    at += c.size;
  }
  return units;
}

std::string truncate_utf16(std::string_view text, std::size_t units) {
  if (text.size() <= units || utf16_length(text) <= units) return std::string(text);
  if (units == 0) return {};
  std::size_t used = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const CodePoint c = decode_utf8(text, at);
    const std::size_t width = c.valid && c.value > 0xFFFF ? 2 : 1;
    if (used + width > units - 1) break;
    used += width;
    at += c.size;
  }
  return std::string(text.substr(0, at)) + "…";
}

}  // namespace socbridge
