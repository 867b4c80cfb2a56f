// SPDX-License-Identifier: Apache-2.0
#include "health/probes/opensearch.h"

#include <catch2/catch.hpp>

#include "health/registry.h"
#include "probed.h"
#include "support/fake_clock.h"

namespace socbridge::health {
namespace {

using socbridge::test::http_answer;
using Routes = socbridge::test::RouteServer::Routes;

std::string about(const std::string& version, const std::string& distribution = "opensearch") {
  const std::string name =
      distribution.empty() ? "" : R"("distribution":")" + distribution + R"(",)";
  return R"({"cluster_name":"c","version":{)" + name + R"("number":")" + version + R"("}})";
}

Routes well() {
  return {
      {"GET / ", {about("2.19.1")}},
      {"GET /_cluster/health",
       {R"({"status":"green","number_of_nodes":1,"number_of_data_nodes":1,"unassigned_shards":0,
            "active_shards":12})"}},
      {"GET /_cluster/settings",
       {R"({"defaults":{"cluster":{"max_shards_per_node":"1000","routing":{"allocation":{"disk":
            {"watermark":{"low":"85%","high":"90%","flood_stage":"95%"}}}}}}})"}},
      {"GET /_cluster/state/blocks", {R"({"blocks":{}})"}},
      {"GET /_cat/allocation", {R"([{"node":"n","disk.total":"100","disk.avail":"90"}])"}},
      {"GET /_cat/indices/", {"[]"}},
      {"GET /_cat/indices/wazuh-alerts", {R"([{"index":"wazuh-alerts-4.x-2025.03.14","pri":"1",
                                             "rep":"0","creation.date":"1741910400000"}])"}},
      {"POST /wazuh-alerts",
       {R"({"_shards":{"total":1,"successful":1},"hits":{"hits":[{"sort":[)" +
        std::to_string(FakeClock::kStart) + "]}]}}"}},
  };
}

struct OpenSearch : test::Probed {
  explicit OpenSearch(Routes routes)
      : test::Probed(std::move(routes), {"opensearch", "OpenSearch"}) {
    probe_opensearch(probe);
  }
};

OpenSearch with(const std::string& route, const std::string& answer) {
  Routes routes = well();
  routes[route] = {answer};
  return OpenSearch(std::move(routes));
}

std::string cluster(const std::string& status) {
  return with("GET /_cluster/health",
              R"({"status":")" + status +
                  R"(","number_of_nodes":3,"number_of_data_nodes":2,"unassigned_shards":1})")
      .said("cluster");
}

}  // namespace

TEST_CASE("opensearch probe: a cluster that takes alerts") {
  const FakeClock clock;
  OpenSearch search(well());
  CHECK(search.probe.report().version == "2.19.1");
  CHECK(search.said("version").empty());
  CHECK(search.said("cluster") == "ok: green, 1 node, 0 unassigned shards");
  CHECK(search.said("disk").starts_with("ok: "));
  CHECK(search.said("writes").starts_with("ok: "));
  CHECK(search.said("shards").starts_with("ok: 12 of 1000 shards"));
  CHECK(search.said("alerts index") == "ok: 1 index, newest document 0 ms old");
  CHECK(search.said("monitoring index") ==
        "degraded missing: there is no index wazuh-monitoring-*");
  CHECK_FALSE(search.said("template").empty());
}

TEST_CASE("opensearch probe: yellow is degraded, all else than green is down") {
  CHECK(cluster("yellow") == "degraded reported_error: yellow, 3 nodes, 1 unassigned shard");
  CHECK(cluster("red") == "down reported_error: red, 3 nodes, 1 unassigned shard");
  CHECK(cluster("\\u001b").starts_with("down reported_error: \\u{1b}, 3 nodes"));
}

TEST_CASE("opensearch probe: versions before those that Wazuh uses") {
  const auto version = [](const std::string& answer) {
    return with("GET / ", answer).said("version");
  };
  CHECK(version(about("1.0.0")).empty());
  CHECK(version(about("0.9")) ==
        "degraded version: version 0.9 is older than the versions that Wazuh uses");
  CHECK(version(about("7.10.2", "")).empty());
  CHECK(version(about("6.8.0", "")).starts_with("degraded version: version 6.8.0"));
  CHECK(version(about("odd", "")).starts_with("degraded version: version odd"));
}

TEST_CASE("opensearch probe: without an answer of a cluster nothing else is asked") {
  for (const std::string& answer :
       {std::string("{}"), http_answer(200, "<html>"), http_answer(401, R"({"error":"no"})")}) {
    OpenSearch none = with("GET / ", answer);
    CHECK(none.probe.report().checks.size() == 1);
    CHECK(none.said("answer").starts_with("down "));
    CHECK(none.server.requests().size() == 1);
  }
}

TEST_CASE("opensearch probe: each check that needs an answer which is refused says so") {
  const FakeClock clock;
  const std::string forbidden = http_answer(403, R"({"error":"no permissions"})");
  constexpr const char* kUnknown = "unknown auth: OpenSearch: HTTP 403: no permissions";
  OpenSearch settings = with("GET /_cluster/settings", forbidden);
  CHECK(settings.said("disk") == kUnknown);
  CHECK(settings.said("shards") == kUnknown);
  CHECK(settings.said("writes").starts_with("ok: "));
  CHECK(with("GET /_cluster/state/blocks", forbidden).said("writes") == kUnknown);
  OpenSearch health = with("GET /_cluster/health", forbidden);
  CHECK(health.said("cluster") == kUnknown);
  CHECK(health.said("shards").empty());
  // Indices that are not listed are not called missing too.
  CHECK(with("GET /_cat/indices/wazuh-alerts", forbidden).said("alerts index") == kUnknown);
}

}  // namespace socbridge::health
