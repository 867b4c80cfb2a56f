// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "mapping/name_set.h"

namespace socbridge::mapping {

// How the text at a path is converted to values.
enum class Shape : unsigned char {
  plain,
  eventdata,  // Windows-escaped
  account,    // an account of a Windows event, with its SID in a sibling member; Windows-escaped
  owner,      // owner of a watched file, with `uid_after` in a sibling member
  web_path,   // a file, or the path of a request if a sibling member is a method
  zone,       // Zone.Identifier: `HostUrl=…`
  typed,      // the member `type` gives the type
  results,    // Sysmon 22 queryResults
  context,    // only with agent_observables: describes our own machine
};

struct Row {
  constexpr Row(std::string_view where, std::string_view data_type, Shape form = Shape::plain)
      : path(where), type(data_type), shape(form) {}

  std::string_view path;
  std::string_view type;  // data type to try; `auto` decides by value; `registry_or_file`
  Shape shape;
};

inline constexpr std::string_view kBelowData = "data.";

// Rows in order, and their slots in an array of their own: most rows are skipped.
struct Table {
  std::span<const Row> rows;
  std::span<const std::uint8_t> slots;  // name_slot() of each row's path
};

// The table for one branch of the alert; skipped if the alert lacks the branch.
struct Branch {
  constexpr Branch(std::string_view path, Table its_table)
      : root(path),
        below_data(path.starts_with(kBelowData) ? path.substr(kBelowData.size()) : ""),
        table(its_table),
        slot(name_slot(below_data)) {
    for (const Row& row : table.rows) only_context = only_context && row.shape == Shape::context;
  }

  std::string_view root;        // dotted path, "" for the alert itself
  std::string_view below_data;  // the same relative to `data`, "" if it is not below it
  Table table;
  std::uint8_t slot;         // name_slot() of `below_data`
  bool only_context = true;  // all its rows are Shape::context
};

// The observable table (docs/protocols/wazuh.md, "Observable fields", "Wazuh 5"). Paths are
// relative to their branch. `data.win` means each of its elements, with windows_table().
std::span<const Branch> observable_table();
Table windows_table();

}  // namespace socbridge::mapping
