// SPDX-License-Identifier: Apache-2.0
#include "delivery/circuit_breaker.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <thread>
#include <vector>

#include "hash/digest.h"
#include "support/spool_fixture.h"

namespace socbridge::delivery {
using namespace socbridge::integration;
using namespace socbridge::test;

namespace {

using Result = CircuitBreaker::Permit::Result;
using Kind = Outcome::Kind;
constexpr UnixMillis kNow = 1741938001037;

struct Fixture {
  Fixture() : spool(spool::Spool::open(Env::real(), home.path() + "/queue/w2thive").value()) {
    settings.endpoint = {"http://thehive.example", Secret("first-key"), ""};
  }
  CircuitBreaker look() { return CircuitBreaker(Env::real(), spool.dir(), settings); }
  TempDir home;
  spool::Spool spool;
  Settings settings;
};

Outcome of_kind(Kind kind) {
  Outcome outcome;
  outcome.kind = kind;
  outcome.message = "why";
  return outcome;
}
Outcome created() { return of_kind(Kind::created); }
Outcome down() { return of_kind(Kind::failed); }
Outcome bad_key() { return of_kind(Kind::key_refused); }

bool is_good(const std::optional<CircuitBreaker::Notice>& notice) {
  return notice->level == CircuitBreaker::Notice::Level::info;
}

http::Outcome user(int status, const std::string& body) {
  http::Outcome outcome;
  outcome.response.status = status;
  outcome.response.body = body;
  outcome.response.content_type = "application/json";
  return outcome;
}

}  // namespace

TEST_CASE("it opens after three failures in a row, for all processes, with one notice") {
  Fixture fixture;
  CircuitBreaker one = fixture.look();
  CHECK_FALSE(one.report(down(), kNow));
  CHECK_FALSE(fixture.look().report(down(), kNow));
  CHECK(one.try_acquire(kNow).result == Result::granted);
  const auto notice = one.report(down(), kNow);
  REQUIRE(notice);
  CHECK_FALSE(is_good(notice));
  CHECK_THAT(notice->text, Catch::Contains("circuit breaker open") &&
                               Catch::Contains("3 consecutive failures") &&
                               Catch::Contains("alerts stay queued"));
  CHECK(fixture.look().try_acquire(kNow).result == Result::refused);
  CHECK(fixture.look().view().state == "open");
  CHECK_FALSE(one.report(down(), kNow));  // one in progress
}

TEST_CASE("an answer in between resets the count") {
  Fixture fixture;
  CircuitBreaker one = fixture.look();
  for (int i = 0; i < 5; ++i) {
    CHECK_FALSE(one.report(down(), kNow));
    CHECK_FALSE(one.report(down(), kNow));
    CHECK_FALSE(one.report(of_kind(Kind::refused), kNow));
  }
  CHECK(one.try_acquire(kNow).result == Result::granted);
}

TEST_CASE("half open: one tries, the others wait for its word; the pause doubles to ten times") {
  Fixture fixture;
  CircuitBreaker one = fixture.look();
  for (int i = 0; i < 3; ++i) one.report(down(), kNow);
  UnixMillis now = kNow;
  std::int64_t longest = 0;
  for (int round = 0; round < 8; ++round) {
    const UnixMillis until = one.view().until_ms;
    longest = std::max(longest, until - now);
    CHECK(one.try_acquire(until - 1).result == Result::refused);
    now = until;
    CircuitBreaker::Permit probe = one.try_acquire(now);
    REQUIRE(probe.result == Result::granted);
    CHECK(probe.lock);
    CHECK(fixture.look().try_acquire(now).result == Result::refused);
    one.report(down(), now);
    CHECK(one.view().until_ms > now);
  }
  CHECK(longest > fixture.settings.breaker.open_ms * 5);
  CHECK(longest <= fixture.settings.breaker.open_ms * 10 * 5 / 4);
  now = one.view().until_ms;
  const CircuitBreaker::Permit probe = one.try_acquire(now);
  const auto notice = one.report(created(), now);
  REQUIRE(notice);
  CHECK(is_good(notice));
  CHECK(fixture.look().try_acquire(now).result == Result::granted);
}

TEST_CASE("a refused key stops all sending and is reported once") {
  Fixture fixture;
  CircuitBreaker one = fixture.look();
  const auto notice = one.report(bad_key(), kNow);
  REQUIRE(notice);
  CHECK_THAT(notice->text, Catch::Contains("refuses the key"));
  CHECK_FALSE(fixture.look().report(bad_key(), kNow));
  CHECK(fixture.look().try_acquire(kNow + 1000).result == Result::refused);

  SECTION("after ten minutes one asks with the key") {
    const UnixMillis later = kNow + fixture.settings.breaker.auth_probe_ms;
    CircuitBreaker::Permit pass = one.try_acquire(later);
    REQUIRE(pass.result == Result::granted);
    CHECK(pass.check_key);
    CHECK(fixture.look().try_acquire(later).result == Result::refused);
    SECTION("still refused") {
      CHECK_FALSE(one.key_checked(user(401, R"({"type":"AuthenticationError"})"), later));
      pass.lock.reset();
      CHECK(fixture.look().try_acquire(later + 1000).result == Result::refused);
    }
    SECTION("known, but without the permission") {
      CHECK_FALSE(one.key_checked(user(200, R"({"permissions":["manageCase"]})"), later));
    }
    SECTION("fixed") {
      CHECK(one.key_checked(user(200, R"({"permissions":["manageAlert/create"]})"), later));
      const auto good = one.report(created(), later);
      REQUIRE(good);
      CHECK(is_good(good));
      pass.lock.reset();
      CHECK(fixture.look().try_acquire(later).result == Result::granted);
    }
  }
  SECTION("a changed key is tried at once, by one") {
    fixture.settings.endpoint.key = Secret("second-key");
    CircuitBreaker fixed = fixture.look();
    const CircuitBreaker::Permit pass = fixed.try_acquire(kNow + 1000);
    CHECK(pass.result == Result::granted);
    CHECK(fixture.look().try_acquire(kNow + 1000).result == Result::wait);
    fixed.report(created(), kNow + 1000);
    CHECK(fixture.look().try_acquire(kNow + 1000).result == Result::granted);
  }
}

TEST_CASE("a key that is refused to several at once is reported once") {
  for (int round = 0; round < 20; ++round) {
    Fixture fixture;
    std::atomic<int> notices = 0;
    std::vector<std::thread> senders;
    for (int i = 0; i < 6; ++i) {
      senders.emplace_back([&] {
        CircuitBreaker one = fixture.look();
        notices += one.report(bad_key(), kNow) ? 1 : 0;
      });
    }
    for (std::thread& sender : senders) sender.join();
    REQUIRE(notices == 1);
  }
}

TEST_CASE("a key that is refused for weeks stays refused, and is reported once") {
  Fixture fixture;
  UnixMillis now = kNow;
  int notices = 0;
  for (int i = 0; i < 2100; ++i, now += fixture.settings.breaker.auth_probe_ms) {
    if (fixture.look().report(bad_key(), now)) ++notices;
  }
  CHECK(notices == 1);
  CHECK(fixture.look().view().state == "auth");
  CHECK(fixture.look().view().since_ms == kNow);
}

TEST_CASE("at most two alerts are in flight to a destination of unknown state") {
  Fixture fixture;
  std::vector<CircuitBreaker::Permit> passes;
  for (int i = 0; i < 2; ++i) {
    passes.push_back(fixture.look().try_acquire(kNow));
    CHECK(passes.back().result == Result::granted);
  }
  CHECK(fixture.look().try_acquire(kNow).result == Result::wait);
  fixture.look().report(created(), kNow);
  CHECK(fixture.look().try_acquire(kNow).result == Result::granted);
}

TEST_CASE("a failure of a single alert does not open the breaker, and closes an open one") {
  Fixture fixture;
  CircuitBreaker one = fixture.look();
  for (const Kind kind : {Kind::blocked, Kind::alert_failed}) {
    Outcome alone = of_kind(kind);
    alone.retry_after_ms = 60000;
    for (int i = 0; i < 20; ++i) CHECK_FALSE(one.report(alone, kNow));
    CHECK(one.try_acquire(kNow).result == Result::granted);
    for (int i = 0; i < 3; ++i) one.report(down(), kNow);
    CHECK(one.try_acquire(kNow).result == Result::refused);
    const auto notice = one.report(alone, kNow);
    REQUIRE(notice);
    CHECK(is_good(notice));
    CHECK(fixture.look().try_acquire(kNow).result == Result::granted);
  }
}

TEST_CASE("errors of TheHive's own about one alert after the other are the server's") {
  Fixture fixture;
  CircuitBreaker one = fixture.look();
  Outcome alone = of_kind(Kind::alert_failed);
  alone.from_thehive = true;
  one.report(created(), kNow);
  for (int i = 0; i < 29; ++i) CHECK_FALSE(fixture.look().report(alone, kNow));
  SECTION("a success in between resets the count") {
    one.report(created(), kNow);
    for (int i = 0; i < 29; ++i) CHECK_FALSE(one.report(alone, kNow));
    CHECK(one.try_acquire(kNow).result == Result::granted);
    CHECK(one.view().state == "closed");
  }
  SECTION("thirty in a row open it") {
    const auto notice = one.report(alone, kNow);
    REQUIRE(notice);
    CHECK_THAT(notice->text, Catch::Contains("30 consecutive failures"));
    CHECK(fixture.look().try_acquire(kNow).result == Result::refused);
    const UnixMillis later = one.view().until_ms;
    CHECK(one.try_acquire(later).result == Result::granted);
    one.report(alone, later);
    CHECK(one.try_acquire(later + 1000).result == Result::refused);
    CHECK(is_good(one.report(created(), later)));
    CHECK(one.view().state == "closed");
  }
}

TEST_CASE("a valid key opens the gate for all processes, but only that key") {
  Fixture fixture;
  CHECK_FALSE(fixture.look().key_accepted(kNow));
  fixture.look().report(bad_key(), kNow);
  Settings others = fixture.settings;
  others.endpoint.key = Secret("second-key");
  CHECK_FALSE(CircuitBreaker(Env::real(), fixture.spool.dir(), others).key_accepted(kNow));
  CHECK(fixture.look().try_acquire(kNow).result == Result::refused);
  const auto notice = fixture.look().key_accepted(kNow);
  REQUIRE(notice);
  CHECK(is_good(notice));
  CHECK(fixture.look().try_acquire(kNow).result == Result::granted);
}

TEST_CASE("the file contains neither the key nor a proof of it") {
  Fixture fixture;
  fixture.look().report(created(), kNow);
  std::string all;
  for (const auto& file : std::filesystem::directory_iterator(fixture.spool.state_dir())) {
    all += fixture.home.read("queue/w2thive/state/" + file.path().filename().string());
  }
  CHECK_THAT(all, Catch::StartsWith("socbridge-destination 2 closed "));
  CHECK(all.find("first-key") == std::string::npos);
  CHECK(all.find(sha256_hex("first-key").substr(0, 8)) == std::string::npos);
}

TEST_CASE("Retry-After closes it at once, for an hour at most") {
  Fixture fixture;
  Outcome busy = down();
  busy.retry_after_ms = 60000;
  CHECK(fixture.look().report(busy, kNow));
  CHECK(fixture.look().try_acquire(kNow + 59000).result == Result::refused);
  CHECK(fixture.look().view().until_ms == kNow + 60000);
  CHECK(fixture.look().try_acquire(kNow + 60000).result == Result::granted);
}

TEST_CASE("neither a clock that was ahead nor a damaged file closes it permanently") {
  Fixture fixture;
  for (int i = 0; i < 3; ++i) fixture.look().report(down(), kNow + 86400000LL * 365);
  CHECK(fixture.look().try_acquire(kNow).result == Result::granted);
  std::string path;
  for (const auto& file : std::filesystem::directory_iterator(fixture.spool.state_dir())) {
    path = "queue/w2thive/state/" + file.path().filename().string();
  }
  const std::string whole = fixture.home.read(path);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    fixture.home.write(path, whole.substr(0, size));
    CHECK(fixture.look().try_acquire(kNow).result == Result::granted);
  }
}

