// SPDX-License-Identifier: Apache-2.0
#include "relay/ready_queue.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

namespace socbridge::relay {

namespace {

PackedId id(std::uint64_t n) { return {1741938001000 + n, n}; }

}  // namespace

TEST_CASE("what is taken or parked is not offered again by what is seen in the folder") {
  ReadyQueue roster;
  roster.found(id(1), 100);
  roster.found(id(1), 50);  // known: its time stays
  CHECK(roster.next_due_ms() == 100);
  REQUIRE(roster.take(100) == id(1));
  roster.found(id(1), 0);
  roster.touched(id(1), 0);
  CHECK_FALSE(roster.take(1000).has_value());
  roster.park(id(1));
  roster.touched(id(1), 0);
  CHECK_FALSE(roster.take(1000).has_value());
  CHECK(roster.parked() == 1);
  CHECK(roster.waiting() == 1);
  roster.put(id(1), 300);
  CHECK(roster.parked() == 0);
  roster.touched(id(1), 200);
  CHECK(roster.next_due_ms() == 200);
  REQUIRE(roster.take(200) == id(1));
  roster.done(id(1));
  CHECK(roster.waiting() == 0);
  roster.found(id(1), 400);  // back again, as after a requeue
  CHECK(roster.take(400) == id(1));
}

TEST_CASE("what left is not taken up again, unless a hand has it: that finds out") {
  ReadyQueue roster;
  for (std::uint64_t n = 1; n <= 3; ++n) roster.found(id(n), static_cast<UnixMillis>(n));
  REQUIRE(roster.take(1) == id(1));
  roster.park(id(1));
  REQUIRE(roster.take(2) == id(2));
  for (std::uint64_t n = 1; n <= 3; ++n) roster.left(id(n));
  CHECK_FALSE(roster.unpark(id(1)));
  CHECK_FALSE(roster.take(1000).has_value());
  CHECK(roster.waiting() == 0);
  roster.put(id(2), 5);
  CHECK(roster.take(5) == id(2));
}

TEST_CASE("what somebody else had counts as held until it is taken again or has left") {
  ReadyQueue roster;
  roster.found(id(1), 0);
  roster.found(id(2), 0);
  REQUIRE(roster.take(0).has_value());
  REQUIRE(roster.take(0).has_value());
  roster.put_held(id(1), 10);
  roster.put_held(id(2), 20);
  CHECK(roster.held() == 2);
  CHECK(roster.take(10) == id(1));
  CHECK(roster.held() == 1);
  roster.left(id(2));
  CHECK(roster.held() == 0);
  roster.park(id(1));
  roster.put_held(id(1), 30);
  CHECK(roster.parked() == 0);
  CHECK(roster.waiting() == 1);
}

TEST_CASE("how long somebody else has had it counts on until it is free or gone") {
  ReadyQueue roster;
  for (std::uint64_t n = 1; n <= 3; ++n) {
    roster.found(id(n), 0);
    REQUIRE(roster.take(0).has_value());
    roster.put_held(id(n), 10);
  }
  CHECK(roster.held_for(0).size() == 3);
  CHECK(roster.held_for(3600000).empty());
  const auto again = roster.take(10);
  REQUIRE(again.has_value());
  CHECK(roster.held() == 2);
  CHECK(roster.held_for(0).size() == 3);  // whoever has it may have it still
  roster.put_held(*again, 20);
  CHECK(roster.held() == 3);
  roster.not_held(*again);
  CHECK(roster.held_for(0).size() == 2);
  for (std::uint64_t n = 1; n <= 3; ++n) roster.left(id(n));
  CHECK(roster.held_for(0).empty());
}

TEST_CASE("a jump of the clock forgets what is due, not what hands have") {
  ReadyQueue roster;
  for (std::uint64_t n = 1; n <= 3; ++n) roster.found(id(n), static_cast<UnixMillis>(n));
  REQUIRE(roster.take(1) == id(1));
  REQUIRE(roster.take(2) == id(2));
  roster.park(id(2));
  roster.forget_due();
  CHECK_FALSE(roster.next_due_ms().has_value());
  CHECK(roster.unpark(id(2)));
  roster.found(id(1), 0);
  CHECK_FALSE(roster.take(1000).has_value());
}

TEST_CASE("many threads take each entry once") {
  constexpr std::uint64_t kEntries = 2000;
  ReadyQueue roster;
  std::vector<std::atomic<int>> taken(kEntries);
  std::atomic<bool> all_found = false;
  std::vector<std::thread> hands;
  for (int hand = 0; hand < 4; ++hand) {
    hands.emplace_back([&] {
      for (;;) {
        const bool last = all_found;
        const auto one = roster.take(1);
        if (!one && last) return;
        if (!one) continue;
        ++taken[one->random];
        if (one->random % 3 == 0 && taken[one->random] == 1) {
          roster.park(*one);
          if (roster.unpark(*one)) roster.put(*one, 1);
        } else {
          roster.done(*one);
        }
      }
    });
  }
  for (std::uint64_t n = 0; n < kEntries; ++n) roster.found(id(n), 1);
  all_found = true;
  for (std::thread& hand : hands) hand.join();
  int wrong = 0;
  for (std::uint64_t n = 0; n < kEntries; ++n) wrong += taken[n] == (n % 3 == 0 ? 2 : 1) ? 0 : 1;
  CHECK(wrong == 0);
}

}  // namespace socbridge::relay
