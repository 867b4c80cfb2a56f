// SPDX-License-Identifier: Apache-2.0
#include "service/signal_queue.h"

#include <poll.h>
#include <signal.h>

#include <catch2/catch.hpp>

namespace socbridge {

TEST_CASE("signals wait to be read, and act again afterwards") {
  static volatile sig_atomic_t acted = 0;
  ::signal(SIGUSR1, [](int) { acted = acted + 1; });
  {
    SignalQueue queue({SIGUSR1, SIGUSR2});
    CHECK_FALSE(queue.next().has_value());
    ::raise(SIGUSR1);
    ::raise(SIGUSR2);
    pollfd waiting{queue.fd(), POLLIN, 0};
    CHECK(::poll(&waiting, 1, 1000) == 1);
    const auto first = queue.next();
    const auto second = queue.next();
    REQUIRE((first && second));
    CHECK(*first + *second == SIGUSR1 + SIGUSR2);
    CHECK_FALSE(queue.next().has_value());
    ::raise(SIGUSR1);  // never read: destroyed with the queue
  }
  CHECK(acted == 0);
  ::raise(SIGUSR1);
  CHECK(acted == 1);
  ::signal(SIGUSR1, SIG_DFL);
}

}  // namespace socbridge
