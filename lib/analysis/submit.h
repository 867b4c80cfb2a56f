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

// What limits how many jobs may be started: the quotas of the services behind the analyzers.
class Budget {
 public:
  virtual ~Budget() = default;
  struct Answer {
    bool granted = true;
    std::string why;             // if not: "500 of 500 used today"
    UnixMillis retry_at_ms = 0;  // when it is worth asking again
  };
  // Takes one from what is left, durably, before the job is started.
  virtual Result<Answer> reserve(const std::string& analyzer) = 0;
  // The job was certainly not started.
  virtual void give_back(const std::string& analyzer) = 0;
  // Why the analyzer would refuse these levels (Cortex's, 0 to 3; PAP -1: not known), as it did
  // lately; empty: nothing is known against them.
  virtual std::string why_barred(const std::string&, int, int) { return {}; }
  // How a job with these levels ended: stored for the next submission.
  virtual void learn(const std::string&, std::string_view, int, int) {}
};

enum class Verdict {
  started,
  present,    // a job is there that counts: nothing was started
  postponed,  // the budget says later
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
  int pap = -1;              // of the case, as Cortex gets it; -1: not known
  bool dry_run = false;      // look, reserve nothing, start nothing: `started` means it would be
  // A job still running after this long is taken for lost (docs/protocols/thehive.md, "Cortex
  // connector"): version 5 ends them after 3 h.
  std::int64_t lost_after_ms = std::int64_t{3} * 3600 * 1000;
  std::int64_t repeat_after_ms = 0;  // > 0: a job of another observable with the same value that
                                     // young counts too
};

// Starts each analyzer on an observable once, however many processes of this machine try: a lock
// per observable is held while its jobs are listed and the missing ones started. TheHive's list of
// jobs is the memory, so a crash in between costs at most a question.
class Submitter {
 public:
  // `lock_dir` is made if it is not there. `budget` may be null: no limit. All must outlive it.
  Submitter(Env& env, thehive::Client& client, thehive::Connector& connector, Budget* budget,
            std::string lock_dir)
      : env_(env),
        client_(client),
        connector_(connector),
        budget_(budget),
        lock_dir_(std::move(lock_dir)) {}

  struct Submitted {
    std::vector<Submission> list;  // one entry for each analyzer, in order, as far as it came
    Status stopped;                // not ok: nothing more can be done: key, connection, disk
  };
  Submitted submit(const thehive::ObservableInfo& observable,
                   const std::vector<Analyzer>& analyzers, const SubmitOptions& options,
                   const Deadline& deadline);

 private:
  Result<Fd> lock(std::string_view id, const Deadline& deadline);
  Result<std::vector<thehive::Job>> known_jobs(const thehive::ObservableInfo& observable,
                                               const SubmitOptions& options,
                                               const Deadline& deadline);
  // Fills in why nothing is to be started; false: nothing speaks against it.
  Result<bool> keep_back(const thehive::ObservableInfo& observable,
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
  std::map<std::string, UnixMillis> limited_until_;  // analyzers whose limit Cortex said is reached
};

}  // namespace socbridge::analysis
