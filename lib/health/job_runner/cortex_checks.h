// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cortex/client.h"
#include "health/job_runner/checks.h"

namespace socbridge::health::job_runner {

struct CortexOptions {
  std::int64_t question_ms = 30000;  // one request
  std::int64_t job_ms = 120000;      // one job from start to end
  std::string
      job_analyzer;  // which analyzer to use for the trial job; empty: one that costs no quota
  std::string job_folder;  // Cortex's job.directory as it is mounted here; empty: not checked
};

// Is the API there, does the key have the roles it needs and no more, are the analyzers enabled
// that the SOC counts on, does a job run from end to end. Starts one job. Stops at the first of
// these without which the rest says nothing.
void check_cortex(cortex::Client& client, const CortexOptions& options, const Report& report);

}  // namespace socbridge::health::job_runner
