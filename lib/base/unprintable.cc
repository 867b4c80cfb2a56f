// SPDX-License-Identifier: Apache-2.0
#include "base/unprintable.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace socbridge {
namespace {

struct Range {
  std::uint32_t first, last;
};
constexpr std::array kRanges = {
    Range{0x00, 0x1F},       Range{0x7F, 0x9F},       Range{0xAD, 0xAD},
    Range{0x34F, 0x34F},     Range{0x61C, 0x61C},     Range{0x115F, 0x1160},
    Range{0x17B4, 0x17B5},   Range{0x180B, 0x180F},   Range{0x200B, 0x200F},
    Range{0x2028, 0x202E},   Range{0x2060, 0x206F},   Range{0x3164, 0x3164},
    Range{0xFDD0, 0xFDEF},   Range{0xFEFF, 0xFEFF},   Range{0xFFA0, 0xFFA0},
    Range{0xFFF0, 0xFFFB},   Range{0xFFFE, 0xFFFF},   Range{0x1BCA0, 0x1BCA3},
    Range{0x1D173, 0x1D17A}, Range{0xE0000, 0xE0FFF},
};

}  // namespace

bool is_unprintable(std::uint32_t code_point) {
  constexpr std::uint32_t kNoncharacters = 0xFFFE;  // the last two of each plane
  if ((code_point & kNoncharacters) == kNoncharacters) return true;
  const auto* after =
      std::upper_bound(kRanges.begin(), kRanges.end(), code_point,
                       [](std::uint32_t value, const Range& range) { return value < range.first; });
  return after != kRanges.begin() && code_point <= std::prev(after)->last;
}

}  // namespace socbridge
