// SPDX-License-Identifier: Apache-2.0
#include "metrics/exporter.h"

#include <atomic>
#include <catch2/catch.hpp>

#include "metrics/write_metrics.h"
#include "support/canned_server.h"
#include "support/fake_clock.h"
#include "support/raw_server.h"

namespace socbridge::metrics {
namespace {

profile::Endpoint at(const std::string& url) {
  profile::Endpoint out;
  out.url = url;
  out.key = Secret("k3y");
  return out;
}

// A TheHive in which each count is 7 and lists are empty.
struct Hive {
  std::atomic<std::size_t> asked = 0;
  http::test::RawServer server{[this](http::test::Peer& peer) {
    for (std::string request; !(request = peer.read_request()).empty();) {
      ++asked;
      const bool version = request.starts_with("GET ");
      const bool counts = request.find("\"count\"") != std::string::npos;
      peer.send(http::test::answer("200 OK",
                                   version  ? R"({"version":"5.7.3-1"})"
                                   : counts ? "7"
                                            : "[]",
                                   "Content-Type: application/json\r\n"));
    }
  }};
};

}  // namespace

TEST_CASE("an answer that is not a number is not a count") {
  for (const char* answer : {"[]", "-1", "\"7\"", "{\"total\":7}"}) {
    CAPTURE(answer);
    const test::CannedServer server({test::http_answer(200, R"({"version":"5.7.3-1"})"),
                                     test::http_answer(200, "[]"), test::http_answer(200, "[]"),
                                     test::http_answer(200, "[]"), test::http_answer(200, answer)});
    Sources sources;
    sources.thehive = at(server.url());
    const Snapshot got = Exporter(sources).collect(30000, Amount::part);
    CHECK(got.scrapes[0].status.code() == ExitCode::refused);
    CHECK_FALSE(got.thehive);
    CHECK(server.requests().size() == 5);  // no further query
  }
}

TEST_CASE("TheHive is queried in parts, each with a limit") {
  const test::CannedServer server({test::http_answer(200, R"({"version":"5.7.3-1"})"),
                                   test::http_answer(200, "[]"), test::http_answer(200, "[]"),
                                   test::http_answer(200, "[]"), test::http_answer(200, "7")});
  Sources sources;
  sources.thehive = at(server.url());
  Exporter exporter(sources);
  const Snapshot got = exporter.collect(30000, Amount::part);
  REQUIRE(got.scrapes.size() == 1);
  CHECK(got.scrapes[0].status.line().empty());
  REQUIRE(got.thehive);
  CHECK_FALSE(exporter.complete());
  CHECK(got.thehive->counts.observables_by_type.empty());  // not yet
  CHECK(server.requests().size() == TheHiveSurvey::kMostRequests);
}

TEST_CASE("a complete state is refreshed in parts, in another process too") {
  Hive hive, other;
  Sources sources;
  sources.thehive = at("http://" + hive.server.host_port());
  Exporter first(sources);
  REQUIRE(first.collect(30000, Amount::everything).thehive);
  CHECK(first.complete());
  CHECK(hive.asked.exchange(0) > 50);
  CHECK(first.state().find(hive.server.host_port()) == std::string::npos);
  CHECK(first.state().find("k3y") == std::string::npos);

  Exporter second(sources);
  second.resume(first.state());
  const Snapshot got = second.collect(30000, Amount::everything);
  REQUIRE(got.thehive);
  CHECK(got.thehive->counts.observables_by_type.size() == 17);
  CHECK(hive.asked == TheHiveSurvey::kMostRequests);

  sources.thehive->url = "http://" + other.server.host_port();
  Exporter third(sources);
  third.resume(first.state());
  REQUIRE(third.collect(30000, Amount::everything).thehive);
  CHECK(other.asked > 50);  // it is another TheHive
}

TEST_CASE("exporter: an invalid state is skipped") {
  Hive hive;
  Sources sources;
  sources.thehive = at("http://" + hive.server.host_port());
  for (const char* wrong :
       {"", "x", "7", "{}", R"({"version":2})", R"({"version":1,"thehive":7})"}) {
    CAPTURE(wrong);
    Exporter exporter(sources);
    exporter.resume(wrong);
    hive.asked = 0;
    REQUIRE(exporter.collect(30000, Amount::everything).thehive);
    CHECK(hive.asked > 50);
  }
}

TEST_CASE("a product that fails in the middle has no numbers, and the others are asked") {
  const test::CannedServer broken({test::http_answer(200, R"({"version":"5.7.3-1"})"),
                                   test::http_answer(200, "[]"), test::http_answer(403, "{}")});
  Sources sources;
  sources.thehive = at(broken.url());
  sources.queue = [] { return queue::QueueStats(); };
  Exporter exporter(sources);
  const Snapshot got = exporter.collect(30000, Amount::part);
  REQUIRE(got.scrapes.size() == 2);
  CHECK_FALSE(got.scrapes[0].status.ok());
  CHECK_FALSE(got.thehive);
  CHECK(got.scrapes[1].product == "queue");
  CHECK(got.scrapes[1].status.ok());
  CHECK(got.queue);
  CHECK(exporter.complete());  // no hurry
}

TEST_CASE("unconfigured products are not mentioned") {
  const Snapshot got = Exporter({}).collect(1000, Amount::part);
  CHECK(got.scrapes.empty());
  CHECK_FALSE(Sources().any());
}

TEST_CASE("exporter: the load of each node once") {
  using Loads = std::vector<wazuh::NodeLoad>;
  using Names = std::vector<std::string>;
  const wazuh::EngineLoad load{1, 1, 1, 1, {}};
  const WazuhCounts api{{}, load, "10.0.0.5"}, old{{}, {}, "10.0.0.5"};
  const auto names = [](const std::optional<WazuhCounts>& of_api, Loads of_indexer) {
    Snapshot snapshot;
    snapshot.wazuh = of_api;
    if (of_api) snapshot.scrapes.push_back({"wazuh", {}, 1});
    snapshot.opensearch = OpenSearchCounts();
    snapshot.opensearch->loads = std::move(of_indexer);
    Names out;
    for (const auto& one : loads_of(snapshot)) out.push_back(one.node);
    return out;
  };
  const wazuh::NodeLoad alone{"default", false, load};
  CHECK(names({}, {}).empty());
  CHECK(names(api, {}) == Names{"10.0.0.5"});
  CHECK(names({}, {alone}) == Names{"default"});
  // One manager alone is the one whose API answers.
  CHECK(names(api, {alone}) == Names{"10.0.0.5"});
  // The API is that of one of them.
  CHECK(names(api, {alone, {"other", false, load}}) == Names{"default", "other"});
  CHECK(names(api, {{"node01", true, load}}) == Names{"node01"});
  // Before Wazuh 4.4 the API does not have it.
  CHECK(names(old, {alone}) == Names{"default"});
  // Not by turns: rates would have both for a while.
  Snapshot failed;
  failed.scrapes.push_back({"wazuh", Status::error(ExitCode::unreachable, "no answer"), 1});
  failed.opensearch = OpenSearchCounts();
  failed.opensearch->loads = {alone};
  CHECK(loads_of(failed).empty());
  failed.opensearch->loads = {{"node01", true, load}};
  CHECK(loads_of(failed).size() == 1);
}

TEST_CASE("the API's node is not counted beside itself while the indexer fails") {
  FakeClock clock;
  const auto statistics = [](const std::string& documents) {
    return test::http_answer(
        200,
        R"({"responses":[{"hits":{"hits":[]}},{},{},{},{"hits":{"hits":[)" + documents + "]}}]}");
  };
  const auto document = [](const std::string& name) {
    return R"({"sort":[)" + std::to_string(FakeClock::kStart) + R"(],"_source":{)" + name +
           R"(,"analysisd":{"events_received":1,"events_edps":1}}})";
  };
  const std::string health = test::http_answer(200, R"({"number_of_data_nodes":1})"),
                    limits = test::http_answer(200, "{}"), failed = test::http_answer(403, "{}"),
                    cluster = statistics(document(R"("nodeName":"node01","apiName":"default")")),
                    alone = statistics(document(R"("apiName":"default")"));
  std::vector<std::string> api;
  for (int look = 0; look < 10; ++look) {
    api.insert(api.end(), {test::http_answer(200, R"({"data":{"token":"t"}})"),
                           test::http_answer(200, R"({"data":{"active":1,"disconnected":0}})"),
                           test::http_answer(200, R"({"data":{"affected_items":[]}})")});
  }
  const test::CannedServer manager(api);
  Sources sources;
  sources.wazuh = at(manager.url());
  const auto shown = [](Exporter& exporter) {
    std::string out;
    for (const auto& one : loads_of(exporter.collect(30000, Amount::part))) out += one.node + " ";
    return out;
  };
  SECTION("that had a cluster") {
    const test::CannedServer indexer({health, limits, cluster, failed, failed, health, limits,
                                      statistics(""), failed, health, limits, cluster});
    sources.opensearch = at(indexer.url());
    Exporter exporter(sources);
    CHECK(shown(exporter) == "node01 ");
    CHECK(shown(exporter) == "");
    Exporter next(sources);
    next.resume(exporter.state());
    CHECK(next.state().find(indexer.url()) == std::string::npos);
    CHECK(shown(next) == "");
    CHECK(shown(next) == "");  // it answers, without statistics of the last 15 minutes
    clock.advance_ms(StatisticsLead::kHoldMs);
    CHECK(shown(next) == "127.0.0.1 ");  // no rate has both from now on
    clock.jump_ms(-StatisticsLead::kHoldMs);
    CHECK(shown(next) == "node01 ");
  }
  SECTION("that had one manager") {
    const test::CannedServer indexer({health, limits, alone, failed});
    sources.opensearch = at(indexer.url());
    Exporter exporter(sources);
    CHECK(shown(exporter) == "127.0.0.1 ");
    CHECK(shown(exporter) == "127.0.0.1 ");
  }
  SECTION("of which nothing is known yet") {
    const test::CannedServer indexer({failed, failed, health, limits, alone, failed});
    sources.opensearch = at(indexer.url());
    Exporter exporter(sources);
    CHECK(shown(exporter) == "");
    Exporter next(sources);
    next.resume(exporter.state());
    CHECK(shown(next) == "");
    CHECK(shown(next) == "127.0.0.1 ");
    CHECK(shown(next) == "127.0.0.1 ");
  }
  SECTION("that always fails") {
    const test::CannedServer indexer({failed});
    sources.opensearch = at(indexer.url());
    Exporter exporter(sources);
    CHECK(shown(exporter) == "");
    clock.advance_ms(StatisticsLead::kHoldMs);
    CHECK(shown(exporter) == "127.0.0.1 ");
  }
}

TEST_CASE("exporter: unknown values of a node are omitted") {
  Snapshot shown;
  OpenSearchCounts counts;
  counts.loads = {{"a", true, {7, {}, {}, {}, {{"remoted", 250}}}},
                  {"b\n\"", true, {{}, 8, {}, {}, {}}}};
  shown.opensearch = counts;
  const std::string text = write_metrics(shown, PrometheusText::Style::prometheus);
  CHECK(text.find("wazuh_events_received_total{node=\"a\"} 7\n") != std::string::npos);
  CHECK(text.find("wazuh_queue_usage_ratio{node=\"a\",queue=\"remoted\"} 0.250\n") !=
        std::string::npos);
  CHECK(text.find("events_processed_total{node=\"a\"}") == std::string::npos);
  CHECK(text.find("wazuh_events_dropped_total") == std::string::npos);
  CHECK(text.find("wazuh_agents") == std::string::npos);
}

TEST_CASE("connectors with the same name are distinguished") {
  Snapshot shown;
  OpenCtiCounts opencti;
  opencti::Connector one;
  one.name = "Import";
  for (const char* id : {"1", "2"}) {
    one.id = id;
    opencti.connectors.connectors.push_back(one);
  }
  shown.opencti = opencti;
  const std::string text = write_metrics(shown, PrometheusText::Style::prometheus);
  CHECK(text.find("connector_queue{connector=\"Import\"} 0\n") != std::string::npos);
  CHECK(text.find("connector_queue{connector=\"Import 2\"} 0\n") != std::string::npos);
}

}  // namespace socbridge::metrics
