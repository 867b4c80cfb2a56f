// SPDX-License-Identifier: Apache-2.0
#include "service/change_signal.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "base/time.h"

namespace socbridge {

TEST_CASE("a waiter sleeps until the change, and no longer") {
  ChangeSignal signal;
  std::atomic<bool> ready{false};
  std::atomic<int> checks{0};
  std::thread waiter([&] {
    CHECK(signal.wait(60000, [&] {
      ++checks;
      return ready.load();
    }));
  });
  while (checks == 0) std::this_thread::yield();
  signal.notify();  // another change
  ready = true;
  signal.notify();
  waiter.join();
  CHECK(checks <= 4);  // not again and again
}

TEST_CASE("without a change a waiter gives up after its time") {
  const ChangeSignal signal;
  const std::int64_t started = steady_now_ms();
  CHECK_FALSE(signal.wait(20, [] { return false; }));
  CHECK(steady_now_ms() - started >= 20);
  CHECK(signal.wait(60000, [] { return true; }));
}

}  // namespace socbridge
