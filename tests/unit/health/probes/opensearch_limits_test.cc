// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "health/probes/opensearch.h"
#include "probed.h"
#include "support/fake_clock.h"

namespace socbridge::health {
namespace {

using opensearch::Block;
using Routes = socbridge::test::RouteServer::Routes;

constexpr UnixMillis kDay = 86400000;
constexpr UnixMillis kNow = FakeClock::kStart;

struct OpenSearch : test::Probed {
  explicit OpenSearch(Routes routes = {})
      : test::Probed(std::move(routes), {"opensearch", "OpenSearch"}) {}
  std::string disk(const ClusterView& view) {
    opensearch::Client client(probe.cluster());
    check_disks(probe, client, view);
    return said("disk");
  }
};

// What is said of a disk of 100 GB of which so much is free.
std::string disk_with(const opensearch::Limits& limits, const std::string& free_gb,
                      const std::string& more = "") {
  ClusterView view;
  view.limits = limits;
  return OpenSearch(Routes{{"GET /_cat/allocation",
                            {R"([{"node":"n1","disk.total":"100000000000","disk.avail":")" +
                             free_gb + "00000000\"}" + more + "]"}}})
      .disk(view);
}

opensearch::Limits usual() {
  opensearch::Limits limits;
  limits.low = opensearch::parse_watermark("85%");
  limits.high = opensearch::parse_watermark("90%");
  limits.flood_stage = opensearch::parse_watermark("95%");
  limits.shards_per_node = 1000;
  return limits;
}

opensearch::Index index_of(const std::string& day, UnixMillis created, std::uint64_t shards = 1) {
  return {"wazuh-alerts-4.x-" + day, "green", 5, shards, created};
}

// A cluster of one node with an index of today.
ClusterView cluster(std::int64_t open_shards) {
  ClusterView view;
  view.limits = usual();
  view.health = opensearch::ClusterHealth{"green", 1, 1, 0, open_shards};
  view.blocks.emplace();
  view.series = {{"alerts index",
                  "wazuh-alerts-4.x-*",
                  "timestamp",
                  "check Filebeat",
                  {index_of("2025.03.14", kNow - kDay / 4)},
                  true}};
  return view;
}

std::string shards_said(ClusterView& view) {
  OpenSearch search;
  check_shards(search.probe, view);
  return search.said("shards");
}

std::string writes_said(ClusterView& view) {
  OpenSearch search;
  check_writes(search.probe, view);
  return search.said("writes");
}

}  // namespace

TEST_CASE("opensearch disk: each watermark has its state and its effect") {
  CHECK(disk_with(usual(), "200") == "ok: fullest node n1 at 80 %, 20.0 GB free");
  CHECK(disk_with(usual(), "145") ==
        "degraded reported_error: node n1 at 85 %, 14.5 GB free: over the low watermark (85%), no "
        "new replicas are allocated there");
  CHECK(disk_with(usual(), "90")
            .find("degraded reported_error: node n1 at 91 %, 9.0 GB free: over "
                  "the high watermark (90%)") == 0);
  CHECK(disk_with(usual(), "40")
            .find("down reported_error: node n1 at 96 %, 4.0 GB free: over the "
                  "flood stage (95%), its indices are made read-only") == 0);
}

TEST_CASE("opensearch disk: of several nodes the fullest is named") {
  const std::string other =
      R"(,{"node":"n2","disk.total":"1000000000","disk.avail":"30000000"},{"node":"UNASSIGNED"})";
  CHECK(disk_with(usual(), "200", other).find("node n2 at 97 %, 0.0 GB free: over the flood") !=
        std::string::npos);
}

TEST_CASE("opensearch disk: what is not watched or not known is said") {
  opensearch::Limits limits = usual();
  limits.disk_watched = false;
  CHECK(disk_with(limits, "20") ==
        "degraded reported_error: node n1 at 98 %, 2.0 GB free; the cluster does not watch it "
        "(threshold_enabled is false)");
  limits = usual();
  limits.high.reset();
  CHECK(disk_with(limits, "20").find("unknown missing: node n1 at 98 %") == 0);
  ClusterView view;
  view.limits = usual();
  CHECK(OpenSearch(Routes{{"GET /_cat/allocation", {"[]"}}}).disk(view) ==
        "unknown missing: no node reports its disk");
  CHECK(OpenSearch().disk(view).find("unknown refused: OpenSearch: HTTP 404") == 0);
  view.limits.reset();  // said already by who asked for them
  CHECK(OpenSearch(Routes{{"GET /_cat/allocation", {"[]"}}}).disk(view).empty());
}

