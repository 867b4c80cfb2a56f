// SPDX-License-Identifier: Apache-2.0
#include "spool/entry_id.h"

#include <catch2/catch.hpp>

using namespace socbridge::spool;

TEST_CASE("an entry id is the same after parsing") {
  for (const char* id : {"1741938001037-0123456789abcdef", "0000000000000-0000000000000000",
                         "9999999999999-ffffffffffffffff", "0000000000001-8000000000000001"}) {
    const auto numbers = parse_id(id);
    CAPTURE(id);
    REQUIRE(numbers);
    CHECK(id_text(*numbers) == id);
  }
  const auto numbers = parse_id("1741938001037-00000000000000ff");
  CHECK(numbers->ms == 1741938001037);
  CHECK(numbers->random == 255);
}

TEST_CASE("entry id: a name that is not an id is refused") {
  for (const char* id : {"", "1741938001037", "1741938001037-0123456789abcde",
                         "1741938001037-0123456789abcdef0", "174193800103a-0123456789abcdef",
                         "1741938001037-0123456789ABCDEF", "1741938001037_0123456789abcdef",
                         "-741938001037-0123456789abcdef", "1741938001037--123456789abcdef",
                         "1741938001037-0123456789abcde-", "1741938001037-012345678-abcdef",
                         "../../../../../-0123456789abcd", "1741938001037-0x23456789abcdef"}) {
    CAPTURE(id);
    CHECK_FALSE(parse_id(id));
  }
}

TEST_CASE("entry ids have the order of their names") {
  const auto early = parse_id("1741938001037-ffffffffffffffff");
  const auto late = parse_id("1741938001038-0000000000000000");
  const auto later = parse_id("1741938001038-0000000000000001");
  CHECK((*early < *late && *late < *later && !(*later < *early)));
}
