// SPDX-License-Identifier: Apache-2.0
#include "analysis/submit.h"

#include <algorithm>

#include "base/clock.h"
#include "base/text.h"
#include "cortex/analyzer.h"
#include "cortex/refused_levels.h"
#include "cortex/select.h"
#include "thehive/query.h"

namespace socbridge::analysis {
namespace {

constexpr mode_t kFolderMode = 0700, kFileMode = 0600;
constexpr unsigned kLocks = 256;

std::string lock_name(std::string_view id) {
  unsigned sum = 0;
  for (const char c : id) sum = sum * 31 + static_cast<unsigned char>(c);
  return "observable-" + std::to_string(sum % kLocks) + ".lock";
}

constexpr const char* kLimited = "Cortex's rate limit for it is reached; next try at ";

// After one unit of the limit there is room again. For a long or unknown unit there may be room
// earlier, since the window is rolling.
std::int64_t retry_ms(std::string_view unit) {
  constexpr std::int64_t kLongestMs = 600000;
  const std::int64_t window = cortex::rate_unit_ms(unit);
  return window > 0 ? std::min(window, kLongestMs) : kLongestMs;
}

bool counts(const thehive::Job& job, const SubmitOptions& options) {
  if (job.status == "Deleted") return false;
  if (job.status == "Failure") {
    // Cortex did not run it, so it is started again even if failed jobs are not retried.
    return !options.retry_failed && !thehive::rate_limit_unit(job.error);
  }
  const bool lost =
      !job.finished() && job.start_ms > 0 && wall_now_ms() - job.start_ms > options.lost_after_ms;
  return !lost || !options.retry_failed;
}

}  // namespace

const char* verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::started: return "started";
    case Verdict::present: return "present";
    case Verdict::postponed: return "postponed";
    case Verdict::barred: return "skipped";
    case Verdict::failed: return "failed";
  }
  return "failed";
}

Result<Fd> Submitter::lock(std::string_view id, const Deadline& deadline) {
  if (const Status made = env_.make_dirs(lock_dir_, kFolderMode); !made.ok()) return made;
  const std::string path = lock_dir_ + "/" + lock_name(id);
  auto file = env_.open_rw(path, kFileMode);
  if (!file.ok()) return file.status();
  const auto mine = env_.lock(file->get(), deadline);
  if (!mine.ok()) return mine.status();
  if (*mine) return file;
  return Status::error(ExitCode::failure, path + ": another process has held the lock for too long",
                       "see who has it open: fuser " + path);
}

Result<std::vector<thehive::Job>> Submitter::known_jobs(const thehive::ObservableInfo& observable,
                                                        const SubmitOptions& options,
                                                        const Deadline& deadline) {
  auto jobs = connector_.jobs_of(observable.id, deadline);
  if (!jobs.ok() || options.repeat_after_ms <= 0 || observable.data.empty()) return jobs;
  namespace filter = thehive::filter;
  const UnixMillis young = wall_now_ms() - options.repeat_after_ms;
  const Status listed = thehive::for_each(
      client_,
      {"socctl-jobs-of-value", thehive::Query("listObservable")
                                   .where(filter::all({filter::is("dataType", observable.data_type),
                                                       filter::is("data", observable.data)}))
                                   .to("jobs")},
      [&](json::Value value) {
        thehive::Job job = thehive::read_job(value);
        if (job.start_ms >= young) jobs->push_back(std::move(job));
        return true;
      },
      deadline);
  if (!listed.ok()) return listed;
  return jobs;
}

