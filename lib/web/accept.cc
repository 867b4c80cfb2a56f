// SPDX-License-Identifier: Apache-2.0
#include "web/accept.h"

#include <algorithm>
#include <string>

#include "base/text.h"

namespace socbridge::web {
namespace {

// "1", "0.5", "0.125" in thousandths; any other text is 0.
int thousandths(std::string_view text) {
  constexpr int kOne = 1000;
  constexpr std::size_t kLongest = 5;
  if (text.empty() || text.size() > kLongest || (text[0] != '0' && text[0] != '1')) return 0;
  int value = (text[0] - '0') * kOne;
  if (text.size() > 1 && text[1] != '.') return 0;
  int place = kOne / 10;
  for (const char c : text.substr(std::min<std::size_t>(2, text.size()))) {
    if (c < '0' || c > '9') return 0;
    value += (c - '0') * place;
    place /= 10;
  }
  return std::min(value, kOne);
}

}  // namespace

int accept_quality(std::string_view accept, std::string_view type, std::string_view version) {
  constexpr int kOne = 1000;
  int best = 0;
  for (const std::string_view range : split(accept, ',')) {
    const auto parts = split(range, ';');
    if (parts.empty() || ascii_lower(trim(parts[0])) != type) continue;
    int quality = kOne;
    bool fits = true;
    for (std::size_t i = 1; i < parts.size(); ++i) {
      const std::string_view part = trim(parts[i]);
      const std::string name = ascii_lower(trim(part.substr(0, part.find('='))));
      const std::string_view value =
          part.find('=') == std::string_view::npos ? "" : trim(part.substr(part.find('=') + 1));
      if (name == "q") quality = thousandths(value);
      if (name == "version" && !version.empty()) fits = value == version;
    }
    if (fits) best = std::max(best, quality);
  }
  return best;
}

}  // namespace socbridge::web
