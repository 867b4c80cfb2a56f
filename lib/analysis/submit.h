// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/analyzer_selection.h"
#include "base/env.h"
#include "base/status.h"
#include "base/time.h"
#include "thehive/connector.h"

namespace socbridge::analysis {

// Limits the number of started jobs: the quotas of the services behind the analyzers.
class Budget {
 public:
  virtual ~Budget() = default;
  struct Answer {
    bool granted = true;
    std::string why;             // if not: "500 of 500 used today"
    UnixMillis retry_at_ms = 0;  // when to try again
  };
  // Reserves one unit, on stable storage, before the job is started.
  virtual Result<Answer> reserve(const std::string& analyzer) = 0;
  // Returns the unit: the job was certainly not started.
  virtual void give_back(const std::string& analyzer) = 0;
  // Why the analyzer would refuse these levels (Cortex's, 0 to 3; PAP -1: unknown), by its recent
  // refusals; empty if it may accept them.
  virtual std::string why_barred(const std::string&, int, int) { return {}; }
  // Stores how a job with these levels ended, for the next submission.
  virtual void learn(const std::string&, std::string_view, int, int) {}
};

enum class Verdict {
  started,
  present,    // a job exists: nothing was started
  postponed,  // the budget is used up for now
  barred,     // the analyzer refused this TLP or PAP before: nothing was started
  failed,     // TheHive or Cortex refused this one
};
const char* verdict_name(Verdict verdict);

struct Submission {
  Verdict verdict = Verdict::started;
  Analyzer analyzer;
  std::optional<thehive::Job> job;  // started or present
  std::string why;                  // postponed, barred, failed
  UnixMillis retry_at_ms = 0;       // postponed
};

struct SubmitOptions {
  bool force = false;        // start a job even if there is one
  bool retry_failed = true;  // a failed job does not count as one
  int pap = -1;              // of the case, as Cortex gets it; -1: unknown
  bool dry_run = false;      // read only: `started` means that it would be
  // A job that still runs after this time is treated as lost (docs/protocols/thehive.md, "Cortex
  // connector"): version 5 ends jobs after 3 h.
  std::int64_t lost_after_ms = std::int64_t{3} * 3600 * 1000;
  // > 0: a job of another observable with the same value counts too if it is younger than this.
  std::int64_t repeat_after_ms = 0;
};

// Starts each analyzer on an observable once, even with several processes on this machine: a lock
// per observable is held while its jobs are listed and the missing ones started. TheHive's list of
// jobs is the only state, so a crash in between costs at most one request.
class Submitter {
 public:
  // `lock_dir` is created if it does not exist. `budget` may be null: no limit. All must outlive
  // it.
  Submitter(Env& env, thehive::Client& client, thehive::Connector& connector, Budget* budget,
            std::string lock_dir)
      : env_(env),
        client_(client),
        connector_(connector),
        budget_(budget),
        lock_dir_(std::move(lock_dir)) {}

  struct Submitted {
    std::vector<Submission> list;  // one entry per analyzer, in order, up to the one that stopped
    Status stopped;                // not ok: stopped because of key, connection or disk
  };
  Submitted submit(const thehive::ObservableInfo& observable,
                   const std::vector<Analyzer>& analyzers, const SubmitOptions& options,
                   const Deadline& deadline);

 private:
  Result<Fd> lock(std::string_view id, const Deadline& deadline);
  Result<std::vector<thehive::Job>> known_jobs(const thehive::ObservableInfo& observable,
                                               const SubmitOptions& options,
                                               const Deadline& deadline);
  // Fills in why nothing is to be started; false: the job may be started.
  Result<bool> skip_reason(const thehive::ObservableInfo& observable,
                           const std::vector<thehive::Job>& jobs, const SubmitOptions& options,
                           Submission& out);
  Result<Submission> start(const thehive::ObservableInfo& observable, const Analyzer& analyzer,
                           const std::vector<thehive::Job>& jobs, const SubmitOptions& options,
                           const Deadline& deadline);
  Env& env_;
  thehive::Client& client_;
  thehive::Connector& connector_;
  Budget* budget_;
  std::string lock_dir_;
  std::map<std::string, UnixMillis>
      limited_until_;  // analyzers whose limit is reached, by Cortex's answer
};

}  // namespace socbridge::analysis
