// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "base/time.h"
#include "thehive/client.h"
#include "thehive/observables.h"

namespace socbridge::thehive {

// An analyzer as TheHive lists it. `cortex_ids` are the names of the Cortex servers that have it.
struct Analyzer {
  std::string id, name, version, description;
  std::vector<std::string> data_types, cortex_ids;
  bool takes(std::string_view data_type) const;
  // True for `VirusTotal_GetReport` and `VirusTotal_GetReport_3_1`; ASCII case is ignored.
  bool is_called(std::string_view wanted) const;
};

// One run of an analyzer on an observable.
struct Job {
  std::string id, analyzer_id, analyzer_name, analyzer_definition, cortex_id, cortex_job_id;
  std::string observable_id, data_type, data;  // if the server names the observable
  std::string status;                          // Waiting, InProgress, Success, Failure, Deleted
  std::string error;                           // of a failure, printable
  UnixMillis start_ms = 0, end_ms = 0;
  std::string json;  // as the server sent it, without the `input` of a failed run (it holds keys)

  bool finished() const { return status != "Waiting" && status != "InProgress"; }
  // Runs that have a result or will have one: neither failed nor deleted.
  bool counts() const { return status != "Failure" && status != "Deleted"; }
  bool of(const Analyzer& analyzer) const;
};

// Result of a request to start a job.
struct Started {
  enum class Verdict {
    started,
    rate_limit,    // Cortex's limit for the analyzer is reached: later, see rate_unit
    refused,       // this analyzer and observable do not fit; others may
    server_error,  // TheHive failed at this request: retry later; others may work
    stopped,       // key, connection or TheHive itself: stop now
  };
  Verdict verdict = Verdict::stopped;
  std::optional<Job> job;  // started
  std::string rate_unit;   // of the limit ("Minute"), may be empty
  Status status;           // if not started

  bool ok() const { return job.has_value(); }
  const Job* operator->() const { return &*job; }
};

// The unit of Cortex's rate limit if the text reports one: "Minute", or empty if not given. Text:
// `"type":"RateLimitExceeded","message":"Rate limit of 4 per Minute reached for …"`.
std::optional<std::string> rate_limit_unit(std::string_view text);

// TheHive's connector to Cortex (docs/protocols/thehive.md, "Cortex connector"). Reports of jobs
// started here are attached to the observable. Not thread-safe, like the client, which must outlive
// it.
class Connector {
 public:
  explicit Connector(Client& client) : client_(client) {}

  // All analyzers that the organisation may use, never an empty list. TheHive silently omits the
  // analyzers of a Cortex that does not answer and checks its servers only once a minute. So an
  // empty list is always an error: unreachable or auth with the server's name, refused if no Cortex
  // is connected.
  Result<std::vector<Analyzer>> analyzers(const Deadline& deadline);
  // Names of connected Cortex servers whose analyzers the last list may lack: servers whose state
  // is not OK and servers without analyzers. "cortex1: ERROR"; empty if there are none.
  Result<std::string> servers_in_doubt(const std::vector<Analyzer>& listed,
                                       const Deadline& deadline);

  // Starts a job. The analyzer must come from analyzers(): version 5 answers 201 to any name. Not
  // idempotent. After an ambiguous outcome the observable's jobs are searched for one that is not
  // in `before`, its earlier jobs.
  Started run(const Analyzer& analyzer, std::string_view observable_id,
              const std::vector<Job>& before, const Deadline& deadline);
  Result<Job> job(std::string_view id, const Deadline& deadline);
  // All jobs of the observable, oldest first.
  Result<std::vector<Job>> jobs_of(std::string_view observable_id, const Deadline& deadline);

 private:
  Result<std::string> prefix(const Deadline& deadline);
  Result<json::Document> status(const Deadline& deadline);
  Status why_empty(const Deadline& deadline);
  Client& client_;
  std::string prefix_;  // once it is known
};

Job read_job(const json::Value& value);

}  // namespace socbridge::thehive
