// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "base/env.h"

namespace socbridge {

// Receives signals as data: they are blocked in the calling thread and in every thread and child
// created later, and queue here. Construct it before any thread. The destructor unblocks them.
class SignalQueue {
 public:
  explicit SignalQueue(const std::vector<int>& signals);
  ~SignalQueue();
  SignalQueue(const SignalQueue&) = delete;
  SignalQueue& operator=(const SignalQueue&) = delete;

  int fd() const { return fd_.get(); }  // readable if a signal is pending; -1 if the kernel refused
  std::optional<int> next();            // the next pending signal

 private:
  Fd fd_;
  unsigned long long mask_ = 0;  // bit n-1: signal n was unblocked before
};

}  // namespace socbridge
