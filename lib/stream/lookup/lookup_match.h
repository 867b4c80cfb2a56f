// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.h"
#include "opencti/entities.h"
#include "stream/index/match_key.h"
#include "stream/match.h"

namespace socbridge::stream {

// The matches of a looked up indicator with the value `key`, as the event of its last change would
// give them. The event id is the one that the platform uses for objects from its database, so the
// event itself, before or after, changes nothing. Empty: its pattern does not name the value, it is
// our own, its score is too low, or it is no longer valid.
std::vector<StreamMatch> lookup_matches(const opencti::Indicator& indicator, const MatchKey& key,
                                        const std::vector<std::uint64_t>& observables,
                                        const MatchRules& rules, UnixMillis now);

}  // namespace socbridge::stream
