// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace socbridge {

// Whether one of the texts is `text`.
template <class List>
bool contains(const List& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

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

// What `shown` makes of each item, with commas between; of more than `most` only how many there
// are: "a, b, and 3 more".
template <class Items, class Shown>
std::string joined_as(const Items& items, const Shown& shown,
                      std::size_t most = static_cast<std::size_t>(-1)) {
  std::string out;
  std::size_t count = 0;
  for (const auto& item : items) {
    if (++count <= most) out += (out.empty() ? "" : ", ") + std::string(shown(item));
  }
  if (count > most) out += ", and " + std::to_string(count - most) + " more";
  return out;
}

}  // namespace socbridge
