// SPDX-License-Identifier: Apache-2.0
#include "stream/lookup/lookup_task.h"

#include <catch2/catch.hpp>

namespace socbridge::stream {

TEST_CASE("Values to ask about are lines that are read back") {
  const auto ask = LookupTask::read(LookupTask{"url", "http://a/\"b\n", 42}.json());
  REQUIRE(ask.ok());
  CHECK((ask->data_type == "url" && ask->data == "http://a/\"b\n" && ask->observable == 42));
  for (const char* bad : {"", "{}", "[]", R"({"type":"ip","data":"1.2.3.4","id":"4"})",
                          R"({"type":"ip","data":"","id":"~4"})"}) {
    CHECK_FALSE(LookupTask::read(bad).ok());
  }
}

TEST_CASE("Tries are kept with the value, and none are not written") {
  LookupTask task{"ip", "192.0.2.1", 7};
  CHECK(task.json() == R"({"type":"ip","data":"192.0.2.1","id":"~7"})");
  task.tries = 3;
  CHECK(LookupTask::read(task.json())->tries == 3);
  CHECK(LookupTask::read(R"({"type":"ip","data":"x","id":"~7","tries":"3"})")->tries == 0);
}

TEST_CASE("A value to ask about is one line whatever it holds") {
  const LookupTask task{"other", "a\nb\"c\\d\x1b", 18446744073709551615U};
  const std::string line = task.json();
  CHECK(line.find('\n') == std::string::npos);
  const auto read = LookupTask::read(line);
  REQUIRE(read.ok());
  CHECK(read->data == task.data);
  CHECK(read->observable == task.observable);
}

TEST_CASE("A line without a value or an observable is bad input") {
  for (const char* bad :
       {"{", "null", "7", R"({"type":"ip","id":"~7"})", R"({"type":"ip","data":["x"],"id":"~7"})",
        R"({"type":"ip","data":"x","id":"~0"})", R"({"type":"ip","data":"x","id":"~x"})",
        R"({"type":"ip","data":"x","id":7})"}) {
    CAPTURE(bad);
    CHECK(LookupTask::read(bad).status().code() == ExitCode::bad_input);
  }
}

}  // namespace socbridge::stream
