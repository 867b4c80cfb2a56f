// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "health/registry.h"

namespace socbridge::health {

struct RunResult {
  Summary summary;
  // Probes that had not come back when the time was over. Their threads still run: the caller must
  // end the process without waiting for them (std::_Exit after its output is flushed).
  int abandoned = 0;
};

// Runs all plans at once, each in a thread of its own, and is back within the timeout plus a
// quarter of a second whatever the probes do: a probe stuck in a system call that cannot be
// interrupted is reported as down and left behind. Reports are in the order of the plans.
RunResult run(Env& env, const Options& options, std::vector<Plan> plans);

}  // namespace socbridge::health
