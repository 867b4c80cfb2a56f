// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace socbridge::mapping {

// Text for a line or a table cell of Markdown: nothing in it is taken as markup, HTML, link or
// table border; control and direction-changing characters show as escapes. A word that a reader of
// Markdown would make a link of by itself (address, host name, mail address, `@name`) is a code
// span: that is the one form that no reader links, and it can be copied as it is. `max_units` are
// UTF-16 units of the text, before it is escaped. Sources: GitHub Flavored Markdown, "Autolinks
// (extension)"; markdown-it's linkify-it.
std::string escape_markdown(std::string_view text, std::size_t max_units);
// The same, added to `out`.
void append_markdown(std::string& out, std::string_view text, std::size_t max_units);

// Adds a row of a table with two columns, `| name | value |`. `name` is Markdown, `value` is not.
void append_row(std::string& out, std::string_view name, std::string_view value,
                std::size_t max_units);
// The same with a name that is no Markdown either.
void append_text_row(std::string& out, std::string_view name, std::string_view value,
                     std::size_t max_units);

// Adds what printable() makes of the whole text.
void append_printable(std::string& out, std::string_view text);

// Adds a fenced block whose fence is longer than any run of backticks inside; line breaks are kept,
// other control characters show as escapes. Cut to `max_units` UTF-16 units. `language` is the word
// behind the fence, such as `diff`.
void append_fenced(std::string& out, std::string_view text, std::size_t max_units,
                   std::string_view language = {});

}  // namespace socbridge::mapping
