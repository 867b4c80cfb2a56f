// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wazuh/alert.h"

namespace socbridge::mapping {

// A fact about an alert, for people.
struct Fact {
  std::string_view label;
  std::string value;      // as in the alert, with Windows' escapes decoded
  std::string_view path;  // its origin; `@x` means data.win.eventdata.x
};
// Whether the fact comes from this path.
bool is_at(const Fact& fact, std::string_view path);

// The relevant facts of alerts of a kind (logon, process, file, web, network sensor, cloud, …): of
// the first kind that matches.
struct Family {
  std::string_view name;    // e.g. `Logon`; empty: no kind matches
  std::vector<Fact> facts;  // those with a value, in order
};
Family family_of(const wazuh::Alert& alert);

// Text of a value: scalars, and lists of scalars joined with ", "; empty for any other value.
std::string text_of(json::Value value, std::string_view path);
// The same without a copy if the alert has the text in this form; else the text is in `made`.
std::string_view text_of(json::Value value, std::string_view path, std::string& made);

}  // namespace socbridge::mapping
