// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "relay/relay.h"
#include "soc-sandbox/thehive/server.h"
#include "support/spool_fixture.h"

namespace socbridge::relay {

// Signals are blocked before any thread is made, so that one for the process waits for the relay.
struct RelayFixture {
  explicit RelayFixture(std::int64_t latency_ms = 0, std::vector<std::string> faults = {})
      : signals({SIGTERM, SIGHUP}),
        spool(spool::Spool::open(Env::real(), home.path() + "/queue/w2thive").value()),
        accounts(Env::real(), home.path()),
        log([this](Level, const std::string& line) { lines += line + "\n"; }, false) {
    sandbox::ServerOptions options;
    options.port = 0;
    options.latency_ms = latency_ms;
    options.fail_rules = std::move(faults);
    auto started = sandbox::Server::start(std::move(options));
    REQUIRE(started.ok());
    server.emplace(std::move(*started));
    home.write("etc/w2thive.json",
               R"({"thehive_version":"5","api_key":"k","url":")" + server->url() + "\"}");
  }

  void accept(int count) {
    for (int i = 0; i < count; ++i) {
      std::string alert = test::sample_alert();
      const std::string id = "1741938001.1201";
      alert.replace(alert.find(id), id.size(), "1741938001." + std::to_string(++serial));
      const auto claim = spool.accept({"custom-w2thive", "", "", wall_now_ms(), alert});
      REQUIRE(claim.ok());
    }
  }

  bool wait_for_alerts(std::uint64_t count) {
    const Deadline deadline = Deadline::after_ms(20000);
    while (server->alert_count() < count && !deadline.passed()) ::usleep(2000);
    return server->alert_count() == count;
  }

  SignalQueue signals;
  test::TempDir home;
  spool::Spool spool;
  integration::SettingsLookup accounts;
  std::string lines;  // written by one thread at a time
  EventLog log;
  std::optional<sandbox::Server> server;
  ServiceManager manager{"", "", ""};
  int serial = 0;
};

inline RelayOptions with_threads(std::size_t threads) {
  RelayOptions options;
  options.threads = threads;
  return options;
}

}  // namespace socbridge::relay
