// SPDX-License-Identifier: Apache-2.0
#include "http/key_log.h"

#include <stdlib.h>

#include <catch2/catch.hpp>

TEST_CASE("the file of TLS secrets is not used, other variables are not changed") {
  ::setenv("SSLKEYLOGFILE", "/tmp/keys", 1);
  ::setenv("SOCBRIDGE_TEST_OTHER", "stays", 1);
  socbridge::http::forget_key_log();
  CHECK(::getenv("SSLKEYLOGFILE") == nullptr);
  CHECK(std::string(::getenv("SOCBRIDGE_TEST_OTHER")) == "stays");
  socbridge::http::forget_key_log();  // even if there is none
  ::unsetenv("SOCBRIDGE_TEST_OTHER");
}
