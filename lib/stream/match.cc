// SPDX-License-Identifier: Apache-2.0
#include "stream/match.h"

#include <algorithm>

#include "base/text.h"
#include "json/writer.h"
#include "opencti/marking.h"
#include "opencti/stix/pattern.h"
#include "stream/own_changes.h"

namespace socbridge::stream {
namespace {

using opencti::EventName;
using opencti::StreamEvent;

std::string state_of(const StreamEvent& event, const opencti::StixFields& fields, UnixMillis now) {
  if (fields.revoked) return "revoked";
  if (event.name == EventName::remove) {
    // The JSON has `update` if the object only left the stream's filter.
    return event.document.root()["type"].string().value_or("delete") == "delete" ? "deleted"
                                                                                 : "withdrawn";
  }
  if (fields.valid_until && *fields.valid_until <= now) return "expired";
  return "active";
}

Origin origin_of(json::Value data, const opencti::StixFields& fields) {
  Origin out;
  const json::Value opencti = data["extensions"][opencti::extension::kOpencti];
  out.authors = {std::string(fields.created_by), opencti["created_by_ref_id"].string_text()};
  const json::Value creators = opencti["creator_ids"];
  for (std::size_t i = 0; i < creators.size(); ++i)
    out.creators.push_back(creators.at(i).string_text());
  const json::Value references = data["external_references"];
  for (std::size_t i = 0; i < references.size(); ++i) {
    const json::Value one = references.at(i);
    if (is_own_reference(one["source_name"].string_text(), one["external_id"].string_text()))
      out.of_thehive = true;
  }
  return out;
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
  const auto pattern = opencti::parse_pattern(data["pattern"].string_or_empty());
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

std::vector<Found> found_in(json::Value data, std::string_view type, MatchCounts& counts) {
  if (type == "indicator") return read_pattern(data, counts);
  std::vector<Found> out;
  for (MatchKey& key : keys_of_observable(data)) out.push_back({std::move(key), false});
  return out;
}

void fill(StreamMatch& match, const StreamEvent& event, json::Value data,
          const opencti::StixFields& fields) {
  match.indicator = fields.id;
  match.opencti_id = fields.opencti_id;
  match.event = event.id.value_or(opencti::EventId{});
  match.name = fields.name;
  match.pattern = data["pattern"].string_text();
  match.description = truncate_utf16(fields.description, StreamMatch::kMostDescription);
  match.score = fields.score;
  match.valid_until = data["valid_until"].string_text();
  for (const std::string_view label : fields.labels) match.labels.emplace_back(label);
  const json::Value markings = data["object_marking_refs"];
  for (std::size_t i = 0; i < markings.size(); ++i) {
    match.markings.push_back(opencti::marking_name(markings.at(i).string_text()));
  }
  const json::Value phases = data["kill_chain_phases"];
  for (std::size_t i = 0; i < phases.size(); ++i) {
    if (phases.at(i)["kill_chain_name"].string_text() == "mitre-attack") {
      match.tactics.push_back(phases.at(i)["phase_name"].string_text());
    }
  }
  const json::Value references = data["external_references"];
  for (std::size_t i = 0; i < references.size(); ++i) {
    const json::Value one = references.at(i);
    match.add_reference(one["source_name"].string_text(), one["external_id"].string_text(),
                        one["url"].string_text());
  }
}

// The previous value of a member, from the reverse patch of the event (RFC 6902).
std::string before(const StreamEvent& event, std::string_view path) {
  const json::Value patch = event.document.root()["context"]["reverse_patch"];
  for (std::size_t i = 0; i < patch.size(); ++i) {
    if (patch.at(i)["path"].string_text() == path) return patch.at(i)["value"].string_text();
  }
  return {};
}

// Finds the matches of one event in the set.
class EventMatcher {
 public:
  EventMatcher(const StreamEvent& event, const MatchSet& set, MatchCounts& counts)
      : event_(event), set_(set), counts_(counts) {}

  std::vector<StreamMatch> out;

  void add(Found&& found, json::Value data, const opencti::StixFields& fields,
           const std::string& state) {
    auto observables = near(found.key);
    if (observables.empty()) return;
    StreamMatch match;
    match.state = state;
    fill(match, event_, data, fields);
    match.former = before(event_, "/id");
    match.key = std::move(found.key);
    match.observables = std::move(observables);
    match.partial = found.partial;
    out.push_back(std::move(match));
    ++counts_.matches;
  }

  // Adds values that the pattern no longer names since this event.
  void add_edited(json::Value data, const opencti::StixFields& fields,
                  const std::vector<MatchKey>& now) {
    const std::string pattern = before(event_, "/pattern");
    if (pattern.empty() || fields.type != "indicator") return;
    json::Writer w;
    w.begin_object();
    w.member("pattern", pattern);
    w.end_object();
    const auto old = json::Document::parse(w.text());
    if (!old.ok()) return;
    MatchCounts unused;
    for (Found& one : read_pattern(old->root(), unused)) {
      if (std::find(now.begin(), now.end(), one.key) != now.end()) continue;
      add(std::move(one), data, fields, "edited");
    }
  }

  // Adds the objects that were merged into this one.
  void add_merged() {
    const json::Value sources = event_.document.root()["context"]["sources"];
    MatchCounts unused;
    for (std::size_t i = 0; event_.name == EventName::merge && i < sources.size(); ++i) {
      const json::Value data = sources.at(i);
      const opencti::StixFields fields = opencti::read_fields(data);
      for (Found& one : found_in(data, fields.type, unused)) {
        add(std::move(one), data, fields, "merged");
      }
    }
  }

  std::vector<std::uint64_t> near(const MatchKey& key) {
    bool too_wide = false;
    auto observables = set_.find_near(key, too_wide);
    if (too_wide) ++counts_.networks_too_wide;
    return observables;
  }

 private:
  const StreamEvent& event_;
  const MatchSet& set_;
  MatchCounts& counts_;
};

}  // namespace

void StreamMatch::add_reference(std::string_view source, const std::string& external_id,
                                const std::string& url) {
  if (source == "mitre-attack" && external_id.starts_with('T')) techniques.push_back(external_id);
  if (url.starts_with("https://") || url.starts_with("http://")) references.push_back(url);
}

std::vector<StreamMatch> match_event(const StreamEvent& event, const MatchSet& set,
                                     const MatchRules& rules, UnixMillis now, MatchCounts& counts) {
  if (event.dependency) return {};
  const json::Value data = event.data();
  if (!data.is_object()) return {};
  const opencti::StixFields fields = opencti::read_fields(data);
  std::vector<Found> found = found_in(data, fields.type, counts);
  if (fields.type == "indicator") {
    ++counts.indicators;
  } else if (!found.empty()) {
    ++counts.observables;
  }
  std::vector<MatchKey> keys;
  for (const Found& one : found) keys.push_back(one.key);
  EventMatcher matcher(event, set, counts);
  matcher.add_merged();
  matcher.add_edited(data, fields, keys);
  const std::string state = state_of(event, fields, now);
  const bool too_low = state == "active" && fields.score.value_or(100) < rules.min_score;
  std::optional<Origin> origin;  // read only for a match: most events have none
  for (Found& one : found) {
    const std::size_t before_it = matcher.out.size();
    matcher.add(std::move(one), data, fields, state);
    if (matcher.out.size() == before_it) continue;
    if (!origin) origin = origin_of(data, fields);
    const bool ours = is_ours(*origin, rules);
    if (ours || too_low) {
      counts.matches -= matcher.out.size();
      ++(ours ? counts.own : counts.below_score);
      return {};
    }
    if (by_our_user(*origin, rules)) ++counts.by_our_user;
  }
  return std::move(matcher.out);
}

}  // namespace socbridge::stream
