// SPDX-License-Identifier: Apache-2.0
#include "metrics/value_counter.h"

#include <catch2/catch.hpp>
#include <string>

namespace socbridge::metrics {

TEST_CASE("values are counted in the order of their arrival") {
  ValueCounter counter(3);
  CHECK(counter.counts().empty());
  counter.add("b");
  counter.add("a", 5);
  counter.add("b", 2);
  counter.add("", 1);
  CHECK(counter.counts() == Counts{{"b", 3}, {"a", 5}, {"", 1}});
}

TEST_CASE("beyond the most different ones all others are one") {
  ValueCounter counter(2);
  for (const char* value : {"a", "b", "c", "d", "a", "c"}) counter.add(value);
  CHECK(counter.counts() == Counts{{"a", 2}, {"b", 1}, {kOther, 3}});
  for (int i = 0; i < 1000; ++i) counter.add("v" + std::to_string(i));
  CHECK(counter.counts().size() == 3);
  CHECK(counter.counts()[2].second == 1003);
}

TEST_CASE("a value that is called like the others is counted with them") {
  ValueCounter counter(1);
  counter.add(kOther);
  counter.add("x");
  CHECK(counter.counts() == Counts{{kOther, 2}});
  ValueCounter none(0);
  none.add("a", 4);
  CHECK(none.counts() == Counts{{kOther, 4}});
}

TEST_CASE("counts by value continue in another process") {
  ValueCounter counter(2);
  for (const char* value : {"a \"b\"\n", "c", "d"}) counter.add(value);
  json::Writer saved;
  counter.save(saved);
  const auto document = json::Document::parse(saved.text());
  REQUIRE(document.ok());
  ValueCounter later(2);
  later.add("c", 0);
  later.load(document->root());
  CHECK(later.counts() == Counts{{"c", 1}, {"a \"b\"\n", 1}, {kOther, 1}});
  const auto wrong = json::Document::parse(R"({"c":-1,"a":"7","e":1.5})");
  REQUIRE(wrong.ok());
  later.load(wrong->root());
  CHECK(later.counts().front() == std::pair<std::string, std::uint64_t>("c", 1));
  CHECK(later.counts().back().second == 1);
}

}  // namespace socbridge::metrics
