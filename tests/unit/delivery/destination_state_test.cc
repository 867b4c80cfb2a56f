// SPDX-License-Identifier: Apache-2.0
#include "delivery/destination_state.h"

#include <catch2/catch.hpp>

#include "../support/spool_fixture.h"
#include "hash/digest.h"

namespace socbridge::delivery {
using namespace socbridge::grouping;
using namespace socbridge::integration;
using namespace socbridge::test;

namespace {

using Gate = Destination::Gate;
constexpr UnixMillis kNow = 1741938001037;

struct World {
  World() : spool(spool::Spool::open(Env::real(), home.path() + "/queue/w2thive").value()) {
    settings.endpoint = {"http://thehive.example", Secret("first-key"), ""};
  }
  Destination look() { return Destination(Env::real(), spool.dir(), settings); }
  TempDir home;
  spool::Spool spool;
  Settings settings;
};

Attempt answered(thehive::Verdict verdict, int status) {
  Attempt attempt;
  attempt.tried = true;
  attempt.delivery.verdict = verdict;
  attempt.delivery.http_status = status;
  attempt.delivery.message = "HTTP " + std::to_string(status);
  return attempt;
}
Attempt created() { return answered(thehive::Verdict::created, 201); }
Attempt down() { return answered(thehive::Verdict::retry, 0); }
Attempt bad_key() { return answered(thehive::Verdict::auth, 401); }

http::Outcome user(int status, const std::string& body) {
  http::Outcome outcome;
  outcome.response.status = status;
  outcome.response.body = body;
  outcome.response.content_type = "application/json";
  return outcome;
}

}  // namespace

TEST_CASE("it opens after three failures in a row, for everybody, and says so once") {
  World world;
  Destination one = world.look();
  CHECK_FALSE(one.report(down(), kNow));
  CHECK_FALSE(world.look().report(down(), kNow));
  CHECK(one.enter(kNow).gate == Gate::open);
  const auto notice = one.report(down(), kNow);
  REQUIRE(notice);
  CHECK_FALSE(notice->good);
  CHECK_THAT(notice->text,
             Catch::Contains("3 failures in a row") && Catch::Contains("alerts are kept"));
  CHECK(world.look().enter(kNow).gate == Gate::closed);
  CHECK(world.look().view().state == "open");
  CHECK_FALSE(one.report(down(), kNow));  // one that was under way
}

TEST_CASE("an answer in between starts the count anew") {
  World world;
  Destination one = world.look();
  for (int i = 0; i < 5; ++i) {
    CHECK_FALSE(one.report(down(), kNow));
    CHECK_FALSE(one.report(down(), kNow));
    CHECK_FALSE(one.report(answered(thehive::Verdict::refused, 400), kNow));
  }
  CHECK(one.enter(kNow).gate == Gate::open);
}

TEST_CASE("half open: one tries, the others wait for its word; the pause doubles to ten times") {
  World world;
  Destination one = world.look();
  for (int i = 0; i < 3; ++i) one.report(down(), kNow);
  UnixMillis now = kNow;
  std::int64_t longest = 0;
  for (int round = 0; round < 8; ++round) {
    const UnixMillis until = one.view().until_ms;
    longest = std::max(longest, until - now);
    CHECK(one.enter(until - 1).gate == Gate::closed);
    now = until;
    Destination::Pass probe = one.enter(now);
    REQUIRE(probe.gate == Gate::open);
    CHECK(probe.probe);
    CHECK(world.look().enter(now).gate == Gate::closed);
    one.report(down(), now);
    CHECK(one.view().until_ms > now);
  }
  CHECK(longest > world.settings.breaker.open_ms * 5);
  CHECK(longest <= world.settings.breaker.open_ms * 10 * 5 / 4);
  now = one.view().until_ms;
  const Destination::Pass probe = one.enter(now);
  const auto notice = one.report(created(), now);
  REQUIRE(notice);
  CHECK(notice->good);
  CHECK(world.look().enter(now).gate == Gate::open);
}

TEST_CASE("a refused key stops all sending and is told once") {
  World world;
  Destination one = world.look();
  const auto notice = one.report(bad_key(), kNow);
  REQUIRE(notice);
  CHECK_THAT(notice->text, Catch::Contains("refuses the key"));
  CHECK_FALSE(world.look().report(bad_key(), kNow));
  CHECK(world.look().enter(kNow + 1000).gate == Gate::closed);

  SECTION("after ten minutes one asks with the key") {
    const UnixMillis later = kNow + world.settings.breaker.auth_probe_ms;
    Destination::Pass pass = one.enter(later);
    REQUIRE(pass.gate == Gate::open);
    CHECK(pass.ask_key);
    CHECK(world.look().enter(later).gate == Gate::closed);
    SECTION("still refused") {
      CHECK_FALSE(one.key_answered(user(401, R"({"type":"AuthenticationError"})"), later));
      pass.turn.reset();
      CHECK(world.look().enter(later + 1000).gate == Gate::closed);
    }
    SECTION("known, but without the permission") {
      CHECK_FALSE(one.key_answered(user(200, R"({"permissions":["manageCase"]})"), later));
    }
    SECTION("mended") {
      CHECK(one.key_answered(user(200, R"({"permissions":["manageAlert/create"]})"), later));
      const auto good = one.report(created(), later);
      REQUIRE(good);
      CHECK(good->good);
      pass.turn.reset();
      CHECK(world.look().enter(later).gate == Gate::open);
    }
  }
  SECTION("a changed key is tried at once, by one") {
    world.settings.endpoint.key = Secret("second-key");
    Destination repaired = world.look();
    const Destination::Pass pass = repaired.enter(kNow + 1000);
    CHECK(pass.gate == Gate::open);
    CHECK(world.look().enter(kNow + 1000).gate == Gate::wait);
    repaired.report(created(), kNow + 1000);
    CHECK(world.look().enter(kNow + 1000).gate == Gate::open);
  }
}

TEST_CASE("of a destination nobody knows at most two alerts are under way") {
  World world;
  std::vector<Destination::Pass> passes;
  for (int i = 0; i < 2; ++i) {
    passes.push_back(world.look().enter(kNow));
    CHECK(passes.back().gate == Gate::open);
  }
  CHECK(world.look().enter(kNow).gate == Gate::wait);
  world.look().report(created(), kNow);
  CHECK(world.look().enter(kNow).gate == Gate::open);
}

TEST_CASE("what concerns one alert alone opens no breaker, and ends one that is open") {
  World world;
  Destination one = world.look();
  for (const auto verdict : {thehive::Verdict::blocked, thehive::Verdict::retry}) {
    Attempt alone = answered(verdict, 403);
    alone.alone = true;
    alone.delivery.retry_after_ms = 60000;
    for (int i = 0; i < 20; ++i) CHECK_FALSE(one.report(alone, kNow));
    CHECK(one.enter(kNow).gate == Gate::open);
    for (int i = 0; i < 3; ++i) one.report(down(), kNow);
    CHECK(one.enter(kNow).gate == Gate::closed);
    const auto notice = one.report(alone, kNow);
    REQUIRE(notice);
    CHECK(notice->good);
    CHECK(world.look().enter(kNow).gate == Gate::open);
  }
}

TEST_CASE("a key that is seen to be well opens the gate for all, but only its own") {
  World world;
  CHECK_FALSE(world.look().key_is_well(kNow));
  world.look().report(bad_key(), kNow);
  Settings others = world.settings;
  others.endpoint.key = Secret("second-key");
  CHECK_FALSE(Destination(Env::real(), world.spool.dir(), others).key_is_well(kNow));
  CHECK(world.look().enter(kNow).gate == Gate::closed);
  const auto notice = world.look().key_is_well(kNow);
  REQUIRE(notice);
  CHECK(notice->good);
  CHECK(world.look().enter(kNow).gate == Gate::open);
}

TEST_CASE("the key is not in the file, nor anything that proves it") {
  World world;
  world.look().report(created(), kNow);
  std::string all;
  for (const auto& file : std::filesystem::directory_iterator(world.spool.state_dir())) {
    all += world.home.read("queue/w2thive/state/" + file.path().filename().string());
  }
  CHECK_THAT(all, Catch::StartsWith("socbridge-destination 1 proven "));
  CHECK(all.find("first-key") == std::string::npos);
  CHECK(all.find(sha256_hex("first-key").substr(0, 8)) == std::string::npos);
}

TEST_CASE("Retry-After closes it at once, for an hour at most") {
  World world;
  Attempt busy = answered(thehive::Verdict::retry, 429);
  busy.delivery.retry_after_ms = 60000;
  CHECK(world.look().report(busy, kNow));
  CHECK(world.look().enter(kNow + 59000).gate == Gate::closed);
  CHECK(world.look().view().until_ms == kNow + 60000);
  CHECK(world.look().enter(kNow + 60000).gate == Gate::open);
}

TEST_CASE("neither a clock that was ahead nor a damaged file closes it for ever") {
  World world;
  for (int i = 0; i < 3; ++i) world.look().report(down(), kNow + 86400000LL * 365);
  CHECK(world.look().enter(kNow).gate == Gate::open);
  std::string path;
  for (const auto& file : std::filesystem::directory_iterator(world.spool.state_dir())) {
    path = "queue/w2thive/state/" + file.path().filename().string();
  }
  const std::string whole = world.home.read(path);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    world.home.write(path, whole.substr(0, size));
    CHECK(world.look().enter(kNow).gate == Gate::open);
  }
}

