// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace socbridge::mapping {

// How the text found at a path is turned into values.
enum class Shape : unsigned char {
  plain,
  eventdata,  // Windows-escaped
  account,    // an account of a Windows event, with its SID beside it; Windows-escaped
  owner,      // owner of a watched file, with `uid_after` beside it
  web_path,   // a file, or the path of a request if a method stands beside it
  zone,       // Zone.Identifier: `HostUrl=…`
  typed,      // the member `type` says what it is
  results,    // Sysmon 22 queryResults
  context,    // only with agent_observables: describes our own machine
};

struct Row {
  std::string_view path;
  std::string_view type;  // data type to try; `auto` decides by value; `registry_or_file`
  Shape shape = Shape::plain;
};

// Rows of one branch of the alert; skipped as a whole if the branch is not there.
struct Branch {
  std::string_view root;  // dotted path, "" for the alert itself
  std::span<const Row> rows;
};

// The observable table (docs/protocols/wazuh.md, "Observable fields", "Wazuh 5"), paths relative to
// their branch. `data.win` stands for each of its elements, with windows_rows().
std::span<const Branch> observable_table();
std::span<const Row> windows_rows();

}  // namespace socbridge::mapping
