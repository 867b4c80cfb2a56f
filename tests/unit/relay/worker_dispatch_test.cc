// SPDX-License-Identifier: Apache-2.0
// One worker on the thread of the test, over a spool and a TheHive with fixed answers.
#include <catch2/catch.hpp>

#include "delivery/circuit_breaker.h"
#include "worker_fixture.h"

namespace socbridge::relay {
using namespace socbridge::test;

TEST_CASE("due entries are delivered, also with room for one request only") {
  for (const std::size_t room : {std::size_t{1}, std::size_t{4}}) {
    WorkerFixture fixture;
    fixture.options.in_flight = room;
    for (int i = 0; i < 6; ++i) fixture.accept();
    fixture.run();
    CHECK(fixture.state.counters.delivered == 6);
    CHECK(fixture.home.entries("queue") == 0);
    CHECK(fixture.state.ready.waiting() == 0);
    CHECK(fixture.creates() == 6);
  }
}

TEST_CASE("an entry that is gone is no longer known") {
  WorkerFixture fixture;
  fixture.ready("1741934401037-0123456789abcdef");
  fixture.run();
  CHECK(fixture.state.ready.waiting() == 0);
  CHECK(fixture.server.requests().empty());
  CHECK(fixture.lines.empty());
}

TEST_CASE("a damaged entry goes to corrupt and keeps no other") {
  WorkerFixture fixture;
  const std::string id = "1741934401037-0123456789abcdef";
  fixture.home.write("queue/w2thive/queue/" + id + ".alert", "damaged");
  fixture.ready(id);
  fixture.accept();
  fixture.run();
  CHECK(fixture.state.counters.corrupt == 1);
  CHECK(fixture.state.counters.delivered == 1);
  CHECK(fixture.home.entries("corrupt") == 1);
  CHECK_THAT(fixture.lines, Catch::Contains(id + ": "));
  CHECK_THAT(fixture.lines, Catch::Contains("; moved to corrupt/"));
}

TEST_CASE("without settings an alert waits, and it is said why") {
  WorkerFixture fixture;
  fixture.home.write("etc/w2thive.json", R"({"url":)");
  fixture.accept();
  fixture.run();
  CHECK(fixture.state.counters.misconfigured == 1);
  CHECK(fixture.home.entries("queue") == 1);
  CHECK_THAT(fixture.lines, Catch::StartsWith("an alert of \"custom-w2thive\" waits: "));
}

TEST_CASE("an entry that is not due yet stays as it is") {
  WorkerFixture fixture;
  const EntryId id = fixture.accept();
  {
    auto claim = fixture.spool.claim(spool::State::queue, spool::id_text(id));
    REQUIRE(fixture.spool.reschedule(**claim, wall_now_ms() + 600000).ok());
  }
  fixture.run();
  CHECK(fixture.server.requests().empty());
  CHECK(fixture.home.entries("queue") == 1);
  CHECK(fixture.state.ready.waiting() == 1);
  CHECK(*fixture.state.ready.next_due_ms() > wall_now_ms() + 500000);
}

TEST_CASE("what does not go out by the filters, or is not an alert, costs no request") {
  WorkerFixture fixture;
  fixture.configure(R"(,"min_level":12)");
  fixture.accept();
  spool::Entry broken;
  broken.alert = "{";
  fixture.accept(broken);
  fixture.run();
  CHECK(fixture.state.counters.filtered == 1);
  CHECK(fixture.state.counters.corrupt == 1);
  CHECK(fixture.server.requests().empty());
}

TEST_CASE("entries of one alert go one after the other") {
  WorkerFixture fixture;
  spool::Entry same;
  same.alert = sample_alert();
  for (int i = 0; i < 3; ++i) fixture.accept(same);
  fixture.run();
  CHECK(fixture.state.counters.delivered == 3);
  CHECK(fixture.home.entries("queue") == 0);
}

TEST_CASE("an undecided entry becomes one for each destination, all of them sent") {
  WorkerFixture fixture;
  fixture.configure(R"(,"destinations":{"acme":{"organisation":"a"}},
                       "rules":[{"set":{"destination":["acme","default"]}}])");
  spool::Entry entry;
  entry.destination = spool::kUndecided;
  fixture.accept(entry);
  fixture.run();
  CHECK(fixture.state.counters.delivered == 2);
  CHECK(fixture.home.entries("queue") == 0);
}

TEST_CASE("rules that cannot be read leave an undecided entry undecided") {
  WorkerFixture fixture;
  fixture.configure(R"(,"rules":[{"set":{"severity":9}}])");
  spool::Entry entry;
  entry.destination = spool::kUndecided;
  const EntryId id = fixture.accept(entry);
  fixture.run();
  CHECK(fixture.state.counters.misconfigured == 1);
  CHECK(fixture.spool.destination(spool::State::queue, spool::id_text(id)) == spool::kUndecided);
}

TEST_CASE("for a destination that gives no permit entries are parked, and it is shown") {
  WorkerFixture fixture;
  integration::Settings settings;
  settings.endpoint = {fixture.server.url(), Secret("k"), ""};
  delivery::Outcome down;
  down.kind = delivery::Outcome::Kind::key_refused;
  down.message = "licence ended";
  delivery::CircuitBreaker(Env::real(), fixture.spool.dir(), settings).report(down, wall_now_ms());
  for (int i = 0; i < 3; ++i) fixture.accept();
  fixture.run();
  CHECK(fixture.server.requests().empty());
  CHECK(fixture.home.entries("queue") == 3);
  CHECK(fixture.state.ready.parked() == 3);
  REQUIRE(fixture.blocked.size() == 1);
  CHECK(fixture.blocked[0].reason == BlockedDestination::Reason::key_refused);
}

}  // namespace socbridge::relay
