// SPDX-License-Identifier: Apache-2.0
#include "relay/destination_queue.h"

#include <catch2/catch.hpp>

#include "support/spool_fixture.h"

namespace socbridge::relay {
using namespace socbridge::test;
using delivery::CircuitBreaker;
using delivery::Outcome;

namespace {

constexpr UnixMillis kNow = 1741938001037;

struct Fixture {
  Fixture() {
    settings.endpoint = {"http://thehive.example", Secret("k"), ""};
    settings.destination = name;
  }
  DestinationQueue make() {
    return DestinationQueue(Env::real(), spool.dir(),
                            std::make_shared<const integration::Settings>(settings), concurrency,
                            table);
  }
  // A change by another process.
  void other_reports(Outcome::Kind kind, int times = 1) {
    Outcome outcome;
    outcome.kind = kind;
    outcome.message = "why";
    for (int i = 0; i < times; ++i) {
      CircuitBreaker(Env::real(), spool.dir(), settings).report(outcome, kNow);
    }
  }

  TempDir home;
  std::string name;
  spool::Spool spool = spool::Spool::open(Env::real(), home.path() + "/queue").value();
  integration::Settings settings;
  std::shared_ptr<Concurrency> concurrency = std::make_shared<Concurrency>(8);
  spool::InFlightTable table{Env::real(), home.path() + "/queue"};
};

}  // namespace

TEST_CASE("a destination is shown by its URL, and its name if it has one") {
  Fixture fixture;
  CHECK(fixture.make().label() == "http://thehive.example");
  fixture.settings.destination = "acme";
  CHECK(fixture.make().label() == "http://thehive.example (acme)");
}

TEST_CASE("destination queue: it has room below the limit") {
  Fixture fixture;
  auto queue = fixture.make();
  CHECK(queue.has_room());
  queue.in_flight = 7;
  CHECK(queue.has_room());
  queue.in_flight = 8;
  CHECK_FALSE(queue.has_room());
  queue.concurrency().restart();
  queue.in_flight = 1;
  CHECK_FALSE(queue.has_room());
}

TEST_CASE("while it is open it is not checked for a second, or until the pause ends") {
  Fixture fixture;
  fixture.other_reports(Outcome::Kind::failed, 3);
  auto queue = fixture.make();
  CHECK_FALSE(queue.try_acquire(kNow, 1000));
  CHECK(queue.refused());
  CHECK(queue.next_try_ms() == 2000);
  // It is not checked before, even if another process has learned more.
  fixture.other_reports(Outcome::Kind::created);
  CHECK_FALSE(queue.try_acquire(kNow, 1999));
  CHECK(queue.try_acquire(kNow, 2000));
  CHECK_FALSE(queue.refused());
  CHECK(queue.next_try_ms() == 0);
}

TEST_CASE("a pause that is nearly over is waited for, no longer") {
  Fixture fixture;
  fixture.other_reports(Outcome::Kind::failed, 3);
  auto queue = fixture.make();
  const auto until =
      CircuitBreaker(Env::real(), fixture.spool.dir(), fixture.settings).view().until_ms;
  CHECK_FALSE(queue.try_acquire(until - 5, 1000));
  CHECK(queue.next_try_ms() == 1005);
}

TEST_CASE("destination queue: a possible change is checked at once") {
  Fixture fixture;
  fixture.other_reports(Outcome::Kind::failed, 3);
  auto queue = fixture.make();
  CHECK_FALSE(queue.try_acquire(kNow, 1000));
  fixture.other_reports(Outcome::Kind::created);
  queue.try_now();
  CHECK(queue.next_try_ms() == 0);
  CHECK(queue.try_acquire(kNow + 100, 1100));
}

TEST_CASE("after an outage it begins with one request") {
  Fixture fixture;
  fixture.other_reports(Outcome::Kind::failed, 3);
  auto queue = fixture.make();
  CHECK_FALSE(queue.try_acquire(kNow, 1000));
  CHECK(queue.concurrency().limit() == 8);
  fixture.other_reports(Outcome::Kind::created);
  CHECK(queue.try_acquire(kNow + 1000, 2000));
  CHECK(queue.concurrency().limit() == 1);
}

TEST_CASE("the reason for not sending, as all processes see it") {
  Fixture fixture;
  auto queue = fixture.make();
  CHECK_FALSE(queue.blocked(1000, 0));
  fixture.other_reports(Outcome::Kind::failed, 3);
  auto blocked = fixture.make().blocked(1000, 0);
  REQUIRE(blocked);
  CHECK(blocked->reason == BlockedDestination::Reason::breaker_open);
  CHECK(blocked->url == "http://thehive.example");
  CHECK_FALSE(blocked->message.empty());
  fixture.other_reports(Outcome::Kind::key_refused);
  blocked = fixture.make().blocked(1000, 0);
  REQUIRE(blocked);
  CHECK(blocked->reason == BlockedDestination::Reason::key_refused);
  CHECK(blocked->message == "why");
}

TEST_CASE("while another process tests it, it waits, and that shows after a while") {
  Fixture fixture;
  fixture.other_reports(Outcome::Kind::failed, 3);
  CircuitBreaker other(Env::real(), fixture.spool.dir(), fixture.settings);
  const UnixMillis later = other.view().until_ms;
  const auto probe = other.try_acquire(later);
  REQUIRE(probe.granted());
  auto queue = fixture.make();
  CHECK_FALSE(queue.try_acquire(later, 1000));
  CHECK_FALSE(queue.refused() != (queue.next_try_ms() > 1020));
  CHECK(queue.blocked(1000, 0)->reason == BlockedDestination::Reason::probing);
  const auto early = queue.blocked(60999, 60000);
  CHECK((!early || early->reason != BlockedDestination::Reason::probing));
  CHECK(queue.blocked(61000, 60000)->reason == BlockedDestination::Reason::probing);
}

TEST_CASE("an unusable lock file is a local error, retried each second") {
  Fixture fixture;
  fixture.other_reports(Outcome::Kind::failed, 3);
  auto queue = fixture.make();
  static_cast<void>(Env::real().unlink(fixture.home / "queue/in-flight"));
  fixture.home.folder("queue/in-flight");
  CHECK_FALSE(queue.try_acquire(kNow + 60000, 1000));
  const auto blocked = queue.blocked(1000, 0);
  REQUIRE(blocked);
  CHECK(blocked->reason == BlockedDestination::Reason::lock_unavailable);
  CHECK_FALSE(blocked->message.empty());
  CHECK(queue.next_try_ms() == 2000);
}

}  // namespace socbridge::relay
