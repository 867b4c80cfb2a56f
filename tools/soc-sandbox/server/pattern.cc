// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/server/pattern.h"

#include <algorithm>

#include "base/text.h"

namespace socbridge::sandbox {

bool match_path(std::string_view pattern, const std::vector<std::string>& segments,
                std::size_t skipped, std::vector<std::string>& captures) {
  captures.clear();
  std::size_t at = skipped;
  while (!pattern.empty()) {
    const std::string_view segment = pattern.substr(0, pattern.find('/'));
    pattern.remove_prefix(std::min(pattern.size(), segment.size() + 1));
    if (at == segments.size()) return false;
    const std::string& given = segments[at++];
    if (segment == "{}") {
      captures.push_back(given);
    } else if (segment != given) {
      return false;
    }
  }
  return at == segments.size();
}

bool skip_prefix(std::string_view prefix, const std::vector<std::string>& segments,
                 std::size_t& skipped) {
  skipped = 0;
  for (const std::string_view wanted : split(prefix, '/')) {
    if (wanted.empty()) continue;
    if (skipped == segments.size() || segments[skipped] != wanted) return false;
    ++skipped;
  }
  return true;
}

}  // namespace socbridge::sandbox
