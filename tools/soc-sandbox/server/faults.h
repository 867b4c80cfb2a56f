// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace socbridge::sandbox {

// What goes wrong with one request. Several rules can add to it; of two that exclude one another
// the first given wins.
struct Fault {
  enum class End {
    whole,  // the answer is sent as it should be
    hang,   // nothing is sent, the connection stays open
    drop,   // nothing is sent, the connection is closed
    reset,  // nothing is sent, the connection is reset (RST)
    half,   // half of the answer's bytes, then the connection is closed
  };
  End end = End::whole;
  bool skip = false;              // the request is not acted on
  int status = 0;                 // instead of acting on it: answer with this status
  std::string error;              // what the product itself says went wrong: a code of its own
  bool html = false;              // the answer is a proxy's HTML page
  std::int64_t retry_after = -1;  // seconds, as a header
  std::int64_t before_ms = 0;     // pause before acting
  std::int64_t after_ms = 0;      // pause between acting and answering
  std::int64_t drip = 0;          // bytes of the answer a second; 0: as fast as can be
  std::int64_t dup_race_ms = 0;   // between looking for a duplicate and storing
  std::int64_t query_lag_ms = 0;
};

// One `--fail` rule: actions and conditions between commas (docs/sandbox.md).
struct FaultRule {
  Fault fault;
  std::string method;  // empty: any
  std::string path;    // empty: any; a `*` at its end stands for the rest
  double rate = 1.0;
  std::uint64_t first = 0;  // only so many of the matching requests; 0: all
  std::uint64_t after = 0;  // not the first so many of them
  std::uint64_t seed = 1;
  std::uint64_t matched = 0;  // requests that method and path fit, so far
};

// Errors: usage, with the nearest word that exists.
Result<FaultRule> parse_fault(std::string_view text);

// Thread-safe. The n-th request that matches a rule always gets the same fault.
class Faults {
 public:
  Faults() = default;
  explicit Faults(std::vector<FaultRule> rules) : rules_(std::move(rules)) {}
  // `api`: whether rules without a path are for it; if not given, whether it begins with `/api/`.
  Fault next(std::string_view method, std::string_view path, bool api);
  Fault next(std::string_view method, std::string_view path);

 private:
  std::mutex mutex_;
  std::vector<FaultRule> rules_;
};

}  // namespace socbridge::sandbox
