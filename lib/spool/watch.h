// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/env.h"
#include "spool/spool.h"

namespace socbridge::spool {

// Watches (inotify) the entries of one state for changes by any process. A hint only: check the
// entry before acting on it. Network file systems do not report changes made on other machines.
class Watch {
 public:
  enum class Event {
    came,      // accepted or moved here; its writer may still hold the claim
    touched,   // its time was changed, or the claim of its first process ended
    left,      // removed or moved away
    lost_some  // the kernel dropped events: read the folder again. The id is empty
  };

  // Error: no inotify on this system, or its limit is reached (fs.inotify.max_user_*).
  static Result<Watch> start(const Spool& spool, State state);

  int fd() const { return fd_.get(); }  // readable if there are events

  // Passes the pending events to `on_event` in order, without waiting.
  void read(const std::function<void(Event event, std::string_view id)>& on_event);

 private:
  explicit Watch(Fd fd) : fd_(std::move(fd)) {}
  Fd fd_;
};

}  // namespace socbridge::spool
