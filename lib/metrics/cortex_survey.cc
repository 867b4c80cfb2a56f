// SPDX-License-Identifier: Apache-2.0
#include "metrics/cortex_survey.h"

#include <algorithm>
#include <utility>

#include "cortex/query.h"
#include "cortex/quota_ledger.h"

namespace socbridge::metrics {

void CortexSurvey::add_ended(const std::string& analyzer, const std::string& status,
                             std::uint64_t count) {
  auto& list = ended_.by_analyzer;
  const auto find = [&](const std::string& name) {
    return std::find_if(list.begin(), list.end(), [&](const EndedJobs::One& one) {
      return one.analyzer == name && one.status == status;
    });
  };
  auto at = find(analyzer);
  if (at != list.end()) {
    at->count += count;
    return;
  }
  const bool room = list.size() < kMostAnalyzers;
  at = room ? list.end() : find(kOther);
  if (at != list.end()) {
    at->count += count;
  } else {
    list.push_back({room ? analyzer : std::string(kOther), status, count});
  }
}

// Jobs that ended but are not among the newest are missed.
void CortexSurvey::note_ended(const cortex::Client::Page& page, UnixMillis now_ms) {
  std::int64_t latest = std::max<std::int64_t>(ended_until_ms_, 0);
  for (const cortex::Job& job : page.jobs) {
    const bool dated = job.end_ms > 0 && job.end_ms <= now_ms + kAheadMs;
    if (!cortex::is_over(job.status) || !dated) continue;
    latest = std::max(latest, job.end_ms);
    if (ended_until_ms_ < 0 || job.end_ms <= ended_until_ms_) continue;
    add_ended(job.analyzer, cortex::job_status_name(job.status));
    if (job.start_ms > 0) ended_.duration.add(job.end_ms - job.start_ms);
  }
  ended_until_ms_ = latest;
}

// Analyzers come and go; the counts of the others are kept.
void CortexSurvey::plan_counts(const std::vector<cortex::Analyzer>& analyzers) {
  using cortex::JobStatus;
  std::vector<Count> plan;
  for (const JobStatus status :
       {JobStatus::waiting, JobStatus::in_progress, JobStatus::success, JobStatus::failure}) {
    plan.emplace_back().status = cortex::job_status_name(status);
  }
  const std::size_t statuses = plan.size();
  for (const cortex::Analyzer& analyzer : analyzers) {
    const cortex::Limit limit = cortex::limit_of(analyzer, {});
    if (!limit.exists() || plan.size() - statuses >= kMostLimited) continue;
    Count& count = plan.emplace_back();
    count.analyzer_id = analyzer.id;
    count.analyzer = analyzer.name;
    count.limit = static_cast<std::uint64_t>(limit.count);
    count.window_ms = limit.window_ms;
  }
  for (Count& count : plan) {
    const auto known = std::find_if(counts_.begin(), counts_.end(), [&](const Count& one) {
      return one.status == count.status && one.analyzer_id == count.analyzer_id;
    });
    if (known == counts_.end()) continue;
    count.answer = known->answer;
    count.asked = known->asked;
  }
  counts_ = std::move(plan);
}

bool CortexSurvey::count_from(const cortex::Client::Page& page, UnixMillis now_ms, Count& count) {
  const UnixMillis since = now_ms - count.window_ms;
  const bool all = page.jobs.size() >= page.total;
  const bool reaches = !count.analyzer_id.empty() && !page.jobs.empty() &&
                       page.jobs.back().created_ms > 0 && page.jobs.back().created_ms < since;
  if (!all && !reaches) return false;
  const auto counted = [&](const cortex::Job& job) {
    if (!count.status.empty()) return cortex::job_status_name(job.status) == count.status;
    return job.analyzer_id == count.analyzer_id && job.created_ms >= since;
  };
  count.answer =
      static_cast<std::uint64_t>(std::count_if(page.jobs.begin(), page.jobs.end(), counted));
  return true;
}

Status CortexSurvey::poll(cortex::Client& client, Amount amount, UnixMillis now_ms,
                          const Deadline& deadline) {
  constexpr std::size_t kNewest = 200;
  const auto page = client.search("{}", kNewest, deadline);
  if (!page.ok()) return page.status();
  note_ended(*page, now_ms);
  const auto analyzers = client.analyzers(deadline);
  if (!analyzers.ok()) return analyzers.status();
  plan_counts(*analyzers);
  std::vector<Count*> open;
  for (Count& count : counts_) {
    if (!count_from(*page, now_ms, count)) open.push_back(&count);
  }
  std::stable_sort(open.begin(), open.end(),
                   [](const Count* a, const Count* b) { return a->asked < b->asked; });
  constexpr std::size_t kAlways = 2;
  if (amount == Amount::part) open.resize(std::min(open.size(), kMostRequests - kAlways));
  for (Count* count : open) {
    cortex::JobFilter filter;
    filter.status = count->status;
    if (count->status.empty()) {
      filter.analyzer_ids = {count->analyzer_id};
      filter.since = now_ms - count->window_ms;
    }
    const auto found = client.search(cortex::query_of(filter), 1, deadline);
    if (!found.ok()) return found.status();
    count->answer = found->total;
    count->asked = ++turn_;
  }
  return {};
}

bool CortexSurvey::complete() const {
  return std::all_of(counts_.begin(), counts_.end(),
                     [](const Count& one) { return one.answer.has_value(); });
}

Counts CortexSurvey::jobs() const {
  Counts out;
  for (const Count& one : counts_) {
    if (one.status.empty()) continue;
    if (!one.answer) return {};
    out.emplace_back(one.status, *one.answer);
  }
  return out;
}

std::vector<QuotaLeft> CortexSurvey::quotas() const {
  std::vector<QuotaLeft> out;
  for (const Count& one : counts_) {
    if (one.analyzer_id.empty() || !one.answer) continue;
    out.push_back({one.analyzer, one.limit, one.limit > *one.answer ? one.limit - *one.answer : 0});
  }
  return out;
}

}  // namespace socbridge::metrics
