// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cortex/job.h"
#include "term/records.h"

namespace socbridge::socctl {

// Output of jobs, the same in every verb.
std::vector<std::string> job_columns();
std::vector<term::Cell> job_cells(const cortex::Job& job);
term::Style level_style(cortex::Level level);
term::Style status_style(cortex::JobStatus status);

}  // namespace socbridge::socctl
