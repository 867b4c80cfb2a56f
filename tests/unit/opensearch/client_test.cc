// SPDX-License-Identifier: Apache-2.0
#include "opensearch/client.h"

#include <catch2/catch.hpp>

#include "opensearch/search_page.h"
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

// An answer of HTTP 503 without any shard, as OpenSearch gives it.
std::string no_shard() {
  return Scripted::answer("503 Service Unavailable",
                          R"({"error":{"type":"search_phase_execution_exception",
                              "reason":"all shards failed"},"status":503})");
}

Newest newest_of(const std::string& answer, std::optional<UnixMillis> latest = {}) {
  Fixture node({Scripted::fine(answer)});
  const auto newest = node.client.newest("i-*", "timestamp", latest, soon());
  REQUIRE(newest.ok());
  return *newest;
}

}  // namespace

TEST_CASE("version and distribution of a cluster; Elasticsearch does not say the latter") {
  Fixture open({Scripted::fine(
      R"({"cluster_name":"soc","version":{"distribution":"opensearch","number":"2.19.6"}})")});
  const auto about = open.client.about(soon());
  REQUIRE(about.ok());
  CHECK(about->distribution == "opensearch");
  CHECK(about->version == "2.19.6");
  CHECK(about->cluster == "soc");
  CHECK(open.node.lines()[0] == "GET /");
  CHECK(open.client.first_ms() >= 0);
  Fixture elastic({Scripted::fine(R"({"version":{"number":"8.17.0"}})")});
  CHECK(elastic.client.about(soon())->distribution.empty());
  Fixture other({Scripted::fine(R"({"version":"2.0"})")});
  const Status status = other.client.about(soon()).status();
  CHECK(status.code() == ExitCode::refused);
  CHECK(status.line() ==
        "OpenSearch: the answer of / has no version; check that the URL is that of OpenSearch");
}

TEST_CASE("the health of a cluster counts all shards of open indices") {
  Fixture node({Scripted::fine(R"({"status":"yellow","number_of_nodes":3,"number_of_data_nodes":2,
      "active_shards":20,"initializing_shards":2,"unassigned_shards":5,"relocating_shards":1})")});
  const auto health = node.client.cluster_health(soon());
  REQUIRE(health.ok());
  CHECK(health->status == "yellow");
  CHECK(health->nodes == 3);
  CHECK(health->data_nodes == 2);
  CHECK(health->unassigned_shards == 5);
  CHECK(health->open_shards == 27);
  Fixture refused({Scripted::forbidden()});
  CHECK(refused.client.cluster_health(soon()).status().code() == ExitCode::auth);
}

TEST_CASE("disks of the nodes in bytes, without the row of unassigned shards") {
  Fixture node({Scripted::fine(R"([{"node":"n1","disk.total":"1000","disk.avail":"250"},
      {"node":"n2","disk.total":2000,"disk.avail":"x"},
      {"node":"UNASSIGNED","disk.total":null,"disk.avail":null},7])")});
  const auto disks = node.client.disks(soon());
  REQUIRE(disks.ok());
  REQUIRE(disks->size() == 2);
  CHECK((*disks)[0].node == "n1");
  CHECK((*disks)[0].used_percent() == Approx(75));
  CHECK((*disks)[1].total_bytes == 2000);
  CHECK((*disks)[1].used_percent() == Approx(100));
  CHECK(node.node.lines()[0] ==
        "GET /_cat/allocation?format=json&bytes=b&h=node,disk.total,disk.avail");
  Fixture proxy({Scripted::fine("{}")});
  CHECK(proxy.client.disks(soon()).status().message() ==
        "OpenSearch: the list of disks is not a JSON array");
}

TEST_CASE("open indices of a pattern, with all their shards; none is not an error") {
  Fixture node({Scripted::fine(
      R"([{"index":"wazuh-1","health":"green","docs.count":"12","pri":"3","rep":"1",
           "creation.date":"1741938001037"},{"index":"odd","health":null,"docs.count":null,
           "pri":"-1","creation.date":"99999999999999999"}])")});
  const auto indices = node.client.indices("wazuh-*", soon());
  REQUIRE(indices.ok());
  REQUIRE(indices->size() == 2);
  CHECK((*indices)[0].name == "wazuh-1");
  CHECK((*indices)[0].health == "green");
  CHECK((*indices)[0].documents == 12);
  CHECK((*indices)[0].shards == 6);
  CHECK((*indices)[0].created_ms == 1741938001037);
  CHECK((*indices)[1].health.empty());
  CHECK((*indices)[1].documents == 0);
  CHECK((*indices)[1].shards == 0);
  CHECK((*indices)[1].created_ms == 253402300799999);
  CHECK(node.node.lines()[0].starts_with("GET /_cat/indices/wazuh-*?format=json&"));
  CHECK(node.node.lines()[0].ends_with("&expand_wildcards=open"));
  Fixture none({Scripted::answer("404 Not Found", R"({"error":{"reason":"no such index"}})")});
  CHECK(none.client.indices("x", soon())->empty());
  Fixture proxy({Scripted::fine("{}")});
  CHECK(proxy.client.indices("x", soon()).status().code() == ExitCode::refused);
  Fixture refused({Scripted::forbidden()});
  CHECK(refused.client.indices("x", soon()).status().code() == ExitCode::auth);
}

TEST_CASE("a shard is as far as its furthest copy") {
  Fixture node({Scripted::fine(R"({"indices":{"a":{"uuid":"u1","shards":{
      "0":[{"seq_no":{"max_seq_no":7}},{"seq_no":{"max_seq_no":9}}],
      "1":[{"seq_no":{"max_seq_no":-1}}], "2":[]}},"b":{"uuid":"u2","shards":{"0":[{}]}}}})")});
  const auto shards = node.client.shards("wazuh-*", soon());
  REQUIRE(shards.ok());
  REQUIRE(shards->size() == 4);
  CHECK((*shards)[0].index == "a");
  CHECK((*shards)[0].uuid == "u1");
  CHECK((*shards)[0].number == 0);
  CHECK((*shards)[0].last_seq_no == 9);
  CHECK((*shards)[1].number == 1);
  CHECK((*shards)[1].last_seq_no == -1);
  CHECK((*shards)[2].last_seq_no == -1);
  CHECK((*shards)[3].index == "b");
}

