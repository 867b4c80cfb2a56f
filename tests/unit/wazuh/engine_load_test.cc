// SPDX-License-Identifier: Apache-2.0
#include "wazuh/engine_load.h"

#include <catch2/catch.hpp>

namespace socbridge::wazuh {
namespace {

using Queues = std::vector<std::pair<std::string, std::int64_t>>;

// As the dashboard writes them for a node of a cluster; without a node, for a manager alone.
std::string document(const char* daemon, const std::string& state, const std::string& node,
                     const std::string& api = "default") {
  return std::string("{\"") + daemon + "\":" + state + R"(,"apiName":")" + api + "\"" +
         (node.empty() ? std::string() : R"(,"nodeName":")" + node + "\"") +
         R"(,"timestamp":"2026-01-31T08:00:00.000Z"})";
}

std::string analysisd(int received, const std::string& node, const std::string& api = "default") {
  return document("analysisd", R"({"events_received":)" + std::to_string(received) + "}", node,
                  api);
}

}  // namespace

TEST_CASE("a manager's statistics have the names of its API") {
  const auto nodes = read_statistics(
      {document("analysisd", R"({"events_received":20.0,"events_processed":19,"events_dropped":3,
         "alerts_queue_usage":0.25,"winevt_queue_usage":1.5,"event_queue_usage":0.0,
         "rule_matching_queue_usage":0.5,"sca_queue_usage":-1,"upgrade_queue_usage":"x",
         "alerts_queue_size":16384})",
                ""),
       document("remoted", R"({"queue_size":50,"total_queue_size":200,"discarded_count":6})", "")});
  REQUIRE(nodes.size() == 1);
  CHECK(nodes[0].node == "default");
  CHECK_FALSE(nodes[0].in_cluster);
  CHECK(nodes[0].load.received == 20);
  CHECK(nodes[0].load.processed == 19);
  CHECK(nodes[0].load.dropped == 3);
  CHECK(nodes[0].load.discarded == 6);
  CHECK(nodes[0].load.queues == Queues{{"alerts", 250},
                                       {"eventchannel", 1000},
                                       {"others", 0},
                                       {"processed", 500},
                                       {"remoted", 250}});
}

TEST_CASE("the first document of each node counts") {
  const auto nodes =
      read_statistics({analysisd(9, "worker"), analysisd(7, "master"), analysisd(8, "worker"),
                       document("remoted", R"({"discarded_count":1})", "worker"),
                       document("remoted", R"({"discarded_count":5})", "worker")});
  REQUIRE(nodes.size() == 2);
  CHECK(nodes[0].node == "master");
  CHECK(nodes[0].in_cluster);
  CHECK(nodes[0].load.received == 7);
  CHECK_FALSE(nodes[0].load.discarded);
  CHECK(nodes[1].node == "worker");
  CHECK(nodes[1].load.received == 9);
  CHECK(nodes[1].load.discarded == 1);
}

TEST_CASE("nodes with the same name are distinguished by their API") {
  const auto nodes =
      read_statistics({analysisd(1, "node01", "paris"), analysisd(2, "node01", "rome"),
                       analysisd(3, "other", "rome"), analysisd(4, "", "alone")});
  std::vector<std::string> names;
  for (const NodeLoad& one : nodes) names.push_back(one.node);
  CHECK(names == std::vector<std::string>{"alone", "paris/node01", "rome/node01", "other"});
}

TEST_CASE("counts of a few seconds are not counters") {
  const auto nodes = read_statistics(
      {document("analysisd", R"({"events_received":20,"events_processed":19,"events_dropped":3,
         "events_edps":4,"alerts_queue_usage":0.25})",
                "")});
  REQUIRE(nodes.size() == 1);
  CHECK_FALSE(nodes[0].load.received);
  CHECK_FALSE(nodes[0].load.processed);
  CHECK_FALSE(nodes[0].load.dropped);
  CHECK(nodes[0].load.queues == Queues{{"alerts", 250}});
}

TEST_CASE("data that is not statistics of a daemon is skipped") {
  CHECK(read_statistics({"", "7", "[]", "{}", R"({"nodeName":"n"})", R"({"analysisd":7})",
                         R"({"analysisd":[1],"remoted":null})"})
            .empty());
  const auto odd = read_statistics({R"({"analysisd":{"events_received":-5,"events_processed":"x",
      "events_dropped":1e300},"nodeName":7,"apiName":["a"]})",
                                    R"({"remoted":{"queue_size":7,"total_queue_size":0,
      "discarded_count":0.5}})"});
  REQUIRE(odd.size() == 1);
  CHECK(odd[0].node.empty());
  CHECK_FALSE(odd[0].load.received);
  CHECK_FALSE(odd[0].load.processed);
  CHECK_FALSE(odd[0].load.dropped);
  CHECK_FALSE(odd[0].load.discarded);
  CHECK(odd[0].load.queues.empty());
}

TEST_CASE("there is a bound for nodes and queues") {
  std::vector<std::string> many;
  for (int i = 0; i < 80; ++i) many.push_back(analysisd(i, "node" + std::to_string(100 + i)));
  many.push_back(document("remoted", R"({"discarded_count":5})", "node100"));
  const auto nodes = read_statistics(many);
  REQUIRE(nodes.size() == 50);
  CHECK(nodes.back().node == "node149");
  CHECK(nodes.front().load.discarded == 5);

  std::string queues;
  for (int i = 0; i < 40; ++i) {
    queues += (i == 0 ? "\"q" : ",\"q") + std::to_string(i) + R"(":{"usage":0.5})";
  }
  const auto items = json::Document::parse(R"([{"name":"wazuh-analysisd","metrics":{"queues":{)" +
                                           queues + "}}}]");
  CHECK(read_daemon_stats(items->root()).queues.size() == 30);
}

}  // namespace socbridge::wazuh
