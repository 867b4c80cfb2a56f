// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "cortex/batch.h"
#include "cortex/quota.h"

namespace socbridge::cortex {

// What a person wants submitted.
struct SubmitRequest {
  std::vector<observable::Observable> observables;
  std::vector<std::string> analyzers;  // names; none: all that apply
  int tlp = 2, pap = 2;
  std::string message;
  bool force = false;
  // One value that no analyzer takes is an error, not a remark.
  bool strict = false;
};

struct SubmitPlan {
  BatchPlan plan;
  std::vector<std::string> remarks;  // what is left out and why, for people
  std::size_t left_out = 0;          // observables that no analyzer takes
};

// Chooses analyzers: those that are named, or all that take the type. Without names, private
// addresses are left out, since no service knows them, and analyzers whose limit is below the TLP
// or PAP. Errors (usage): unknown analyzer, named analyzers that do not take a type (strict),
// named analyzers whose own limit is below TLP or PAP, nothing left.
Result<SubmitPlan> make_plan(const std::vector<Analyzer>& all, const SubmitRequest& request);

}  // namespace socbridge::cortex
