// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace socbridge::sandbox {

// The faults of one request. Several rules can contribute; of two exclusive faults the first one
// counts.
struct Fault {
  enum class End {
    whole,  // the answer is sent unchanged
    hang,   // nothing is sent, the connection stays open
    drop,   // nothing is sent, the connection is closed
    reset,  // nothing is sent, the connection is reset (RST)
    half,   // half of the answer's bytes, then the connection is closed
  };
  End end = End::whole;
  bool skip = false;              // the request is not executed
  int status = 0;                 // answer with this status instead of executing the request
  std::string error;              // error code of the product itself
  bool html = false;              // the answer is a proxy's HTML page
  std::int64_t retry_after = -1;  // seconds, as a header
  std::int64_t before_ms = 0;     // pause before execution
  std::int64_t after_ms = 0;      // pause between execution and answer
  std::int64_t drip = 0;          // bytes of the answer per second; 0: no limit
  std::int64_t dup_race_ms = 0;   // between the search for a duplicate and storing
  std::int64_t query_lag_ms = 0;
};

// One `--fail` rule: actions and conditions separated by commas (docs/sandbox.md).
struct FaultRule {
  Fault fault;
  std::string method;  // empty: any
  std::string path;    // empty: any; a trailing `*` matches any rest
  double rate = 1.0;
  std::uint64_t first = 0;  // only this many of the matching requests; 0: all
  std::uint64_t after = 0;  // skips this many of them first
  std::uint64_t seed = 1;
  std::uint64_t matched = 0;  // requests that matched method and path so far
};

// Errors: usage, with the nearest known word.
Result<FaultRule> parse_fault(std::string_view text);

// Thread-safe. The n-th request that matches a rule always gets the same fault.
class Faults {
 public:
  Faults() = default;
  explicit Faults(std::vector<FaultRule> rules) : rules_(std::move(rules)) {}
  // `api`: whether rules without a path apply; by default if the path begins with `/api/`.
  Fault next(std::string_view method, std::string_view path, bool api);
  Fault next(std::string_view method, std::string_view path);

 private:
  std::mutex mutex_;
  std::vector<FaultRule> rules_;
};

}  // namespace socbridge::sandbox
