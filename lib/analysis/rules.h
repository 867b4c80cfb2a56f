// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/analyzer_selection.h"
#include "analysis/exclusions.h"
#include "thehive/cases.h"

namespace socbridge::analysis {

// The alert or case of a new observable.
struct Owner {
  thehive::Subject subject;
  int severity = 2;
  std::vector<std::string> tags;
  std::string source;  // of an alert
  std::string name;    // "case 42", "alert ~123"
};

// One rule of the section "analysis": which observables go to which analyzers.
struct Rule {
  std::string name;
  std::vector<std::string> types;    // data types; empty: all
  std::vector<std::string> tags;     // of the observable, its alert or its case: one is enough
  std::vector<std::string> sources;  // of the alert
  std::vector<std::string> in;       // alert, case; empty: both
  int min_severity = 0;
  std::string max_tlp = "amber";
  std::vector<std::string> analyzers;  // names; with no preset either: all that accept the type
  std::vector<std::string> preset;     // names of the preset's analyzers; not all need be enabled
  bool private_addresses = false;

  // Whether the owner is needed to decide.
  bool asks_for_owner() const {
    return !tags.empty() || !sources.empty() || !in.empty() || min_severity > 0;
  }
  // Checks the observable's own fields only.
  bool fits(const thehive::ObservableInfo& observable) const;
  bool fits(const thehive::ObservableInfo& observable, const Owner& owner) const;
};

struct Settings {
  std::vector<Rule> rules;
  Exclusions exclude;
  std::int64_t repeat_after_ms = 0;  // 0: every observable is analysed
};

// What to do with an observable: the analyzers of all matching rules that accept its type, each
// once. If there are none, why it is skipped.
struct Decision {
  std::vector<Analyzer> analyzers;
  std::string rule;  // names of the rules that applied
  std::string why;   // if there are none, and a rule matched
};
// `all`: the available analyzers. `owner` may be null if no rule needs it.
Decision decide(const Settings& settings, const std::vector<Analyzer>& all, bool five_levels,
                const thehive::ObservableInfo& observable, const Owner* owner);
// Whether decide() needs the owner of this observable.
bool needs_owner(const Settings& settings, const thehive::ObservableInfo& observable);

}  // namespace socbridge::analysis
