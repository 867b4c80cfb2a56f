// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

// Calls use(text, value, at) with each byte value at each position of plain texts of 1 to 20 bytes:
// for code that skips plain text in steps, where no byte may be missed.
template <typename Use>
void with_each_byte(Use use) {
  for (std::size_t size = 1; size <= 20; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      for (int value = 0; value < 256; ++value) {
        std::string text(size, 'a');
        text[at] = static_cast<char>(value);
        use(text, value, at);
      }
    }
  }
}
