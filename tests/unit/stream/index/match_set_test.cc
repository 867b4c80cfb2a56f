// SPDX-License-Identifier: Apache-2.0
#include "stream/index/match_set.h"

#include <catch2/catch.hpp>

using namespace socbridge;
using stream::MatchKey;
using stream::MatchSet;

namespace {

MatchKey name(int n) { return {"name", "h" + std::to_string(n) + ".example"}; }

using Numbers = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("Many values, each found by itself only") {
  MatchSet set(42);
  constexpr int kMany = 20000;
  for (int i = 1; i <= kMany; ++i) set.add(name(i), static_cast<std::uint64_t>(i));
  CHECK(set.size() == kMany);
  int wrong = 0;
  for (int i = 1; i <= kMany; ++i) {
    if (set.find(name(i)) != Numbers{static_cast<std::uint64_t>(i)}) ++wrong;
    if (!set.find(name(i + kMany)).empty()) ++wrong;
  }
  CHECK(wrong == 0);
  CHECK(set.find({"url", "h1.example"}).empty());
}

TEST_CASE("match set: One value of many observables") {
  MatchSet set(1);
  set.add(name(1), 10);
  set.add(name(1), 11);
  set.add(name(1), 10);
  CHECK(set.find(name(1)) == Numbers{10, 11});
  for (std::uint64_t i = 0; i < 1000; ++i) set.add(name(1), 100 + i);
  CHECK(set.find(name(1)).size() == MatchSet::kMostPerKey);
}

TEST_CASE("A pass removes values that it did not see") {
  MatchSet set(1);
  for (int i = 1; i <= 100; ++i) set.add(name(i), static_cast<std::uint64_t>(i));
  set.begin_pass();
  for (int i = 51; i <= 100; ++i) set.add(name(i), static_cast<std::uint64_t>(i));
  set.end_pass();
  CHECK(set.size() == 50);
  CHECK(set.find(name(50)).empty());
  CHECK(set.find(name(51)) == Numbers{51});
}

TEST_CASE("match set: Addresses and networks meet") {
  MatchSet set(1);
  set.add(*stream::key_of("ip", "198.51.100.7"), 1);
  set.add(*stream::key_of("ip", "203.0.113.0/24"), 2);
  bool wide = false;
  CHECK(set.find_near(*stream::key_of("ip", "198.51.100.0/24"), wide) == Numbers{1});
  CHECK(set.find_near(*stream::key_of("ip", "203.0.113.200"), wide) == Numbers{2});
  CHECK(set.find_near(*stream::key_of("ip", "203.0.112.200"), wide).empty());
  CHECK_FALSE(wide);
  CHECK(set.find_near(*stream::key_of("ip", "198.0.0.0/8"), wide).empty());
  CHECK(wide);
}
