// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace socbridge::relay {

// A destination to which a worker currently sends nothing.
struct BlockedDestination {
  enum class Reason {
    key_refused,
    breaker_open,
    probing,  // another process is testing it, for over a minute unless `once`
    lock_unavailable
  };
  std::string url;  // followed by the name in brackets, if it has one
  Reason reason = Reason::breaker_open;
  std::string message;
  bool operator<(const BlockedDestination& other) const {
    return std::tie(url, reason, message) < std::tie(other.url, other.reason, other.message);
  }
};

// A worker's state for the supervisor. Thread-safe.
struct WorkerStatus {
  std::atomic<std::uint64_t> turns = 0;  // grows at least every second while the worker is alive
  std::atomic<std::size_t> in_flight = 0;
  std::atomic<bool> ended = false;

  void set_blocked(std::vector<BlockedDestination> blocked) {
    const std::lock_guard<std::mutex> lock(mutex_);
    blocked_ = std::move(blocked);
  }
  // At most a second old.
  std::vector<BlockedDestination> blocked() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return blocked_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<BlockedDestination> blocked_;
};

}  // namespace socbridge::relay
