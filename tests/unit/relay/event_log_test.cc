// SPDX-License-Identifier: Apache-2.0
#include "relay/event_log.h"

#include <catch2/catch.hpp>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace socbridge::relay {

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

TEST_CASE("a line that came after a quiet minute begins to count again") {
  std::vector<std::string> lines;
  EventLog log([&](Level, const std::string& line) { lines.push_back(line); }, false);
  log.note(Level::warning, "a", "first", 0);
  log.note(Level::warning, "a", "in the same minute", 59999);
  log.note(Level::warning, "a", "second", 60000);
  log.note(Level::warning, "a", "third", 120000);
  CHECK(lines ==
        std::vector<std::string>{"first", "second (and 1 like it since the last line)", "third"});
}

TEST_CASE("what comes once is written each time, with its level") {
  std::vector<std::pair<Level, std::string>> lines;
  EventLog log([&](Level level, const std::string& line) { lines.emplace_back(level, line); },
               false);
  log.say(Level::info, "started");
  log.say(Level::info, "started");
  log.note(Level::error, "c", "failed", 0);
  CHECK(lines == std::vector<std::pair<Level, std::string>>{
                     {Level::info, "started"}, {Level::info, "started"}, {Level::error, "failed"}});
}

TEST_CASE("lines of several threads come one at a time, and none is lost") {
  int written = 0;  // by one thread at a time
  EventLog log([&](Level, const std::string&) { ++written; }, false);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&log, i] {
      for (int n = 0; n < 500; ++n) {
        log.say(Level::info, "x");
        log.note(Level::info, std::to_string(i), "y", n);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(written == 2000 + 4);
}

}  // namespace socbridge::relay
