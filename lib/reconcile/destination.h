// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <unordered_set>
#include <vector>

#include "base/status.h"
#include "delivery/outcome.h"
#include "wazuh/alert.h"

namespace socbridge::reconcile {

// Where the alerts should be.
class Destination {
 public:
  virtual ~Destination() = default;

  // Those of the references that are there. Errors are auth, unreachable or refused.
  virtual Result<std::unordered_set<std::string>> present(
      const std::vector<std::string>& source_refs) = 0;

  // Whether this one is there, without an index in between that may lag behind.
  virtual Result<bool> is_there(const std::string& source_ref) = 0;

  // Sends one alert that has passed the filters; a short failure of the server is waited out.
  virtual delivery::Outcome send(const wazuh::Alert& alert) = 0;
};

}  // namespace socbridge::reconcile
