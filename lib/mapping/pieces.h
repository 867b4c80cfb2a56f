// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "base/text.h"

namespace socbridge::mapping {

enum class Quotes { ignored, kept };

// Calls `use` for each trimmed, non-empty piece between any of `separators`. With Quotes::kept,
// separators inside double quotes do not count.
template <typename Use>
void pieces(std::string_view text, std::string_view separators, Quotes quotes, const Use& use) {
  bool quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const bool end = i == text.size();
    if (!end && quotes == Quotes::kept && text[i] == '"') quoted = !quoted;
    if (!end && (quoted || separators.find(text[i]) == std::string_view::npos)) continue;
    const std::string_view piece = trim(text.substr(begin, i - begin));
    if (!piece.empty()) use(piece);
    begin = i + 1;
  }
}

}  // namespace socbridge::mapping
