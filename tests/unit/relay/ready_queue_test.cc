// SPDX-License-Identifier: Apache-2.0
#include "relay/ready_queue.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

namespace socbridge::relay {

namespace {

EntryId id(std::uint64_t n) { return {1741938001000 + n, n}; }

}  // namespace

TEST_CASE("entries that are taken or parked are not offered again by a reading of the folder") {
  ReadyQueue ready;
  ready.found(id(1), 100);
  ready.found(id(1), 50);  // known: its time is not changed
  CHECK(ready.next_due_ms() == 100);
  REQUIRE(ready.take(100) == id(1));
  ready.found(id(1), 0);
  ready.touched(id(1), 0);
  CHECK_FALSE(ready.take(1000).has_value());
  ready.park(id(1));
  ready.touched(id(1), 0);
  CHECK_FALSE(ready.take(1000).has_value());
  CHECK(ready.parked() == 1);
  CHECK(ready.waiting() == 1);
  ready.put(id(1), 300);
  CHECK(ready.parked() == 0);
  ready.touched(id(1), 200);
  CHECK(ready.next_due_ms() == 200);
  REQUIRE(ready.take(200) == id(1));
  ready.done(id(1));
  CHECK(ready.waiting() == 0);
  ready.found(id(1), 400);  // back again, as after a requeue
  CHECK(ready.take(400) == id(1));
}

TEST_CASE("an entry that left is not taken again, unless a worker has it: the worker finds out") {
  ReadyQueue ready;
  for (std::uint64_t n = 1; n <= 3; ++n) ready.found(id(n), static_cast<UnixMillis>(n));
  REQUIRE(ready.take(1) == id(1));
  ready.park(id(1));
  REQUIRE(ready.take(2) == id(2));
  for (std::uint64_t n = 1; n <= 3; ++n) ready.left(id(n));
  CHECK_FALSE(ready.unpark(id(1)));
  CHECK_FALSE(ready.take(1000).has_value());
  CHECK(ready.waiting() == 0);
  ready.put(id(2), 5);
  CHECK(ready.take(5) == id(2));
}

TEST_CASE("an entry of another process counts as held until it is taken again or removed") {
  ReadyQueue ready;
  ready.found(id(1), 0);
  ready.found(id(2), 0);
  REQUIRE(ready.take(0).has_value());
  REQUIRE(ready.take(0).has_value());
  ready.put_held(id(1), 10);
  ready.put_held(id(2), 20);
  CHECK(ready.held() == 2);
  CHECK(ready.take(10) == id(1));
  CHECK(ready.held() == 1);
  ready.left(id(2));
  CHECK(ready.held() == 0);
  ready.park(id(1));
  ready.put_held(id(1), 30);
  CHECK(ready.parked() == 0);
  CHECK(ready.waiting() == 1);
}

TEST_CASE("the time that another process holds it counts until it is free or removed") {
  ReadyQueue ready;
  for (std::uint64_t n = 1; n <= 3; ++n) {
    ready.found(id(n), 0);
    REQUIRE(ready.take(0).has_value());
    ready.put_held(id(n), 10);
  }
  CHECK(ready.held_for(0).size() == 3);
  CHECK(ready.held_for(3600000).empty());
  const auto again = ready.take(10);
  REQUIRE(again.has_value());
  CHECK(ready.held() == 2);
  CHECK(ready.held_for(0).size() == 3);  // the other process may still have it
  ready.put_held(*again, 20);
  CHECK(ready.held() == 3);
  ready.not_held(*again);
  CHECK(ready.held_for(0).size() == 2);
  for (std::uint64_t n = 1; n <= 3; ++n) ready.left(id(n));
  CHECK(ready.held_for(0).empty());
}

TEST_CASE("a jump of the clock clears due entries, but not those of workers") {
  ReadyQueue ready;
  for (std::uint64_t n = 1; n <= 3; ++n) ready.found(id(n), static_cast<UnixMillis>(n));
  REQUIRE(ready.take(1) == id(1));
  REQUIRE(ready.take(2) == id(2));
  ready.park(id(2));
  ready.forget_due();
  CHECK_FALSE(ready.next_due_ms().has_value());
  CHECK(ready.unpark(id(2)));
  ready.found(id(1), 0);
  CHECK_FALSE(ready.take(1000).has_value());
}

TEST_CASE("ready queue: many threads take each entry once") {
  constexpr std::uint64_t kEntries = 2000;
  ReadyQueue ready;
  std::vector<std::atomic<int>> taken(kEntries);
  std::atomic<bool> all_found = false;
  std::vector<std::thread> workers;
  for (int worker = 0; worker < 4; ++worker) {
    workers.emplace_back([&] {
      for (;;) {
        const bool last = all_found;
        const auto one = ready.take(1);
        if (!one && last) return;
        if (!one) continue;
        ++taken[one->random];
        if (one->random % 3 == 0 && taken[one->random] == 1) {
          ready.park(*one);
          if (ready.unpark(*one)) ready.put(*one, 1);
        } else {
          ready.done(*one);
        }
      }
    });
  }
  for (std::uint64_t n = 0; n < kEntries; ++n) ready.found(id(n), 1);
  all_found = true;
  for (std::thread& worker : workers) worker.join();
  int wrong = 0;
  for (std::uint64_t n = 0; n < kEntries; ++n) wrong += taken[n] == (n % 3 == 0 ? 2 : 1) ? 0 : 1;
  CHECK(wrong == 0);
}

}  // namespace socbridge::relay
