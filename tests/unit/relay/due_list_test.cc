// SPDX-License-Identifier: Apache-2.0
#include "relay/due_list.h"

#include <catch2/catch.hpp>
#include <vector>

namespace socbridge::relay {

namespace {

EntryId id(std::uint64_t n) { return {1741938001000 + n, n}; }

}  // namespace

TEST_CASE("nothing is taken before its time, and nothing twice") {
  DueList list;
  list.put(id(1), 100);
  list.put(id(2), 200);
  CHECK(list.next_due_ms() == 100);
  CHECK_FALSE(list.take(99).has_value());
  CHECK(list.take(100) == id(1));
  CHECK_FALSE(list.take(150).has_value());
  CHECK(list.next_due_ms() == 200);
  CHECK(list.take(1000) == id(2));
  CHECK_FALSE(list.take(1000).has_value());
  CHECK_FALSE(list.next_due_ms().has_value());
}

TEST_CASE("the oldest and the newest alternate, and an entry that is not due is not the newest") {
  DueList list;
  for (std::uint64_t n = 1; n <= 6; ++n) list.put(id(n), static_cast<UnixMillis>(n * 10));
  list.put(id(9), 1000);
  std::vector<EntryId> order;
  while (const auto next = list.take(500)) order.push_back(*next);
  CHECK(order == std::vector<EntryId>{id(1), id(6), id(2), id(5), id(3), id(4)});
  CHECK(list.size() == 1);
}

TEST_CASE("due list: a new time replaces the old one") {
  DueList list;
  list.put(id(1), 100);
  list.put(id(1), 300);
  CHECK(list.size() == 1);
  CHECK_FALSE(list.take(200).has_value());
  list.put(id(1), 50);
  CHECK(list.take(60) == id(1));
  list.put(id(1), 100);
  list.drop(id(1));
  list.drop(id(2));
  CHECK(list.size() == 0);
  CHECK_FALSE(list.take(1000).has_value());
}

}  // namespace socbridge::relay
