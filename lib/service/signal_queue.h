// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "base/env.h"

namespace socbridge {

// Signals as something to be read: they are blocked for the calling thread and every thread and
// child made after, and wait here instead of interrupting. Make it before any thread. Unblocked
// again when it ends.
class SignalQueue {
 public:
  explicit SignalQueue(const std::vector<int>& signals);
  ~SignalQueue();
  SignalQueue(const SignalQueue&) = delete;
  SignalQueue& operator=(const SignalQueue&) = delete;

  int fd() const { return fd_.get(); }  // readable if one waits; -1 if the kernel refused
  std::optional<int> next();            // the next one that waits

 private:
  Fd fd_;
  unsigned long long mask_ = 0;  // bit n-1: signal n was unblocked before
};

}  // namespace socbridge
