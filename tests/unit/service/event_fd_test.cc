// SPDX-License-Identifier: Apache-2.0
#include "service/event_fd.h"

#include <poll.h>

#include <catch2/catch.hpp>

using socbridge::EventFd;

namespace {

bool readable(const EventFd& event) {
  pollfd one{event.fd(), POLLIN, 0};
  return ::poll(&one, 1, 0) == 1;
}

}  // namespace

TEST_CASE("readable from the signal until it is cleared, however often it was signalled") {
  EventFd event;
  REQUIRE(event.fd() >= 0);
  CHECK_FALSE(readable(event));
  event.clear();  // nothing to clear: does not wait
  event.signal();
  event.signal();
  CHECK(readable(event));
  CHECK(readable(event));
  event.clear();
  CHECK_FALSE(readable(event));
}
