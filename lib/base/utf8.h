// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace socbridge {

struct CodePoint {
  std::uint32_t value = 0;
  std::size_t size = 0;  // bytes taken
  bool valid = false;    // false: `size` bytes are one maximal invalid part
};

// Decodes the character at `at` (< text.size()), strictly as Unicode 15 table 3-7.
CodePoint decode_utf8(std::string_view text, std::size_t at);

void append_utf8(std::string& out, std::uint32_t code_point);

}  // namespace socbridge
