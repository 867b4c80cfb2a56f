// SPDX-License-Identifier: Apache-2.0
#include "rules/rule.h"

#include "rules/assignments.h"
#include "rules/reading.h"

namespace socbridge::rules {
namespace {

constexpr std::size_t kMostRows = 1000;

}  // namespace

Rule Rule::read(json::Value value, Faults& faults) {
  Rule rule;
  if (!read_object(value, {"name", "match", "set", "stop"}, faults)) return rule;
  if (!value["name"].missing()) {
    const Faults::Scope down(faults, "name");
    rule.name = read_text(value["name"], faults);
  }
  if (const json::Value match = value["match"]; !match.missing()) {
    const Faults::Scope down(faults, "match");
    if (!match.is_array()) {
      rule.match.push_back(Filter::read(match, faults));
    } else if (match.size() == 0 || match.size() > kMostRows) {
      faults.add("must have 1 to 1000 rows");
    }
    for (std::size_t i = 0; match.is_array() && i < match.size(); ++i) {
      const Faults::Scope row(faults, i);
      rule.match.push_back(Filter::read(match.at(i), faults));
    }
  }
  if (const json::Value set = value["set"]; !set.missing()) {
    const Faults::Scope down(faults, "set");
    rule.set = read_assignments(set, faults);
  }
  if (!value["stop"].missing()) {
    const Faults::Scope down(faults, "stop");
    rule.stop = read_flag(value["stop"], faults);
  }
  if (value["set"].missing() && !rule.stop) {
    faults.add("sets nothing", R"(give it "set", or "stop": true)");
  }
  return rule;
}

std::optional<std::string> Rule::matches(const wazuh::Alert& alert) const {
  if (match.empty()) return "every alert";
  for (const Filter& filter : match) {
    if (auto why = filter.matches(alert)) return why;
  }
  return std::nullopt;
}

}  // namespace socbridge::rules
