// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace socbridge::mapping {

// Text for a line or a table cell of Markdown. Nothing in it becomes markup, HTML, a link or a
// table border; control and direction-changing characters become escapes. A word that a renderer
// would turn into a link (address, host name, mail address, `@name`) becomes a code span: no
// renderer links those, and they can be copied unchanged. `max_units` are UTF-16 units of the text
// before it is escaped. Sources: GitHub Flavored Markdown, "Autolinks (extension)"; markdown-it's
// linkify-it.
std::string escape_markdown(std::string_view text, std::size_t max_units);
// The same, appended to `out`.
void append_markdown(std::string& out, std::string_view text, std::size_t max_units);

// Appends a row of a two-column table, `| name | value |`. `name` is Markdown, `value` is plain
// text.
void append_row(std::string& out, std::string_view name, std::string_view value,
                std::size_t max_units);
// The same with a plain text as name.
void append_text_row(std::string& out, std::string_view name, std::string_view value,
                     std::size_t max_units);

// Appends printable() of the complete text.
void append_printable(std::string& out, std::string_view text);

// Appends a fenced block whose fence is longer than any run of backticks in the text. Line breaks
// are kept, other control characters become escapes. Cut to `max_units` UTF-16 units. `language` is
// the word after the fence, such as `diff`.
void append_fenced(std::string& out, std::string_view text, std::size_t max_units,
                   std::string_view language = {});

}  // namespace socbridge::mapping
