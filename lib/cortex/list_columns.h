// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace socbridge::cortex {

// Cells of one CSV line (RFC 4180); blanks before a quoted cell are ignored. A quoted cell may
// contain the separator, but not a line break, which no observable has.
std::vector<std::string> cells(std::string_view line, char separator);

// The columns of a table with its values.
struct Columns {
  char separator = ',';
  std::size_t count = 0;
  std::size_t value = 0;
  std::optional<std::size_t> type;  // column with the list's own type words
  std::string type_word;            // type from the column's name if there is no type column
};

// Reads a header line, separated by `,` `;` or tab. The value column is called `data`, `value`,
// `ioc_value` or similar, else it is the first one named after a type (`url`, `dst_ip`,
// `sha256_hash`). Empty for any other line. Source of the names: exports of MISP, OTX, ThreatFox,
// URLhaus, Feodo Tracker.
std::optional<Columns> read_columns(std::string_view line);

// Whether a JSON member has the name of a value column, or of a type column.
bool is_value_name(std::string_view name);
bool is_type_name(std::string_view name);

}  // namespace socbridge::cortex
