#pragma once

#include <cstdint>

#include "base/env.h"

namespace socbridge::sandbox {

// Tells every thread of a server at once that it must end. Raised once, never lowered.
class StopSignal {
 public:
  StopSignal();
  void raise();
  bool raised() const;
  // Sleeps; true if the signal was raised before the time was over.
  bool wait_ms(std::int64_t ms) const;
  int fd() const { return fd_.get(); }  // readable once raised

 private:
  Fd fd_;
};

}  // namespace socbridge::sandbox
