// SPDX-License-Identifier: Apache-2.0
#include "relay/reference_queue.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

namespace socbridge::relay {

namespace {

EntryId id(std::uint64_t n) { return {1741938001000 + n, n}; }

}  // namespace

TEST_CASE("a waiting entry is woken when the request that holds its slot ends, in order") {
  ReferenceQueue line;
  line.begun(7);
  REQUIRE(line.wait(7, id(1)));
  REQUIRE(line.wait(7, id(2)));
  CHECK_FALSE(line.has_next());
  CHECK_FALSE(line.next().has_value());
  line.ended(7);
  CHECK(line.has_next());
  CHECK(line.next() == id(1));
  line.begun(7);  // the first one has it: the second continues to wait
  CHECK_FALSE(line.has_next());
  line.ended(7);
  CHECK(line.next() == id(2));
  CHECK_FALSE(line.next().has_value());
  line.begun(7);
  line.ended(7);
  CHECK_FALSE(line.has_next());
}

TEST_CASE("an entry waits only for a request with its own slot") {
  ReferenceQueue line;
  CHECK_FALSE(line.wait(7, id(1)));
  line.begun(7);
  CHECK_FALSE(line.wait(8, id(1)));
  line.ended(7);
  CHECK_FALSE(line.wait(7, id(1)));
  // One waits on while the slot is free: it is called, but none joins it.
  line.begun(7);
  REQUIRE(line.wait(7, id(1)));
  line.ended(7);
  CHECK_FALSE(line.wait(7, id(2)));
  CHECK(line.next() == id(1));
}

TEST_CASE("a woken entry that is not sent wakes the next one") {
  ReferenceQueue line;
  line.begun(7);
  for (std::uint64_t n = 1; n <= 3; ++n) REQUIRE(line.wait(7, id(n)));
  line.ended(7);
  CHECK(line.next() == id(1));  // has left the folder
  CHECK(line.next() == id(2));
  line.begun(7);
  line.ended(7);
  CHECK(line.next() == id(3));
}

TEST_CASE("a slot that the next one took before the end was reported is not free") {
  ReferenceQueue line;
  line.begun(7);
  REQUIRE(line.wait(7, id(1)));
  line.begun(7);  // another worker was faster
  line.ended(7);
  CHECK_FALSE(line.has_next());
  line.ended(7);
  CHECK(line.next() == id(1));
}

TEST_CASE("many workers: each entry that waits is called once") {
  ReferenceQueue line;
  constexpr std::uint64_t kEach = 2000;
  constexpr std::uint64_t kThreads = 3;
  std::atomic<std::uint64_t> called = 0, waited = 0;
  std::vector<std::thread> workers;
  for (std::uint64_t worker = 0; worker < kThreads; ++worker) {
    workers.emplace_back([&, worker] {
      for (std::uint64_t n = 0; n < kEach; ++n) {
        const std::uint64_t slot = n % 5;
        line.begun(slot);
        if (line.wait(slot, id(worker * kEach + n))) ++waited;
        line.ended(slot);
        if (line.next()) ++called;
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  while (line.next()) ++called;
  CHECK(waited == kThreads * kEach);
  CHECK(called == waited);
}

}  // namespace socbridge::relay
