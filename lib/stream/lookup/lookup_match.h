// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.h"
#include "opencti/entities.h"
#include "stream/index/match_key.h"
#include "stream/match.h"

namespace socbridge::stream {

// What an indicator that OpenCTI was asked for says about observables with the value `key`, as the
// event of its last change would say it: with the id that the platform gives to what it reads from
// its database, so the event itself, before or after, changes nothing. None: its pattern does not
// name the value, it is ours, its score is too low, or it is no longer valid.
std::vector<StreamMatch> lookup_matches(const opencti::Indicator& indicator, const MatchKey& key,
                                        const std::vector<std::uint64_t>& observables,
                                        const MatchRules& rules, UnixMillis now);

}  // namespace socbridge::stream
