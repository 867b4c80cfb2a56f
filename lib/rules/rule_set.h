// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rules/rule.h"

namespace socbridge::rules {

// A value that a rule gave, and which: `rules[2] "vpn": group vpn, level 12`.
template <typename T>
struct Given {
  T value;
  std::string rule;
};

// What the rules say of one alert. Of one value the last rule that sets it counts. Templates and
// fields live as long as the RuleSet.
struct Effect {
  std::optional<Given<int>> severity, tlp, pap;
  std::optional<Given<std::string>> type, source, case_template;
  std::optional<Given<const Template*>> title, description, external_link;
  std::vector<Given<const Template*>> tags;
  std::vector<Given<const std::vector<std::string>*>> without_tags;
  std::vector<std::pair<const std::string*, Given<const Template*>>> custom_fields;
  std::optional<Given<const std::vector<std::string>*>> group_by;
  std::optional<Given<const Promote*>> promote;
  std::optional<Given<bool>> observables;
  std::vector<std::string> matched;  // every rule that applied, in order
  std::vector<std::string> remarks;  // what a rule could not set, and why
};

// Where the rules send one alert.
struct Addressed {
  std::vector<std::string> names;    // of destinations, as they came; empty: no rule says so
  std::string rule;                  // that says so, and why it applies
  std::vector<std::string> remarks;  // what a rule could not set, and why
};

// The `rules` of a configuration, tried in order: each that applies sets its values, `stop` ends
// it. Immutable, so threads may share it.
class RuleSet {
 public:
  RuleSet() = default;
  static RuleSet read(json::Value list, Faults& faults);

  bool empty() const { return rules_.empty(); }
  // Why no alert is made of it: `rules[0] "scanners": agent_ip 10.1.2.3 in 10.0.0.0/8`; empty if
  // none drops it.
  std::string dropped_by(const wazuh::Alert& alert) const;
  Effect apply(const Subject& subject) const;
  // The paths by which one alert is grouped; null if no rule says so. Nothing else is evaluated.
  const std::vector<std::string>* group_by(const wazuh::Alert& alert) const;
  // The destinations of one alert. Nothing else is evaluated.
  Addressed addressed(const Subject& subject) const;
  // Adds to `faults` each name that a rule may give, as far as that is known beforehand, and that
  // is not `known`.
  void check_destinations(const std::vector<std::string>& known, Faults& faults) const;
  bool sets_destination() const { return last_destination_ > 0; }
  // Whether a rule may set them, so that they are not the same for every alert.
  bool sets_type() const;
  bool sets_source() const;
  bool promotes() const;  // a rule may make cases

 private:
  std::string label(std::size_t index, const std::string& why) const;

  std::vector<Rule> rules_;
  std::size_t last_drop_ = 0;   // behind the last rule that drops
  std::size_t last_group_ = 0;  // behind the last rule that groups
  std::size_t last_destination_ = 0;
};

}  // namespace socbridge::rules
