// SPDX-License-Identifier: Apache-2.0
#include "receive/memory_budget.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"

using socbridge::receive::MemoryBudget;
using socbridge::receive::reading_cost;

TEST_CASE("the memory for parsing depends on the values, not only on the size") {
  CHECK(reading_cost("{}") < 100);
  const std::string text(1000000, 'x');
  CHECK(reading_cost(text) < 4000000);
  std::string values = "[";
  for (int i = 0; i < 500000; ++i) values += "0,";
  CHECK(reading_cost(values) > 28 * values.size());  // as it was measured
}

TEST_CASE("concurrent readers use no more than the limit") {
  MemoryBudget budget(100);
  std::atomic<int> used{0}, most{0};
  std::vector<std::thread> all;
  for (int i = 0; i < 16; ++i) {
    all.emplace_back([&] {
      for (int k = 0; k < 20; ++k) {
        const MemoryBudget::Share share(budget, 40);
        const int now = used += 40;
        int seen = most;
        while (now > seen && !most.compare_exchange_weak(seen, now)) {
        }
        std::this_thread::yield();
        used -= 40;
      }
    });
  }
  for (std::thread& one : all) one.join();
  CHECK(most <= 100);
  CHECK(most > 0);
}

TEST_CASE("a request for more than the limit runs alone") {
  MemoryBudget budget(100);
  std::optional<MemoryBudget::Share> small;
  small.emplace(budget, 1);
  std::atomic<bool> began{false};
  std::thread large([&] {
    const MemoryBudget::Share share(budget, 1000);
    began = true;
  });
  socbridge::sleep_ms(20);
  CHECK_FALSE(began);
  small.reset();
  large.join();
  CHECK(began);
}
