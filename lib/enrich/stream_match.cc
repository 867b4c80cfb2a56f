#include "enrich/stream_match.h"

#include <algorithm>

#include "base/text.h"
#include "opencti/pattern.h"

namespace socbridge::enrich {
namespace {

using opencti::EventName;
using opencti::StreamEvent;

std::string text(json::Value value) { return std::string(value.string().value_or("")); }

std::string state_of(const StreamEvent& event, const opencti::StixFields& fields, UnixMillis now) {
  if (fields.revoked) return "revoked";
  if (event.name == EventName::remove) {
    // The JSON says `update` when the object only left the stream's filter.
    return event.document.root()["type"].string().value_or("delete") == "delete" ? "deleted"
                                                                                 : "withdrawn";
  }
  if (fields.valid_until && *fields.valid_until <= now) return "expired";
  return "active";
}

bool is_ours(const StreamEvent& event, const opencti::StixFields& fields, const MatchRules& rules) {
  if (rules.own_authors.empty()) return false;
  const auto own = [&](std::string_view id) {
    return !id.empty() && std::find(rules.own_authors.begin(), rules.own_authors.end(), id) !=
                              rules.own_authors.end();
  };
  const json::Value opencti = event.data()["extensions"][opencti::extension::kOpencti];
  const json::Value creators = opencti["creator_ids"];
  if (own(fields.created_by) || own(text(opencti["created_by_ref_id"]))) return true;
  // Something that others created too is news.
  bool all = creators.size() > 0;
  for (std::size_t i = 0; i < creators.size(); ++i) all = all && own(text(creators.at(i)));
  return all;
}

struct Found {
  MatchKey key;
  bool partial = false;
};

std::vector<Found> read_pattern(json::Value data, MatchCounts& counts) {
  std::vector<Found> out;
  if (data["pattern_type"].string().value_or("stix") != "stix") {
    ++counts.other_pattern_types;
    return out;
  }
  const auto pattern = opencti::parse_pattern(data["pattern"].string().value_or(""));
  if (!pattern.ok()) {
    ++counts.unreadable_patterns;
    return out;
  }
  std::uint64_t skipped = 0;
  for (const opencti::Comparison& comparison : pattern->comparisons) {
    auto keys = keys_of(comparison);
    if (keys.empty()) ++skipped;
    for (MatchKey& key : keys) {
      const auto same = [&](const Found& f) { return f.key == key; };
      if (std::none_of(out.begin(), out.end(), same)) {
        out.push_back({std::move(key), !comparison.alone || pattern->qualified});
      }
    }
  }
  if (out.empty()) {
    ++counts.patterns_not_matched;
  } else {
    counts.conditions_skipped += skipped;
  }
  return out;
}

void fill(StreamMatch& match, const StreamEvent& event, const opencti::StixFields& fields) {
  const json::Value data = event.data();
  match.indicator = fields.id;
  match.opencti_id = fields.opencti_id;
  match.event = event.id.value_or(opencti::EventId{});
  match.name = fields.name;
  match.pattern = text(data["pattern"]);
  match.description = truncate_utf16(fields.description, StreamMatch::kMostDescription);
  match.score = fields.score;
  match.valid_until = text(data["valid_until"]);
  for (const std::string_view label : fields.labels) match.labels.emplace_back(label);
  const json::Value phases = data["kill_chain_phases"];
  for (std::size_t i = 0; i < phases.size(); ++i) {
    if (text(phases.at(i)["kill_chain_name"]) == "mitre-attack") {
      match.tactics.push_back(text(phases.at(i)["phase_name"]));
    }
  }
  const json::Value references = data["external_references"];
  for (std::size_t i = 0; i < references.size(); ++i) {
    const json::Value one = references.at(i);
    match.add_reference(text(one["source_name"]), text(one["external_id"]), text(one["url"]));
  }
}

}  // namespace

void StreamMatch::add_reference(std::string_view source, const std::string& external_id,
                                const std::string& url) {
  if (source == "mitre-attack" && external_id.starts_with('T')) techniques.push_back(external_id);
  if (url.starts_with("https://") || url.starts_with("http://")) references.push_back(url);
}

std::vector<StreamMatch> match_event(const StreamEvent& event, const MatchSet& set,
                                     const MatchRules& rules, UnixMillis now, MatchCounts& counts) {
  std::vector<StreamMatch> out;
  if (event.dependency) return out;
  const json::Value data = event.data();
  if (!data.is_object()) return out;
  const opencti::StixFields fields = opencti::read_fields(data);
  std::vector<Found> found;
  if (fields.type == "indicator") {
    ++counts.indicators;
    found = read_pattern(data, counts);
  } else {
    for (MatchKey& key : keys_of_observable(data)) found.push_back({std::move(key), false});
    if (!found.empty()) ++counts.observables;
  }
  for (Found& one : found) {
    bool too_wide = false;
    auto observables = set.find_near(one.key, too_wide);
    if (too_wide) ++counts.networks_too_wide;
    if (observables.empty()) continue;
    if (is_ours(event, fields, rules)) {
      ++counts.own;
      return {};
    }
    StreamMatch match;
    match.state = state_of(event, fields, now);
    if (match.active() && fields.score.value_or(100) < rules.min_score) {
      ++counts.below_score;
      return {};
    }
    fill(match, event, fields);
    match.key = std::move(one.key);
    match.observables = std::move(observables);
    match.partial = one.partial;
    out.push_back(std::move(match));
    ++counts.matches;
  }
  return out;
}

}  // namespace socbridge::enrich
