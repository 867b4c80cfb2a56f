// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace socbridge {

// Lets threads sleep until something that they share has changed, instead of checking it again and
// again. A thread that changes it calls notify() afterwards. Thread-safe.
class ChangeSignal {
 public:
  void notify() {
    { const std::lock_guard lock(mutex_); }  // not between the check and the sleep of a waiter
    changed_.notify_all();
  }

  // Waits until ready() is true, at most `ms`. Returns what ready() says. ready() is called with
  // the signal's own lock held: it must not call notify().
  template <typename Ready>
  bool wait(std::int64_t ms, Ready ready) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::milliseconds(ms), ready);
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
};

}  // namespace socbridge
