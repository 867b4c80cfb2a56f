// SPDX-License-Identifier: Apache-2.0
// What becomes of an entry by the answers to it.
#include <catch2/catch.hpp>

#include "worker_fixture.h"

namespace socbridge::relay {
using namespace socbridge::test;

namespace {

std::string refusal(int status, const std::string& type, const std::string& message) {
  return http_answer(status, R"({"type":")" + type + R"(","message":")" + message + "\"}");
}

}  // namespace

TEST_CASE("a delivered alert is counted with its time, and has a line if that is wanted") {
  WorkerFixture fixture;
  fixture.accept();
  fixture.run();
  CHECK(fixture.state.counters.delivered == 1);
  CHECK(fixture.state.counters.times.counts().up_to.back() == 1);
  CHECK_THAT(fixture.lines, Catch::Contains("): created ~4096\n"));
  CHECK(fixture.state.ready.waiting() == 0);
}

TEST_CASE("a failure of the server postpones the entry, with a line") {
  WorkerFixture fixture({http_answer(503, "{}")});
  fixture.accept();
  fixture.run();
  CHECK(fixture.state.counters.postponed == 1);
  CHECK(fixture.state.counters.unanswered == 1);
  CHECK(fixture.home.entries("queue") == 1);
  CHECK_THAT(fixture.lines, Catch::Contains("not delivered to " + fixture.server.url()));
}

TEST_CASE("an alert that TheHive refuses for good goes to dead, with a line that says where") {
  WorkerFixture fixture({refusal(400, "BadRequest", "no good")});
  fixture.accept();
  fixture.run();
  CHECK(fixture.state.counters.dead == 1);
  CHECK(fixture.state.counters.postponed == 0);
  CHECK(fixture.home.entries("dead") == 1);
  CHECK(fixture.home.entries("queue") == 0);
  CHECK(fixture.state.ready.waiting() == 0);
  CHECK_THAT(fixture.lines, Catch::Contains(" moved to dead/: ") && Catch::Contains("no good") &&
                                Catch::Contains("; see socctl queue list --state dead"));
}

TEST_CASE("a refused key is not a missing answer: the alert waits, the destination is blocked") {
  WorkerFixture fixture({refusal(401, "AuthenticationError", "no such key")});
  for (int i = 0; i < 5; ++i) fixture.accept();
  fixture.run();
  CHECK(fixture.state.counters.unanswered == 0);
  CHECK(fixture.home.entries("queue") == 5);
  REQUIRE(fixture.blocked.size() == 1);
  CHECK(fixture.blocked[0].reason == BlockedDestination::Reason::key_refused);
  CHECK_THAT(fixture.lines, Catch::Contains("no such key"));
}

TEST_CASE("a server that fails gets fewer requests at once, and a line says so") {
  WorkerFixture fixture({http_answer(503, "{}")});
  fixture.accept();
  fixture.run();
  CHECK_THAT(fixture.lines, Catch::Contains(fixture.server.url() + " fails (") &&
                                Catch::Contains("): at most 2 in flight\n"));
  CHECK(fixture.state.counters.unanswered == 1);
}

TEST_CASE("an alert that fails is due again later while the relay goes on") {
  WorkerFixture fixture({http_answer(503, "{}")});
  fixture.options.once = false;
  fixture.accept();
  fixture.run_beside([&](Worker& worker) {
    CHECK(fixture.wait_for([&] { return fixture.state.counters.postponed == 1; }));
    CHECK(fixture.wait_for([&] { return fixture.state.ready.next_due_ms().has_value(); }));
    CHECK(*fixture.state.ready.next_due_ms() > wall_now_ms());
    fixture.stop(worker, 0);
  });
  CHECK(fixture.creates() == 1);
  CHECK(fixture.home.entries("queue") == 1);
}

TEST_CASE("a case that TheHive refuses leaves the alert delivered, with a warning") {
  WorkerFixture fixture({created_answer(), refusal(400, "BadRequest", "no such template"),
                         http_answer(200, R"({"_id":"~4096","stage":"New"})")});
  fixture.configure(R"(,"promote":true)");
  fixture.accept();
  fixture.run();
  CHECK(fixture.state.counters.delivered == 1);
  CHECK(fixture.home.entries("queue") == 0);
  CHECK_THAT(fixture.lines, Catch::Contains("alert ~4096 (") &&
                                Catch::Contains("is in TheHive, but not in a case: ") &&
                                Catch::Contains("no such template"));
}

TEST_CASE("an alert whose case is still to come is not done, and says that it is in TheHive") {
  WorkerFixture fixture({created_answer(), refusal(503, "Unavailable", "x")});
  fixture.configure(R"(,"promote":true)");
  fixture.accept();
  fixture.run();
  CHECK(fixture.state.counters.delivered == 0);
  CHECK(fixture.state.counters.postponed == 1);
  CHECK(fixture.home.entries("queue") == 1);
  CHECK_THAT(fixture.lines, Catch::Contains(" not completed at " + fixture.server.url() +
                                            ": alert ~4096 is in TheHive"));
}

TEST_CASE("past the grace period a request is given up, and its alert is looked for next time") {
  WorkerFixture fixture({CannedServer::kNoAnswer});
  fixture.options.once = false;
  const EntryId id = fixture.accept();
  fixture.run_beside([&](Worker& worker) {
    CHECK(fixture.wait_for([&] { return !fixture.server.requests().empty(); }));
    fixture.stop(worker, 0);
  });
  CHECK(fixture.state.counters.delivered == 0);
  CHECK(fixture.home.entries("queue") == 1);
  const auto reason = fixture.spool.reason(spool::State::queue, spool::id_text(id));
  REQUIRE(reason);
  CHECK(reason->ambiguous);
}

}  // namespace socbridge::relay