TEST_CASE("an index that is closed or has no shard in place is known, others are not") {
  const auto has = [](const std::string& answer) {
    Fixture node({answer});
    const auto known = node.client.has_index("a/b", soon());
    CHECK(node.node.lines()[0] == "GET /a%2Fb/_stats/docs?filter_path=_shards,error");
    REQUIRE(known.ok());
    return *known;
  };
  CHECK(has(Scripted::fine(R"({"_shards":{"total":1,"successful":0}})")));
  CHECK(has(Scripted::answer("400 Bad", R"({"error":{"type":"index_closed_exception"}})")));
  CHECK(has(Scripted::forbidden()));
  CHECK_FALSE(
      has(Scripted::answer("404 Not Found", R"({"error":{"type":"index_not_found_exception"}})")));
  // A proxy's own page says nothing about the index.
  CHECK(has(Scripted::answer("404 Not Found", "<html>")));
  ConnectionOptions gone;
  gone.urls = {"http://127.0.0.1:" + std::to_string(http::test::closed_port())};
  http::Client http{http::ClientOptions{}};
  Client client(Connection(http, gone));
  CHECK(client.has_index("a", soon()).status().code() == ExitCode::unreachable);
}

TEST_CASE("the newest document is asked for by time, up to a moment") {
  Fixture node({Scripted::fine(R"({"hits":{"hits":[]},"_shards":{"total":2,"successful":2}})")});
  const auto empty = node.client.newest("wazuh-*", "timestamp", 1741938001037, soon());
  REQUIRE(empty.ok());
  CHECK_FALSE(empty->time);
  CHECK(empty->whole());
  const std::string request = node.node.requests()[0];
  const auto body = json::Document::parse(request.substr(request.find("\r\n\r\n") + 4));
  REQUIRE(body.ok());
  CHECK(body->root()["size"].integer() == 1);
  CHECK(body->root()["query"]["range"]["timestamp"]["lte"].integer() == 1741938001037);
  CHECK(
      request.starts_with("POST /wazuh-*/_search?ignore_unavailable=true&allow_no_indices=true "));
}

