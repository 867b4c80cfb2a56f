// SPDX-License-Identifier: Apache-2.0
#include "http/url_login.h"

#include <algorithm>

namespace socbridge::http {

std::string without_logins(std::string_view text, std::string_view mark, std::string_view ends) {
  constexpr std::string_view kSlashes = "://";
  std::string out;
  while (true) {
    const std::size_t slashes = text.find(kSlashes);
    if (slashes == std::string_view::npos) break;
    const std::size_t begin = slashes + kSlashes.size();
    out += text.substr(0, begin);
    text.remove_prefix(begin);
    const std::size_t end = std::min(text.find_first_of(ends), text.size());
    const std::size_t at = text.substr(0, end).rfind('@');
    if (at == std::string_view::npos) continue;
    out += mark;
    text.remove_prefix(mark.empty() ? at + 1 : at);
  }
  return out.append(text);
}

}  // namespace socbridge::http
