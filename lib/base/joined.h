// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace socbridge {

// Joins texts (strings or views) with a separator. Leading empty texts get no separator.
template <class Texts = std::vector<std::string>>
std::string joined(const Texts& texts, std::string_view separator = ", ") {
  std::size_t size = 0;
  for (const std::string_view text : texts) size += text.size() + separator.size();
  std::string out;
  out.reserve(size);
  for (const std::string_view text : texts) {
    if (!out.empty()) out += separator;
    out += text;
  }
  return out;
}

}  // namespace socbridge
