// SPDX-License-Identifier: Apache-2.0
#include "config/error_list.h"

#include "schema.h"

using namespace socbridge;
using namespace socbridge::config;

TEST_CASE("people are shown 20 errors and how many more there are") {
  const auto shown = [](std::size_t count) {
    std::vector<Status> errors;
    for (std::size_t i = 1; i <= count; ++i) {
      errors.push_back(Status::error(ExitCode::usage, "error " + std::to_string(i)));
    }
    return lines(shown_errors(std::move(errors)));
  };
  CHECK(shown(0).empty());
  CHECK(shown(20).size() == 20);
  CHECK(shown(20).back() == "error 20");
  REQUIRE(shown(21).size() == 21);
  CHECK(shown(21)[19] == "error 20");
  CHECK(shown(21)[20] == "and 1 more error; correct these first");
  CHECK(shown(27).back() == "and 7 more errors; correct these first");
  CHECK(shown(101).back() == "and at least 81 more errors; correct these first");
}

TEST_CASE("a reader that stopped at its bound is not said to have read everything") {
  const auto last = [](std::size_t count) {
    std::vector<Status> errors(count, Status::error(ExitCode::usage, "wrong", "hint"));
    return lines(shown_errors(std::move(errors))).back();
  };
  CHECK(last(kMostErrors) == "and 80 more errors; correct these first");
  CHECK(last(kMostErrors + 1) == "and at least 81 more errors; correct these first");
  CHECK(last(1) == "wrong; hint");
}
