// SPDX-License-Identifier: Apache-2.0
#include "marking/marking_rule.h"

#include <algorithm>

#include "base/text.h"
#include "opencti/marking.h"
#include "thehive/query.h"

namespace socbridge::marking {
namespace {

using opencti::MarkingLevel;

constexpr int kStrict = 3, kRed = 4;

bool allows(const MarkingRule& rule, const std::string& marking, const PlaceLimits& place) {
  const std::string name = opencti::marking_name(marking);
  const bool named = std::any_of(
      rule.withheld.begin(), rule.withheld.end(),
      [&](const std::string& one) { return iequals(opencti::marking_name(one), name); });
  if (named) return false;
  const MarkingLevel of = opencti::level_of_marking(marking);
  const bool any = rule.limit == MarkingRule::Limit::any;
  switch (of.scheme) {
    case MarkingLevel::Scheme::other: return true;
    case MarkingLevel::Scheme::tlp:
      return (any || of.level <= place.tlp) && of.level <= rule.most_tlp.value_or(kRed);
    case MarkingLevel::Scheme::pap: return any || of.level <= place.pap;
    case MarkingLevel::Scheme::unknown: return any && !rule.most_tlp;
  }
  return false;
}

}  // namespace

int tlp_level(std::int64_t tlp, bool five_levels) {
  const auto level = static_cast<int>(std::clamp<std::int64_t>(tlp, 0, kRed));
  return !five_levels && level >= kStrict ? kRed : level;
}

Result<PlaceLimits> read_limits(thehive::Client& client, const thehive::Subject& subject,
                                const Deadline& deadline) {
  const auto version = client.version(deadline);
  if (!version.ok()) return version.status();
  const thehive::Query query(subject);
  const auto answer = client.query("socctl-stream-limits", query.text(), deadline);
  if (!answer.ok()) return answer.status();
  const json::Value root = answer->root();
  const json::Value place = root.is_array() ? root.at(0) : root;
  if (!place.is_object()) {
    return Status::error(ExitCode::bad_input, subject.text() + " no longer exists");
  }
  // A missing level counts as the strictest.
  return PlaceLimits{tlp_level(place["tlp"].integer().value_or(0), version->at_least(5, 2)),
                     static_cast<int>(place["pap"].integer().value_or(0))};
}

Status read_marking_limit(std::string_view text, MarkingRule& rule) {
  if (text.empty() || text == "case") return {};
  if (text == "any") {
    rule.limit = MarkingRule::Limit::any;
    return {};
  }
  const MarkingLevel level = opencti::level_of_marking(text);
  if (level.scheme == MarkingLevel::Scheme::tlp) {
    rule.most_tlp = level.level;
    return {};
  }
  return Status::error(ExitCode::usage,
                       "--max-marking: unknown value \"" + printable(text, 40) + "\"",
                       "use case, any, or a TLP such as TLP:GREEN");
}

bool may_show(const MarkingRule& rule, const std::vector<std::string>& markings,
              const PlaceLimits& place) {
  return std::all_of(markings.begin(), markings.end(),
                     [&](const std::string& one) { return allows(rule, one, place); });
}

}  // namespace socbridge::marking
