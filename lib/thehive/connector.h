#pragma once

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
  // True for `VirusTotal_GetReport`, `VirusTotal_GetReport_3_1`, any case.
  bool is_called(std::string_view wanted) const;
};

// One run of an analyzer on an observable.
struct Job {
  std::string id, analyzer_id, analyzer_name, analyzer_definition, cortex_id, cortex_job_id;
  std::string observable_id, data_type, data;  // if the server says which observable it is of
  std::string status;                          // Waiting, InProgress, Success, Failure, Deleted
  std::string error;                           // of a failure, printable
  UnixMillis start_ms = 0, end_ms = 0;
  std::string json;  // as the server sent it, without the `input` of a failed run (it holds keys)

  bool finished() const { return status != "Waiting" && status != "InProgress"; }
  // Runs that count as an answer or will be one: neither failed nor deleted.
  bool counts() const { return status != "Failure" && status != "Deleted"; }
  bool of(const Analyzer& analyzer) const;
};

// TheHive's own way to Cortex (facts 7). Reports of jobs started here land on the observable. Not
// thread-safe, like the client, which must outlive it.
class Connector {
 public:
  explicit Connector(Client& client) : client_(client) {}

  // All that the organisation may use. TheHive gives an empty list too when Cortex is down, so then
  // its status is asked: unreachable or auth with the server's name, refused if no Cortex is
  // connected; an empty list only if there really is none.
  Result<std::vector<Analyzer>> analyzers(const Deadline& deadline);

  // Starts a job. The analyzer must come from analyzers(): version 5 says 201 to anything. Not
  // idempotent; after an end that leaves open whether a job was started, one is looked for that is
  // not among `before`, the jobs that the observable had.
  Result<Job> run(const Analyzer& analyzer, std::string_view observable_id,
                  const std::vector<Job>& before, const Deadline& deadline);
  Result<Job> job(std::string_view id, const Deadline& deadline);
  // All jobs of the observable, oldest first.
  Result<std::vector<Job>> jobs_of(std::string_view observable_id, const Deadline& deadline);

 private:
  Result<std::string> prefix(const Deadline& deadline);
  Status why_empty(const Deadline& deadline);
  Client& client_;
  std::string prefix_;  // once it is known
};

Job read_job(const json::Value& value);

}  // namespace socbridge::thehive
