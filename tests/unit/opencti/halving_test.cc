// SPDX-License-Identifier: Apache-2.0
#include "opencti/halving.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

using namespace socbridge;
using namespace socbridge::opencti;

namespace {

const Status kTooMuch = Status::error(ExitCode::unreachable, "too much");

// A platform that answers queries of at most this many values, and never for these.
struct Platform {
  std::size_t most = 1000;
  std::set<std::size_t> never;
  std::vector<std::string> asked;
  std::set<std::size_t> answered;
  std::vector<std::size_t> given_up;

  Status run(std::size_t count, std::size_t at_once) {
    Halving halving(Deadline::after_ms(60000));
    return halving.run(
        count, at_once,
        [this](std::size_t begin, std::size_t end, const Deadline&, Operation operation) {
          asked.push_back(std::to_string(begin) + "-" + std::to_string(end));
          CHECK((operation == Operation::single_query) == (end - begin > 1));
          if (end - begin > most) return Attempt{kTooMuch, true};
          for (std::size_t i = begin; i < end; ++i) {
            if (never.count(i) != 0) return Attempt{kTooMuch, true};
          }
          for (std::size_t i = begin; i < end; ++i) CHECK(answered.insert(i).second);
          return Attempt{};
        },
        [this](std::size_t index, const Status&) { given_up.push_back(index); });
  }
};

using Asked = std::vector<std::string>;

}  // namespace

TEST_CASE("fitting values are queried once, several at a time") {
  Platform platform;
  CHECK(platform.run(5, 2).ok());
  CHECK(platform.asked == Asked{"0-2", "2-4", "4-5"});
  CHECK(platform.run(0, 2).ok());
  CHECK(platform.asked.size() == 3);
}

TEST_CASE("too many values are halved until they fit, and each is answered once") {
  Platform platform;
  platform.most = 3;
  CHECK(platform.run(10, 10).ok());
  CHECK(platform.asked == Asked{"0-10", "0-5", "0-2", "2-5", "5-10", "5-7", "7-10"});
  CHECK(platform.answered.size() == 10);
}

TEST_CASE("a value that fails is dropped, the others are answered") {
  Platform platform;
  platform.never = {5};
  CHECK(platform.run(8, 8).ok());
  CHECK(platform.given_up == std::vector<std::size_t>{5});
  CHECK(platform.answered == std::set<std::size_t>{0, 1, 2, 3, 4, 6, 7});
}

TEST_CASE("three that follow each other are an outage, three with answers between are not") {
  Platform ill;
  for (std::size_t i = 0; i < 100; ++i) ill.never.insert(i);
  CHECK(ill.run(100, 100).code() == ExitCode::unreachable);
  CHECK(ill.given_up.size() == 2);
  CHECK(ill.answered.empty());
  Platform picky;
  picky.never = {0, 2, 4, 6};
  CHECK(picky.run(8, 1).ok());
  CHECK(picky.given_up == std::vector<std::size_t>{0, 2, 4, 6});
}

TEST_CASE("an error that does not depend on the number ends it at once") {
  Halving halving(Deadline::after_ms(60000));
  int asked = 0;
  const Status status = halving.run(
      10, 5,
      [&](std::size_t, std::size_t, const Deadline&, Operation) {
        ++asked;
        return Attempt{Status::error(ExitCode::auth, "no"), false};
      },
      [](std::size_t, const Status&) { FAIL("nothing is given up"); });
  CHECK(status.code() == ExitCode::auth);
  CHECK(asked == 1);
}
