// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace socbridge {

// Lets threads sleep until shared state has changed, without polling. A thread that changes the
// state calls notify() afterwards. Thread-safe.
class ChangeSignal {
 public:
  void notify() {
    { const std::lock_guard lock(mutex_); }  // not between a waiter's check and its sleep
    changed_.notify_all();
  }

  // Waits until ready() is true, at most `ms`. Returns the last result of ready(), which is called
  // with the signal's own lock held: it must not call notify().
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
