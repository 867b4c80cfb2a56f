// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

namespace socbridge::json {

// Skips JSON text without parsing it: brackets are counted, strings are skipped, nothing else is
// checked. Linear, no recursion, no allocation: usable for text of any size and depth.

// The first byte from `at` on that is not a blank; the text's size if there is none.
std::size_t skip_blanks(std::string_view text, std::size_t at);

// The offset after the string literal whose opening quote is at `at`; npos if it is not closed.
std::size_t skip_string(std::string_view text, std::size_t at);

// The offset after the value that begins at `at` (no blank); npos if it is not closed or no value
// begins there.
std::size_t skip_value(std::string_view text, std::size_t at);

// Calls `use` with the text of each element of the array that begins at `at` (no blank). False if
// it is not a closed array; elements before the damage were passed.
bool for_each_element(std::string_view text, std::size_t at,
                      const std::function<void(std::string_view element)>& use);

// Offset of the value of the first member of this name in the object that begins at `at`; npos if
// there is none. `name` is compared with the raw spelling, without decoding escapes.
std::size_t find_member(std::string_view text, std::size_t at, std::string_view name);

}  // namespace socbridge::json
