// SPDX-License-Identifier: Apache-2.0
#include "receive/receiver.h"

#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "support/fault_env.h"
#include "support/spool_fixture.h"
#include "support/temp_dir.h"

namespace socbridge::receive {
namespace {

// A receiver over a spool in a temporary folder.
class Bench {
 public:
  explicit Bench(const std::string& more = {}, Env& env = Env::real())
      : config_(home_.write(
            "etc/w2thive.json",
            R"({"url":"http://127.0.0.1:9","api_key":"k","thehive_version":"5")" + more + "}")),
        spool_(*spool::Spool::open(env, home_ / "queue/w2thive")),
        settings_(Env::real(), home_.path()),
        log_([this](relay::Level, const std::string& line) { lines.push_back(line); }, false),
        receiver(spool_, settings_, log_, {}) {}

  int queued() const { return home_.entries("queue"); }

 private:
  test::TempDir home_;
  std::string config_;
  spool::Spool spool_;
  integration::SettingsLookup settings_;
  relay::EventLog log_;

 public:
  std::vector<std::string> lines;
  Receiver receiver;
};

TEST_CASE("an alert answered with 202 is in the spool, unchanged") {
  Bench bench;
  const web::HttpAnswer answer = bench.receiver.take(test::sample_alert());
  CHECK(answer.status == 202);
  CHECK(answer.body == "{\"accepted\":1,\"filtered\":0}\n");
  CHECK(bench.queued() == 1);
  CHECK(
      bench.receiver.take("[" + test::sample_alert(3) + "," + test::sample_alert() + "]").status ==
      202);
  CHECK(bench.queued() == 3);
  CHECK(bench.receiver.counts().accepted == 3);
  CHECK(bench.receiver.counts().taken == 2);
}

TEST_CASE("filters and the rate cap come before the disk") {
  Bench bench(R"(,"min_level":7,"rate_cap":{"by":["rule.id"],"max":2,"per":"1h"})");
  CHECK(bench.receiver.take(test::sample_alert(3)).body == "{\"accepted\":0,\"filtered\":1}\n");
  CHECK(bench.queued() == 0);
  CHECK(bench.receiver.counts().filtered == 1);
}

TEST_CASE("receiver: an invalid body is not stored at all") {
  Bench bench;
  CHECK(bench.receiver.take("hello").status == 400);
  CHECK(
      bench.receiver.take(R"([{"title":"a"},{"rule":{},"socbridge":{"rate_cap":"c-1"}}])").status ==
      400);
  CHECK(bench.queued() == 0);
  CHECK(bench.receiver.counts().bad == 2);
}

TEST_CASE("a full spool is 503, logged once, and ends when there is room") {
  Bench bench(R"(,"spool_max_entries":1)");
  CHECK(bench.receiver.take(test::sample_alert()).status == 202);
  for (int i = 0; i < 3; ++i) CHECK(bench.receiver.take(test::sample_alert()).status == 503);
  CHECK_FALSE(bench.receiver.storing().ok());
  CHECK(bench.lines.size() == 1);
  CHECK(bench.queued() == 1);
  CHECK(bench.receiver.counts().failed == 3);
}

TEST_CASE("without settings it waits in the spool") {
  Bench bench(R"(,"no_such_key":1)");
  CHECK(bench.receiver.take(test::sample_alert()).status == 202);
  CHECK(bench.queued() == 1);
}

TEST_CASE("receiver: threads share it") {
  Bench bench;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&bench] {
      for (int j = 0; j < 10; ++j) static_cast<void>(bench.receiver.take(test::sample_alert()));
    });
  }
  for (std::thread& one : threads) one.join();
  CHECK(bench.queued() == 40);
}

}  // namespace
}  // namespace socbridge::receive
