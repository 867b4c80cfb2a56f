// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string_view>

namespace socbridge::receive {

// Memory in bytes for parsing a body as JSON, estimated from its separators: a text of separators
// only takes many times its size.
std::uint64_t reading_cost(std::string_view body);

// Memory for concurrent parsing, first come first served. Thread safe.
class MemoryBudget {
 public:
  explicit MemoryBudget(std::uint64_t bytes) : bytes_(bytes) {}

  // Reserved during its lifetime.
  class Share {
   public:
    Share(MemoryBudget& budget, std::uint64_t bytes);  // waits until there is room
    ~Share();
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

   private:
    MemoryBudget& budget_;
    std::uint64_t taken_;
  };

 private:
  const std::uint64_t bytes_;
  std::mutex turn_;  // held by the waiting thread
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t used_ = 0;  // under mutex_
};

}  // namespace socbridge::receive
