// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

// SWAR (SIMD within a register) predicates on 8-byte words, for loops over long plain text.
namespace socbridge::swar {

inline std::uint64_t load(const char* at) {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, at, sizeof bytes);
  return bytes;
}

constexpr std::uint64_t all(unsigned char value) { return 0x0101010101010101ULL * value; }

constexpr bool any_above_ascii(std::uint64_t bytes) { return (bytes & all(0x80)) != 0; }

// Whether any byte is less than `limit`, which is 1 to 128.
constexpr bool any_below(std::uint64_t bytes, unsigned char limit) {
  return ((bytes - all(limit)) & ~bytes & all(0x80)) != 0;
}

constexpr bool any_is(std::uint64_t bytes, unsigned char value) {
  return any_below(bytes ^ all(value), 1);
}

// Returns the offset of the first 8-byte word, counted from `at`, for which `odd` holds.
template <typename Odd>
std::size_t skip_run(std::string_view text, std::size_t at, Odd odd) {
  constexpr std::size_t kEight = 8;
  while (text.size() - at >= kEight && !odd(load(text.data() + at))) at += kEight;
  return at;
}

}  // namespace socbridge::swar
