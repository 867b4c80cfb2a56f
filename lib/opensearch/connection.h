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
  std::string user;  // if set: user name, `key` is the password; else `key` is used alone
  Secret key;
  std::string scheme = {};  // of a key alone: "ApiKey"; empty: a bearer token
  // How long to repeat a request without an answer or with HTTP 429, 502, 503, 504. 0: each node is
  // asked once.
  std::int64_t retry_for_ms = 0;
  std::int64_t request_ms = 30000;       // timeout of one answer
  std::function<bool()> stop = nullptr;  // ends the wait
};

// Sends requests that may be repeated, such as searches, to a cluster. If a node does not answer,
// the next one is tried and used first from then on. For one thread.
class Connection {
 public:
  // `http` must outlive it.
  Connection(http::Client& http, ConnectionOptions options);

  // Like those of http::Service.
  Result<json::Document> get(std::string_view path, const Deadline& deadline);
  Result<json::Document> post(std::string_view path, const std::string& body,
                              const Deadline& deadline);
  http::Outcome send(const std::string& method, std::string_view path, const std::string& body,
                     const Deadline& deadline);
  Status explain(const http::Outcome& outcome) const { return current().explain(outcome); }
  Result<json::Document> read(const http::Outcome& outcome) const {
    return current().read(outcome);
  }

  // Duration of the first exchange; -1 before it.
  std::int64_t first_ms() const { return first_ms_; }
  // The node that is tried first.
  const std::string& url() const { return current().options().url; }
  std::int64_t retry_for_ms() const { return options_.retry_for_ms; }
  // False if `stop` ended it.
  bool wait(std::int64_t ms) const;
  // How often a request was repeated.
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
