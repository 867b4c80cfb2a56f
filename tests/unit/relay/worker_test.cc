// SPDX-License-Identifier: Apache-2.0
// When a worker sleeps, looks again and ends.
#include "relay/worker.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "delivery/circuit_breaker.h"
#include "support/fake_clock.h"
#include "support/raw_server.h"
#include "worker_fixture.h"

namespace socbridge::relay {
using namespace socbridge::test;

TEST_CASE("of an empty queue a worker that runs once is done at once") {
  WorkerFixture fixture;
  fixture.run();
  CHECK(fixture.server.requests().empty());
}

TEST_CASE("a worker that has to stop begins nothing new") {
  WorkerFixture fixture;
  fixture.accept();
  fixture.state.stopping = true;
  fixture.state.stop_at_ms = steady_now_ms();
  fixture.run();
  CHECK(fixture.server.requests().empty());
  CHECK(fixture.home.entries("queue") == 1);
}

TEST_CASE(
    "a worker that sleeps delivers what comes when it is woken, and ends when it has to stop") {
  WorkerFixture fixture;
  fixture.options.once = false;
  fixture.run_beside([&](Worker& worker) {
    CHECK(fixture.wait_for([&] { return worker.status().turns > 0; }));
    for (int i = 0; i < 3; ++i) fixture.accept();
    worker.wake();
    CHECK(fixture.wait_for([&] { return fixture.state.counters.delivered == 3; }));
    CHECK_FALSE(worker.status().ended);
    fixture.stop(worker, 0);
  });
  CHECK(fixture.home.entries("queue") == 0);
}

TEST_CASE("a worker that has to stop waits for the answer that is under way") {
  WorkerFixture fixture;
  http::test::RawServer slow([&](http::test::Peer& peer) {
    if (peer.read_request().empty()) return;
    while (!fixture.state.stopping) peer.wait_ms(1);
    peer.send(created_answer());
  });
  fixture.home.write("etc/w2thive.json", R"({"thehive_version":"5","api_key":"k","url":"http://)" +
                                             slow.host_port() + "\"}");
  fixture.options.once = false;
  fixture.options.in_flight = 1;
  for (int i = 0; i < 2; ++i) fixture.accept();
  fixture.run_beside([&](Worker& worker) {
    CHECK(fixture.wait_for([&] { return worker.status().in_flight == 1; }));
    fixture.stop(worker, 20000);
  });
  CHECK(fixture.state.counters.delivered == 1);
  CHECK(fixture.home.entries("queue") == 1);  // nothing new was begun
}

TEST_CASE("entries that are parked go to the new destination after a reload") {
  CannedServer other({created_answer()});
  WorkerFixture fixture;
  integration::Settings settings;
  settings.endpoint = {fixture.server.url(), Secret("k"), ""};
  delivery::Outcome down;
  down.kind = delivery::Outcome::Kind::key_refused;
  down.message = "licence ended";
  delivery::CircuitBreaker(Env::real(), fixture.spool.dir(), settings).report(down, wall_now_ms());
  fixture.options.once = false;
  for (int i = 0; i < 3; ++i) fixture.accept();
  fixture.run_beside([&](Worker& worker) {
    CHECK(fixture.wait_for([&] { return fixture.state.ready.parked() == 3; }));
    fixture.home.write("etc/w2thive.json",
                       R"({"thehive_version":"5","api_key":"k","url":")" + other.url() + "\"}");
    fixture.lookup.forget();
    ++fixture.state.reloads;
    worker.wake();
    CHECK(fixture.wait_for([&] { return fixture.state.counters.delivered == 3; }));
    fixture.stop(worker, 0);
  });
  CHECK(fixture.server.requests().empty());
  CHECK(fixture.state.ready.waiting() == 0);
}

TEST_CASE("a worker that runs once does not wait for ever for an entry that is claimed elsewhere") {
  FakeClock clock;
  WorkerFixture fixture;
  const EntryId id = fixture.accept();
  fixture.accept();
  const auto elsewhere = fixture.spool.claim(spool::State::queue, spool::id_text(id));
  REQUIRE(elsewhere->has_value());
  std::atomic<bool> done = false;
  std::thread time([&] {
    while (!done) {
      clock.advance_ms(100);
      ::usleep(1000);
    }
  });
  fixture.run();
  done = true;
  time.join();
  CHECK(fixture.state.counters.delivered == 1);
  CHECK(fixture.home.entries("queue") == 1);
  CHECK(fixture.state.ready.held() == 1);
  CHECK(clock.passed_ms() >= fixture.options.request_ms);  // it may have been under way
}

}  // namespace socbridge::relay
