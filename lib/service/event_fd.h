// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/env.h"

namespace socbridge {

// eventfd wrapper to wake a thread that polls: signal() makes fd() readable until clear().
// Thread-safe.
class EventFd {
 public:
  EventFd();
  int fd() const { return fd_.get(); }  // -1 if the kernel had no free descriptor
  void signal();
  void clear();

 private:
  Fd fd_;
};

}  // namespace socbridge
