// SPDX-License-Identifier: Apache-2.0
#include "mapping/win_eventdata.h"

#include <array>
#include <utility>

namespace socbridge::mapping {

std::string unescape_eventdata(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, char>, 5> kEntities = {
      {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view rest = text.substr(i);
    if (rest.size() >= 2 && rest[0] == '\\' && (rest[1] == '\\' || rest[1] == '"')) {
      out += rest[1];
      i += 2;
      continue;
    }
    bool decoded = false;
    if (rest[0] == '&') {
      for (const auto& [entity, character] : kEntities) {
        if (!rest.starts_with(entity)) continue;
        out += character;
        i += entity.size();
        decoded = true;
        break;
      }
    }
    if (!decoded) {
      out += rest[0];
      ++i;
    }
  }
  return out;
}

}  // namespace socbridge::mapping
