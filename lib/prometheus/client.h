// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "base/time.h"
#include "http/error_page.h"
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

// Prometheus has no keys: the proxy before it checks them, so its refusal is about the key.
inline http::ErrorBody read_error(const http::Response& response) {
  http::ErrorBody error = http::read_common_error(response);
  if (http::is_access_refusal(response.status)) error.is_own = true;
  return error;
}
inline constexpr http::ProductErrors kErrors{"Prometheus", read_error};

// The HTTP API v1 of Prometheus 2 and 3. Errors as http::Service gives them; also an answer whose
// `status` is not `success` (refused).
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
