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
  std::uint64_t total = 0;  // of all that match; with a value: of those that were read
  bool whole = true;        // false: stopped before all jobs were read
  bool cut = false;         // kMostLookedThrough were read, and there are more
};

inline constexpr std::size_t kMostLookedThrough = 200000;

// Jobs that fit the filter, newest first. Cortex cannot search for the value of an observable (its
// index holds it as binary: 400 SearchError), so with `filter.value` pages of jobs are read and
// looked through here, until `limit` are found, all or kMostLookedThrough are seen, or `stop` says
// so; each page has the time of `deadline_ms`. Values are compared without regard to ASCII case.
// Errors: those of Client::search; a server that gives the same jobs again and again (refused).
Result<FoundJobs> find_jobs(Client& client, const JobFilter& filter, std::size_t limit,
                            std::int64_t deadline_ms, const std::function<bool()>& stop);

}  // namespace socbridge::cortex
