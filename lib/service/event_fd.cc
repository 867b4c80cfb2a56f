// SPDX-License-Identifier: Apache-2.0
#include "service/event_fd.h"

#include <sys/eventfd.h>

#include <cstdint>

namespace socbridge {

EventFd::EventFd() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void EventFd::signal() { static_cast<void>(::eventfd_write(fd_.get(), 1)); }

void EventFd::clear() {
  eventfd_t count = 0;
  static_cast<void>(::eventfd_read(fd_.get(), &count));
}

}  // namespace socbridge
