// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/env.h"
#include "base/time.h"
#include "delivery/circuit_breaker.h"
#include "http/client.h"
#include "integration/settings.h"
#include "integration/settings_lookup.h"
#include "queue/entries.h"
#include "spool/spool.h"

namespace socbridge::queue {

// Result of the check of one destination's key.
struct KeyCheck {
  std::string url;     // followed by the destination's name in brackets, if it has one
  Status key;          // ok: TheHive accepts it. Else why it is refused, or not known
  std::string opened;  // not empty: the circuit breaker was closed, one line for people
};

// If the circuit breaker is open for a refused key, checks whether TheHive now accepts the key, and
// if so closes the breaker for every process of the spool. Empty: it is not open for the key.
std::optional<KeyCheck> check_key(Env& env, const std::string& spool_dir,
                                  const integration::Settings& settings, http::Client& http,
                                  const Deadline& deadline);

// The same for the destinations of these entries (the first 50) and of newly accepted alerts. Each
// is queried once, for at most its budget. Entries whose settings cannot be found are skipped.
std::vector<KeyCheck> check_keys(Env& env, spool::Spool& spool,
                                 integration::SettingsLookup& accounts,
                                 const std::vector<QueueEntry>& entries);

// TheHive accepts this key in this organisation, as another request has shown: closes the circuit
// breaker if it was open for the key. A missing or read-only spool is not an error.
void report_key_accepted(Env& env, const std::string& spool_dir, const thehive::Endpoint& endpoint);

}  // namespace socbridge::queue
