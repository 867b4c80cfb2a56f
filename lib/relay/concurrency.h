// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace socbridge::relay {

// Limits the requests in flight to one destination: additive increase, multiplicative decrease.
// Starts at `most`. A failure (429, 5xx, timeout) halves the limit, once for all requests that were
// already in flight; each full round of timely answers raises it by one. Always from 1 to `most`.
// Pure.
class Concurrency {
 public:
  explicit Concurrency(std::size_t most)
      : most_(most < 1 ? 1 : most), limit_(static_cast<double>(most_)) {}

  std::size_t limit() const { return static_cast<std::size_t>(limit_); }
  std::size_t most() const { return most_; }

  // Number of the request that starts now; pass it to the calls below.
  std::uint64_t started() { return ++last_; }
  void succeeded(std::uint64_t request);
  // True if the limit was lowered.
  bool failed(std::uint64_t request);
  // Restarts with a low limit, because the destination was down.
  void restart();

 private:
  std::size_t most_;
  double limit_;
  std::uint64_t last_ = 0;
  std::uint64_t lowered_at_ = 0;  // requests up to this one started before the limit was lowered
};

}  // namespace socbridge::relay
