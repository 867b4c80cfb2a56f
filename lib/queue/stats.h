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

// One state of the spool in numbers.
struct StateStats {
  spool::State state = spool::State::queue;
  std::uint64_t count = 0, bytes = 0, in_flight = 0, due = 0;
  std::optional<UnixMillis> oldest_ms;         // accepted
  std::optional<UnixMillis> next_due_ms;       // queue/ only
  std::map<std::string, std::uint64_t> kinds;  // of the reasons; "new": none yet
};

struct DestinationStats {
  std::string url;           // without user information
  std::string organisation;  // empty: that of the key
  delivery::CircuitBreaker::View view;
};

struct QueueStats {
  std::vector<StateStats> states;
  std::vector<DestinationStats> destinations;
};

// Reads every entry once; linear. Destinations are that of the configuration and those of the
// oldest entries of queue/.
Result<QueueStats> queue_stats(Env& env, spool::Spool& spool, integration::SettingsLookup& accounts,
                               UnixMillis now_ms);

std::string state_stats_json(const StateStats& stats);
std::string destination_stats_json(const DestinationStats& stats);

}  // namespace socbridge::queue
