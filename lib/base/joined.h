// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace socbridge {

// The texts with a separator between them; empty texts at the beginning leave none behind.
inline std::string joined(const std::vector<std::string>& texts,
                          std::string_view separator = ", ") {
  std::string out;
  for (const std::string& text : texts) {
    if (!out.empty()) out += separator;
    out += text;
  }
  return out;
}

}  // namespace socbridge
