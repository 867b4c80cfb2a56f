// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace socbridge::cortex {

// Cells of one line of CSV by RFC 4180; blanks before a quoted cell do not count. A quoted cell may
// hold the separator, not a line break: no observable does.
std::vector<std::string> cells(std::string_view line, char separator);

// Where a table has its values.
struct Columns {
  char separator = ',';
  std::size_t count = 0;
  std::size_t value = 0;
  std::optional<std::size_t> type;  // of the list's own word for the type
  std::string type_word;            // what the column's name says where no column has it
};

// Columns of a line that names them, separated by `,` `;` or tab: one is called `data`, `value`,
// `ioc_value` or the like, or else by a word for a type (`url`, `dst_ip`, `sha256_hash`), of which
// the first counts. Nothing for another line. Source of the names: exports of MISP, OTX, ThreatFox,
// URLhaus, Feodo Tracker.
std::optional<Columns> read_columns(std::string_view line);

// Whether one of JSON's members is called like a column for values, or for types.
bool is_value_name(std::string_view name);
bool is_type_name(std::string_view name);

}  // namespace socbridge::cortex
