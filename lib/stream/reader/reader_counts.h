// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>

#include "base/time.h"
#include "stream/match.h"

namespace socbridge::stream {

// Counts of connections and events.
struct ReadingCounts {
  std::uint64_t connections = 0, heartbeats = 0, malformed = 0, gaps = 0, bytes = 0;
};

// Counts of a reader for other threads. Thread-safe.
class SharedCounts {
 public:
  void publish(const MatchCounts& matches, const ReadingCounts& reading) {
    const std::lock_guard lock(mutex_);
    matches_ = matches;
    reading_ = reading;
  }
  MatchCounts matches() const {
    const std::lock_guard lock(mutex_);
    return matches_;
  }
  ReadingCounts reading() const {
    const std::lock_guard lock(mutex_);
    return reading_;
  }
  // The time of the newest event or heartbeat; 0 before the first.
  UnixMillis place_ms() const { return place_ms_; }
  void advance(UnixMillis to_ms) {  // by the reader only
    if (to_ms > place_ms_) place_ms_ = to_ms;
  }
  // Liveness counter for the watchdog.
  std::uint64_t beats() const { return beats_; }
  void beat() { ++beats_; }

 private:
  mutable std::mutex mutex_;
  MatchCounts matches_;
  ReadingCounts reading_;
  std::atomic<UnixMillis> place_ms_{0};
  std::atomic<std::uint64_t> beats_{0};
};

}  // namespace socbridge::stream
