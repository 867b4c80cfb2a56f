#pragma once

#include <span>
#include <string_view>

namespace socbridge::mapping {

// How the text found at a path is turned into values.
enum class Shape : unsigned char {
  plain,      // one value
  list,       // several, separated by commas or blanks
  eventdata,  // one value, Windows-escaped
  hashes,     // `SHA1=…,MD5=…,IMPHASH=…`, Windows-escaped
  results,    // Sysmon 22 queryResults
  context,    // only with agent_observables: describes our own machine
};

struct Row {
  std::string_view path;
  std::string_view type;  // wished data type; `auto` decides by value; `registry_or_file`
  Shape shape = Shape::plain;
};

// Rows of one branch of the alert; skipped as a whole if the branch is not there.
struct Branch {
  std::string_view root;  // dotted path, "" for the alert itself
  std::span<const Row> rows;
};

// The observable table (docs/protocols/wazuh.md, "Observable fields", "Wazuh 5"), paths relative to
// their branch.
std::span<const Branch> observable_table();

}  // namespace socbridge::mapping
