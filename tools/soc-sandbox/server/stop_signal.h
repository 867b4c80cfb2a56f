#pragma once

#include <cstdint>

#include "service/event_fd.h"

namespace socbridge::sandbox {

// Tells every thread of a server at once that it must end. Raised once, never lowered.
class StopSignal {
 public:
  void raise() { bell_.ring(); }
  bool raised() const;
  // Sleeps; true if the signal was raised before the time was over.
  bool wait_ms(std::int64_t ms) const;
  int fd() const { return bell_.fd(); }  // readable once raised

 private:
  EventFd bell_;
};

}  // namespace socbridge::sandbox
