// SPDX-License-Identifier: Apache-2.0
#include "mapping/win_eventdata.h"

#include <algorithm>
#include <array>
#include <utility>

namespace socbridge::mapping {

std::string unescape_eventdata(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, char>, 7> kEscapes = {{{"\\\\", '\\'},
                                                                                 {"\\\"", '"'},
                                                                                 {"&amp;", '&'},
                                                                                 {"&lt;", '<'},
                                                                                 {"&gt;", '>'},
                                                                                 {"&quot;", '"'},
                                                                                 {"&apos;", '\''}}};
  std::string out;
  out.reserve(text.size());
  std::size_t begin = 0;  // of the text not yet in `out`
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' && text[i] != '&') continue;
    const std::string_view rest = text.substr(i);
    const auto escape = std::find_if(kEscapes.begin(), kEscapes.end(),
                                     [&](const auto& one) { return rest.starts_with(one.first); });
    if (escape == kEscapes.end()) continue;
    out.append(text.substr(begin, i - begin)) += escape->second;
    i += escape->first.size() - 1;
    begin = i + 1;
  }
  out.append(text.substr(begin));
  return out;
}

}  // namespace socbridge::mapping
