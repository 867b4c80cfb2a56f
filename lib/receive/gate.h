// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "receive/tokens.h"
#include "web/http_server.h"

namespace socbridge::receive {

struct GateOptions {
  Tokens tokens;
  bool serves_metrics = true;  // else another server has /metrics
  std::uint64_t rate =
      0;  // requests with a body per second, with a burst of twice as many; 0: no limit
};

// Requests refused before their body was read.
struct GateCounts {
  std::uint64_t unauthorised = 0, throttled = 0, misdirected = 0;
};

// Decisions that need only the head of a request: pages, path, method, token, rate. For the
// server's thread; counts() is thread safe.
class Gate {
 public:
  using Page = std::function<web::HttpAnswer()>;
  // `now_ms`: monotonic.
  Gate(GateOptions options, Page health, Page metrics, std::function<std::int64_t()> now_ms);

  std::optional<web::HttpAnswer> screen(const web::RequestHead& head);
  GateCounts counts() const { return {unauthorised_, throttled_, misdirected_}; }

 private:
  bool within_rate();

  GateOptions options_;
  Page health_, metrics_;
  std::function<std::int64_t()> now_ms_;
  double allowance_;  // requests
  std::int64_t filled_ms_;
  std::atomic<std::uint64_t> unauthorised_ = 0, throttled_ = 0, misdirected_ = 0;
};

}  // namespace socbridge::receive