TEST_CASE("an answer of a part of the shards is not whole, and says why") {
  const std::string hit = R"("hits":{"hits":[{"sort":[1741938001037]}]})";
  CHECK(newest_of("{" + hit + R"(,"_shards":{"total":2,"successful":2,"failed":0}})").whole());
  CHECK(newest_of("{" + hit + "}").time == 1741938001037);
  const Newest failed = newest_of("{" + hit + R"(,"_shards":{"total":3,"successful":3,"failed":1,
      "failures":[{"reason":{"reason":"out of memory"}}]}})");
  CHECK_FALSE(failed.whole());
  CHECK(failed.answered == 2);
  CHECK(failed.failure == "out of memory");
  // A shard without a place is in neither number.
  CHECK_FALSE(
      newest_of("{" + hit + R"(,"_shards":{"total":3,"successful":2,"failed":0}})").whole());
  CHECK_FALSE(newest_of(R"({"timed_out":true,)" + hit + R"(,"_shards":{"total":1,"successful":1}})")
                  .whole());
  Fixture none({no_shard()});
  const auto nothing = none.client.newest("i", "timestamp", {}, soon());
  REQUIRE(nothing.ok());
  CHECK_FALSE(nothing->whole());
  CHECK(nothing->failure == "all shards failed");
  Fixture busy({Scripted::answer("503 Unavailable", R"({"error":{"type":"other"}})")});
  CHECK(busy.client.newest("i", "t", {}, soon()).status().code() == ExitCode::unreachable);
  Fixture odd({Scripted::fine(R"({"hits":{}})")});
  CHECK(odd.client.newest("i", "t", {}, soon()).status().code() == ExitCode::refused);
}

TEST_CASE("a query with a mistake is the caller's, and the answer is given as it came") {
  const std::string body = R"({"hits":{"hits":[{"_source":{"a":1.0}}]}})";
  Fixture fine({Scripted::fine(body)});
  CHECK(fine.client.latest("i", "timestamp", R"({"match_all":{}})", 7, soon()).value() == body);
  CHECK(fine.node.requests()[0].find(R"("size":7,)") != std::string::npos);
  CHECK(fine.node.requests()[0].ends_with(R"("query":{"match_all":{}}})"));
  Fixture wrong(
      {Scripted::answer("400 Bad", R"({"error":{"reason":"Failed to parse query [(]"}})")});
  const Status usage = wrong.client.latest("i", "timestamp", "{}", 1, soon()).status();
  CHECK(usage.code() == ExitCode::usage);
  CHECK_THAT(usage.line(), Catch::Contains("Failed to parse query [(]") &&
                               Catch::EndsWith("of query_string: rule.level:>=10"));
  Fixture refused({Scripted::forbidden()});
  CHECK(refused.client.latest("i", "t", "{}", 1, soon()).status().code() == ExitCode::auth);
}

TEST_CASE("numbers that no cluster has do not overflow") {
  Fixture health({Scripted::fine(R"({"status":"green","number_of_nodes":9223372036854775807,
    "active_shards":9223372036854775807,"initializing_shards":9223372036854775807,
    "unassigned_shards":-9223372036854775808,"number_of_data_nodes":18446744073709551616})")});
  const auto state = health.client.cluster_health(soon());
  REQUIRE(state.ok());
  CHECK(state->open_shards == std::int64_t{1} << 41);
  CHECK(state->unassigned_shards == 0);
  CHECK(state->data_nodes == 0);
  const auto newest = [](const char* shards, const char* time) {
    Fixture found({Scripted::fine(std::string(R"({"_shards":)") + shards +
                                  R"(,"hits":{"hits":[{"sort":[)" + time + "]}]}}")});
    return found.client.newest("i-*", "timestamp", {}, soon()).value();
  };
  const auto odd = newest(R"({"total":3,"failed":-9223372036854775808})", "-9223372036854775808");
  CHECK(odd.whole());
  CHECK(odd.time == -62135596800000);
  const auto late =
      newest(R"({"total":-1,"successful":9223372036854775807})", "9223372036854775807");
  CHECK(late.time == 253402300799999);
  const Shards shards =
      shards_of(R"({"_shards":{"total":-9223372036854775808,"failed":9223372036854775807}})");
  CHECK(shards.total == 0);
}

}  // namespace socbridge::opensearch
