// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/rule_set.h"

namespace socbridge::rules {

// The name in rules and texts of the destination that the configuration's top-level keys describe.
// Its name is empty in settings and spool entries.
inline constexpr std::string_view kTopLevel = "default";

// For people: `default` for an empty name.
inline std::string shown_destination(const std::string& name) {
  return name.empty() ? std::string(kTopLevel) : name;
}

// The destinations of one alert.
struct Destinations {
  std::vector<std::string> names = {""};  // at least one, each once, in the order of the rule
  std::string rule;                       // the rule that sets them; empty: no rule
  std::vector<std::string> remarks;       // what a rule could not set, and the replacement
  std::vector<std::string> unknown;       // names that are not configured
};

// The destinations that the rules set, else the top-level one. A name from a template that is not
// one of the `configured` ones is replaced by the top-level one: no alert waits for a destination
// that may never be configured. Pure.
Destinations destinations_of(const Subject& subject, const RuleSet& rules,
                             const std::vector<std::string>& configured);

}  // namespace socbridge::rules
