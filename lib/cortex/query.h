// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "base/time.h"
#include "cortex/job.h"

namespace socbridge::cortex {

// Filter of jobs; empty members match all.
struct JobFilter {
  std::string type, value, status;  // status as Cortex spells it
  std::vector<std::string> analyzer_ids;
  std::optional<UnixMillis> since, until;  // of its creation, both inclusive
};
// Query for POST /api/job/_search, without the value, which Cortex cannot search for: see
// find_jobs().
std::string query_of(const JobFilter& filter);

// "inprogress", "InProgress", …; error: usage.
Result<JobStatus> parse_status(std::string_view text);

}  // namespace socbridge::cortex
