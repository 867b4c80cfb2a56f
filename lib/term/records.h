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

// Prints records of one kind in any format. A record consists of its cells (table, plain) and its
// JSON object (json, jsonl, yaml); add() takes both, so that the formats always agree.
//   table  aligned columns under a header; the last column is cut to the terminal's width
// plain  one record a line, cells separated by tabs, no header, nothing cut, no colour
//   json   one array;  jsonl  one object a line;  yaml  one list
// Memory does not grow with the number of records: each is written at once. Only a table is
// buffered up to its thousandth row; its columns are as wide as these rows need, and grow from a
// later row on that needs more. Cell text is made printable.
class Records {
 public:
  using Sink = std::function<void(std::string_view)>;

  Records(Format format, Terminal terminal, std::vector<std::string> columns, Sink sink);

  void add(std::vector<Cell> cells, const std::string& json_object);
  // Writes what is still buffered. `empty_note` is shown instead of a table without rows.
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
