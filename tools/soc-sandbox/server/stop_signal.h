// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "service/event_fd.h"

namespace socbridge::sandbox {

// Makes all threads of a server end. Raised once, never lowered.
class StopSignal {
 public:
  void raise() { wakeup_.signal(); }
  bool raised() const;
  // Sleeps; true if the signal was raised before the end.
  bool wait_ms(std::int64_t ms) const;
  int fd() const { return wakeup_.fd(); }  // readable once raised

 private:
  EventFd wakeup_;
};

}  // namespace socbridge::sandbox
