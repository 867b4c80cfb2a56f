// SPDX-License-Identifier: Apache-2.0
#include "cortex/find_jobs.h"

#include <set>

#include "base/text.h"

namespace socbridge::cortex {
namespace {

constexpr std::size_t kPage = 500;
constexpr std::size_t kMostPage = 64 * kPage;

// Each page begins at the time of the last job of the previous page, so that new jobs do not shift
// the pages.
class Scan {
 public:
  Scan(Client& client, JobFilter filter, std::size_t limit)
      : client_(client), filter_(std::move(filter)), limit_(limit) {}

  Result<FoundJobs> run(std::int64_t deadline_ms, const std::function<bool()>& stop) {
    std::size_t size = kPage;
    while (out_.jobs.size() < limit_) {
      if (stop && stop()) break;
      out_.cut = seen_.size() >= kMaxScanned;
      if (out_.cut) break;
      const auto page = client_.search(query_of(filter_), size, Deadline::after_ms(deadline_ms));
      if (!page.ok()) return page.status();
      const bool any_new = take(page->jobs);
      if (page->jobs.size() < size) {
        out_.whole = true;
        break;
      }
      filter_.until = page->jobs.back().created_ms;
      // A page is too small for the jobs of one millisecond.
      if (!any_new) size *= 2;
      if (size > kMostPage) {
        return Status::error(ExitCode::refused, "Cortex returns the same jobs for each page",
                             "check that the URL is that of Cortex");
      }
    }
    out_.total = out_.jobs.size();
    return std::move(out_);
  }

 private:
  bool take(const std::vector<Job>& jobs) {
    bool any_new = false;
    out_.whole = false;
    for (const Job& job : jobs) {
      if (!seen_.insert(job.id).second) continue;
      any_new = true;
      if (iequals(job.value, filter_.value) && out_.jobs.size() < limit_) out_.jobs.push_back(job);
    }
    return any_new;
  }

  Client& client_;
  JobFilter filter_;
  std::size_t limit_;
  std::set<std::string> seen_;
  FoundJobs out_;
};

}  // namespace

Result<FoundJobs> find_jobs(Client& client, const JobFilter& filter, std::size_t limit,
                            std::int64_t deadline_ms, const std::function<bool()>& stop) {
  if (!filter.value.empty()) return Scan(client, filter, limit).run(deadline_ms, stop);
  auto page = client.search(query_of(filter), limit, Deadline::after_ms(deadline_ms));
  if (!page.ok()) return page.status();
  return FoundJobs{std::move(page->jobs), page->total, true};
}

}  // namespace socbridge::cortex
