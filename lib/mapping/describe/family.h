// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wazuh/alert.h"

namespace socbridge::mapping {

// A fact of an alert for people.
struct Fact {
  std::string_view label;
  std::string value;      // as it stands in the alert, Windows' escapes taken off
  std::string_view path;  // where it was found; `@x` stands for data.win.eventdata.x
};
// Whether the fact was found there.
bool is_at(const Fact& fact, std::string_view path);

// What matters for alerts of a kind (logon, process, file, web, network sensor, cloud, …): the
// first kind that the alert is of.
struct Family {
  std::string_view name;    // e.g. `Logon`; empty: none of them
  std::vector<Fact> facts;  // those that are there, in order
};
Family family_of(const wazuh::Alert& alert);

// Text of a value: scalars, and lists of scalars joined by ", "; empty for all else.
std::string text_of(json::Value value, std::string_view path);
// The same without a copy where the text stands in the alert as it is; else it is in `made`.
std::string_view text_of(json::Value value, std::string_view path, std::string& made);

}  // namespace socbridge::mapping
