// SPDX-License-Identifier: Apache-2.0
#include "opensearch/seq_ranges.h"

#include <catch2/catch.hpp>
#include <random>
#include <set>

namespace socbridge::opensearch {
namespace {

TEST_CASE("ranges are a set of numbers") {
  std::mt19937 random(1);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same each time
  for (int round = 0; round < 50; ++round) {
    SeqRanges ranges;
    std::set<std::int64_t> plain;
    for (int i = 0; i < 200; ++i) {
      const auto number = static_cast<std::int64_t>(random() % 100);
      ranges.add(number);
      plain.insert(number);
      if (i % 50 != 49) continue;
      const auto limit = static_cast<std::int64_t>(random() % 40);
      ranges.drop_up_to(limit);
      plain.erase(plain.begin(), plain.upper_bound(limit));
    }
    for (std::int64_t number = 0; number < 101; ++number) {
      CHECK(ranges.has(number) == plain.contains(number));
    }
    CHECK(SeqRanges::parse(ranges.text()) == ranges);
  }
}

TEST_CASE("text of ranges") {
  SeqRanges ranges;
  for (const std::int64_t number : {5, 3, 4, 9}) ranges.add(number);
  CHECK(ranges.text() == "3-5,9");
  CHECK(ranges.longest(1) == std::vector<std::pair<std::int64_t, std::int64_t>>{{3, 5}});
  CHECK(SeqRanges::parse("")->empty());
  for (const char* text : {"3-", "-3", "a", "5-3", "3,2", "1-4,4", "1,,2", "9223372036854775807",
                           "99999999999999999999"}) {
    CAPTURE(text);
    CHECK_FALSE(SeqRanges::parse(text).has_value());
  }
}

}  // namespace
}  // namespace socbridge::opensearch
