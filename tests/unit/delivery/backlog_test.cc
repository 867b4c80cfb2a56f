// SPDX-License-Identifier: Apache-2.0
#include "delivery/backlog.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <set>

#include "spool/in_flight.h"
#include "support/fake_clock.h"
#include "support/spool_fixture.h"

namespace socbridge::delivery {
using namespace socbridge::test;

namespace {

struct Fixture {
  std::string accept() {
    auto claim = spool.accept({"custom-w2thive", "", "", wall_now_ms(), sample_alert()});
    REQUIRE(claim.ok());
    return claim->id();
  }
  std::set<std::string> drained(UnixMillis now_ms) {
    Backlog backlog(Env::real(), spool, policy);
    std::set<std::string> ids;
    std::vector<spool::Claim> held;
    while (auto claim = backlog.next(now_ms)) {
      ids.insert(claim->id());
      held.push_back(std::move(*claim));
    }
    return ids;
  }
  bool reads_folder(UnixMillis now_ms) {
    return Backlog(Env::real(), spool, policy).list_is_old(now_ms);
  }
  std::string list() const { return home.read("queue/state/due"); }
  void write_list(const std::string& text) const { home.write("queue/state/due", text); }

  FakeClock clock;
  TempDir home;
  spool::Spool spool = spool::Spool::open(Env::real(), home.path() + "/queue").value();
  integration::RetryPolicy policy;
};

}  // namespace

TEST_CASE("an empty spool has nothing due, and the list records it") {
  Fixture fixture;
  CHECK(fixture.drained(FakeClock::kStart).empty());
  CHECK(fixture.list() == "socbridge-due 1 " + std::to_string(FakeClock::kStart) + "\n");
}

TEST_CASE("the list counts for five seconds, or for the shortest pause") {
  Fixture fixture;
  const UnixMillis now = FakeClock::kStart;
  CHECK(fixture.reads_folder(now));
  fixture.drained(now);
  CHECK_FALSE(fixture.reads_folder(now));
  CHECK_FALSE(fixture.reads_folder(now + 4999));
  CHECK(fixture.reads_folder(now + 5000));
  // It was created while the clock was ahead.
  CHECK(fixture.reads_folder(now - 1));
  fixture.policy.min_ms = 100;
  CHECK_FALSE(fixture.reads_folder(now + 99));
  CHECK(fixture.reads_folder(now + 100));
}

TEST_CASE("an entry accepted after the list is in the next one") {
  Fixture fixture;
  const UnixMillis now = FakeClock::kStart;
  const std::string early = fixture.accept();
  CHECK(fixture.drained(now) == std::set<std::string>{early});
  const std::string late = fixture.accept();
  CHECK(fixture.drained(now + 1000) == std::set<std::string>{early});
  CHECK(fixture.drained(now + 5000) == std::set<std::string>{early, late});
}

TEST_CASE("an entry that was made due later since the list was made is not given") {
  Fixture fixture;
  const UnixMillis now = FakeClock::kStart;
  const std::string one = fixture.accept(), other = fixture.accept();
  fixture.drained(now);
  auto claim = fixture.spool.claim(spool::State::queue, one);
  REQUIRE(fixture.spool.reschedule(**claim, now + 60000).ok());
  claim->reset();
  CHECK(fixture.drained(now) == std::set<std::string>{other});
}

TEST_CASE("a time beyond the longest pause was set by a wrong clock: it is due") {
  Fixture fixture;
  const UnixMillis now = FakeClock::kStart;
  const std::string one = fixture.accept();
  auto claim = fixture.spool.claim(spool::State::queue, one);
  REQUIRE(fixture.spool.reschedule(**claim, now + 365LL * 86400000).ok());
  claim->reset();
  CHECK(fixture.drained(now) == std::set<std::string>{one});
}

TEST_CASE("while another process reads the folder nothing is known") {
  Fixture fixture;
  fixture.accept();
  const auto turn = spool::NamedLock::take(Env::real(), fixture.spool.dir(), "scan");
  REQUIRE((turn.ok() && turn->has_value()));
  CHECK(fixture.drained(FakeClock::kStart).empty());
  CHECK(fixture.list().empty());
}

TEST_CASE("a damaged list is read again from the folder") {
  Fixture fixture;
  const std::string now = std::to_string(FakeClock::kStart);
  const std::string one = fixture.accept();
  for (const std::string& text :
       {std::string(), std::string("\n"), "socbridge-due 1 " + now, "socbridge-due 2 " + now + "\n",
        std::string("socbridge-due 1 -1\n"), std::string("socbridge-due 1 99999999999999999999\n"),
        "socbridge-due 1 " + now + " x\n",
        "socbridge-due 1 " + now + "\n" + std::string(20000, 'x') + "\n",
        std::string("\xff\0\n", 3)}) {
    CAPTURE(text.substr(0, 40));
    fixture.write_list(text);
    CHECK(fixture.drained(FakeClock::kStart) == std::set<std::string>{one});
  }
}

TEST_CASE("names in the list that are not entries are skipped") {
  Fixture fixture;
  const std::string one = fixture.accept();
  fixture.home.write("victim.alert", "x");
  std::string text = "socbridge-due 1 " + std::to_string(FakeClock::kStart) + "\n";
  for (const char* name :
       {"../../victim", "", "/etc/passwd", "1741934401037-0123456789abcdef", "x y", "\x1b[2J"}) {
    text += std::string(name) + "\n";
  }
  fixture.write_list(text + one + "\n");
  CHECK(fixture.drained(FakeClock::kStart) == std::set<std::string>{one});
}

TEST_CASE("after 16 entries that others have claimed it gives up for this time") {
  Fixture fixture;
  std::vector<spool::Claim> claims;
  for (int i = 0; i < 20; ++i) {
    claims.push_back(*fixture.spool.claim(spool::State::queue, fixture.accept()).value());
  }
  Backlog backlog(Env::real(), fixture.spool, fixture.policy);
  CHECK_FALSE(backlog.next(FakeClock::kStart));
  claims.clear();
  // The other four are still stored.
  int more = 0;
  std::vector<spool::Claim> held;
  while (auto claim = backlog.next(FakeClock::kStart)) held.push_back(std::move(*claim)), ++more;
  CHECK(more == 4);
}

TEST_CASE("a list has at most 256 names, the oldest among them") {
  Fixture fixture;
  std::vector<std::string> ids;
  for (int i = 0; i < 300; ++i) {
    char id[40];
    std::snprintf(id, sizeof id, "%013d-%016d", 1000 + i, i);
    ids.emplace_back(id);
    fixture.home.write("queue/queue/" + ids.back() + ".alert", "x");
  }
  Backlog backlog(Env::real(), fixture.spool, fixture.policy);
  CHECK(backlog.next(wall_now_ms() + 86400000));
  const std::string list = fixture.list();
  CHECK(std::count(list.begin(), list.end(), '\n') == 257);
  for (int i = 0; i < 128; ++i) {
    CAPTURE(i);
    CHECK(list.find(ids[static_cast<std::size_t>(i)]) != std::string::npos);
  }
}

TEST_CASE("a list that cannot be written leaves no file, and the found entries are returned") {
  Fixture fixture;
  const std::string one = fixture.accept();
  fixture.home.folder("queue/state/due");  // a folder cannot be replaced by a file
  CHECK(fixture.drained(FakeClock::kStart) == std::set<std::string>{one});
  CHECK(Env::real().list_dir(fixture.home / "queue/tmp")->empty());
}

}  // namespace socbridge::delivery
