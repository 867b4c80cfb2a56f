#pragma once

#include <string>
#include <string_view>

namespace socbridge::mapping {

// Text for a line or a table cell of Markdown: nothing in it is taken as markup, HTML, link or
// table border; control and direction-changing characters show as escapes.
std::string escape_markdown(std::string_view text, std::size_t max_units);

// A fenced block whose fence is longer than any run of backticks inside; line breaks are kept,
// other control characters show as escapes. Cut to `max_units` UTF-16 units.
std::string fenced(std::string_view text, std::size_t max_units);

}  // namespace socbridge::mapping
