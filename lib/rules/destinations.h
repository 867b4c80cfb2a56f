// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/rule_set.h"

namespace socbridge::rules {

// The destination that the keys at the top of the configuration describe, as rules and people name
// it. In settings and spool entries its name is empty.
inline constexpr std::string_view kTopLevel = "default";

// For people: `default` for an empty name.
inline std::string shown_destination(const std::string& name) {
  return name.empty() ? std::string(kTopLevel) : name;
}

// Where one alert goes.
struct Destinations {
  std::vector<std::string> names = {""};  // at least one, each once, in the order of the rule
  std::string rule;                       // that says so; empty: none does
  std::vector<std::string> remarks;       // what a rule could not set, and what is done instead
  std::vector<std::string> unknown;       // of these, names that are not configured
};

// What the rules say, else the top-level destination. A name that a template made and that is not
// one of the `configured` ones stands for the top-level one: no alert waits for a destination that
// may never be configured. Pure.
Destinations destinations_of(const Subject& subject, const RuleSet& rules,
                             const std::vector<std::string>& configured);

}  // namespace socbridge::rules
