// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "base/status.h"
#include "json/value.h"
#include "soc-sandbox/opencti/access.h"
#include "soc-sandbox/opencti/execute.h"
#include "soc-sandbox/opencti/graph.h"

namespace socbridge::sandbox::opencti {

// The data of the sandbox's OpenCTI, from a STIX bundle that may have an additional member
// `sandbox`: `version`, `me`, `connectors`, `works` (each with `connector_id`), `queues`
// (rabbitMQMetrics), `streams`, all as in GraphQL; `search_engine` (`down`: it does not answer),
// `poison` (a value whose search never ends) and `search_queue`, the number of concurrent shard
// searches that it accepts (1,000). `@now-2h@` in the file is the ISO time of the start minus two
// hours, `@unix-2d@` a time in seconds.
class Platform {
 public:
  // Loads the file, or the built-in knowledge if its name is empty. Errors: failure if unreadable,
  // bad_input if it is not a bundle. `admin_token`: token of an administrator in addition to the
  // sandbox's token; or empty.
  static Result<std::unique_ptr<Platform>> open(const std::string& file, std::string admin_token);

  // The sender of a request: the sandbox's own token, a created user, or an unknown token.
  struct Caller {
    bool known = false;
    std::string token;  // of a created user; else empty
  };
  // Answers one GraphQL request. `error`: a code with which every root field fails, or empty.
  graphql::Outcome answer(const graphql::Document& document, std::string_view operation,
                          json::Value variables, const Caller& caller, std::string_view error);
  // Whether a created user has this token.
  bool has_token(std::string_view token) const;
  // Whether that user may read a created stream.
  bool may_read(std::string_view token, std::string_view stream) const;

  // For other answers from the same data.
  template <typename F>
  auto read(F function) const {
    const std::shared_lock lock(mutex_);
    return function(graph_);
  }
  json::Value settings() const { return settings_.root()["sandbox"]; }
  // Maximum number of concurrent shard searches of a query so far, and the number of queries.
  std::uint64_t most_searches() const { return most_searches_; }
  std::uint64_t requests() const { return requests_; }

 private:
  explicit Platform(std::string admin_token) : access_(std::move(admin_token)) {}
  // The settings, with the token's user as `me`.
  json::Document settings_of(std::string_view token) const;
  graphql::Item query(std::string_view name, json::Value arguments, json::Value settings,
                      const Caller& caller) const;
  graphql::Item mutate(std::string_view name, json::Value arguments, json::Value settings);
  graphql::Outcome searched(graphql::Outcome outcome);

  mutable std::shared_mutex mutex_;
  Graph graph_;
  Access access_;
  json::Document settings_;
  std::atomic<std::uint64_t> most_searches_{0}, requests_{0};
};

}  // namespace socbridge::sandbox::opencti
