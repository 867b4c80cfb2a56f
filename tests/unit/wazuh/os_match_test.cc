// SPDX-License-Identifier: Apache-2.0
#include "wazuh/os_match.h"

#include <catch2/catch.hpp>

using socbridge::wazuh::OsMatch;

TEST_CASE("os_match: texts anywhere, at the start, at the end, exactly") {
  CHECK(OsMatch("auth").matches("/var/log/auth.log"));
  CHECK(OsMatch("AUTH").matches("/var/log/auth.log"));
  CHECK(OsMatch("^/var").matches("/var/log/auth.log"));
  CHECK_FALSE(OsMatch("^auth").matches("/var/log/auth.log"));
  CHECK(OsMatch("log$").matches("/var/log/auth.log"));
  CHECK_FALSE(OsMatch("auth$").matches("/var/log/auth.log"));
  CHECK(OsMatch("^syscheck$").matches("syscheck"));
  CHECK_FALSE(OsMatch("^syscheck$").matches("syscheckd"));
}

TEST_CASE("os_match: alternatives, negation, no other special characters") {
  CHECK(OsMatch("x|auth").matches("auth"));
  CHECK_FALSE(OsMatch("x|y").matches("auth"));
  CHECK_FALSE(OsMatch("!auth").matches("auth"));
  CHECK(OsMatch("!x|y").matches("auth"));
  CHECK_FALSE(OsMatch("a.th").matches("auth"));
  CHECK_FALSE(OsMatch("a*").matches("auth"));
  CHECK_FALSE(OsMatch("a$b").matches("ab"));
}

TEST_CASE("os_match: an empty pattern or alternative matches everything") {
  CHECK(OsMatch("").matches("x"));
  CHECK(OsMatch("").matches(""));
  CHECK(OsMatch("a|").matches("x"));
  CHECK(OsMatch("^").matches("x"));
  CHECK(OsMatch("$").matches("x"));
  CHECK(OsMatch().matches("x"));
  CHECK_FALSE(OsMatch("^$").matches("x"));
}

TEST_CASE("os_match: a pattern that no location can match") {
  for (const char* pattern : {"a$b", "a^", "$a", "^$", "a$b|c^d"}) {
    CHECK_FALSE(OsMatch(pattern).is_plausible());
  }
  for (const char* pattern : {"", "a", "^a$", "a$b|c", "!a$b", "^", "$"}) {
    CHECK(OsMatch(pattern).is_plausible());
  }
}
