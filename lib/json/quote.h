#pragma once

#include <string>
#include <string_view>

namespace socbridge::json {

// Appends the text as a JSON string, repaired where it is not UTF-8.
void append_quoted(std::string& out, std::string_view text);

}  // namespace socbridge::json
