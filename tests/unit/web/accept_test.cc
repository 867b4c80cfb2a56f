// SPDX-License-Identifier: Apache-2.0
#include "web/accept.h"

#include <catch2/catch.hpp>
#include <string>

using socbridge::web::accept_quality;

TEST_CASE("the preferred type of an Accept header") {
  constexpr const char* kOpen = "application/openmetrics-text";
  const char* prometheus =
      "application/openmetrics-text;version=1.0.0,application/"
      "openmetrics-text;version=0.0.1;q=0.75,"
      "text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
  CHECK(accept_quality(prometheus, kOpen, "1.0.0") == 1000);
  CHECK(accept_quality(prometheus, kOpen, "0.0.1") == 750);
  CHECK(accept_quality(prometheus, "text/plain", "0.0.4") == 500);
  CHECK(accept_quality("Application/OpenMetrics-Text ; Q=0.25", kOpen, "1.0.0") == 250);
  CHECK(accept_quality("application/openmetrics-text; version=2.0.0", kOpen, "1.0.0") == 0);
  CHECK(accept_quality("*/*", kOpen, "1.0.0") == 0);
  CHECK(accept_quality("", kOpen) == 0);
  for (const char* wrong : {"2", "-1", "0.1234", "x", "", "1x", "0.x"}) {
    CAPTURE(wrong);
    CHECK(accept_quality(std::string("a/b;q=") + wrong, "a/b") == 0);
  }
  CHECK(accept_quality("a/b;q=1.000", "a/b") == 1000);
  CHECK(accept_quality("a/b;q=1.999", "a/b") == 1000);
}
