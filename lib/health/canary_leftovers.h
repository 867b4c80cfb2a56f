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

// Removes canaries from the spool of custom-w2thive, so that none is delivered later: raw alerts
// for which `is_it` is true, in entries from between these times. Returns their number.
Result<int> remove_from_spool(Env& env, const std::string& dir, UnixMillis from_ms,
                              UnixMillis until_ms,
                              const std::function<bool(std::string_view raw)>& is_it);
// Whether a raw alert is the canary of any run.
bool is_canary(std::string_view raw);

// Deletes alerts of killed runs in TheHive: created before `before_ms`, with this mapping's type
// and source, both tags of the canary, no case, and a reference that only its alert can have.
struct Swept {
  int found = 0, deleted = 0;
  Status error;  // of the search, or of the first failed deletion
};
Swept sweep_alerts(thehive::Client& client, const mapping::Options& rules, UnixMillis before_ms,
                   const Deadline& deadline);

}  // namespace socbridge::health