Submitter::Submitted Submitter::submit(const thehive::ObservableInfo& observable,
                                       const std::vector<Analyzer>& analyzers,
                                       const SubmitOptions& options, const Deadline& deadline) {
  Submitted out;
  std::optional<Fd> held;
  if (!options.dry_run) {
    auto locked = lock(observable.id, deadline);
    out.stopped = locked.status();
    if (!locked.ok()) return out;
    held = std::move(*locked);
  }
  const auto jobs = known_jobs(observable, options, deadline);
  out.stopped = jobs.status();
  if (!jobs.ok()) return out;
  for (const Analyzer& analyzer : analyzers) {
    auto one = start(observable, analyzer, *jobs, options, deadline);
    out.stopped = one.status();
    if (!one.ok()) return out;
    out.list.push_back(std::move(*one));
  }
  return out;
}

Result<bool> Submitter::skip_reason(const thehive::ObservableInfo& observable,
                                    const std::vector<thehive::Job>& jobs,
                                    const SubmitOptions& options, Submission& out) {
  const std::string& name = out.analyzer.name;
  const int tlp = cortex::tlp_for_cortex(observable.tlp);
  const thehive::Job* last = nullptr;
  for (const thehive::Job& job : jobs) {
    if (!job.of(out.analyzer)) continue;
    last = &job;
    if (options.force || !counts(job, options)) continue;
    out.verdict = Verdict::present;
    out.job = job;  // the last one is the newest
  }
  if (out.verdict == Verdict::present) return true;
  if (last != nullptr && last->status == "Failure" && cortex::is_level_refusal(last->error)) {
    if (budget_ != nullptr) budget_->learn(name, last->error, tlp, options.pap);
    if (!options.force) {
      out.verdict = Verdict::barred;
      out.why = last->error;
      return true;
    }
  }
  if (budget_ != nullptr && !options.force) {
    out.why = budget_->why_barred(name, tlp, options.pap);
    if (!out.why.empty()) out.verdict = Verdict::barred;
    if (!out.why.empty()) return true;
  }
  if (options.dry_run) return true;
  if (const auto until = limited_until_.find(name);
      until != limited_until_.end() && wall_now_ms() < until->second) {
    out.verdict = Verdict::postponed;
    out.why = std::string(kLimited) + format_utc(until->second);
    out.retry_at_ms = until->second;
    return true;
  }
  if (budget_ == nullptr) return false;
  const auto answer = budget_->reserve(name);
  if (!answer.ok()) return answer.status();
  if (answer->granted) return false;
  out.verdict = Verdict::postponed;
  out.why = answer->why;
  out.retry_at_ms = answer->retry_at_ms;
  return true;
}

Result<Submission> Submitter::start(const thehive::ObservableInfo& observable,
                                    const Analyzer& analyzer, const std::vector<thehive::Job>& jobs,
                                    const SubmitOptions& options, const Deadline& deadline) {
  using Started = thehive::Started::Verdict;
  Submission out;
  out.analyzer = analyzer;
  const auto kept_back = skip_reason(observable, jobs, options, out);
  if (!kept_back.ok()) return kept_back.status();
  if (*kept_back) return out;
  thehive::Started started = connector_.run(analyzer, observable.id, jobs, deadline);
  if (started.ok()) {
    out.job = std::move(started.job);
    return out;
  }
  // Only a refusal guarantees that no job runs.
  const bool sure = started.verdict == Started::rate_limit || started.verdict == Started::refused ||
                    started.status.code() == ExitCode::auth;
  if (sure && budget_ != nullptr) budget_->give_back(analyzer.name);
  if (started.verdict == Started::stopped) return started.status;
  if (started.verdict == Started::rate_limit) {
    out.verdict = Verdict::postponed;
    out.retry_at_ms = wall_now_ms() + retry_ms(started.rate_unit);
    limited_until_[analyzer.name] = out.retry_at_ms;
    out.why = std::string(kLimited) + format_utc(out.retry_at_ms);
    return out;
  }
  out.why = started.status.message();
  out.verdict = Verdict::failed;
  if (started.verdict == Started::server_error) {
    out.verdict = Verdict::postponed;
    out.retry_at_ms = wall_now_ms() + retry_ms({});
  }
  return out;
}

}  // namespace socbridge::analysis
