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

// What the sandbox's OpenCTI knows. Loaded from a STIX bundle that may have one member more,
// `sandbox`: `version`, `me`, `connectors`, `works` (each with `connector_id`), `queues`
// (rabbitMQMetrics), `streams`, all as GraphQL shows them; `search_engine` (`down`: it does not
// answer), `poison` (a value that it never gets through) and `search_queue`, how many searches of
// shards it takes at once (1,000). `@now-2h@` in the file is an ISO time of the start less two
// hours, `@unix-2d@` the same in seconds.
class Platform {
 public:
  // The file, or the built-in knowledge if its name is empty. Errors: unreadable (failure), no
  // bundle (bad_input).
  // `admin_token`: of an administrator beside the token of the sandbox; or empty.
  static Result<std::unique_ptr<Platform>> open(const std::string& file, std::string admin_token);

  // Who sends a request: the sandbox's own token, one of a user that was made, or an unknown one.
  struct Caller {
    bool known = false;
    std::string token;  // of a user that was made; else empty
  };
  // Answers one GraphQL request. `error` is a code that every root field fails with, or empty.
  graphql::Outcome answer(const graphql::Document& document, std::string_view operation,
                          json::Value variables, const Caller& caller, std::string_view error);
  // Whether a user that was made has this token.
  bool has_token(std::string_view token) const;
  // Whether that user may read a stream that was made.
  bool may_read(std::string_view token, std::string_view stream) const;

  // For other answers from the same knowledge.
  template <typename F>
  auto read(F function) const {
    const std::shared_lock lock(mutex_);
    return function(graph_);
  }
  json::Value settings() const { return settings_.root()["sandbox"]; }
  // Searches of shards that the costliest query so far had at once, and how many queries came.
  std::uint64_t most_searches() const { return most_searches_; }
  std::uint64_t requests() const { return requests_; }

 private:
  explicit Platform(std::string admin_token) : access_(std::move(admin_token)) {}
  // The settings with the user of the token as `me`.
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