TEST_CASE("whoever trusts for a moment still acts on its own failures at once") {
  World world;
  constexpr std::int64_t kHourMs = 3600000;
  Destination trusting(Env::real(), world.spool.dir(), world.settings, kHourMs);
  trusting.report(created(), kNow);
  REQUIRE(trusting.enter(kNow).gate == Gate::open);

  SECTION("a refused key") {
    CHECK(trusting.report(bad_key(), kNow));
    CHECK(trusting.enter(kNow).gate == Gate::closed);
  }
  SECTION("failures in a row") {
    trusting.report(down(), kNow);
    trusting.report(down(), kNow);
    CHECK(trusting.report(down(), kNow));
    CHECK(trusting.enter(kNow).gate == Gate::closed);
  }
}

TEST_CASE("trust ends: what others find out is seen") {
  World world;
  Destination trusting(Env::real(), world.spool.dir(), world.settings, 30);
  trusting.report(created(), kNow);
  REQUIRE(trusting.enter(kNow).gate == Gate::open);
  world.look().report(bad_key(), kNow);
  const std::int64_t give_up = steady_now_ms() + 5000;
  Gate gate = Gate::open;
  while (gate == Gate::open && steady_now_ms() < give_up) gate = trusting.enter(kNow).gate;
  CHECK(gate == Gate::closed);
}

TEST_CASE("when an alert last arrived is known to the minute, whatever came after") {
  World world;
  CHECK(world.look().view().delivered_ms == 0);
  world.look().report(created(), kNow);
  CHECK(world.look().view().delivered_ms == kNow);
  world.look().report(created(), kNow + 59999);
  CHECK(world.look().view().delivered_ms == kNow);
  world.look().report(answered(thehive::Verdict::refused, 400), kNow + 120000);
  world.look().report(bad_key(), kNow + 120000);
  CHECK(world.look().view().delivered_ms == kNow);
  CHECK(world.look().view().state == "auth");
  world.look().report(answered(thehive::Verdict::duplicate, 400), kNow + 60000);
  CHECK(world.look().view().delivered_ms == kNow + 60000);
}

}  // namespace socbridge::delivery
