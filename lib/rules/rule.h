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
  // Paths: the case is that of the alerts which are equal in these. Empty: as configured.
  std::vector<std::string> by;
};

// What a rule sets of the alert; what is not named stays as it is.
struct Assignments {
  std::optional<ValueChoice> severity, tlp, pap;
  std::optional<ValueChoice> type, source, case_template;
  std::optional<Template> title, description, external_link;
  std::vector<Template> tags;             // added
  std::vector<std::string> without_tags;  // patterns of tags that are taken away
  std::vector<std::pair<std::string, Template>> custom_fields;
  std::vector<ValueChoice> destinations;             // names of them; empty: not set
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
  std::vector<Filter> match;  // one is enough
  Assignments set;
  bool stop = false;  // later rules are not tried
};

}  // namespace socbridge::rules
