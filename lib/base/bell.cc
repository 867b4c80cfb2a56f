#include "base/bell.h"

#include <sys/eventfd.h>

#include <cstdint>

namespace socbridge {

Bell::Bell() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void Bell::ring() { static_cast<void>(::eventfd_write(fd_.get(), 1)); }

void Bell::clear() {
  eventfd_t count = 0;
  static_cast<void>(::eventfd_read(fd_.get(), &count));
}

}  // namespace socbridge
