// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace socbridge::json {

// Appends the text as a JSON string, repaired where it is not UTF-8. Characters that could mislead
// a terminal or a reader (is_unprintable in base/unprintable.h) are escaped.
void append_quoted(std::string& out, std::string_view text);

// Appends \uXXXX; for a character above U+FFFF its surrogate pair.
void append_u_escape(std::string& out, std::uint32_t code_point);

// Escapes the same characters in JSON text from elsewhere. In valid JSON they occur in strings
// only, so the JSON keeps its meaning; other text stays readable. Line feeds, carriage returns and
// tabs stay.
std::string escape_unprintable(std::string_view json);

}  // namespace socbridge::json
