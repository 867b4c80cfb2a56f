// SPDX-License-Identifier: Apache-2.0
#include "relay/concurrency.h"

#include <catch2/catch.hpp>
#include <vector>

#include "relay/event_log.h"

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

TEST_CASE("after an outage it begins with one") {
  Concurrency limit(8);
  limit.restart();
  CHECK(limit.limit() == 1);
  limit.succeeded(limit.started());
  CHECK(limit.limit() == 2);
  CHECK(Concurrency(0).limit() == 1);
}

TEST_CASE("a class of events has one line a minute, with the count of the others") {
  std::vector<std::string> lines;
  EventLog log([&](Level, const std::string& line) { lines.push_back(line); }, false);
  for (int i = 0; i < 50; ++i) log.note(Level::error, "a", "a" + std::to_string(i), i * 1000);
  log.note(Level::error, "b", "b", 50);
  CHECK(lines == std::vector<std::string>{"a0", "b"});
  log.note(Level::error, "a", "late", 61000);
  CHECK(lines.back() == "late (and 49 like it since the last line)");
  log.detail("not shown");
  CHECK(lines.size() == 3);
}

TEST_CASE("verbose: every event has a line") {
  std::vector<std::string> lines;
  EventLog log([&](Level, const std::string& line) { lines.push_back(line); }, true);
  for (int i = 0; i < 3; ++i) log.note(Level::error, "a", "a", 0);
  log.detail("d");
  CHECK(lines == std::vector<std::string>{"a", "a", "a", "d"});
}

}  // namespace socbridge::relay
