// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/env.h"
#include "base/status.h"
#include "base/time.h"
#include "mapping/options.h"
#include "thehive/client.h"

namespace socbridge::health {

// Takes canaries out of the spool of custom-w2thive, so that none is delivered later: raw alerts
// that `is_it` knows, from entries of between these times. How many there were.
Result<int> remove_from_spool(Env& env, const std::string& dir, UnixMillis from_ms,
                              UnixMillis until_ms,
                              const std::function<bool(std::string_view raw)>& is_it);
// Whether a raw alert is any run's canary.
bool is_canary(std::string_view raw);

// Deletes the alerts in TheHive that killed runs left: made before `before_ms`, of this mapping's
// type and source, with both tags of the canary, in no case, and with a reference that only its
// alert can have.
struct Swept {
  int found = 0, deleted = 0;
  Status error;  // of the search, or of the first that could not be deleted
};
Swept sweep_alerts(thehive::Client& client, const mapping::Options& rules, UnixMillis before_ms,
                   const Deadline& deadline);

}  // namespace socbridge::health
