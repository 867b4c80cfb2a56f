// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/env.h"
#include "base/time.h"
#include "delivery/destination_state.h"
#include "http/client.h"
#include "integration/settings.h"
#include "integration/settings_lookup.h"
#include "queue/entries.h"
#include "spool/spool.h"

namespace socbridge::queue {

// What a look at one destination's key found.
struct KeyCheck {
  std::string url;
  Status key;          // ok: TheHive takes it now. Others: why it is refused, or not known
  std::string opened;  // not empty: sending goes on, one line for people
};

// Asks the TheHive whose gate is closed for its key whether it takes it by now, and if so opens the
// gate for every process of the spool. Empty: the gate is not closed for the key, nothing is asked.
std::optional<KeyCheck> look_at_key(Env& env, const std::string& spool_dir,
                                    const integration::Settings& settings, http::Client& http,
                                    const Deadline& deadline);

// The same for the destinations of these entries (of the first 50) and of what would be accepted
// now; each is asked once and for at most its budget. Entries whose settings cannot be found are
// left out.
std::vector<KeyCheck> look_at_keys(Env& env, spool::Spool& spool,
                                   integration::SettingsLookup& accounts,
                                   const std::vector<QueueEntry>& entries);

// Somebody who asked for other reasons saw that TheHive takes this key in this organisation: opens
// the gate if it was closed for it. A spool that is not there, or may not be written, is no error.
void tell_key_is_well(Env& env, const std::string& spool_dir, const thehive::Endpoint& endpoint);

}  // namespace socbridge::queue
