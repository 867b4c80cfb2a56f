// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "cortex/batch.h"
#include "cortex/quota.h"

namespace socbridge::cortex {

// What the user asked to submit.
struct SubmitRequest {
  std::vector<observable::Observable> observables;
  std::vector<std::string> analyzers;  // names; empty: all that apply
  int tlp = 2, pap = 2;
  std::string message;
  bool force = false;
  // A single value that no analyzer accepts is an error, not a remark.
  bool strict = false;
};

struct SubmitPlan {
  BatchPlan plan;
  std::vector<std::string> remarks;  // omissions and their reasons, for people
  std::size_t left_out = 0;          // observables that no analyzer accepts
};

// Chooses analyzers: the named ones, or all that accept the type. Without names, private addresses
// are left out, since no service knows them, and analyzers whose limit is below the TLP or PAP.
// Errors (usage): unknown analyzer, named analyzers that do not accept a type (strict), named
// analyzers whose limit is below TLP or PAP, nothing left.
Result<SubmitPlan> make_plan(const std::vector<Analyzer>& all, const SubmitRequest& request);

}  // namespace socbridge::cortex
