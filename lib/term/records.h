// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "term/terminal.h"

namespace socbridge::term {

struct Cell {
  std::string text;
  Style style = Style::none;
};

// Prints records of one kind in any format. A record is its cells (table, plain) and its JSON
// object (json, jsonl, yaml), both given at once so that the formats can never disagree.
//   table  aligned columns under a header; the last column is cut to the terminal's width
//   plain  one record a line, cells separated by tabs, no header, nothing cut, no colour
//   json   one array;  jsonl  one object a line;  yaml  one list
// Memory does not grow with the number of records: all is written at once but for a table, whose
// columns are as wide as the first thousand rows need (and wider from the row on that needs more).
// Cell text is made printable.
class Records {
 public:
  using Sink = std::function<void(std::string_view)>;

  Records(Format format, Terminal terminal, std::vector<std::string> columns, Sink sink);

  void add(std::vector<Cell> cells, const std::string& json_object);
  // Writes what is still to be written. `empty_note` is for people: shown in place of a table
  // without rows.
  void finish(std::string_view empty_note = {});

  Format format() const { return format_; }
  bool for_people() const { return format_ == Format::table; }
  std::size_t count() const { return count_; }

 private:
  void write_rows();
  void write_row(const std::vector<Cell>& cells);
  Format format_;
  Terminal terminal_;
  std::vector<std::string> columns_;
  Sink sink_;
  std::vector<std::vector<Cell>> rows_;  // not yet written
  std::vector<std::size_t> widths_;      // of the columns; empty until the header is written
  std::size_t count_ = 0;
};

}  // namespace socbridge::term
