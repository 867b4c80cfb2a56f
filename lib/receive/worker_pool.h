// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/status.h"

namespace socbridge::receive {

// Threads that do what is given to them, first come first served. How much waits is bounded by who
// gives it. Thread safe.
class WorkerPool {
 public:
  using Job = std::function<void()>;
  WorkerPool() = default;
  ~WorkerPool() { stop(); }
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Error (failure): the system has no thread left.
  Status start(std::size_t threads);
  void give(Job job);
  // Does what was given, then ends the threads.
  void stop();

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace socbridge::receive
