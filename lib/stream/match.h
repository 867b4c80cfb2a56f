// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "base/time.h"
#include "opencti/stream/stream_event.h"
#include "stream/index/match_key.h"
#include "stream/index/match_set.h"
#include "stream/member.h"

namespace socbridge::stream {

// An event of the live stream that concerns our observables, with everything needed to report it
// later.
struct StreamMatch {
  MatchKey key;
  std::vector<std::uint64_t> observables;  // numbers, at the time of the event
  std::string indicator;                   // STIX id of the indicator (or OpenCTI's observable)
  std::string opencti_id;                  // internal UUID, for links
  std::string former;                      // previous STIX id, if it changed with the pattern
  // active, revoked, expired, deleted, withdrawn (left the stream's filter), edited (its pattern no
  // longer names the value), merged (into another one), withheld (its marking was raised)
  std::string state;
  opencti::EventId event;
  std::string name, pattern, description;
  std::optional<std::int64_t> score;
  std::string valid_until;
  std::vector<std::string> labels, tactics, techniques, references;
  std::vector<std::string> markings;  // names, or STIX ids if the name is unknown
  bool partial = false;               // the value is one of several conditions of the pattern

  static constexpr std::size_t kMostDescription = 4096;  // UTF-16 units

  bool active() const { return state == "active"; }
  // One external reference: a link, or a technique.
  void add_reference(std::string_view source, const std::string& external_id,
                     const std::string& url);
  Members members() const;
  std::string json() const;
  static Result<StreamMatch> read(std::string_view json);
};

struct MatchRules {
  std::int64_t min_score = 0;            // active indicators below it are not reported
  std::vector<std::string> own_authors;  // our STIX ids or UUIDs among authors and creators
  // UUID of our user. Feeds may share it, so objects created by it alone are counted, not skipped.
  std::string own_identity;
};

// Counts of events by result. Names are those of the JSON output.
struct MatchCounts {
  std::uint64_t events = 0, indicators = 0, observables = 0, matches = 0, own = 0, below_score = 0;
  std::uint64_t other_pattern_types = 0;   // yara, sigma, …
  std::uint64_t unreadable_patterns = 0;   // not valid STIX
  std::uint64_t patterns_not_matched = 0;  // no comparison of a supported form
  std::uint64_t conditions_skipped = 0;    // comparisons of unsupported forms in matched patterns
  std::uint64_t networks_too_wide = 0;
  std::uint64_t by_our_user = 0;  // matched, created by our user alone, but not ours: by a feed
};

// Finds the matches of an event among the observables in `set`. Dependencies, and objects other
// than indicators and observables, give none.
std::vector<StreamMatch> match_event(const opencti::StreamEvent& event, const MatchSet& set,
                                     const MatchRules& rules, UnixMillis now, MatchCounts& counts);

}  // namespace socbridge::stream
