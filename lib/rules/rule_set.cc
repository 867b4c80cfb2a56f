// SPDX-License-Identifier: Apache-2.0
#include "rules/rule_set.h"

#include <algorithm>

#include "base/text.h"
#include "rules/assignments.h"
#include "rules/reading.h"

namespace socbridge::rules {
namespace {

constexpr std::size_t kMostRules = 1000;

// Adds the values of one rule to the effect.
class Applying {
 public:
  Applying(const Subject& subject, std::string rule, Effect& effect)
      : subject_(subject), rule_(std::move(rule)), effect_(effect) {}

  void all(const Assignments& set) {
    number(set.severity, severity_of, "severity", effect_.severity);
    number(set.tlp, tlp_of, "tlp", effect_.tlp);
    number(set.pap, pap_of, "pap", effect_.pap);
    text(set.type, "type", effect_.type);
    text(set.source, "source", effect_.source);
    text(set.case_template, "case_template", effect_.case_template);
    if (set.title) effect_.title = Given<const Template*>{&*set.title, rule_};
    if (set.description) effect_.description = Given<const Template*>{&*set.description, rule_};
    if (set.external_link) {
      effect_.external_link = Given<const Template*>{&*set.external_link, rule_};
    }
    for (const Template& tag : set.tags) effect_.tags.push_back({&tag, rule_});
    if (!set.without_tags.empty()) effect_.without_tags.push_back({&set.without_tags, rule_});
    for (const auto& [name, value] : set.custom_fields) {
      effect_.custom_fields.push_back({&name, {&value, rule_}});
    }
    if (set.group_by)
      effect_.group_by = Given<const std::vector<std::string>*>{&*set.group_by, rule_};
    if (set.promote) effect_.promote = Given<const Promote*>{&*set.promote, rule_};
    if (set.observables) effect_.observables = Given<bool>{*set.observables, rule_};
  }

 private:
  std::optional<Given<std::string>> value_of(const ValueChoice& choice, const char* what) {
    auto value = choice.value(subject_);
    const std::string reason = choice.reason(subject_);
    if (!value || value->empty()) {
      effect_.remarks.push_back(rule_ + ": " + what + " is not set, " + reason);
      return std::nullopt;
    }
    return Given<std::string>{std::move(*value), reason.empty() ? rule_ : rule_ + ", " + reason};
  }

  void text(const std::optional<ValueChoice>& choice, const char* what,
            std::optional<Given<std::string>>& out) {
    if (!choice) return;
    if (auto given = value_of(*choice, what)) out = std::move(given);
  }

  void number(const std::optional<ValueChoice>& choice,
              std::optional<int> (*read)(std::string_view), const char* what,
              std::optional<Given<int>>& out) {
    if (!choice) return;
    auto given = value_of(*choice, what);
    if (!given) return;
    if (const auto value = read(given->value)) {
      out = Given<int>{*value, std::move(given->rule)};
    } else {
      effect_.remarks.push_back(rule_ + ": " + what + " is not set, " + quoted(given->value) +
                                " is not valid");
    }
  }

  const Subject& subject_;
  std::string rule_;
  Effect& effect_;
};

}  // namespace

RuleSet RuleSet::read(json::Value list, Faults& faults) {
  RuleSet set;
  if (list.size() > kMostRules) {
    faults.add("has more than 1000 rules");
    return set;
  }
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Faults::Scope down(faults, i);
    set.rules_.push_back(Rule::read(list.at(i), faults));
    if (set.rules_.back().set.drop) set.last_drop_ = i + 1;
    if (set.rules_.back().set.group_by) set.last_group_ = i + 1;
    if (!set.rules_.back().set.destinations.empty()) set.last_destination_ = i + 1;
  }
  return set;
}

std::string RuleSet::label(std::size_t index, const std::string& why) const {
  const std::string& name = rules_[index].name;
  return "rules[" + std::to_string(index) + "]" + (name.empty() ? "" : " " + quoted(name)) + ": " +
         printable(why);
}

std::string RuleSet::dropped_by(const wazuh::Alert& alert) const {
  std::string out;
  for (std::size_t i = 0; i < last_drop_; ++i) {
    const Rule& rule = rules_[i];
    if (!rule.set.drop && !rule.stop) continue;
    const auto why = rule.matches(alert);
    if (!why) continue;
    if (rule.set.drop) out = *rule.set.drop ? label(i, *why) : std::string();
    if (rule.stop) break;
  }
  return out;
}

const std::vector<std::string>* RuleSet::group_by(const wazuh::Alert& alert) const {
  const std::vector<std::string>* out = nullptr;
  for (std::size_t i = 0; i < last_group_; ++i) {
    const Rule& rule = rules_[i];
    if (!rule.set.group_by && !rule.stop) continue;
    if (!rule.matches(alert)) continue;
    if (rule.set.group_by) out = &*rule.set.group_by;
    if (rule.stop) break;
  }
  return out;
}

DestinationChoice RuleSet::choose_destinations(const Subject& subject) const {
  DestinationChoice out;
  for (std::size_t i = 0; i < last_destination_; ++i) {
    const Rule& rule = rules_[i];
    if (rule.set.destinations.empty() && !rule.stop) continue;
    const auto why = rule.matches(subject.alert);
    if (!why) continue;
    std::vector<std::string> names;
    for (const ValueChoice& choice : rule.set.destinations) {
      auto name = choice.value(subject);
      if (name && !name->empty()) {
        names.push_back(std::move(*name));
      } else {
        out.remarks.push_back(label(i, *why) + ": destination is not set, " +
                              choice.reason(subject));
      }
    }
    if (!names.empty()) {
      out.names = std::move(names);
      out.rule = label(i, *why);
    }
    if (rule.stop) break;
  }
  return out;
}

void RuleSet::check_destinations(const std::vector<std::string>& known, Faults& faults) const {
  std::vector<std::string_view> names(known.begin(), known.end());
  for (std::size_t i = 0; i < last_destination_; ++i) {
    const Faults::Scope rule(faults, i);
    const Faults::Scope set(faults, "set");
    const Faults::Scope destination(faults, "destination");
    for (const ValueChoice& choice : rules_[i].set.destinations) {
      for (const std::string& name : choice.results()) {
        if (name.empty()) continue;  // reported when it was read
        if (std::find(names.begin(), names.end(), name) != names.end()) continue;
        const std::string_view near = nearest(name, names);
        faults.add("there is no destination " + quoted(name),
                   near.empty() ? "use one of \"destinations\", or default"
                                : "did you mean " + quoted(near) + "?");
      }
    }
  }
}

Effect RuleSet::apply(const Subject& subject) const {
  Effect effect;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const auto why = rules_[i].matches(subject.alert);
    if (!why) continue;
    std::string name = label(i, *why);
    effect.matched.push_back(name);
    Applying(subject, std::move(name), effect).all(rules_[i].set);
    if (rules_[i].stop) break;
  }
  return effect;
}

bool RuleSet::sets_type() const {
  return std::any_of(rules_.begin(), rules_.end(),
                     [](const Rule& rule) { return rule.set.type.has_value(); });
}

bool RuleSet::sets_source() const {
  return std::any_of(rules_.begin(), rules_.end(),
                     [](const Rule& rule) { return rule.set.source.has_value(); });
}

bool RuleSet::promotes() const {
  return std::any_of(rules_.begin(), rules_.end(),
                     [](const Rule& rule) { return rule.set.promote && rule.set.promote->wanted; });
}

}  // namespace socbridge::rules
