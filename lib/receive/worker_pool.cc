// SPDX-License-Identifier: Apache-2.0
#include "receive/worker_pool.h"

#include <string>
#include <system_error>
#include <utility>

namespace socbridge::receive {

Status WorkerPool::start(std::size_t threads) {
  try {
    for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
  } catch (const std::system_error& error) {
    return Status::error(ExitCode::failure, std::string("cannot start a thread: ") + error.what(),
                         "raise the limit of processes (ulimit -u, TasksMax)");
  }
  return {};
}

void WorkerPool::give(Job job) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
  }
  changed_.notify_one();
}

void WorkerPool::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void WorkerPool::run() {
  while (true) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
      if (jobs_.empty()) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    job();
  }
}

}  // namespace socbridge::receive
