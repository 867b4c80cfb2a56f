// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "health/registry.h"

namespace socbridge::health {

struct RunResult {
  Summary summary;
  // Probes that had not finished at the timeout. Their threads still run, so the caller must end
  // the process without waiting for them (std::_Exit after flushing its output).
  int abandoned = 0;
};

// Runs all plans at once, each in its own thread. Returns within the timeout plus a quarter of a
// second: a probe that hangs in a system call is reported as down and abandoned. Reports are in the
// order of the plans.
RunResult run(Env& env, const Options& options, std::vector<Plan> plans);

}  // namespace socbridge::health
