// SPDX-License-Identifier: Apache-2.0
#include "opencti/stream/event_id.h"

#include <catch2/catch.hpp>

using socbridge::opencti::EventId;

TEST_CASE("event id: Ids are two numbers, not texts") {
  CHECK(EventId::parse("9-0") < EventId::parse("10-0"));
  CHECK(EventId::parse("10-9") < EventId::parse("10-10"));
  CHECK(EventId::parse("1763975702513-4")->text() == "1763975702513-4");
  for (const char* wrong : {"", "1763975702513", "1-", "-1", "a-b", "1-2-3", " 1-2", "1-2 ",
                            "18446744073709551616-0"}) {
    CHECK_FALSE(EventId::parse(wrong));
  }
}

TEST_CASE("an id is before itself or equal, and never before the first") {
  const EventId id{5, 3};
  CHECK(id <= id);
  CHECK_FALSE(id < id);
  CHECK(id.earlier(2) == EventId{3, 0});
  CHECK(id.earlier(5) == EventId{0, 0});
  CHECK(id.earlier(10) == EventId{0, 0});
}
