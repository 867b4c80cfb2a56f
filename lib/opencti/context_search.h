// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "opencti/client.h"
#include "opencti/halving.h"
#include "opencti/value_match.h"

namespace socbridge::opencti {

// Finds the observables and indicators of values, with fields that are cheap to query. A value that
// could not be looked up has the reason as its status. `notes` gets what is incomplete.
class ContextSearch {
 public:
  ContextSearch(Client& client, Halving& halving, std::vector<std::string>& notes)
      : client_(client), halving_(halving), notes_(notes) {}

  Status run(std::vector<Wanted>& wanted);

 private:
  Status by_filter(const std::vector<Wanted*>& wanted);
  Status by_id(const std::vector<Wanted*>& wanted);
  Status based_on(std::vector<Wanted>& wanted);
  Attempt batch(const std::vector<Wanted*>& wanted, const Deadline& deadline, Operation operation);
  Attempt pair(Wanted& a, Wanted& b, const Deadline& deadline, Operation operation);

  Client& client_;
  Halving& halving_;
  std::vector<std::string>& notes_;
};

}  // namespace socbridge::opencti
