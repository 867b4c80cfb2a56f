// SPDX-License-Identifier: Apache-2.0
#include "rules/regex_program.h"

#include <algorithm>

namespace socbridge::rules {
namespace {

constexpr std::uint32_t kWordBits = 64;
constexpr std::uint64_t kLetters = 0x07FFFFFE;  // of A to Z in 0x40 to 0x5F, of a to z in 0x60 on
constexpr unsigned kLowerShift = 32;

}  // namespace

void CharSet::add(std::uint32_t from, std::uint32_t to) {
  for (std::uint32_t c = from; c <= to && c < kAsciiEnd; ++c) {
    ascii[c / kWordBits] |= std::uint64_t{1} << (c % kWordBits);
  }
  if (to >= kAsciiEnd) above.emplace_back(std::max(from, kAsciiEnd), to);
}

void CharSet::add(const CharSet& other) {
  ascii[0] |= other.ascii[0];
  ascii[1] |= other.ascii[1];
  above.insert(above.end(), other.above.begin(), other.above.end());
}

void CharSet::negate() {
  ascii[0] = ~ascii[0];
  ascii[1] = ~ascii[1];
  above_negated = !above_negated;
}

void CharSet::ignore_case() {
  const std::uint64_t letters = (ascii[1] | (ascii[1] >> kLowerShift)) & kLetters;
  ascii[1] |= letters | (letters << kLowerShift);
}

bool CharSet::holds(std::uint32_t code_point) const {
  if (code_point < kAsciiEnd) {
    return ((ascii[code_point / kWordBits] >> (code_point % kWordBits)) & 1U) != 0;
  }
  const bool listed = std::any_of(above.begin(), above.end(), [&](const auto& range) {
    return code_point >= range.first && code_point <= range.second;
  });
  return listed != above_negated;
}

}  // namespace socbridge::rules
