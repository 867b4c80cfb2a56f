// SPDX-License-Identifier: Apache-2.0
#include "opencti/stix/value_kinds.h"

#include <catch2/catch.hpp>

namespace socbridge::opencti {

TEST_CASE("a data type has a kind only by its whole name") {
  REQUIRE(kind_of("domain") != nullptr);
  CHECK(kind_of("domain")->type == "Domain-Name");
  CHECK(kind_of("fqdn") == kind_of("domain"));
  CHECK(kind_of("user-agent") == kind_of("user_agent"));
  CHECK(kind_of("registry")->keys == "attribute_key");
  for (const char* none :
       {"", " ", "doma", "main", "domain fqdn", "ip", "hash", "other", "Domain"}) {
    CAPTURE(none);
    CHECK(kind_of(none) == nullptr);
  }
}

TEST_CASE("value kinds: words between any number of blanks") {
  using Words = std::vector<std::string>;
  CHECK(words_of("account_login user_id") == Words{"account_login", "user_id"});
  CHECK(words_of("  a   b ") == Words{"a", "b"});
  CHECK(words_of("").empty());
  CHECK(words_of("   ").empty());
}

TEST_CASE("the algorithm of a hash is known by the number of its digits") {
  CHECK(hash_algorithm(32) == "MD5");
  CHECK(hash_algorithm(40) == "SHA-1");
  CHECK(hash_algorithm(64) == "SHA-256");
  CHECK(hash_algorithm(128) == "SHA-512");
  for (const std::size_t other : {0U, 31U, 33U, 56U, 96U, 129U})
    CHECK(hash_algorithm(other).empty());
}

TEST_CASE("an address with a colon is of version 6") {
  CHECK(is_v6("2001:db8::1"));
  CHECK(is_v6("::ffff:192.0.2.1"));
  CHECK_FALSE(is_v6("192.0.2.1"));
}

}  // namespace socbridge::opencti
