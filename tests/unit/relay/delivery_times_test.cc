// SPDX-License-Identifier: Apache-2.0
#include "relay/delivery_times.h"

#include <catch2/catch.hpp>
#include <string>
#include <thread>
#include <vector>

namespace socbridge::relay {

TEST_CASE("a time belongs to the first bound that it does not pass, and to all above") {
  DeliveryTimes times;
  CHECK(times.counts().up_to.back() == 0);
  for (const DeliveryTimes::Bound& bound : DeliveryTimes::kBounds) times.add(bound.ms);
  times.add(101);
  times.add(86400001);
  const auto counts = times.counts();
  CHECK(counts.up_to[0] == 1);
  CHECK(counts.up_to[1] == 3);
  CHECK(counts.up_to[DeliveryTimes::kBounds.size() - 1] == 12);
  CHECK(counts.up_to.back() == 13);
}

TEST_CASE("buckets have the limits of their names, in ascending order") {
  std::int64_t before = 0;
  for (const DeliveryTimes::Bound& bound : DeliveryTimes::kBounds) {
    CHECK(std::stod(bound.seconds) * 1000 == Approx(bound.ms));
    CHECK(bound.ms > before);
    before = bound.ms;
  }
}

TEST_CASE("delivery times: negative values count as zero") {
  DeliveryTimes times;
  times.add(-5);
  times.add(0);
  CHECK(times.counts().up_to[0] == 2);
  CHECK(times.counts().sum_ms == 0);
  times.add(1500);
  CHECK(times.counts().sum_ms == 1500);
}

TEST_CASE("delivery times: counts of several threads add up") {
  DeliveryTimes times;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) times.add(1);
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(times.counts().up_to.back() == 4000);
  CHECK(times.counts().sum_ms == 4000);
}

TEST_CASE("delivery times are counted up to each bound") {
  DeliveryTimes times;
  for (const std::int64_t ms : {-5, 0, 100, 101, 60000, 86400000, 86400001}) times.add(ms);
  const DeliveryTimes::Counts counts = times.counts();
  CHECK(counts.up_to == std::array<std::uint64_t, 12>{3, 4, 4, 4, 4, 5, 5, 5, 5, 5, 6, 7});
  CHECK(counts.sum_ms == 100 + 101 + 60000 + 86400000 + 86400001);
}

}  // namespace socbridge::relay
