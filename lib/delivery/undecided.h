// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "integration/settings_lookup.h"
#include "spool/spool.h"

namespace socbridge::delivery {

// Applies the rules to an entry that was accepted as spool::kUndecided. If the result is the
// top-level destination alone, or an attempt was made there, the entry stays (its `destination` is
// then empty). Otherwise it is replaced by an entry for each destination. A process that is killed
// in between leaves it, and the entries are created again; TheHive recognises the duplicates. Any
// other entry is unchanged. Errors: usage if the configuration cannot be used; others are those of
// the spool.
struct Decided {
  bool replaced = false;              // the claim is used up
  std::vector<std::string> ids = {};  // of the replacing entries, in queue/ and unclaimed
};
Result<Decided> decide_destinations(spool::Spool& spool, integration::SettingsLookup& settings,
                                    spool::Claim& claim, spool::Entry& entry);

}  // namespace socbridge::delivery
