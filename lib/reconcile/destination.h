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

// An alert that is there.
struct Presence {
  bool untouched = false;              // in no case, and not changed since it was created
  UnixMillis created_ms = 0;           // by the server's clock; 0: unknown
  std::vector<std::string> case_tags;  // those that only a promotion sets (mapping::is_case_tag)
};
using Present = std::unordered_map<std::string, Presence>;  // by reference

// What a question is about: `cases` gives the whole Presence, `alerts` none of it.
enum class Ask { alerts, cases };

// Where the alerts should be.
class Destination {
 public:
  virtual ~Destination() = default;

  // Those of the references that are there. Errors are auth, unreachable or refused.
  virtual Result<Present> present(const std::vector<std::string>& source_refs, Ask ask) = 0;

  // Whether this one is there, without an index in between that may lag behind.
  virtual Result<bool> is_there(const std::string& source_ref) = 0;

  // Sends one alert that has passed the filters; a short failure of the server is waited out.
  virtual delivery::Outcome send(const wazuh::Alert& alert) = 0;
};

}  // namespace socbridge::reconcile
