// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

#include <catch2/catch.hpp>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "relay/worker.h"
#include "support/spool_fixture.h"

namespace socbridge::relay {

// One worker over a spool and a TheHive with fixed answers. It runs once unless `options` change.
struct WorkerFixture {
  explicit WorkerFixture(std::vector<std::string> answers = {test::created_answer()})
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
  // On a thread of its own beside `during(worker)`, which makes it stop.
  template <typename During>
  void run_beside(During during) {
    RelayContext context{Env::real(), spool, lookup, log, state};
    Worker worker(context, options);
    REQUIRE(worker.start().ok());
    std::thread running([&worker] { worker.run(); });
    during(worker);
    running.join();
    CHECK(worker.status().ended);
  }
  void stop(Worker& worker, std::int64_t grace_ms) {
    state.stop_at_ms = steady_now_ms() + grace_ms;
    state.stopping = true;
    worker.wake();
  }
  template <typename Condition>
  static bool wait_for(Condition condition) {
    const Deadline deadline = Deadline::after_ms(20000);
    while (!condition() && !deadline.passed()) ::usleep(2000);
    return condition();
  }
  int creates() const {
    int count = 0;
    for (const std::string& line : server.requests()) count += line.starts_with("POST ");
    return count;
  }

  test::CannedServer server;
  test::TempDir home;
  spool::Spool spool = spool::Spool::open(Env::real(), home.path() + "/queue/w2thive").value();
  integration::SettingsLookup lookup{Env::real(), home.path()};
  std::string lines;
  EventLog log{[this](Level, const std::string& line) { lines += line + "\n"; }, true};
  RelayState state;
  RelayOptions options;
  std::vector<BlockedDestination> blocked;
  int serial = 0;
};

}  // namespace socbridge::relay
