// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "service/event_fd.h"

namespace socbridge::sandbox {

// Signals all threads of a server that they must end. Raised once, never lowered.
class StopSignal {
 public:
  void raise() { wakeup_.signal(); }
  bool raised() const;
  // Sleeps; true if the signal was raised before the time was over.
  bool wait_ms(std::int64_t ms) const;
  int fd() const { return wakeup_.fd(); }  // readable once raised

 private:
  EventFd wakeup_;
};

}  // namespace socbridge::sandbox
