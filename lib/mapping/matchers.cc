// SPDX-License-Identifier: Apache-2.0
#include "mapping/matchers.h"

#include <arpa/inet.h>

#include "base/text.h"
#include "observable/validate.h"

namespace socbridge::mapping {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Canonical text of an address to its bytes.
bool to_bytes(const std::string& text, std::array<unsigned char, 16>& out, bool& v6) {
  v6 = text.find(':') != std::string::npos;
  return inet_pton(v6 ? AF_INET6 : AF_INET, text.c_str(), out.data()) == 1;
}

}  // namespace

bool glob_matches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0;
  std::size_t star = std::string_view::npos;  // the last one seen
  std::size_t resume = 0;                     // where what follows it is tried next
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || lower(pattern[p]) == lower(text[t]))) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::optional<Network> Network::parse(std::string_view text) {
  text = trim(text);
  const std::size_t slash = text.find('/');
  Network network;
  network.text = std::string(text);
  if (!to_bytes(std::string(text.substr(0, slash)), network.bytes, network.v6)) {
    return std::nullopt;
  }
  constexpr unsigned kBitsV4 = 32;
  constexpr unsigned kBitsV6 = 128;
  network.bits = network.v6 ? kBitsV6 : kBitsV4;
  if (slash != std::string_view::npos) {
    const auto bits = parse_u64(text.substr(slash + 1));
    if (!bits || *bits > network.bits) return std::nullopt;
    network.bits = static_cast<unsigned>(*bits);
  }
  return network;
}

bool Network::holds(std::string_view address) const {
  const auto parsed = observable::parse_ip(address);
  std::array<unsigned char, 16> other{};
  bool other_v6 = false;
  if (!parsed || !to_bytes(parsed->text, other, other_v6) || other_v6 != v6) return false;
  constexpr unsigned kByte = 8;
  for (unsigned bit = 0; bit < bits; ++bit) {
    const unsigned mask = 0x80U >> (bit % kByte);
    if ((bytes[bit / kByte] & mask) != (other[bit / kByte] & mask)) return false;
  }
  return true;
}

std::optional<NumberRange> NumberRange::parse(std::string_view text) {
  text = trim(text);
  const std::size_t dash = text.find('-');
  const auto from = parse_u64(trim(text.substr(0, dash)));
  const auto to = dash == std::string_view::npos ? from : parse_u64(trim(text.substr(dash + 1)));
  if (!from || !to || *from > *to) return std::nullopt;
  return NumberRange{*from, *to};
}

}  // namespace socbridge::mapping
