// SPDX-License-Identifier: Apache-2.0
// Limits and blocks of a cluster.
#include "opensearch/client.h"

#include <catch2/catch.hpp>

#include "scripted.h"

namespace socbridge::opensearch {
using test::Scripted;

namespace {

Deadline soon() { return Deadline::after_ms(5000); }

struct Fixture {
  explicit Fixture(std::vector<std::string> answers) : node(std::move(answers)) {}
  Scripted node;
  Client client{node.connection()};
};

Limits limits_of(const std::string& answer) {
  Fixture node({Scripted::fine(answer)});
  const auto limits = node.client.limits(soon());
  REQUIRE(limits.ok());
  return *limits;
}

// Settings of one layer with this `disk` and number of shards.
std::string layer(const std::string& disk, const std::string& shards = "null") {
  return R"({"cluster":{"max_shards_per_node":)" + shards + R"(,"routing":{"allocation":{"disk":)" +
         disk + "}}}}";
}

}  // namespace

TEST_CASE("watermarks, whether disks are watched, and shards per node are read") {
  const Limits limits = limits_of(R"({"defaults":)" +
                                  layer(R"({"threshold_enabled":"true","watermark":
               {"low":"85%","high":"90%","flood_stage":"10gb"}})",
                                        "\"1000\"") +
                                  "}");
  REQUIRE(limits.low);
  CHECK(limits.low->used_percent == Approx(85));
  CHECK(limits.low->text == "85%");
  REQUIRE(limits.high);
  CHECK(limits.high->used_percent == Approx(90));
  REQUIRE(limits.flood_stage);
  CHECK(limits.flood_stage->free_bytes == std::uint64_t{10} << 30U);
  CHECK(limits.disk_watched);
  CHECK(limits.shards_per_node == 1000);
}

TEST_CASE("a transient setting goes before a persistent one, and that before the default") {
  const std::string low85 = R"({"watermark":{"low":"85%","high":"90%","flood_stage":"95%"}})";
  const Limits limits = limits_of(
      R"({"transient":)" + layer(R"({"watermark":{"low":"70%"}})") + R"(,"persistent":)" +
      layer(R"({"watermark":{"low":"80%","high":"81%"},"threshold_enabled":"false"})", "\"500\"") +
      R"(,"defaults":)" + layer(low85, "\"1000\"") + "}");
  CHECK(limits.low->used_percent == Approx(70));
  CHECK(limits.high->used_percent == Approx(81));
  CHECK(limits.flood_stage->used_percent == Approx(95));
  CHECK(limits.shards_per_node == 500);
  CHECK_FALSE(limits.disk_watched);
}

TEST_CASE("settings with flat names and with headroom are read") {
  const Limits limits = limits_of(R"({"persistent":{
      "cluster.routing.allocation.disk.watermark.high":"90%",
      "cluster.routing.allocation.disk.watermark.high.max_headroom":"150gb"},
    "defaults":{"cluster":{"routing":{"allocation":{"disk":{"watermark":{"low":"85%",
      "low.max_headroom":"200GB"}}}}}}})");
  REQUIRE(limits.high);
  CHECK(limits.high->headroom == std::uint64_t{150} << 30U);
  REQUIRE(limits.low);
  CHECK(limits.low->headroom == std::uint64_t{200} << 30U);
}

TEST_CASE("what a cluster does not say, or says in an unknown form, has no default") {
  for (const char* answer :
       {"{}", "[]", R"({"defaults":{"cluster":7}})",
        R"({"defaults":{"cluster":{"max_shards_per_node":"-1","routing":{"allocation":{"disk":
            {"watermark":{"low":"much","high":{},"flood_stage":["95%"]}}}}}}})"}) {
    CAPTURE(answer);
    const Limits limits = limits_of(answer);
    CHECK_FALSE(limits.low);
    CHECK_FALSE(limits.high);
    CHECK_FALSE(limits.flood_stage);
    CHECK_FALSE(limits.shards_per_node);
    CHECK(limits.disk_watched);
  }
  Fixture refused({Scripted::forbidden()});
  CHECK(refused.client.limits(soon()).status().code() == ExitCode::auth);
}

TEST_CASE("blocks of the cluster and of indices say what they refuse") {
  Fixture node({Scripted::fine(R"json({"blocks":{
    "global":{"10":{"description":"cluster create-index blocked (api)","levels":["create_index"]}},
    "indices":{
      "wazuh-1":{"12":{"description":"index read-only / allow delete (api)",
        "levels":["write","metadata_write"]}},
      "wazuh-2":{"4":{"description":"index closed","levels":["read","write"]},"99":{}}}}})json")});
  const auto blocks = node.client.blocks(soon());
  REQUIRE(blocks.ok());
  REQUIRE(blocks->cluster.size() == 1);
  const Block& create = blocks->cluster[0];
  CHECK(create.id == "10");
  CHECK(create.description == "cluster create-index blocked (api)");
  CHECK((create.creates && !create.reads && !create.writes));
  REQUIRE(blocks->indices.size() == 2);
  REQUIRE(blocks->indices.at("wazuh-1").size() == 1);
  const Block& full = blocks->indices.at("wazuh-1")[0];
  CHECK((full.writes && full.creates && !full.reads));
  REQUIRE(blocks->indices.at("wazuh-2").size() == 2);
  const Block& closed = blocks->indices.at("wazuh-2")[0];
  CHECK((closed.reads && closed.writes && !closed.creates));
  CHECK(blocks->indices.at("wazuh-2")[1].description == "block 99");
}

TEST_CASE("a cluster without blocks has none, and an answer that names none is not its") {
  Fixture none({Scripted::fine(R"({"cluster_name":"soc","blocks":{}})")});
  const auto blocks = none.client.blocks(soon());
  REQUIRE(blocks.ok());
  CHECK(blocks->cluster.empty());
  CHECK(blocks->indices.empty());
  for (const char* odd : {"{}", "[]", R"({"blocks":[]})", R"({"blocks":null})"}) {
    CAPTURE(odd);
    Fixture proxy({Scripted::fine(odd)});
    const Status status = proxy.client.blocks(soon()).status();
    CHECK(status.code() == ExitCode::refused);
    CHECK(status.message() == "OpenSearch: the answer has no blocks");
  }
  Fixture refused({Scripted::forbidden()});
  CHECK(refused.client.blocks(soon()).status().code() == ExitCode::auth);
}

}  // namespace socbridge::opensearch
