// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "json/value.h"

namespace socbridge::mapping {

// One of 256 slots for the part of a dotted name before its first point.
constexpr std::uint8_t name_slot(std::string_view dotted) {
  std::size_t size = 0;
  while (size < dotted.size() && dotted[size] != '.') ++size;
  if (size == 0) return 0;
  const auto byte = [&](std::size_t at) {
    return static_cast<unsigned>(static_cast<unsigned char>(dotted[at]));
  };
  const unsigned sum = byte(0) * 5U + byte(size - 1) * 89U + byte(size / 2) * 37U +
                       static_cast<unsigned>(size) * 113U;
  return static_cast<std::uint8_t>(sum & 0xFFU);
}

// The slots of some names. They rule out most names that an object lacks without a lookup.
class NameSet {
 public:
  constexpr void add(std::uint8_t slot) { words_[slot / kBits] |= bit(slot); }
  constexpr bool has(std::uint8_t slot) const { return (words_[slot / kBits] & bit(slot)) != 0; }

  static constexpr NameSet all() {
    NameSet set;
    for (std::uint64_t& word : set.words_) word = ~std::uint64_t{0};
    return set;
  }
  // The slots of all names of an object. All slots for other values: an array's elements are not
  // read.
  static NameSet of(json::Value value) {
    if (!value.is_object()) return all();
    NameSet set;
    for (std::size_t i = 0; i < value.size(); ++i) set.add(name_slot(value.key_at(i)));
    return set;
  }

 private:
  static constexpr unsigned kBits = 64;
  static constexpr std::uint64_t bit(std::uint8_t slot) {
    return std::uint64_t{1} << (slot % kBits);
  }

  std::array<std::uint64_t, 256 / kBits> words_{};
};

}  // namespace socbridge::mapping
