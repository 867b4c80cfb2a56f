// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "hash/siphash.h"
#include "spool/alert_counts.h"
#include "spool/entry_id.h"

namespace socbridge::spool {

// One slot of the file `counts`, as in the file: checksum of a note, its four words, and the
// counts. ARCHITECTURE.md, "Counts".
struct CountSlot {
  static constexpr std::size_t kCheck = 0, kCounts = 5, kWords = 16, kWord = 8;
  static constexpr std::uint64_t kMostCount = std::uint64_t{1} << 48U;  // larger: not a valid count
  std::array<std::uint64_t, kWords> words{};

  static constexpr unsigned kStateShift = 8, kAttemptsShift = 32;
  std::uint64_t check() const {
    const std::string_view noted(reinterpret_cast<const char*>(words.data() + 1),
                                 (kCounts - 1) * kWord);
    const std::uint64_t sum = siphash(0x736f63627269, 0x636f756e7473, noted);
    return sum == 0 ? 1 : sum;  // 0: no note
  }
  bool damaged() const {
    return std::any_of(words.begin() + kCounts, words.end(),
                       [](std::uint64_t count) { return count > kMostCount; });
  }
  std::uint64_t& count(Counted counted) {
    return words.at(kCounts + static_cast<std::size_t>(counted));
  }
  std::uint64_t target() const { return words[4]; }
  EntryId id() const { return {words[1], words[2]}; }
  unsigned state() const { return (words[3] >> kStateShift) & 0xFFU; }
  int attempts() const { return static_cast<int>(words[3] >> kAttemptsShift); }
  std::optional<Counted> counted() const {
    const std::uint64_t number = words[3] & 0xFFU;
    if (number >= kCounted) return {};
    return static_cast<Counted>(number);
  }
  // Whether it has a note without its count.
  bool open() const {
    if (words[kCheck] == 0 || words[kCheck] != check()) return false;
    const auto noted = counted();
    return noted && words.at(kCounts + static_cast<std::size_t>(*noted)) + 1 == target();
  }
};

}  // namespace socbridge::spool
