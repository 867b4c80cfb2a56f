// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace socbridge::json {

// Whether the text holds an escaped unpaired surrogate.
bool has_lone_surrogate_escape(std::string_view text);

// A rewritten text, and the mapping of its positions to the original.
struct Repaired {
  struct Shift {
    std::size_t repaired = 0, original = 0;  // from here on both texts are equal
  };
  std::string text;
  std::vector<Shift> shifts;
  std::vector<std::size_t> numbers;  // offsets in `text` of numbers that were quoted
  std::size_t original_offset(std::size_t offset) const;
};

// Rewrites what strict parsers refuse although real logs contain it. Invalid UTF-8 and unpaired
// surrogate escapes become U+FFFD. Raw control characters inside strings become escapes; with
// `comments` (a configuration file) only the tab, because a line break there is a missing quote.
// Numbers beyond a double become strings; all others stay.
Repaired repair(std::string_view text, bool comments);

}  // namespace socbridge::json
