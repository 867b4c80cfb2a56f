#pragma once

#include "base/env.h"

namespace socbridge {

// Wakes a thread that polls: readable from ring() until clear(). Any thread may ring.
class EventFd {
 public:
  EventFd();
  int fd() const { return fd_.get(); }  // -1 if the kernel has no descriptor left
  void ring();
  void clear();

 private:
  Fd fd_;
};

}  // namespace socbridge
