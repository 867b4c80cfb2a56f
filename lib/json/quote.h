// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace socbridge::json {

// Appends the text as a JSON string, repaired where it is not UTF-8. What could mislead a terminal
// or a reader (is_unprintable in base/unprintable.h) is escaped.
void append_quoted(std::string& out, std::string_view text);

// Appends \uXXXX, for a character above U+FFFF its two surrogates.
void append_u_escape(std::string& out, std::uint32_t code_point);

// JSON text that others wrote, with the same characters escaped. In valid JSON they occur in
// strings only, so it stays the same JSON; in other text it still shows what it holds. Line
// breaks, carriage returns and tabs stay.
std::string escape_unprintable(std::string_view json);

}  // namespace socbridge::json
