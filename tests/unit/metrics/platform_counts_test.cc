// SPDX-License-Identifier: Apache-2.0
#include "metrics/platform_counts.h"

#include <catch2/catch.hpp>

#include "metrics/exporter.h"
#include "support/canned_server.h"

namespace socbridge::metrics {
namespace {

using test::http_answer;

profile::Endpoint at(const std::string& url) {
  profile::Endpoint out;
  out.url = url;
  out.key = Secret("k3y");
  return out;
}

const std::string kConnectors = http_answer(
    200, R"({"data":{"connectors":[{"id":"1","name":"b"},{"id":"2","name":"a","active":true}],)"
         R"("rabbitMQMetrics":{"consumers":"3","queues":[{"name":"push_2","messages":"7"}]}}})");

struct OpenCti {
  explicit OpenCti(std::vector<std::string> answers) : server(std::move(answers)) {}
  Result<OpenCtiCounts> count() {
    opencti::Client client(http, {server.url(), Secret("t")}, 0);
    return count_opencti(client, Deadline::after_ms(10000));
  }
  test::CannedServer server;
  http::Client http{http::ClientOptions{}};
};

struct OpenSearch {
  explicit OpenSearch(std::vector<std::string> answers) : server(std::move(answers)) {}
  Result<OpenSearchCounts> count() {
    opensearch::Client client(
        opensearch::Connection(http, {{server.url()}, "user", Secret("password")}));
    return count_opensearch(client, {}, Deadline::after_ms(10000));
  }
  test::CannedServer server;
  http::Client http{http::ClientOptions{}};
};

struct Wazuh {
  explicit Wazuh(std::vector<std::string> answers) : server(std::move(answers)) {}
  Result<WazuhCounts> count() {
    wazuh::ApiClient client(http, {wazuh::kApiErrors, server.url(), "user", Secret("password")});
    return count_wazuh(client, Deadline::after_ms(10000));
  }
  test::CannedServer server;
  http::Client http{http::ClientOptions{}};
};

const std::string kActivity = http_answer(200, R"({"responses":[
    {"hits":{"total":{"value":1},"hits":[]},"status":200},{"hits":{"hits":[]},"status":200}]})");

}  // namespace

TEST_CASE("connectors and indicators of OpenCTI, in two requests") {
  OpenCti w({kConnectors,
             http_answer(200, R"({"data":{"indicators":{"pageInfo":{"globalCount":42}}}})")});
  const auto counts = w.count();
  REQUIRE(counts.ok());
  CHECK(counts->indicators == 42);
  CHECK(counts->connectors.workers == 3);
  REQUIRE(counts->connectors.connectors.size() == 2);
  CHECK(counts->connectors.connectors[0].name == "a");
  CHECK(counts->connectors.connectors[0].queued == 7);
  CHECK(w.server.requests().size() == 2);
}

TEST_CASE("a number of indicators that cannot be is left out, the connectors stay") {
  for (const char* count : {"-1", "null", "\"42\"", "1.5", "{}"}) {
    OpenCti w(
        {kConnectors, http_answer(200, R"({"data":{"indicators":{"pageInfo":{"globalCount":)" +
                                           std::string(count) + "}}}}")});
    const auto counts = w.count();
    REQUIRE(counts.ok());
    CHECK_FALSE(counts->indicators);
    CHECK(counts->connectors.connectors.size() == 2);
  }
}

TEST_CASE("an OpenCTI that refuses one of the questions gives no counts") {
  const std::string refused =
      http_answer(200, R"({"errors":[{"message":"no","extensions":{"code":"FORBIDDEN_ACCESS"}}]})");
  OpenCti first({refused});
  CHECK(first.count().status().code() == ExitCode::auth);
  CHECK(first.server.requests().size() == 1);
  OpenCti second({kConnectors, refused});
  CHECK(second.count().status().code() == ExitCode::auth);
}

TEST_CASE("the limit of shards is that of all data nodes together, and unknown without either") {
  const std::string limit =
      http_answer(200, R"({"defaults":{"cluster.max_shards_per_node":"1000"}})");
  OpenSearch w({http_answer(200, R"({"status":"green","number_of_data_nodes":3,)"
                                 R"("active_shards":30,"unassigned_shards":2})"),
                limit, kActivity});
  const auto counts = w.count();
  REQUIRE(counts.ok());
  CHECK(counts->shard_limit == 3000);
  CHECK(counts->unassigned_shards == 2);
  CHECK(counts->open_shards == 32);
  CHECK(counts->alerts.documents == 1);
  CHECK(w.server.requests().size() == 3);
  OpenSearch no_nodes(
      {http_answer(200, R"({"status":"red","number_of_data_nodes":0})"), limit, kActivity});
  CHECK_FALSE(no_nodes.count()->shard_limit);
  OpenSearch no_limit({http_answer(200, R"({"status":"green","number_of_data_nodes":3})"),
                       http_answer(200, "{}"), kActivity});
  CHECK_FALSE(no_limit.count()->shard_limit);
}

