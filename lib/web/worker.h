// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace socbridge::web {

// A thread for jobs that would block the serving thread too long. It is started with the first job.
// Thread-safe.
class Worker {
 public:
  static constexpr std::size_t kMostWaiting = 16;

  ~Worker() { stop(); }
  // False: too many jobs wait, the system cannot start a thread, or it was stopped. The job is then
  // dropped.
  bool give(std::function<void()> job);
  // Waits for the current job and drops the others. Call it after the last give().
  void stop();

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;  // under mutex_
  bool stopping_ = false;                      // under mutex_
  std::thread thread_;
};

}  // namespace socbridge::web