TEST_CASE("a process that caches the state still acts on its own failures at once") {
  Fixture fixture;
  constexpr std::int64_t kHourMs = 3600000;
  CircuitBreaker trusting(Env::real(), fixture.spool.dir(), fixture.settings, kHourMs);
  trusting.report(created(), kNow);
  REQUIRE(trusting.try_acquire(kNow).result == Result::granted);

  SECTION("a refused key") {
    CHECK(trusting.report(bad_key(), kNow));
    CHECK(trusting.try_acquire(kNow).result == Result::refused);
  }
  SECTION("failures in a row") {
    trusting.report(down(), kNow);
    trusting.report(down(), kNow);
    CHECK(trusting.report(down(), kNow));
    CHECK(trusting.try_acquire(kNow).result == Result::refused);
  }
}

TEST_CASE("cached trust expires: changes by other processes are noticed") {
  Fixture fixture;
  CircuitBreaker trusting(Env::real(), fixture.spool.dir(), fixture.settings, 30);
  trusting.report(created(), kNow);
  REQUIRE(trusting.try_acquire(kNow).result == Result::granted);
  fixture.look().report(bad_key(), kNow);
  const std::int64_t give_up = steady_now_ms() + 5000;
  Result gate = Result::granted;
  while (gate == Result::granted && steady_now_ms() < give_up)
    gate = trusting.try_acquire(kNow).result;
  CHECK(gate == Result::refused);
}

TEST_CASE("the time of the last delivery is known to the minute, whatever follows") {
  Fixture fixture;
  CHECK(fixture.look().view().delivered_ms == 0);
  fixture.look().report(created(), kNow);
  CHECK(fixture.look().view().delivered_ms == kNow);
  fixture.look().report(created(), kNow + 59999);
  CHECK(fixture.look().view().delivered_ms == kNow);
  fixture.look().report(of_kind(Kind::refused), kNow + 120000);
  fixture.look().report(bad_key(), kNow + 120000);
  CHECK(fixture.look().view().delivered_ms == kNow);
  CHECK(fixture.look().view().state == "auth");
  fixture.look().report(of_kind(Kind::duplicate), kNow + 60000);
  CHECK(fixture.look().view().delivered_ms == kNow + 60000);
}

}  // namespace socbridge::delivery
