// SPDX-License-Identifier: Apache-2.0
// The two files for the usage of a spool; the resulting admissions are in bounds_test.cc.
#include <catch2/catch.hpp>

#include "spool/spool.h"
#include "support/fault_env.h"
#include "support/temp_dir.h"

using namespace socbridge;
using spool::Bounds;
using spool::Entry;
using spool::Spool;

namespace {

constexpr UnixMillis kNow = 1741938001037;
const std::string kNowText = std::to_string(kNow);

struct Fixture {
  Fixture() { bounds.max_entries = 10; }
  void accept(int count, std::size_t bytes = 100) {
    for (int i = 0; i < count; ++i) {
      REQUIRE(spool.accept({"custom-w2thive", "", "", kNow, std::string(bytes, 'x')}).ok());
    }
  }
  std::string usage() const { return folder.read("state/usage"); }
  void usage(const std::string& text) const { folder.write("state/usage", text); }
  std::size_t admitted() const { return folder.read("state/admitted").size(); }
  bool admits(UnixMillis now = kNow, std::uint64_t bytes = 100, std::uint64_t entries = 1) {
    return spool.admit(bytes, bounds, now, entries).ok();
  }

  test::TempDir folder;
  Spool spool = Spool::open(Env::real(), folder.path()).value();
  Bounds bounds;
};

}  // namespace

TEST_CASE("a count is of all states, and is written down") {
  Fixture fixture;
  fixture.accept(3);
  fixture.folder.write("dead/0000000001000-0000000000000001.alert", "12345");
  fixture.folder.write("corrupt/0000000001000-0000000000000002.alert", "1");
  fixture.folder.write("hold/0000000001000-0000000000000003.alert", "");
  fixture.folder.write("hold/0000000001000-0000000000000003.reason", "not counted");
  fixture.folder.write("hold/other.txt", "not counted");
  const auto totals = fixture.spool.count(kNow);
  REQUIRE(totals.ok());
  CHECK(totals->entries == 6);
  CHECK(totals->bytes > 306);
  CHECK(fixture.usage() ==
        "socbridge-usage 1 6 " + std::to_string(totals->bytes) + " " + kNowText + "\n");
  CHECK(Env::real().list_dir(fixture.folder / "tmp")->empty());
}

TEST_CASE("spool usage: a time before 1970 is written as 0") {
  Fixture fixture;
  REQUIRE(fixture.spool.count(-5).ok());
  CHECK(fixture.usage() == "socbridge-usage 1 0 0 0\n");
}

TEST_CASE("the amount accepted since the count is a byte for each 4096 or part thereof") {
  Fixture fixture;
  REQUIRE(fixture.admits(kNow, 0));
  CHECK(fixture.admitted() == 1);
  REQUIRE(fixture.admits(kNow, 4095));
  CHECK(fixture.admitted() == 2);
  REQUIRE(fixture.admits(kNow, 4096));
  CHECK(fixture.admitted() == 4);
  REQUIRE(fixture.admits(kNow, 5000, 3));
  CHECK(fixture.admitted() == 10);
  fixture.spool.count(kNow + 1).value();
  CHECK(fixture.admitted() == 0);
}

TEST_CASE("several at once are admitted together or not at all") {
  Fixture fixture;
  fixture.accept(7);
  CHECK_FALSE(fixture.admits(kNow, 100, 4));
  CHECK(fixture.admits(kNow + 10000, 100, 3));
}

TEST_CASE("a stored count far from the limit is used") {
  Fixture fixture;
  fixture.accept(9);
  fixture.usage("socbridge-usage 1 2 200 " + kNowText + "\n");
  for (int i = 0; i < 5; ++i) CHECK(fixture.admits());
  CHECK(fixture.usage().starts_with("socbridge-usage 1 2 "));
}

TEST_CASE("a full one is counted again after five seconds, or if the clock was ahead") {
  Fixture fixture;
  fixture.accept(2);
  fixture.usage("socbridge-usage 1 10 1000 " + kNowText + "\n");
  CHECK_FALSE(fixture.admits(kNow));
  CHECK_FALSE(fixture.admits(kNow + 4999));
  CHECK(fixture.admits(kNow + 5000));
  fixture.usage("socbridge-usage 1 10 1000 " + kNowText + "\n");
  CHECK(fixture.admits(kNow - 1));
}

TEST_CASE("spool usage: a damaged count is counted again") {
  for (const std::string& text :
       {std::string(), std::string("\n"), "socbridge-usage 1 2 200 " + kNowText,
        "socbridge-usage 2 2 200 " + kNowText + "\n", "socbridge-due 1 2 200 " + kNowText + "\n",
        "socbridge-usage 1 -2 200 " + kNowText + "\n", "socbridge-usage 1 2 200\n" + kNowText,
        "socbridge-usage 1 2 200 " + kNowText + " 5\n",
        "socbridge-usage 1 18446744073709551615 0 " + kNowText + "\n",
        "socbridge-usage 1 0 18446744073709551615 " + kNowText + "\n",
        std::string("socbridge-usage 1 0 0 9223372036854775808\n"),
        std::string("socbridge-usage 1 0 0 18446744073709551616\n"),
        "socbridge-usage 1 0 0 " + kNowText + std::string(300, ' ') + "\n"}) {
    Fixture fixture;
    fixture.accept(12);
    fixture.usage(text);
    CAPTURE(text);
    CHECK_FALSE(fixture.admits());
    CHECK(fixture.usage().starts_with("socbridge-usage 1 12 "));
  }
}

TEST_CASE("without limits nothing is examined or written") {
  Fixture fixture;
  fixture.bounds = {};
  CHECK(fixture.admits());
  CHECK_FALSE(fixture.folder.has("state/usage"));
  CHECK_FALSE(fixture.folder.has("state/admitted"));
}

TEST_CASE("bytes that are let in count before they are stored") {
  Fixture fixture;
  fixture.bounds = {};
  fixture.bounds.max_bytes = 1 << 20;
  int let_in = 0;
  while (let_in < 1000 && fixture.admits(kNow, 40000)) ++let_in;
  // Nothing is stored, so each new count admits more; a single one is refused.
  CHECK(let_in == 1000);
  CHECK_FALSE(fixture.admits(kNow + 10000, 2 << 20));
}

TEST_CASE("a twentieth of a small disk is kept free") {
  FaultEnv env;
  auto spool = Spool::open(env, "/spool");
  REQUIRE(spool.ok());
  const std::uint64_t twentieth = env.total_bytes("/spool").value() / 20;
  Bounds bounds;
  bounds.min_free_bytes = twentieth * 3;
  env.free = twentieth + 99;
  CHECK_THAT(spool->admit(100, bounds, kNow).line(), Catch::Contains("spool_min_free_mb"));
  env.free = twentieth + 100;
  CHECK(spool->admit(100, bounds, kNow).ok());
  bounds.min_free_bytes = 1000;  // less than a twentieth
  env.free = 1099;
  CHECK_FALSE(spool->admit(100, bounds, kNow).ok());
  env.free = 1100;
  CHECK(spool->admit(100, bounds, kNow).ok());
}

TEST_CASE("a count leaves no file behind, whichever call fails") {
  for (int at = 1; at <= 12; ++at) {
    FaultEnv env;
    auto spool = Spool::open(env, "/spool");
    REQUIRE(spool->accept({"i", "", "", kNow, "{}"}).ok());
    env.reset();
    env.fail_at = at;
    static_cast<void>(spool->count(kNow));
    env.fail_at = 0;
    CAPTURE(at, env.trace.back());
    CHECK(env.names("/spool/tmp").empty());
  }
}
