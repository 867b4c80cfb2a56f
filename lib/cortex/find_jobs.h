// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

#include "base/status.h"
#include "cortex/client.h"
#include "cortex/query.h"

namespace socbridge::cortex {

struct FoundJobs {
  std::vector<Job> jobs;    // newest first, at most `limit`
  std::uint64_t total = 0;  // of all matches; with a value: of the jobs that were read
  bool whole = true;        // false: stopped before all jobs were read
  bool cut = false;         // kMaxScanned jobs were read, and there are more
};

inline constexpr std::size_t kMaxScanned = 200000;

// Jobs that match the filter, newest first. Cortex cannot search for the value of an observable
// (its index stores it as binary: 400 SearchError). So with `filter.value`, pages of jobs are read
// and filtered here, until `limit` jobs are found, all or kMaxScanned are read, or `stop`
// returns true. Each page has a timeout of `deadline_ms`. ASCII case of values is ignored. Errors:
// those of Client::search; refused if the server returns the same jobs for each page.
Result<FoundJobs> find_jobs(Client& client, const JobFilter& filter, std::size_t limit,
                            std::int64_t deadline_ms, const std::function<bool()>& stop);

}  // namespace socbridge::cortex
