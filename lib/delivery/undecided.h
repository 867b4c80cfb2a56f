// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "integration/settings_lookup.h"
#include "spool/spool.h"

namespace socbridge::delivery {

// Lets the rules say where an entry goes that was accepted as spool::kUndecided. If that is the
// top-level destination alone, or a try was made there, it is sent as it is (`destination` of the
// entry is empty afterwards). Else an entry for each destination takes its place; a process that is
// killed in between leaves it, and what was made of it is made again, which TheHive finds to be
// there. Every other entry stays as it is. Errors: usage, the configuration cannot say it; others,
// the spool.
struct Decided {
  bool replaced = false;              // the claim is used up
  std::vector<std::string> ids = {};  // of the entries in its place, in queue/ and unclaimed
};
Result<Decided> decide_destinations(spool::Spool& spool, integration::SettingsLookup& settings,
                                    spool::Claim& claim, spool::Entry& entry);

}  // namespace socbridge::delivery
