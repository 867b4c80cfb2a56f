// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "base/status.h"
#include "base/time.h"
#include "delivery/outcome.h"
#include "wazuh/alert.h"

namespace socbridge::reconcile {

// An alert that exists at the destination.
struct Presence {
  bool untouched = false;              // in no case, and not changed since its creation
  UnixMillis created_ms = 0;           // server time; 0: unknown
  std::vector<std::string> case_tags;  // tags that only a promotion sets (mapping::is_case_tag)
};
using Present = std::unordered_map<std::string, Presence>;  // by reference

// What present() returns: `cases` fills in Presence, `alerts` leaves it empty.
enum class Ask { alerts, cases };

// The server that should have the alerts.
class Destination {
 public:
  virtual ~Destination() = default;

  // The references that exist. Errors are auth, unreachable or refused.
  virtual Result<Present> present(const std::vector<std::string>& source_refs, Ask ask) = 0;

  // Whether this one exists, without a search index, which may lag behind.
  virtual Result<bool> is_there(const std::string& source_ref) = 0;

  // Sends one alert that passed the filters; waits while the server fails for a short time.
  virtual delivery::Outcome send(const wazuh::Alert& alert) = 0;
};

}  // namespace socbridge::reconcile
