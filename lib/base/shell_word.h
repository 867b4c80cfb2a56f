// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/text.h"

namespace socbridge {

// A path, or what else a message puts into a command that a person may copy, as one word of a
// shell: printable, cut to 300 characters, quoted if need be.
inline std::string shell_word(std::string_view text) {
  constexpr std::size_t kShown = 300;
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_/.,:@%+=-";
  std::string word = printable(text, kShown);
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

}  // namespace socbridge
