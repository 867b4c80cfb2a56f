// SPDX-License-Identifier: Apache-2.0
#include "delivery/server_version.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "support/spool_fixture.h"

namespace socbridge::delivery {
using namespace socbridge::integration;
using namespace socbridge::test;

namespace {
constexpr UnixMillis kNow = 1741938001000;
constexpr UnixMillis kDay = 24LL * 3600 * 1000;
const thehive::Client::VersionInfo kFour{thehive::ApiVersion::v4, "4.1.24-1"};

std::string only_file(const TempDir& dir) {
  std::string name;
  int count = 0;
  for (const auto& file : std::filesystem::directory_iterator(dir.path())) {
    name = file.path().filename();
    ++count;
  }
  REQUIRE(count == 1);
  return name;
}
}  // namespace

TEST_CASE("a version is cached for a day, for its own URL only") {
  const TempDir dir;
  ServerVersionCache memory(Env::real(), dir.path(), "http://a.example");
  CHECK_FALSE(memory.recall(kNow));
  memory.store(kFour, kNow);
  CHECK(memory.recall(kNow) == thehive::ApiVersion::v4);
  CHECK(memory.recall(kNow + kDay - 1) == thehive::ApiVersion::v4);
  CHECK_FALSE(memory.recall(kNow + kDay));
  CHECK_FALSE(memory.recall(kNow - 1));  // the clock was set back
  CHECK_FALSE(ServerVersionCache(Env::real(), dir.path(), "http://b.example").recall(kNow));
  memory.store({thehive::ApiVersion::v5, "5.7.3"}, kNow);
  CHECK(memory.recall(kNow) == thehive::ApiVersion::v5);
  memory.forget();
  CHECK_FALSE(memory.recall(kNow));
}

TEST_CASE("the file has the documented name and line") {
  const TempDir dir;
  ServerVersionCache(Env::real(), dir.path(), "http://a.example").store(kFour, kNow);
  const std::string name = only_file(dir);
  CHECK(name.size() == 20);
  CHECK(name.substr(0, 8) == "thehive-");
  CHECK(dir.read(name) == "socbridge-version 1 4 1741938001000 4.1.24-1\n");
}

TEST_CASE("a server's version string cannot break the line") {
  const TempDir dir;
  ServerVersionCache memory(Env::real(), dir.path(), "http://a.example");
  memory.store({thehive::ApiVersion::v5, "5\n socbridge-version 1 4 " + std::string(500, 'x')},
               kNow);
  CHECK(memory.recall(kNow) == thehive::ApiVersion::v5);
  memory.store({thehive::ApiVersion::v5, ""}, kNow);
  CHECK(memory.recall(kNow) == thehive::ApiVersion::v5);
}

TEST_CASE("server version: a damaged file is treated as missing") {
  const TempDir dir;
  ServerVersionCache memory(Env::real(), dir.path(), "http://a.example");
  memory.store(kFour, kNow);
  const std::string name = only_file(dir);
  for (const char* text :
       {"", "\n", "socbridge-version 1 4 1741938001000 4.1",
        "socbridge-version 2 4 1741938001000 x\n", "socbridge-version 1 6 1741938001000 x\n",
        "socbridge-version 1 4 soon x\n", "other 1 4 1 x\n"}) {
    dir.write(name, text);
    INFO(text);
    CHECK_FALSE(memory.recall(kNow));
  }
}

TEST_CASE("without a folder nothing is cached and nothing fails") {
  ServerVersionCache memory(Env::real(), "", "http://a.example");
  memory.store(kFour, kNow);
  memory.forget();
  CHECK_FALSE(memory.recall(kNow));
  ServerVersionCache gone(Env::real(), "/nonexistent/state", "http://a.example");
  gone.store(kFour, kNow);
  CHECK_FALSE(gone.recall(kNow));
}

TEST_CASE("trust is cached for a while, but new facts apply at once") {
  TempDir dir;
  constexpr std::int64_t kHourMs = 3600000;
  ServerVersionCache trusting(Env::real(), dir.path(), "http://a.example", kHourMs);
  trusting.store(kFour, kNow);
  CHECK(trusting.recall(kNow) == thehive::ApiVersion::v4);
  ServerVersionCache(Env::real(), dir.path(), "http://a.example").forget();
  CHECK(trusting.recall(kNow) == thehive::ApiVersion::v4);
  trusting.forget();
  CHECK_FALSE(trusting.recall(kNow));
  trusting.store(kFour, kNow);
  CHECK(trusting.recall(kNow) == thehive::ApiVersion::v4);
}

}  // namespace socbridge::delivery
