// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "base/status.h"
#include "base/time.h"
#include "cortex/analyzer.h"
#include "cortex/job.h"
#include "http/client.h"
#include "json/value.h"

namespace socbridge::cortex {

struct Endpoint {
  std::string url;  // base, may have a path prefix
  Secret key;
};

// Input of an analyzer.
struct Question {
  std::string type, value;  // type `file`: value is a path, sent as a form
  int tlp = 2, pap = 2;     // 0 to 3
  std::string message = {};
  std::string label = {};  // stored with the job, can be searched for
  bool force = false;      // skips the cache
};

// Result of a request to start a job.
struct Started {
  enum class Verdict {
    started,
    rate_limit,  // 429: see rate_unit
    retry,       // Cortex was not reached or had an error of its own
    auth,        // 401, 403: do not retry at once
    refused,     // the same request will always fail
  };
  Verdict verdict = Verdict::retry;
  bool ambiguous = false;  // the job may have been started although no complete answer arrived
  Job job;                 // if started
  std::string rate_unit;   // of a rate limit, may be empty
  Status status;           // if not started
};

// Requests and evaluation of answers, for callers with several requests in flight.
http::Request run_request(const Endpoint& endpoint, std::string_view analyzer_id,
                          const Question& question, std::int64_t timeout_ms);
Started read_started(const Endpoint& endpoint, http::Outcome outcome);
// The server answers when the job is finished, at the latest after `at_most_ms`. The request's
// timeout is longer.
http::Request wait_request(const Endpoint& endpoint, std::string_view job_id,
                           std::int64_t at_most_ms);
Result<Job> read_waited(const Endpoint& endpoint, http::Outcome outcome, std::string_view job_id);

class Client {
 public:
  // `http` must outlive the client.
  Client(http::Client& http, Endpoint endpoint) : http_(&http), endpoint_(std::move(endpoint)) {}

  // GET /api/status: needs no key and does not use the store; answers 200 while the store is down.
  Result<std::string> version(const Deadline& deadline);

  struct User {
    std::string id, organisation, status;
    std::vector<std::string> roles;
    bool has(std::string_view role) const;
    std::string json;
  };
  // GET /api/user/current: checks key, store and index.
  Result<User> user(const Deadline& deadline);

  // All analyzers that are enabled in the key's organisation.
  Result<std::vector<Analyzer>> analyzers(const Deadline& deadline);
  Result<std::vector<Analyzer>> analyzers_for(std::string_view data_type, const Deadline& deadline);

  Started run(std::string_view analyzer_id, const Question& question, const Deadline& deadline);
  Result<Job> job(std::string_view id, const Deadline& deadline);  // without report
  Result<Job> report(std::string_view id, const Deadline& deadline);
  // Waits on the server until the job is finished or the deadline has passed; returns its state
  // then.
  Result<Job> wait(std::string_view id, const Deadline& deadline);
  // The states of several jobs, in the order of `ids`; unknown: no such job.
  Result<std::vector<JobStatus>> states(const std::vector<std::string>& ids,
                                        const Deadline& deadline);
  // 204: the job is marked as deleted. This does not stop a running container.
  Status remove(std::string_view id, const Deadline& deadline);

  struct Page {
    std::vector<Job> jobs;
    std::uint64_t total = 0;  // of all matches
  };
  // POST /api/job/_search, newest first. `query_json`: an object of the query language, or `{}`.
  Result<Page> search(std::string_view query_json, std::size_t limit, const Deadline& deadline);
  Result<std::vector<Artifact>> artifacts(std::string_view id, const Deadline& deadline);

  const Endpoint& endpoint() const { return endpoint_; }

 private:
  http::Outcome get(std::string_view path, const Deadline& deadline);
  http::Outcome post(std::string_view path, std::string body, const Deadline& deadline);
  http::Client* http_;
  Endpoint endpoint_;
};

// Search query for jobs with one of these labels.
std::string query_by_labels(const std::vector<std::string>& labels);

}  // namespace socbridge::cortex
