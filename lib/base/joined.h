// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace socbridge {

// The texts with a separator between them; empty texts at the beginning leave none behind.
inline std::string joined(const std::vector<std::string>& texts,
                          std::string_view separator = ", ") {
  std::size_t size = 0;
  for (const std::string& text : texts) size += text.size() + separator.size();
  std::string out;
  out.reserve(size);
  for (const std::string& text : texts) {
    if (!out.empty()) out += separator;
    out += text;
  }
  return out;
}

}  // namespace socbridge
