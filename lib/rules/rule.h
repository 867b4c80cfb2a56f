// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rules/filter.h"
#include "rules/template.h"
#include "rules/value_choice.h"

namespace socbridge::rules {

// Whether an alert becomes a case at once.
struct Promote {
  bool wanted = false;
  // Paths: alerts with equal values in them share a case. Empty: as configured.
  std::vector<std::string> by;
};

// The values that a rule sets for an alert; absent ones stay unchanged.
struct Assignments {
  std::optional<ValueChoice> severity, tlp, pap;
  std::optional<ValueChoice> type, source, case_template;
  std::optional<Template> title, description, external_link;
  std::vector<Template> tags;             // added
  std::vector<std::string> without_tags;  // patterns of tags to remove
  std::vector<std::pair<std::string, Template>> custom_fields;
  std::vector<ValueChoice> destinations;             // their names; empty: not set
  std::optional<std::vector<std::string>> group_by;  // paths; empty: not grouped
  std::optional<Promote> promote;
  std::optional<bool> observables, drop;
};

// One row of `rules`: {"name": "…", "match": {…} or […], "set": {…}, "stop": true}.
struct Rule {
  static Rule read(json::Value value, Faults& faults);

  // Why it applies, for people; empty if it does not. Without `match` it applies to every alert.
  std::optional<std::string> matches(const wazuh::Alert& alert) const;

  std::string name;
  std::vector<Filter> match;  // one match is enough
  Assignments set;
  bool stop = false;  // later rules are skipped
};

}  // namespace socbridge::rules