TEST_CASE("an indexer or a Wazuh API that refuses the first question is asked no other") {
  OpenSearch indexer({http_answer(403, R"({"error":"no"})")});
  CHECK(indexer.count().status().code() == ExitCode::auth);
  CHECK(indexer.server.requests().size() == 1);
  Wazuh api({http_answer(401, R"({"title":"Unauthorized","detail":"Invalid credentials"})")});
  CHECK(api.count().status().code() == ExitCode::auth);
  CHECK(api.server.requests().size() == 1);
}

TEST_CASE("agents and load of a Wazuh manager, in three requests") {
  const std::string token = R"({"data":{"token":"t"}})";
  const auto counted = [&](const std::string& agents, int status, const std::string& stats) {
    const test::CannedServer server({test::http_answer(200, token), test::http_answer(200, agents),
                                     test::http_answer(status, stats)});
    Sources sources;
    sources.wazuh = at(server.url());
    sources.wazuh->user = "wazuh";
    const Snapshot got = Exporter(sources).collect(30000, Amount::part);
    CHECK(server.requests().size() == (got.wazuh ? kWazuhRequests : 2));
    return got.wazuh;
  };
  const auto whole = counted(
      R"({"data":{"connection":{"active":4,"disconnected":3,"never_connected":2,"pending":1}}})",
      200, R"({"data":{"affected_items":[{"name":"wazuh-analysisd","metrics":{
        "eps":{"events_dropped":5},
        "events":{"received":20,"processed":19,"received_breakdown":{"dropped_breakdown":{
          "agent":1,"modules_breakdown":{"syscheck":2,"logcollector_breakdown":{"others":3}}}}},
        "queues":{"alerts":{"usage":0.25},"odd":{"usage":"x"},"full":{"usage":7}}}},
       {"name":"wazuh-remoted","metrics":{"messages":{"received_breakdown":{"discarded":6}},
        "queues":{"received":{"size":200,"usage":100}}}}, 7]}})");
  REQUIRE(whole);
  CHECK(whole->agents.active == 4);
  CHECK(whole->agents.pending == 1);
  REQUIRE(whole->load);
  CHECK(whole->load->received == 20);
  CHECK(whole->load->processed == 19);
  CHECK(whole->load->dropped == 11);
  CHECK(whole->load->discarded == 6);
  CHECK(whole->load->queues == std::vector<std::pair<std::string, std::int64_t>>{
                                   {"alerts", 250}, {"full", 1000}, {"remoted", 500}});
  // Wazuh 4.3: the counts stand alone, and there is no such page.
  const auto old = counted(R"({"data":{"active":4,"disconnected":-3}})", 404, "{}");
  REQUIRE(old);
  CHECK(old->agents.active == 4);
  CHECK(old->agents.disconnected == 0);
  CHECK_FALSE(old->load);
  CHECK_FALSE(counted(R"({"data":[]})", 200, "{}"));
}

TEST_CASE("what an indexer answers to two searches at once") {
  const std::string health = R"({"status":"green","number_of_data_nodes":1})";
  const auto counted = [&](const std::string& answer) {
    const test::CannedServer server({test::http_answer(200, health), test::http_answer(200, "{}"),
                                     test::http_answer(200, answer)});
    Sources sources;
    sources.opensearch = at(server.url());
    return Exporter(sources).collect(30000, Amount::part);
  };
  const Snapshot whole = counted(R"({"responses":[
    {"hits":{"total":{"value":12},"hits":[{"sort":[1796055776173]}]},"status":200},
    {"hits":{"hits":[]},"aggregations":{
      "level":{"buckets":[{"key":3,"doc_count":5},{"key":10,"doc_count":2}]},
      "agent":{"sum_other_doc_count":4,"buckets":[{"key":"a","doc_count":1},
                                                  {"key":"other","doc_count":2}]}},"status":200}]})");
  REQUIRE(whole.opensearch);
  const opensearch::Activity& alerts = whole.opensearch->alerts;
  CHECK(alerts.documents == 12);
  CHECK(alerts.newest == 1796055776173);
  CHECK(alerts.by_level == Counts{{"3", 5}, {"10", 2}});
  CHECK(alerts.by_agent == Counts{{"a", 1}, {"other", 6}});
  // No shard has a place, and fields of a type by which nothing is counted.
  const std::string failed =
      R"({"error":{"type":"search_phase_execution_exception","reason":"all shards failed"},"status":)";
  const Snapshot red = counted(R"({"responses":[)" + failed + "503}," + failed + "400}]}");
  REQUIRE(red.opensearch);
  CHECK_FALSE(red.opensearch->alerts.documents);
  CHECK_FALSE(red.opensearch->alerts.newest);
  const Snapshot refused = counted(R"({"responses":[)" + failed + "403}," + failed + "403}]}");
  CHECK(refused.scrapes[0].status.code() == ExitCode::auth);
  CHECK_FALSE(counted("{}").opensearch);
}

}  // namespace socbridge::metrics
