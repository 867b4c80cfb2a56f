#include "sandbox/stop_signal.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/time.h"

namespace socbridge::sandbox {

StopSignal::StopSignal() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void StopSignal::raise() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t done = ::write(fd_.get(), &one, sizeof one);
}

bool StopSignal::raised() const { return wait_ms(0); }

bool StopSignal::wait_ms(std::int64_t ms) const {
  const Deadline deadline = Deadline::after_ms(ms);
  while (true) {
    pollfd stop{fd_.get(), POLLIN, 0};
    if (::poll(&stop, 1, static_cast<int>(deadline.left_ms())) == 1) return true;
    if (deadline.passed()) return false;
  }
}

}  // namespace socbridge::sandbox
