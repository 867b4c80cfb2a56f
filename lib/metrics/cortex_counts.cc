// SPDX-License-Identifier: Apache-2.0
#include "metrics/cortex_counts.h"

#include "cortex/query.h"

namespace socbridge::metrics {

Result<Counts> count_cortex_jobs(cortex::Client& client, const Deadline& deadline) {
  using cortex::JobStatus;
  Counts out;
  for (const JobStatus status :
       {JobStatus::waiting, JobStatus::in_progress, JobStatus::success, JobStatus::failure}) {
    cortex::JobFilter filter;
    filter.status = cortex::job_status_name(status);
    const auto page = client.search(cortex::query_of(filter), 1, deadline);
    if (!page.ok()) return page.status();
    out.emplace_back(filter.status, page->total);
  }
  return out;
}

}  // namespace socbridge::metrics
