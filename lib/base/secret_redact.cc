// SPDX-License-Identifier: Apache-2.0
// Finding a secret in foreign text in the spellings that servers and proxies give it.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/secret.h"

namespace socbridge {
namespace {

constexpr std::string_view kMark = "[redacted]";
constexpr std::size_t kShortest = 4;         // shorter ones would match ordinary words
constexpr std::size_t kShortestEncoded = 8;  // in base64: fewer digits would match anything
constexpr std::string_view kDigits64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

unsigned char lower(unsigned char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<unsigned char>(c - 'A' + 'a') : c;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const auto low = static_cast<char>(lower(static_cast<unsigned char>(c)));
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

// The number of `count` hex digits at the start of the text, or -1.
int hex_number(std::string_view text, std::size_t count) {
  if (text.size() < count) return -1;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const int digit = hex_digit(text[i]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

// One decoded character of a text and the bytes that its spelling takes.
struct Spelled {
  int value = -1;
  std::size_t size = 0;
};

// %41, and %2541 (encoded twice).
Spelled percent(std::string_view text) {
  std::size_t at = 1;
  while (text.substr(at, 2) == "25" && hex_number(text.substr(at + 2), 2) >= 0) at += 2;
  return {hex_number(text.substr(at), 2), at + 2};
}

// JSON's \u0041, \/ and \".
Spelled escape(std::string_view text) {
  if (text.size() < 2) return {};
  if (text[1] == 'u' || text[1] == 'U') return {hex_number(text.substr(2), 4), 6};
  if (text[1] == 'x') return {hex_number(text.substr(2), 2), 4};
  return {static_cast<unsigned char>(text[1]), 2};
}

// HTML's &#65; &#x41; and named entities.
Spelled entity(std::string_view text) {
  constexpr std::size_t kLongest = 12;
  const std::size_t end = text.substr(0, kLongest).find(';');
  if (end == std::string_view::npos) return {};
  const std::string_view name = text.substr(1, end - 1);
  const std::size_t size = end + 1;
  constexpr std::array<std::pair<std::string_view, char>, 5> kNamed = {
      {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}}};
  for (const auto& [known, c] : kNamed) {
    if (name == known) return {c, size};
  }
  if (name.size() < 2 || name[0] != '#') return {};
  constexpr std::size_t kMostDigits = 6;
  if (lower(static_cast<unsigned char>(name[1])) == 'x') {
    if (name.size() - 2 > kMostDigits) return {};
    return {hex_number(name.substr(2), name.size() - 2), size};
  }
  int value = 0;
  for (const char c : name.substr(1)) {
    if (c < '0' || c > '9') return {};
    value = value * 10 + (c - '0');
  }
  return {value, size};
}

Spelled encoded(std::string_view text) {
  switch (text.front()) {
    case '%': return percent(text);
    case '\\': return escape(text);
    case '&': return entity(text);
    case '+': return {' ', 1};
    default: return {};
  }
}

enum class Letters { any_case, exact };

// A form of the secret to search for; its bytes are wiped.
struct Needle {
  Secret bytes;
  Letters letters = Letters::any_case;
};

bool same(unsigned char a, unsigned char b, Letters letters) {
  if (a == b) return true;
  if (letters == Letters::any_case) return lower(a) == lower(b);
  // The two alphabets of base64.
  return (a == '+' && b == '-') || (a == '/' && b == '_');
}

// Length of the needle's spelling at the start of the text; 0: no match.
std::size_t match(std::string_view text, const Needle& needle) {
  std::size_t at = 0;
  for (const char wanted : needle.bytes.reveal()) {
    if (at >= text.size()) return 0;
    const auto byte = static_cast<unsigned char>(wanted);
    if (same(byte, static_cast<unsigned char>(text[at]), needle.letters)) {
      ++at;
      continue;
    }
    const Spelled one = encoded(text.substr(at));
    if (one.value < 0 || one.value > UINT8_MAX ||
        !same(byte, static_cast<unsigned char>(one.value), needle.letters)) {
      return 0;
    }
    at += one.size;
  }
  return at;
}

// The base64 digits that depend on the secret alone when `before` bytes (0 to 2) precede it in its
// group of three, as in `user:key`.
Secret base64_core(std::string_view secret, std::size_t before) {
  std::string bytes(before, '\0');
  bytes += secret;
  std::string digits;
  constexpr unsigned kDigitBits = 6;
  unsigned held = 0, bits = 0;
  for (const char c : bytes) {
    held = (held << 8U) | static_cast<unsigned char>(c);
    bits += 8;
    while (bits >= kDigitBits) {
      bits -= kDigitBits;
      digits += kDigits64[(held >> bits) & 63U];
    }
  }
  constexpr std::array<std::size_t, 3> kShared = {0, 2, 3};
  Secret core(digits.substr(std::min(kShared[before], digits.size())));
  secure_wipe(bytes.data(), bytes.size());
  secure_wipe(digits.data(), digits.size());
  return core;
}

bool is_digit64(char c) {
  return kDigits64.find(c) != std::string_view::npos || c == '-' || c == '_' || c == '=';
}

std::vector<Needle> needles_of(const Secret& secret) {
  std::vector<Needle> needles;
  needles.push_back({secret, Letters::any_case});
  if (secret.reveal().size() < kShortestEncoded) return needles;
  for (std::size_t before = 0; before < 3; ++before) {
    needles.push_back({base64_core(secret.reveal(), before), Letters::exact});
  }
  return needles;
}

// Which bytes a spelling of a needle can begin with.
std::array<bool, 256> first_bytes(const std::vector<Needle>& needles) {
  std::array<bool, 256> out{};
  for (const char c : {'%', '\\', '&', '+'}) out[static_cast<unsigned char>(c)] = true;
  for (const Needle& needle : needles) {
    for (unsigned c = 0; c < out.size(); ++c) {
      const auto first = static_cast<unsigned char>(needle.bytes.reveal().front());
      if (same(first, static_cast<unsigned char>(c), needle.letters)) out[c] = true;
    }
  }
  return out;
}

}  // namespace

std::string redact(std::string text, const Secret& secret) {
  if (secret.reveal().size() < kShortest) return text;
  const std::vector<Needle> needles = needles_of(secret);
  const std::array<bool, 256> first = first_bytes(needles);
  std::string out;
  std::size_t copied = 0;  // of `text`, into `out`
  for (std::size_t at = 0; at < text.size();) {
    std::size_t found = 0;
    bool base64 = false;
    if (first[static_cast<unsigned char>(text[at])]) {
      for (std::size_t i = 0; i < needles.size() && found == 0; ++i) {
        found = match(std::string_view(text).substr(at), needles[i]);
        base64 = found > 0 && needles[i].letters == Letters::exact;
      }
    }
    if (found == 0) {
      ++at;
      continue;
    }
    std::size_t from = at, end = at + found;
    // The adjacent base64 digits hold some bits of it.
    if (base64 && from > copied && is_digit64(text[from - 1])) --from;
    if (base64 && end < text.size() && is_digit64(text[end])) ++end;
    out.append(text, copied, from - copied).append(kMark);
    copied = at = end;
  }
  if (copied == 0) return text;
  out.append(text, copied, std::string::npos);
  secure_wipe(text.data(), text.size());
  return out;
}

}  // namespace socbridge
