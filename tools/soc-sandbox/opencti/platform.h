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
  static Result<std::unique_ptr<Platform>> open(const std::string& file);

  // Answers one GraphQL request. `known` is false for a request without a valid token; `error` is a
  // code that every root field fails with, or empty.
  graphql::Outcome answer(const graphql::Document& document, std::string_view operation,
                          json::Value variables, bool known, std::string_view error);

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
  Platform() = default;
  graphql::Item query(std::string_view name, json::Value arguments) const;
  graphql::Item mutate(std::string_view name, json::Value arguments);
  graphql::Outcome searched(graphql::Outcome outcome);

  mutable std::shared_mutex mutex_;
  Graph graph_;
  json::Document settings_;
  std::atomic<std::uint64_t> most_searches_{0}, requests_{0};
};

}  // namespace socbridge::sandbox::opencti
