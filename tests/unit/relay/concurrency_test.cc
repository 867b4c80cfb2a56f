// SPDX-License-Identifier: Apache-2.0
#include "relay/concurrency.h"

#include <catch2/catch.hpp>
#include <vector>

namespace socbridge::relay {

TEST_CASE("a failure halves the limit once for all in flight, and never below one") {
  Concurrency limit(32);
  std::vector<std::uint64_t> requests;
  for (int i = 0; i < 32; ++i) requests.push_back(limit.started());
  CHECK(limit.failed(requests[3]));
  CHECK(limit.limit() == 16);
  for (const auto request : requests) CHECK_FALSE(limit.failed(request));
  CHECK(limit.limit() == 16);
  for (int i = 0; i < 10; ++i) limit.failed(limit.started());
  CHECK(limit.limit() == 1);
}

TEST_CASE("each full round of answers adds one, up to the most") {
  Concurrency limit(8);
  limit.failed(limit.started());
  REQUIRE(limit.limit() == 4);
  const auto old = limit.started();
  for (int i = 0; i < 5; ++i) limit.succeeded(limit.started());
  CHECK(limit.limit() == 5);
  limit.failed(limit.started());
  const std::size_t low = limit.limit();
  for (int i = 0; i < 100; ++i) limit.succeeded(old);  // sent at the old rate: ignored
  CHECK(limit.limit() == low);
  for (int i = 0; i < 1000; ++i) limit.succeeded(limit.started());
  CHECK(limit.limit() == 8);
}

TEST_CASE("concurrency: after an outage it begins with one") {
  Concurrency limit(8);
  limit.restart();
  CHECK(limit.limit() == 1);
  limit.succeeded(limit.started());
  CHECK(limit.limit() == 2);
  CHECK(Concurrency(0).limit() == 1);
}

}  // namespace socbridge::relay
