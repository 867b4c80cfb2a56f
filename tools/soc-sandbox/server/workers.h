// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace socbridge::sandbox {

// Threads for connections. If all are busy, another one is started, up to kMost, so that persistent
// or hanging connections never block a new one.
class Workers {
 public:
  static constexpr std::size_t kMost = 4096;

  Workers() = default;
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers() { finish(); }

  void run(std::function<void()> job);
  // Finishes the queued jobs, then ends the threads and waits for them.
  void finish();

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> jobs_;
  std::vector<std::thread> threads_;
  std::size_t idle_ = 0;
  bool ending_ = false;
};

}  // namespace socbridge::sandbox
