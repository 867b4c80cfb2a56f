// SPDX-License-Identifier: Apache-2.0
#include "stream/lookup/lookup_match.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "opencti/stix/pattern.h"
#include "stream/index/match_network.h"
#include "stream/own_changes.h"

namespace socbridge::stream {
namespace {

// Whether it is the value, or a network that contains the value and is not too wide for the stream
// (MatchSet).
bool names(const MatchKey& named, const MatchKey& key) {
  if (named == key) return true;
  const auto network = network_of(named);
  if (!network || key.kind != "ip" || network_of(key)) return false;
  const unsigned free_bits = (network->v6 ? 128U : 32U) - network->bits;
  if (free_bits >= 63 || (std::uint64_t{1} << free_bits) > MatchSet::kMostAddresses) return false;
  const auto around = network_around(key, *network);
  return around && *around == named;
}

struct Named {
  MatchKey key;          // the value, or the network that contains it
  bool partial = false;  // it is one of several conditions
};

// How the pattern names the value; empty: it does not.
std::optional<Named> find_name(const opencti::Indicator& indicator, const MatchKey& key) {
  if (indicator.pattern_type != "stix") return std::nullopt;
  const auto pattern = opencti::parse_pattern(indicator.pattern);
  if (!pattern.ok()) return std::nullopt;
  std::optional<Named> out;
  for (const opencti::Comparison& comparison : pattern->comparisons) {
    const bool partial = !comparison.alone || pattern->qualified;
    for (const MatchKey& one : keys_of(comparison)) {
      if (names(one, key) && (!out || (out->partial && !partial))) out = Named{one, partial};
    }
  }
  return out;
}

Origin origin_of(const opencti::Indicator& indicator) {
  const bool ours =
      std::any_of(indicator.references.begin(), indicator.references.end(),
                  [](const auto& one) { return is_own_reference(one.source, one.external_id); });
  return {indicator.author_ids, indicator.creator_ids, ours};
}

}  // namespace

std::vector<StreamMatch> lookup_matches(const opencti::Indicator& indicator, const MatchKey& key,
                                        const std::vector<std::uint64_t>& observables,
                                        const MatchRules& rules, UnixMillis now) {
  const auto named = find_name(indicator, key);
  if (!named || is_ours(origin_of(indicator), rules)) return {};
  if (indicator.score.value_or(100) < rules.min_score) return {};
  const auto until = parse_timestamp(indicator.valid_until);
  if (indicator.revoked || (until && *until <= now)) return {};
  StreamMatch match;
  match.key = named->key;
  match.observables = observables;
  match.partial = named->partial;
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
  match.markings = indicator.markings;
  match.tactics = indicator.tactics;
  for (const opencti::Reference& one : indicator.references) {
    match.add_reference(one.source, one.external_id, one.url);
  }
  return {std::move(match)};
}

}  // namespace socbridge::stream
