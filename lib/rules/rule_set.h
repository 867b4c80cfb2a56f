// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rules/rule.h"

namespace socbridge::rules {

// A value that a rule set, and the rule: `rules[2] "vpn": group vpn, level 12`.
template <typename T>
struct Given {
  T value;
  std::string rule;
};

// The combined effect of the rules on one alert. For each value the last rule that sets it wins.
// Templates and fields live as long as the RuleSet.
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

// The destinations that the rules set for one alert.
struct DestinationChoice {
  std::vector<std::string> names;    // of destinations, unchecked; empty: set by no rule
  std::string rule;                  // the rule that sets them, and why it applies
  std::vector<std::string> remarks;  // what a rule could not set, and why
};

// The `rules` of a configuration, applied in order: each that matches sets its values, `stop` ends
// the sequence. Immutable, so threads may share it.
class RuleSet {
 public:
  RuleSet() = default;
  static RuleSet read(json::Value list, Faults& faults);

  bool empty() const { return rules_.empty(); }
  // Why the alert is dropped: `rules[0] "scanners": agent_ip 10.1.2.3 in 10.0.0.0/8`; empty if no
  // rule drops it.
  std::string dropped_by(const wazuh::Alert& alert) const;
  Effect apply(const Subject& subject) const;
  // The paths by which the alert is grouped; null if no rule sets them. Evaluates nothing else.
  const std::vector<std::string>* group_by(const wazuh::Alert& alert) const;
  // The destinations of one alert. Evaluates nothing else.
  DestinationChoice choose_destinations(const Subject& subject) const;
  // Adds a fault for each destination name that a rule sets, is known beforehand, and is not
  // `known`.
  void check_destinations(const std::vector<std::string>& known, Faults& faults) const;
  bool sets_destination() const { return last_destination_ > 0; }
  // Whether a rule may set the value, so that it may differ between alerts.
  bool sets_type() const;
  bool sets_source() const;
  bool promotes() const;  // whether a rule may create cases

 private:
  std::string label(std::size_t index, const std::string& why) const;

  std::vector<Rule> rules_;
  std::size_t last_drop_ = 0;   // after the last rule that drops
  std::size_t last_group_ = 0;  // after the last rule that groups
  std::size_t last_destination_ = 0;
};

}  // namespace socbridge::rules
