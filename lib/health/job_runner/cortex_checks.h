// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cortex/client.h"
#include "health/job_runner/checks.h"

namespace socbridge::health::job_runner {

struct CortexOptions {
  std::int64_t question_ms = 30000;  // one request
  std::int64_t job_ms = 120000;      // one job from start to end
  std::string job_analyzer;          // analyzer of the trial job; empty: one without a quota
  std::string job_folder;  // Cortex's job.directory as it is mounted here; empty: not checked
};

// Checks that the API answers, that the key has exactly the needed roles, that the required
// analyzers are enabled, and that a job runs to its end. Starts one job. Stops after a failure that
// makes later checks useless.
void check_cortex(cortex::Client& client, const CortexOptions& options, const Report& report);

}  // namespace socbridge::health::job_runner
