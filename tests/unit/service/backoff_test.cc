// SPDX-License-Identifier: Apache-2.0
#include "service/backoff.h"

#include <catch2/catch.hpp>

namespace socbridge::enrich {

TEST_CASE("Pauses double up to the longest and restart after a success") {
  Backoff backoff(100, 1000);
  CHECK(backoff.failing_ms() == 0);
  CHECK(backoff.failed() == 100);
  CHECK(backoff.failed() == 200);
  CHECK(backoff.failed(5000) == 5000);
  CHECK(backoff.failed() == 800);
  CHECK(backoff.failed() == 1000);
  CHECK(backoff.failing());
  for (int i = 0; i < 100; ++i) CHECK(backoff.failed() == 1000);
  backoff.succeeded();
  CHECK_FALSE(backoff.failing());
  CHECK(backoff.failed() == 100);
}

}  // namespace socbridge::enrich
