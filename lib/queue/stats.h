// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/env.h"
#include "delivery/circuit_breaker.h"
#include "integration/settings_lookup.h"
#include "queue/entries.h"
#include "spool/spool.h"

namespace socbridge::queue {

// Totals of one state of the spool.
struct StateStats {
  spool::State state = spool::State::queue;
  std::uint64_t count = 0, bytes = 0, in_flight = 0, due = 0;
  std::optional<UnixMillis> oldest_ms;         // time of acceptance
  std::optional<UnixMillis> next_due_ms;       // queue/ only
  std::map<std::string, std::uint64_t> kinds;  // of the reasons; "new": no reason yet
};

struct DestinationStats {
  std::string name;          // empty: the top-level one
  std::string url;           // without user information
  std::string organisation;  // empty: that of the key
  delivery::CircuitBreaker::View view;
};

// Totals of one destination, if the configuration or the counts have several.
struct DestinationTotals {
  std::string name;                        // empty: the top-level one
  std::array<std::uint64_t, 4> entries{};  // by state: queue, hold, dead, corrupt
  std::optional<spool::CountTotals> counts;
};

struct QueueStats {
  std::vector<StateStats> states;
  std::optional<spool::CountTotals> counts;  // empty: not counted yet, or the file is invalid
  std::vector<DestinationTotals> totals;     // empty: there is only one destination
  std::vector<DestinationStats> destinations;
};

// Reads every entry once; linear. Destinations are those of the configuration and of the oldest
// entries of queue/.
Result<QueueStats> queue_stats(Env& env, spool::Spool& spool, integration::SettingsLookup& accounts,
                               UnixMillis now_ms);

std::string state_stats_json(const StateStats& stats);
// An object with `what` "alerts" and a member for each count.
std::string counts_json(const spool::CountTotals& counts);
// An object with `what` "totals", `destination`, `entries` by state, and the counts.
std::string totals_json(const DestinationTotals& one);
std::string destination_stats_json(const DestinationStats& stats);

}  // namespace socbridge::queue
