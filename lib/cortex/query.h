#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "base/time.h"
#include "cortex/job.h"

namespace socbridge::cortex {

// Which jobs; what is empty does not matter.
struct JobFilter {
  std::string type, value, status;  // status as Cortex spells it
  std::vector<std::string> analyzer_ids;
  std::optional<UnixMillis> since;
};
std::string query_of(const JobFilter& filter);  // of POST /api/job/_search

// "inprogress", "InProgress", …; error: usage.
Result<JobStatus> parse_status(std::string_view text);

}  // namespace socbridge::cortex
