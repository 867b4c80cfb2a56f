// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/env.h"
#include "base/status.h"
#include "cortex/client.h"
#include "cortex/journal.h"
#include "cortex/quota_ledger.h"
#include "http/client.h"
#include "observable/detect.h"

namespace socbridge::cortex {

// One observable for one analyzer.
struct Task {
  std::string key;  // the same in every run of the batch
  observable::Observable what;
  std::size_t analyzer = 0;  // index
};

struct BatchPlan {
  std::vector<Analyzer> analyzers;
  std::vector<Limit> limits;  // of the analyzers, in their order
  std::vector<std::int64_t> used_elsewhere;
  std::vector<Task> tasks;
  int tlp = 2, pap = 2;
  std::string message;
  bool force = false;
};

// Every pair of an observable and an analyzer that accepts its type. Observables that no analyzer
// accepts are put into `untaken`.
std::vector<Task> make_tasks(const std::vector<observable::Observable>& observables,
                             const BatchPlan& plan, std::vector<observable::Observable>* untaken);

struct BatchOptions {
  std::size_t parallel = 8;  // requests in flight
  std::int64_t request_ms = 30000;
  std::int64_t file_ms = 600000;  // the same for files
  // Wait before Cortex is asked whether it has the job of a request with an ambiguous outcome.
  std::int64_t settle_ms = 3000;
  std::function<bool()> stop;  // Ctrl-C
  std::function<void(std::size_t done, std::size_t total)> progress;
  // A task has a job: just started, from the cache, or `earlier` in another run.
  std::function<void(const Task&, const Job&, bool earlier)> started;
  std::function<void(const Task&, const Status&)> refused;  // not retried
  // Called once per analyzer, when a limit of a second or a minute is first waited for.
  std::function<void(const Analyzer&, const Limit&)> waits;
};

struct BatchOutcome {
  std::size_t total = 0, submitted = 0, cached = 0, earlier = 0, refused = 0;
  std::map<std::size_t, std::size_t> over_quota;  // analyzer -> tasks that were not submitted
  std::size_t in_doubt = 0;  // unknown whether Cortex has them; the next run checks
  std::size_t left = 0;      // not submitted because the batch was stopped
  Status stopped;            // auth, unreachable, failure, interrupted
  std::vector<std::pair<std::size_t, std::string>> jobs;  // task and job, in the order of the tasks
};

// The Cortex server and how to reach it.
struct BatchServer {
  const http::ClientOptions& http;
  const Endpoint& endpoint;
};

// Files of a batch: the journal of its tasks' jobs, and the ledger of the used quotas.
struct BatchRecords {
  Journal& journal;
  Ledger& ledger;
};

// Submits every task that is not in the journal, each once even after a crash. A task is logged
// before it is sent. If no complete answer arrived, Cortex is searched for the job by its label
// before it is sent again. Quotas are reserved first: a limit of a second or a minute is waited
// for; tasks over a longer limit are dropped. Stops when Cortex is down or refuses the key;
// finished tasks stay in the journal.
BatchOutcome submit(const BatchServer& server, const BatchPlan& plan, const BatchRecords& records,
                    const BatchOptions& options);

struct CollectOptions {
  std::size_t parallel = 8;
  std::int64_t wait_limit_ms = 300000;
  std::function<bool()> stop;
  std::function<void(std::size_t done, std::size_t total)> progress;
  // Finished, or its state at the time limit.
  std::function<void(std::size_t index, const Job&)> result;
  std::function<void(std::size_t index, const Status&)> lost;  // the job cannot be read
};
// Waits for jobs on the server, several in parallel. Returns the number of unfinished jobs. Error:
// Cortex went down, or interrupted.
Result<std::size_t> collect(const http::ClientOptions& http, const Endpoint& endpoint,
                            const std::vector<std::string>& job_ids, const CollectOptions& options);

}  // namespace socbridge::cortex
