// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

namespace socbridge::json {

// Passing over JSON text without reading it: brackets are counted, strings are passed over, nothing
// else is checked. Linear, no recursion, no memory: fit for text of any size and depth.

// First byte from `at` on that is no blank; the text's size if there is none.
std::size_t skip_blanks(std::string_view text, std::size_t at);

// Behind the string literal whose opening quote stands at `at`; npos if it is not closed.
std::size_t skip_string(std::string_view text, std::size_t at);

// Behind the value that begins at `at` (no blank); npos if it is not closed or none begins there.
std::size_t skip_value(std::string_view text, std::size_t at);

// Calls `use` with the text of each element of the array that begins at `at` (no blank). False if
// it is no array that is closed; elements before the damage were given.
bool for_each_element(std::string_view text, std::size_t at,
                      const std::function<void(std::string_view element)>& use);

// Where the value of the first member of this name begins in the object that begins at `at`; npos
// if there is none. `name` is compared as it is spelled in the text, without escapes.
std::size_t find_member(std::string_view text, std::size_t at, std::string_view name);

}  // namespace socbridge::json
