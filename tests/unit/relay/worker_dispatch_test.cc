// SPDX-License-Identifier: Apache-2.0
// One worker on the thread of the test, over a spool and a TheHive with fixed answers.
#include <catch2/catch.hpp>

#include "delivery/circuit_breaker.h"
#include "relay/worker.h"
#include "support/spool_fixture.h"

namespace socbridge::relay {
using namespace socbridge::test;
using integration::SettingsLookup;

namespace {

struct Fixture {
  explicit Fixture(std::vector<std::string> answers = {created_answer()})
      : server(std::move(answers)) {
    configure();
    options.once = true;
    options.in_flight = 4;
    state.scanned = true;
  }
  void configure(const std::string& more = "") {
    home.write("etc/w2thive.json", R"({"thehive_version":"5","api_key":"k","url":")" +
                                       server.url() + "\"" + more + "}");
  }
  // An alert with an id of its own, in the spool and in the ready queue.
  EntryId accept(spool::Entry entry = {}) {
    entry.integration = "custom-w2thive";
    entry.accepted_ms = wall_now_ms();
    if (entry.alert.empty()) {
      entry.alert = R"({"timestamp":"2025-03-14T07:40:01.037+0000","id":"1.)" +
                    std::to_string(++serial) + R"(","rule":{"level":10,"id":"5"}})";
    }
    const std::string id = spool.accept(entry)->id();
    return ready(id);
  }
  EntryId ready(const std::string& id) {
    const EntryId packed = *spool::parse_id(id);
    state.ready.found(packed, wall_now_ms());
    return packed;
  }
  void run() {
    RelayContext context{Env::real(), spool, lookup, log, state};
    Worker worker(context, options);
    REQUIRE(worker.start().ok());
    worker.run();
    CHECK(worker.status().ended);
    blocked = worker.status().blocked();
  }
  int creates() const {
    int count = 0;
    for (const std::string& line : server.requests()) count += line.starts_with("POST ");
    return count;
  }

  CannedServer server;
  TempDir home;
  spool::Spool spool = spool::Spool::open(Env::real(), home.path() + "/queue/w2thive").value();
  SettingsLookup lookup{Env::real(), home.path()};
  std::string lines;
  EventLog log{[this](Level, const std::string& line) { lines += line + "\n"; }, true};
  RelayState state;
  RelayOptions options;
  std::vector<BlockedDestination> blocked;
  int serial = 0;
};

}  // namespace

TEST_CASE("with an empty queue a worker that runs once is done at once") {
  Fixture fixture;
  fixture.run();
  CHECK(fixture.server.requests().empty());
}

TEST_CASE("due entries are delivered, also with room for one request only") {
  for (const std::size_t room : {std::size_t{1}, std::size_t{4}}) {
    Fixture fixture;
    fixture.options.in_flight = room;
    for (int i = 0; i < 6; ++i) fixture.accept();
    fixture.run();
    CHECK(fixture.state.counters.delivered == 6);
    CHECK(fixture.home.entries("queue") == 0);
    CHECK(fixture.state.ready.waiting() == 0);
    CHECK(fixture.creates() == 6);
  }
}

TEST_CASE("a removed entry is no longer known") {
  Fixture fixture;
  fixture.ready("1741934401037-0123456789abcdef");
  fixture.run();
  CHECK(fixture.state.ready.waiting() == 0);
  CHECK(fixture.server.requests().empty());
  CHECK(fixture.lines.empty());
}

TEST_CASE("a damaged entry goes to corrupt and does not affect others") {
  Fixture fixture;
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

TEST_CASE("without settings an alert waits, and the reason is logged") {
  Fixture fixture;
  fixture.home.write("etc/w2thive.json", R"({"url":)");
  fixture.accept();
  fixture.run();
  CHECK(fixture.state.counters.misconfigured == 1);
  CHECK(fixture.home.entries("queue") == 1);
  CHECK_THAT(fixture.lines, Catch::StartsWith("an alert of \"custom-w2thive\" waits: "));
}

TEST_CASE("an entry that is not due is not changed") {
  Fixture fixture;
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

TEST_CASE("filtered alerts and invalid data cost no request") {
  Fixture fixture;
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

TEST_CASE("entries of one alert are sent one after the other") {
  Fixture fixture;
  spool::Entry same;
  same.alert = sample_alert();
  for (int i = 0; i < 3; ++i) fixture.accept(same);
  fixture.run();
  CHECK(fixture.state.counters.delivered == 3);
  CHECK(fixture.home.entries("queue") == 0);
}

TEST_CASE("an undecided entry becomes one for each destination, all of them sent") {
  Fixture fixture;
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
  Fixture fixture;
  fixture.configure(R"(,"rules":[{"set":{"severity":9}}])");
  spool::Entry entry;
  entry.destination = spool::kUndecided;
  const EntryId id = fixture.accept(entry);
  fixture.run();
  CHECK(fixture.state.counters.misconfigured == 1);
  CHECK(fixture.spool.destination(spool::State::queue, spool::id_text(id)) == spool::kUndecided);
}

TEST_CASE("entries for a destination without a permit are parked, and it is shown") {
  Fixture fixture;
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

TEST_CASE("a failure of the server postpones the entry, with a line") {
  Fixture fixture({http_answer(503, "{}")});
  fixture.accept();
  fixture.run();
  CHECK(fixture.state.counters.postponed == 1);
  CHECK(fixture.state.counters.unanswered == 1);
  CHECK(fixture.home.entries("queue") == 1);
  CHECK_THAT(fixture.lines, Catch::Contains("not delivered to " + fixture.server.url()));
}

TEST_CASE("a worker that must stop begins nothing new") {
  Fixture fixture;
  fixture.accept();
  fixture.state.stopping = true;
  fixture.state.stop_at_ms = steady_now_ms();
  fixture.run();
  CHECK(fixture.server.requests().empty());
  CHECK(fixture.home.entries("queue") == 1);
}

}  // namespace socbridge::relay
