// SPDX-License-Identifier: Apache-2.0
// Supervisor and several workers over one spool, with a multi-threaded TheHive.
#include "relay/relay.h"

#include <signal.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <optional>
#include <thread>

#include "relay_fixture.h"

namespace socbridge::relay {
using namespace socbridge::delivery;
using namespace socbridge::integration;
using namespace socbridge::test;

TEST_CASE("a worker for each processor, at most four, each with at least eight requests") {
  CHECK(worker_count(1, 64) == 1);
  CHECK(worker_count(15, 64) == 1);
  CHECK(worker_count(16, 64) == 2);
  CHECK(worker_count(32, 2) == 2);
  CHECK(worker_count(32, 64) == 4);
  CHECK(worker_count(256, 64) == 4);
  CHECK(worker_count(32, 0) == 1);  // unknown number of processors
}

TEST_CASE("several workers deliver each alert of a backlog in one request, and end") {
  for (const std::size_t threads : {std::size_t{1}, std::size_t{2}, std::size_t{4}}) {
    RelayFixture fixture;
    fixture.accept(300);
    RelayOptions options = with_threads(threads);
    options.once = true;
    Relay relay(Env::real(), fixture.spool, fixture.accounts, options, fixture.log);
    CHECK(relay.run(fixture.signals, fixture.manager) == ExitCode::ok);
    CHECK(relay.counts().delivered == 300);
    CHECK(relay.waiting() == 0);
    CHECK(fixture.server->alert_count() == 300);
    CHECK(fixture.server->request_count() == 300);
    CHECK(fixture.home.entries("queue") == 0);
    CHECK(fixture.lines.empty());
  }
}

TEST_CASE("entries of one alert are sent in order, each as soon as the previous one ends") {
  for (const std::size_t threads : {std::size_t{1}, std::size_t{3}}) {
    RelayFixture fixture(2);
    constexpr int kCount = 40;
    for (int i = 0; i < kCount; ++i) {
      const auto claim =
          fixture.spool.accept({"custom-w2thive", "", "", wall_now_ms(), sample_alert()});
      REQUIRE(claim.ok());
    }
    RelayOptions options = with_threads(threads);
    options.once = true;
    Relay relay(Env::real(), fixture.spool, fixture.accounts, options, fixture.log);
    const std::int64_t began = steady_now_ms();
    CHECK(relay.run(fixture.signals, fixture.manager) == ExitCode::ok);
    // Tried again by time they would come 100 ms apart at the least.
    CHECK(steady_now_ms() - began < kCount * 90);
    CHECK(relay.counts().delivered == kCount);
    CHECK(relay.waiting() == 0);
    CHECK(fixture.server->alert_count() == 1);
    // "Already exist" is accepted only if the alert was found: two requests for all but the first.
    CHECK(fixture.server->request_count() == 2 * kCount - 1);
  }
}

TEST_CASE("behind a request of another process it looks again until that has ended") {
  RelayFixture fixture;
  const spool::Entry entry{"custom-w2thive", "", "", wall_now_ms(), sample_alert()};
  auto claim = fixture.spool.accept(entry);
  REQUIRE(claim.ok());
  const auto settings = fixture.accounts.of(entry);
  REQUIRE(settings.ok());
  auto versions =
      ServerVersionCache::of(Env::real(), fixture.spool.dir() + "/state", **settings, 0);
  const Channel channel{Env::real(), **settings, fixture.spool.dir(), fixture.spool.state_dir(),
                        versions};
  AlertInput input;
  input.raw = entry.alert;
  std::optional<Delivery> other(std::in_place, channel, input,
                                StoredEntry{fixture.spool, std::move(*claim), entry.accepted_ms});
  REQUIRE(other->next(1000).method == "POST");
  REQUIRE(fixture.spool.accept(entry).ok());
  RelayOptions options = with_threads(2);
  options.once = true;
  Relay relay(Env::real(), fixture.spool, fixture.accounts, options, fixture.log);
  std::optional<ExitCode> code;
  std::thread running([&] { code = relay.run(fixture.signals, fixture.manager); });
  ::usleep(300000);
  CHECK(fixture.server->request_count() == 0);
  http::Outcome created;
  created.response.status = 201;
  created.response.body = R"({"_id":"~1"})";
  other->answered(std::move(created));
  CHECK(other->finish().decision->disposition == Disposition::delivered);
  running.join();
  CHECK(code == ExitCode::ok);
  CHECK(relay.counts().delivered == 1);
  CHECK(relay.waiting() == 0);
  CHECK(fixture.server->request_count() == 1);
  CHECK(fixture.home.entries("queue") == 0);
}

TEST_CASE("what comes while workers sleep is delivered, and a signal ends them all") {
  RelayFixture fixture;
  Relay relay(Env::real(), fixture.spool, fixture.accounts, with_threads(3), fixture.log);
  std::optional<ExitCode> code;
  std::thread running([&] { code = relay.run(fixture.signals, fixture.manager); });
  for (int round = 1; round <= 5; ++round) {
    fixture.accept(20);
    CHECK(fixture.wait_for_alerts(static_cast<std::uint64_t>(20 * round)));
    ::usleep(20000);
  }
  ::kill(::getpid(), SIGHUP);  // reloaded in the middle
  fixture.accept(20);
  CHECK(fixture.wait_for_alerts(120));
  ::kill(::getpid(), SIGTERM);
  running.join();
  CHECK(code == ExitCode::ok);
  CHECK(fixture.lines.find("reloaded") != std::string::npos);
  CHECK(fixture.lines.find("stopped: 120 delivered, 0 waiting") != std::string::npos);
}

TEST_CASE("past the grace period all workers abort what is in flight; nothing is lost") {
  RelayFixture fixture(5000);
  fixture.accept(40);
  RelayOptions options = with_threads(2);
  options.grace_ms = 100;
  Relay relay(Env::real(), fixture.spool, fixture.accounts, options, fixture.log);
  std::thread running([&] { static_cast<void>(relay.run(fixture.signals, fixture.manager)); });
  const Deadline deadline = Deadline::after_ms(10000);
  while (fixture.server->request_count() == 0 && !deadline.passed()) ::usleep(2000);
  const std::int64_t signalled = steady_now_ms();
  ::kill(::getpid(), SIGTERM);
  running.join();
  CHECK(steady_now_ms() - signalled < 3000);
  CHECK(relay.counts().delivered == 0);
  CHECK(fixture.home.entries("queue") == 40);
}

TEST_CASE("a server that accepts nothing blocks no worker") {
  RelayFixture fixture(0, {"status=503"});
  fixture.accept(60);
  RelayOptions options = with_threads(4);
  options.once = true;
  Relay relay(Env::real(), fixture.spool, fixture.accounts, options, fixture.log);
  CHECK(relay.run(fixture.signals, fixture.manager) == ExitCode::unreachable);
  CHECK(relay.counts().delivered == 0);
  CHECK(fixture.home.entries("queue") == 60);
}

}  // namespace socbridge::relay
