#include "analysis/submit.h"

#include <chrono>
#include <thread>

#include "base/text.h"
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

bool counts(const thehive::Job& job, const SubmitOptions& options) {
  if (job.status == "Deleted") return false;
  if (job.status == "Failure") return !options.retry_failed;
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
    case Verdict::failed: return "failed";
  }
  return "failed";
}

Result<Fd> Submitter::lock(std::string_view id, const Deadline& deadline) {
  if (const Status made = env_.make_dirs(lock_dir_, kFolderMode); !made.ok()) return made;
  const std::string path = lock_dir_ + "/" + lock_name(id);
  auto file = env_.open_rw(path, kFileMode);
  if (!file.ok()) return file.status();
  constexpr std::int64_t kPauseMs = 20;
  while (true) {
    const auto mine = env_.try_lock(file->get());
    if (!mine.ok()) return mine.status();
    if (*mine) return file;
    if (deadline.passed()) {
      return Status::error(ExitCode::failure,
                           path + ": another process holds the lock for too long",
                           "see who has it open: fuser " + path);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(kPauseMs));
  }
}

Result<std::vector<thehive::Job>> Submitter::known_jobs(const thehive::ObservableInfo& observable,
                                                        const SubmitOptions& options,
                                                        const Deadline& deadline) {
  auto jobs = connector_.jobs_of(observable.id, deadline);
  if (!jobs.ok() || options.repeat_after_ms <= 0 || observable.data.empty()) return jobs;
  namespace filter = thehive::filter;
  const UnixMillis young = wall_now_ms() - options.repeat_after_ms;
  const Status listed = thehive::for_each(
      client_, "socctl-jobs-of-value",
      thehive::Query("listObservable")
          .where(filter::all(
              {filter::is("dataType", observable.data_type), filter::is("data", observable.data)}))
          .to("jobs"),
      [&](json::Value value) {
        thehive::Job job = thehive::read_job(value);
        if (job.start_ms >= young) jobs->push_back(std::move(job));
        return true;
      },
      deadline);
  if (!listed.ok()) return listed;
  return jobs;
}

Result<std::vector<Submission>> Submitter::submit(const thehive::ObservableInfo& observable,
                                                  const std::vector<Analyzer>& analyzers,
                                                  const SubmitOptions& options,
                                                  const Deadline& deadline) {
  std::optional<Fd> held;
  if (!options.dry_run) {
    auto locked = lock(observable.id, deadline);
    if (!locked.ok()) return locked.status();
    held = std::move(*locked);
  }
  const auto jobs = known_jobs(observable, options, deadline);
  if (!jobs.ok()) return jobs.status();
  std::vector<Submission> out;
  for (const Analyzer& analyzer : analyzers) {
    auto one = start(observable, analyzer, *jobs, options, deadline);
    if (!one.ok()) return one.status();
    out.push_back(std::move(*one));
  }
  return out;
}

Result<Submission> Submitter::start(const thehive::ObservableInfo& observable,
                                    const Analyzer& analyzer, const std::vector<thehive::Job>& jobs,
                                    const SubmitOptions& options, const Deadline& deadline) {
  Submission out;
  out.analyzer = analyzer;
  for (const thehive::Job& job : jobs) {
    if (options.force || !job.of(analyzer) || !counts(job, options)) continue;
    out.verdict = Verdict::present;
    out.job = job;  // of several the last, which is the newest
  }
  if (out.verdict == Verdict::present || options.dry_run) return out;
  if (budget_ != nullptr) {
    const auto answer = budget_->reserve(analyzer.name);
    if (!answer.ok()) return answer.status();
    if (!answer->granted) {
      out.verdict = Verdict::postponed;
      out.why = answer->why;
      out.retry_at_ms = answer->retry_at_ms;
      return out;
    }
  }
  auto job = connector_.run(analyzer, observable.id, jobs, deadline);
  if (job.ok()) {
    out.job = std::move(*job);
    return out;
  }
  // Only a refusal proves that nothing runs.
  const ExitCode code = job.status().code();
  const bool refused = code == ExitCode::refused || code == ExitCode::auth;
  if (refused && budget_ != nullptr) budget_->give_back(analyzer.name);
  if (code != ExitCode::refused) return job.status();
  out.verdict = Verdict::failed;
  out.why = job.status().message();
  return out;
}

}  // namespace socbridge::analysis
