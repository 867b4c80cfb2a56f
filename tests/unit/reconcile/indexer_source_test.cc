// SPDX-License-Identifier: Apache-2.0
#include "reconcile/indexer_source.h"

#include <catch2/catch.hpp>

#include <mutex>
#include <utility>

#include "base/time.h"
#include "support/raw_server.h"

namespace socbridge::reconcile {
namespace {

using http::test::answer;
using http::test::Peer;
using http::test::RawServer;

constexpr UnixMillis kTime = 1741938001000;

std::string hit(const std::string& name, const std::string& source, UnixMillis time = kTime) {
  return R"({"_index":"wazuh-alerts-4.x-2025.03.14","_id":")" + name + R"(","_source":)" + source +
         R"(,"sort":[)" + std::to_string(time) + "]}";
}

std::string alert(const std::string& id, const std::string& manager = "m") {
  return R"({"id":")" + id + R"(","manager":{"name":")" + manager + R"("},"rule":{"level":7}})";
}

// Answers each search with the same documents; a question for the newest with `newest`.
struct Cluster {
  std::string hits;
  UnixMillis newest = wall_now_ms();
  int shards = 1;
  std::vector<std::string> bodies = {};
  std::mutex mutex = {};
  RawServer server{[this](Peer& peer) { serve(peer); }, RawServer::Serving::at_once};

  void serve(Peer& peer) {
    for (;;) {
      const std::string request = peer.read_request();
      if (request.empty()) return;
      const std::lock_guard lock(mutex);
      bodies.push_back(request.substr(request.find("\r\n\r\n") + 4));
      peer.send(reply(request));
    }
  }
  std::string reply(const std::string& request) const {
    if (request.find("point_in_time") != std::string::npos) return answer("403 Forbidden", "{}");
    if (request.find("/_pit") != std::string::npos) return answer("400 Bad Request", "{}");
    const bool asks_newest = request.find(R"("order":"desc")") != std::string::npos;
    const std::string list =
        asks_newest ? hit("newest", "{}", newest)
                    : (request.find(R"("size":0)") == std::string::npos ? hits : std::string());
    return answer("200 OK", R"({"timed_out":false,"_shards":{"total":)" + std::to_string(shards) +
                                R"(,"successful":)" + std::to_string(shards) +
                                R"(,"failed":0},"hits":{"total":{"value":3},"hits":[)" + list +
                                "]}}");
  }
  IndexerOptions options() const {
    IndexerOptions out;
    out.connection.urls = {"http://" + server.host_port()};
    out.parts = {{"wazuh-alerts-4.x-*", opensearch::AlertForm::v4}};
    return out;
  }
};

std::vector<std::string> places(IndexerSource& source) {
  std::vector<std::string> out;
  SourceAlert read;
  for (;;) {
    const auto more = source.next(read);
    REQUIRE(more.ok());
    if (!*more) return out;
    out.push_back(read.place.substr(read.place.find('/') + 1));
  }
}

}  // namespace

TEST_CASE("an alert that was indexed twice is given once") {
  Cluster cluster;
  cluster.hits = hit("a", alert("1.1")) + "," + hit("b", alert("1.1")) + "," +
                 hit("c", alert("1.1", "another")) + "," + hit("d", alert("1.2"));
  const auto source = IndexerSource::open(cluster.options());
  REQUIRE(source.ok());
  CHECK(places(**source) == std::vector<std::string>{"a", "c", "d"});
  CHECK((*source)->description().ends_with(", 1 alert indexed twice"));
  CHECK((*source)->unread().failures.empty());
}

TEST_CASE("a position is the time of the latest alert, and reading begins an hour before") {
  Cluster cluster;
  cluster.hits = hit("a", alert("1.1")) + "," + hit("b", alert("1.2"), 9223372036854775807);
  auto source = IndexerSource::open(cluster.options());
  REQUIRE(source.ok());
  CHECK(places(**source).size() == 2);
  CHECK((*source)->position_after() == R"({"times":{"wazuh-alerts-4.x-*":1741938001000}})");

  const auto position = json::Document::parse((*source)->position_after());
  cluster.bodies.clear();
  source = IndexerSource::open(cluster.options(), position->root());
  REQUIRE(source.ok());
  CHECK(cluster.bodies.front().find(R"("gte":1741934401000)") != std::string::npos);
  CHECK((*source)->position_before() == R"({"times":{"wazuh-alerts-4.x-*":1741938001000}})");
}

TEST_CASE("a stale index proves nothing about later times") {
  Cluster cluster;
  cluster.newest = kTime;
  auto source = IndexerSource::open(cluster.options());
  REQUIRE(source.ok());
  REQUIRE((*source)->unread().failures.size() == 1);
  CHECK((*source)->unread().failures[0].find("2025-03-14T07:40:01.000Z") != std::string::npos);
  IndexerOptions before = cluster.options();
  before.query.until = kTime + 3600000;
  source = IndexerSource::open(before);
  REQUIRE(source.ok());
  CHECK((*source)->unread().failures.empty());
}

TEST_CASE("no index") {
  Cluster cluster;
  cluster.shards = 0;
  const auto source = IndexerSource::open(cluster.options());
  REQUIRE(source.ok());
  CHECK(places(**source).empty());
  REQUIRE((*source)->unread().failures.size() == 1);
  CHECK((*source)->unread().failures[0].starts_with("there is no index wazuh-alerts-4.x-*"));
}

TEST_CASE("indexer source: an interruption is not unreachable") {
  IndexerOptions options;
  options.connection.urls = {"http://127.0.0.1:" + std::to_string(http::test::closed_port())};
  options.parts = {{"a-*", opensearch::AlertForm::v4}};
  CHECK(IndexerSource::open(options).status().code() == ExitCode::unreachable);
  options.connection.stop = [] { return true; };
  CHECK(IndexerSource::open(options).status().code() == ExitCode::interrupted);
}

}  // namespace socbridge::reconcile