TEST_CASE("opensearch writes: a block of the whole cluster is down, of new indices degraded") {
  const FakeClock clock;
  ClusterView view = cluster(10);
  CHECK(writes_said(view) == "ok: the current indices accept them");
  view.blocks->cluster = {{"10", "cluster create-index blocked (api)", false, false, true}};
  CHECK(writes_said(view) ==
        "degraded reported_error: no index can be created, so the next one of each series will be "
        "missing: cluster create-index blocked (api)");
  CHECK(view.no_new_index == "writes");
  CHECK(view.no_writes.empty());
  view.blocks->cluster = {{"6", "cluster read-only (api)", false, true, true}};
  CHECK(writes_said(view) ==
        "down reported_error: the cluster refuses all writes: cluster read-only (api)");
  CHECK(view.no_writes == "writes");
  view.blocks.reset();
  CHECK(writes_said(view).empty());
}

TEST_CASE("opensearch writes: only what is written to now must take documents") {
  const FakeClock clock;
  const Block write{"8", "index write (api)", false, true, false};
  const Block flood{"12", "read-only / allow delete (api)", false, true, false};
  const Block closed{"4", "index closed", true, true, false};
  ClusterView view = cluster(10);
  view.blocks->indices = {{"wazuh-alerts-4.x-2025.03.13", {write}},
                          {"wazuh-alerts-4.x-2025.03.14", {closed}}};
  CHECK(writes_said(view).starts_with("ok: "));
  CHECK(view.no_writes.empty());
  view.blocks->indices["wazuh-alerts-4.x-2025.03.14"] = {closed, write};
  CHECK(writes_said(view) ==
        "down reported_error: wazuh-alerts-4.x-2025.03.14: no writes, index write (api)");
  CHECK(view.no_writes == "writes");
  view = cluster(10);
  view.blocks->indices = {{"other-1", {flood}}, {"other-2", {flood}}};
  CHECK(writes_said(view) ==
        "degraded reported_error: 2 other indices are read-only since the flood stage: other-1, "
        "other-2");
  CHECK(view.no_writes.empty());
}

TEST_CASE("opensearch blocks: each has the request that lifts it") {
  const auto cure = [](const char* id, const std::string& index) {
    return cure_of(Block{id, "", false, true, false}, index);
  };
  CHECK(cure("8", "i") == "PUT i/_settings with index.blocks.write null");
  CHECK(cure("5", "i") == "PUT i/_settings with index.blocks.read_only null");
  CHECK(cure("7", "i") == "PUT i/_settings with index.blocks.read null");
  CHECK(cure("6", "") == "PUT _cluster/settings with cluster.blocks.read_only null");
  CHECK(cure("12", "i").ends_with(
      "else PUT i/_settings with index.blocks.read_only_allow_delete null"));
  CHECK(
      cure("10", "").ends_with("else PUT _cluster/settings with cluster.blocks.create_index null"));
  CHECK(cure("13", "").starts_with("free disk, then PUT _cluster/settings"));
  CHECK(cure("99", "i") == "check the log of the cluster manager node");
}

TEST_CASE("opensearch shards: when the limit is reached at the rate of the last week") {
  const FakeClock clock;
  ClusterView view = cluster(900);
  // 14 shards within seven days: 2 a day; the one before does not count.
  view.series[0].indices = {index_of("2025.03.14", kNow - kDay / 4, 10),
                            index_of("2025.03.08", kNow - 6 * kDay, 4),
                            index_of("2025.03.01", kNow - 13 * kDay, 90)};
  CHECK(shards_said(view) == "ok: 900 of 1000 shards, full in 50 days if nothing is deleted");
  view.health->open_shards = 980;
  CHECK(shards_said(view) ==
        "degraded reported_error: 980 of 1000 shards, full in 10 days if nothing is deleted");
  view.health->data_nodes = 3;
  CHECK(shards_said(view).starts_with("ok: 980 of 3000 shards, "));
  view.series.clear();
  CHECK(shards_said(view) == "ok: 980 of 3000 shards");
}

TEST_CASE("opensearch shards: no room for the next index is down if there is none of today") {
  const FakeClock clock;
  ClusterView view = cluster(998);
  view.series[0].indices = {index_of("2025.03.14", kNow - kDay / 4, 3)};
  CHECK(shards_said(view) ==
        "degraded reported_error: 998 of 1000 shards: no room for the next index of alerts, which "
        "needs 3");
  CHECK(view.no_new_index == "shards");
  view.series[0].indices = {index_of("2025.03.13", kNow - kDay, 3)};
  CHECK(shards_said(view).starts_with("down reported_error: 998 of 1000 shards: no room"));
  view.health->open_shards = 1005;  // more than allowed, after the limit was lowered
  CHECK(shards_said(view).starts_with("down reported_error: 1005 of 1000 shards: no room"));
}

TEST_CASE("opensearch shards: a limit that is not known is unknown") {
  const FakeClock clock;
  ClusterView view = cluster(10);
  view.limits->shards_per_node.reset();
  CHECK(shards_said(view) == "unknown missing: the limit of shards is not known");
  view = cluster(10);
  view.health->data_nodes = 0;
  CHECK(shards_said(view) == "unknown missing: the limit of shards is not known");
  view.health.reset();
  CHECK(shards_said(view).empty());
}

}  // namespace socbridge::health
