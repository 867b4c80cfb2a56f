// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace socbridge::json {

// True if the text holds an escaped surrogate without its other half.
bool has_lone_surrogate_escape(std::string_view text);

// A rewritten text and the way back to places of the original.
struct Repaired {
  struct Shift {
    std::size_t repaired = 0, original = 0;  // from here on the two run side by side
  };
  std::string text;
  std::vector<Shift> shifts;
  std::vector<std::size_t> numbers;  // where numbers begin, in `text`, that were put into quotes
  std::size_t original_offset(std::size_t offset) const;
};

// Rewrites what strict parsers refuse though real logs hold it: invalid UTF-8 and lone surrogate
// escapes become U+FFFD; raw control characters inside strings become escapes (in a text with
// comments, that is a file people write, only the tab: a line break there is a forgotten quote);
// numbers beyond a double become strings, all others stay.
Repaired repair(std::string_view text, bool comments);

}  // namespace socbridge::json
