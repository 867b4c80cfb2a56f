// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "base/time.h"
#include "http/service.h"

namespace socbridge::prometheus {

struct Target {
  std::string job, instance;
  std::string health;      // up, down, unknown (not scraped yet)
  std::string last_error;  // empty if up
};

struct Rule {
  std::string group, name;
  std::string health;  // ok, err, unknown
  std::string last_error;
  std::string state;  // alerting rules: inactive, pending, firing
};

// The HTTP API v1 of Prometheus 2 and 3. Errors are those of http::Service; also refused if the
// `status` of an answer is not `success`.
class Client {
 public:
  explicit Client(http::Service service) : service_(std::move(service)) {}

  // GET /-/ready: ok once it serves queries; 503 while it replays its log.
  Status ready(const Deadline& deadline);
  Result<std::string> version(const Deadline& deadline);
  Result<std::vector<Target>> targets(const Deadline& deadline);
  Result<std::vector<Rule>> rules(const Deadline& deadline);

  std::int64_t first_ms() const { return service_.first_ms(); }

 private:
  Result<json::Document> api(std::string_view path, const Deadline& deadline);
  http::Service service_;
};

}  // namespace socbridge::prometheus
