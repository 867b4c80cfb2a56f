#include "enrich/asked_match.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "opencti/pattern.h"

namespace socbridge::enrich {
namespace {

// Whether the pattern names the value: wholly (false), as one of several conditions (true).
std::optional<bool> partial_of(const opencti::Indicator& indicator, const MatchKey& key) {
  if (indicator.pattern_type != "stix") return std::nullopt;
  const auto pattern = opencti::parse_pattern(indicator.pattern);
  if (!pattern.ok()) return std::nullopt;
  std::optional<bool> out;
  for (const opencti::Comparison& comparison : pattern->comparisons) {
    const auto keys = keys_of(comparison);
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) continue;
    const bool partial = !comparison.alone || pattern->qualified;
    out = partial && out.value_or(true);
  }
  return out;
}

bool is_ours(const opencti::Indicator& indicator, const MatchRules& rules) {
  const auto own = [&](const std::string& id) {
    return !id.empty() && std::find(rules.own_authors.begin(), rules.own_authors.end(), id) !=
                              rules.own_authors.end();
  };
  if (std::any_of(indicator.author_ids.begin(), indicator.author_ids.end(), own)) return true;
  // Something that others created too is news.
  return !indicator.creator_ids.empty() &&
         std::all_of(indicator.creator_ids.begin(), indicator.creator_ids.end(), own);
}

}  // namespace

std::vector<StreamMatch> match_asked(const opencti::Indicator& indicator, const MatchKey& key,
                                     const std::vector<std::uint64_t>& observables,
                                     const MatchRules& rules, UnixMillis now) {
  const auto partial = partial_of(indicator, key);
  if (!partial || is_ours(indicator, rules)) return {};
  if (indicator.score.value_or(100) < rules.min_score) return {};
  const auto until = parse_timestamp(indicator.valid_until);
  if (indicator.revoked || (until && *until <= now)) return {};
  StreamMatch match;
  match.key = key;
  match.observables = observables;
  match.partial = *partial;
  match.state = "active";
  match.indicator = indicator.standard_id;
  match.opencti_id = indicator.id;
  const auto updated = parse_timestamp(indicator.updated_at);
  match.event.ms = updated && *updated > 0 ? static_cast<std::uint64_t>(*updated) : 1;
  match.name = indicator.name;
  match.pattern = indicator.pattern;
  match.description = truncate_utf16(indicator.description, StreamMatch::kMostDescription);
  match.score = indicator.score;
  match.valid_until = indicator.valid_until;
  match.labels = indicator.labels;
  match.tactics = indicator.tactics;
  for (const opencti::Reference& one : indicator.references) {
    match.add_reference(one.source, one.external_id, one.url);
  }
  return {std::move(match)};
}

}  // namespace socbridge::enrich
