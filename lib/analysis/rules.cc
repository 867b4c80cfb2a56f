// SPDX-License-Identifier: Apache-2.0
#include "analysis/rules.h"

#include <algorithm>

#include "base/text.h"
#include "thehive/tlp_pap_severity.h"

namespace socbridge::analysis {
namespace {

bool holds(const std::vector<std::string>& list, std::string_view word) {
  return std::any_of(list.begin(), list.end(),
                     [&](const std::string& one) { return iequals(one, word); });
}

bool share(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& one) { return holds(b, one); });
}

// The rule's analyzers, without missing ones, which are reported at the start.
std::vector<Analyzer> analyzers_of(const Rule& rule, const std::vector<Analyzer>& all,
                                   const thehive::ObservableInfo& observable) {
  std::vector<Analyzer> out;
  for (const Analyzer& one : all) {
    const auto names_it = [&](const std::string& name) { return one.is_called(name); };
    const bool wanted = (rule.analyzers.empty() && rule.preset.empty()) ||
                        std::any_of(rule.analyzers.begin(), rule.analyzers.end(), names_it) ||
                        std::any_of(rule.preset.begin(), rule.preset.end(), names_it);
    if (wanted && takes(one, observable)) out.push_back(one);
  }
  return out;
}

}  // namespace

bool Rule::fits(const thehive::ObservableInfo& observable) const {
  return types.empty() || holds(types, observable.data_type);
}

bool Rule::fits(const thehive::ObservableInfo& observable, const Owner& owner) const {
  if (!fits(observable) || owner.severity < min_severity) return false;
  if (!tags.empty() && !share(tags, observable.tags) && !share(tags, owner.tags)) return false;
  const bool is_alert = owner.subject.kind == thehive::Subject::Kind::alert;
  if (!in.empty() && !holds(in, is_alert ? "alert" : "case")) return false;
  return sources.empty() || holds(sources, owner.source);
}

bool needs_owner(const Settings& settings, const thehive::ObservableInfo& observable) {
  return std::any_of(settings.rules.begin(), settings.rules.end(), [&](const Rule& rule) {
    return rule.asks_for_owner() && rule.fits(observable);
  });
}

Decision decide(const Settings& settings, const std::vector<Analyzer>& all, bool five_levels,
                const thehive::ObservableInfo& observable, const Owner* owner) {
  Decision out;
  const std::string_view exclude = settings.exclude.find(observable.data_type, observable.data);
  for (const Rule& rule : settings.rules) {
    const bool fits = owner != nullptr ? rule.fits(observable, *owner)
                                       : !rule.asks_for_owner() && rule.fits(observable);
    if (!fits) continue;
    if (!exclude.empty()) {
      out.why = "\"exclude\" holds " + printable(exclude, 60);
      break;
    }
    Limits limits;
    limits.five_levels = five_levels;
    limits.private_addresses = rule.private_addresses;
    limits.max_tlp = thehive::parse_tlp(rule.max_tlp, five_levels).value_or(2);
    if (std::string why = why_not(observable, limits); !why.empty()) {
      out.why = std::move(why);
      continue;
    }
    const auto wanted = analyzers_of(rule, all, observable);
    if (wanted.empty()) out.why = "no analyzer of the rule takes " + kind_of(observable);
    for (const Analyzer& one : wanted) {
      const bool have = std::any_of(out.analyzers.begin(), out.analyzers.end(),
                                    [&](const Analyzer& a) { return a.id == one.id; });
      if (!have) out.analyzers.push_back(one);
    }
    if (!wanted.empty()) out.rule += (out.rule.empty() ? "" : ", ") + rule.name;
  }
  if (!out.analyzers.empty()) out.why.clear();
  return out;
}

}  // namespace socbridge::analysis
