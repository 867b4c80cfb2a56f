// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "base/status.h"
#include "base/time.h"
#include "http/service.h"

namespace socbridge::opensearch {

inline http::ErrorBody read_error(const http::Response& response) {
  return http::read_common_error(response, "error");
}
inline constexpr http::ProductErrors kErrors{"OpenSearch", read_error};

struct ConnectionOptions {
  std::vector<std::string> urls;  // of nodes of one cluster, at least one
  std::string user;               // not empty: name and password; else `key` alone
  Secret key;
  std::string scheme = {};  // of a key alone: "ApiKey"; empty: a bearer token
  // How long a request is repeated that found no answer or HTTP 429, 502, 503, 504. 0: each node is
  // asked once.
  std::int64_t retry_for_ms = 0;
  std::int64_t request_ms = 30000;       // longest time for one answer
  std::function<bool()> stop = nullptr;  // ends the waiting
};

// Requests to a cluster that may be sent again, such as searches. A node that gives no answer is
// left for the next one, which is then asked first. For one thread.
class Connection {
 public:
  // `http` must outlive it.
  Connection(http::Client& http, ConnectionOptions options);

  // As those of http::Service.
  Result<json::Document> get(std::string_view path, const Deadline& deadline);
  Result<json::Document> post(std::string_view path, const std::string& body,
                              const Deadline& deadline);
  http::Outcome send(const std::string& method, std::string_view path, const std::string& body,
                     const Deadline& deadline);
  Status explain(const http::Outcome& outcome) const { return current().explain(outcome); }
  Result<json::Document> read(const http::Outcome& outcome) const {
    return current().read(outcome);
  }

  // Time the first exchange took; -1 before it.
  std::int64_t first_ms() const { return first_ms_; }
  // The node that is asked first.
  const std::string& url() const { return current().options().url; }
  std::int64_t retry_for_ms() const { return options_.retry_for_ms; }
  // False if it was cut short by `stop`.
  bool wait(std::int64_t ms) const;
  // How often an answer was not there and the request was sent again.
  std::uint64_t repeats() const { return repeats_; }

 private:
  const http::Service& current() const { return services_[current_]; }
  http::Outcome ask(const std::string& method, std::string_view path, const std::string& body,
                    const Deadline& deadline, std::size_t hosts_left);

  ConnectionOptions options_;
  std::vector<http::Service> services_;
  std::size_t current_ = 0;
  std::int64_t first_ms_ = -1;
  std::uint64_t repeats_ = 0;
};

}  // namespace socbridge::opensearch
