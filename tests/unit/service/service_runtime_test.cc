// SPDX-License-Identifier: Apache-2.0
#include "service/service_runtime.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>

#include "base/time.h"

using namespace socbridge;

TEST_CASE("a service waits until a signal or the end of its time") {
  ServiceRuntime service({SIGHUP});
  CHECK_FALSE(service.wait(0).has_value());
  CHECK_FALSE(service.wait(5).has_value());
  REQUIRE(kill(getpid(), SIGHUP) == 0);
  CHECK(service.wait(10000) == SIGHUP);
  CHECK_FALSE(service.stopping());
  REQUIRE(kill(getpid(), SIGTERM) == 0);
  CHECK(service.wait(-1) == SIGTERM);
  CHECK(service.stopping());
  CHECK(service.stopping());
}

TEST_CASE("a signal between two waits is not lost by asking whether to stop") {
  ServiceRuntime service({SIGHUP});
  REQUIRE(kill(getpid(), SIGHUP) == 0);
  CHECK_FALSE(service.stopping());
  CHECK(service.wait(0) == SIGHUP);
  CHECK_FALSE(service.wait(0).has_value());
}

TEST_CASE("a stop signal that nothing has read yet ends a service too") {
  ServiceRuntime service;
  CHECK_FALSE(service.stopping());
  REQUIRE(kill(getpid(), SIGINT) == 0);
  CHECK(service.stopping());
}

TEST_CASE("a service outlives a peer that closed its pipe") {
  ServiceRuntime service;
  int ends[2] = {-1, -1};
  REQUIRE(pipe(ends) == 0);
  close(ends[0]);
  CHECK(write(ends[1], "x", 1) == -1);
  CHECK(errno == EPIPE);
  close(ends[1]);
}
