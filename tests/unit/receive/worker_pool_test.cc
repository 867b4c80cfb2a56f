// SPDX-License-Identifier: Apache-2.0
#include "receive/worker_pool.h"

#include <atomic>
#include <catch2/catch.hpp>

namespace socbridge::receive {
namespace {

TEST_CASE("accepted work is finished before the end") {
  std::atomic<int> done = 0;
  WorkerPool pool;
  REQUIRE(pool.start(4).ok());
  for (int i = 0; i < 1000; ++i) pool.give([&done] { ++done; });
  pool.stop();
  CHECK(done == 1000);
}

}  // namespace
}  // namespace socbridge::receive
