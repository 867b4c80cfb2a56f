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

// Threads for tasks, first come first served. The caller limits the number of waiting tasks. Thread
// safe.
class WorkerPool {
 public:
  using Job = std::function<void()>;
  WorkerPool() = default;
  ~WorkerPool() { stop(); }
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Error (failure): the system cannot create a thread.
  Status start(std::size_t threads);
  void give(Job job);
  // Finishes the queued tasks, then ends the threads.
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
