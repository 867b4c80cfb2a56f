// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace socbridge::web {

// A thread for what takes longer than a serving thread may be kept. It is started with the first
// job. Thread safe.
class Worker {
 public:
  static constexpr std::size_t kMostWaiting = 16;

  ~Worker() { stop(); }
  // False: too many wait, the system has no thread left, or it has been stopped; the job is
  // dropped.
  bool give(std::function<void()> job);
  // Waits for the end of the job under way, and drops the others. After the last give().
  void stop();

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;  // under mutex_
  bool stopping_ = false;                      // likewise
  std::thread thread_;
};

}  // namespace socbridge::web
