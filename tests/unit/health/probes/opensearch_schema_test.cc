// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "health/probes/opensearch.h"
#include "probed.h"

namespace socbridge::health {
namespace {

using socbridge::test::http_answer;
using Routes = socbridge::test::RouteServer::Routes;

constexpr const char* kFields =
    R"("timestamp":{"date":{}},"id":{"keyword":{}},"rule.id":{"keyword":{}},"rule.level":{"long":{}})";
const char* const kCaps = "GET /wazuh-alerts-4.x-*/_field_caps";
const char* const kIsm = "GET /_plugins/_ism/explain/wazuh-alerts-4.x-*";

Routes well() {
  return {
      {"GET /_template", {R"({"wazuh":{"index_patterns":["wazuh-alerts-4.x-*"]}})"}},
      {"GET /_index_template", {R"({"index_templates":[]})"}},
      {kCaps, {R"({"fields":{)" + std::string(kFields) + "}}"}},
      {"GET /_cat/indices/*dead-letter*", {"[]"}},
      {"GET /_nodes/stats",
       {R"({"nodes":{"a":{"indices":{"indexing":{"doc_status":{"2xx":999,"4xx":1}}},
            "jvm":{"uptime_in_millis":7200000}}}})"}},
      {kIsm, {R"({"wazuh-alerts-4.x-2025.03.14":
            {"index.plugins.index_state_management.policy_id":"p"},"total_managed_indices":1})"}},
  };
}

Series alerts() {
  return {"alerts index",
          "wazuh-alerts-4.x-*",
          "timestamp",
          "cure",
          {{"wazuh-alerts-4.x-2025.03.14", "green", 5, 1, 1}},
          true};
}

struct Schema : test::Probed {
  explicit Schema(Routes routes, std::vector<Series> series = {alerts()})
      : test::Probed(std::move(routes), {"opensearch", "OpenSearch"}) {
    ClusterView view;
    view.series = std::move(series);
    opensearch::Client client(probe.cluster());
    check_schema(probe, client, view);
  }
};

Schema with(const std::string& route, const std::string& answer) {
  Routes routes = well();
  routes[route] = {answer};
  return Schema(std::move(routes));
}

std::string forbidden() {
  return http_answer(403, R"({"error":{"reason":"no permissions"},"status":403})");
}

}  // namespace

TEST_CASE("opensearch schema: template, mappings, refused documents and retention are well") {
  Schema schema(well());
  CHECK(schema.said("template") == "ok: there is one for wazuh-alerts-4.x-2025.03.14");
  CHECK(schema.said("mappings") == "ok: each field has one type in all of wazuh-alerts-4.x-*");
  CHECK(schema.said("refused documents") == "ok: 1 of 1000 in 2 hours");
  CHECK(schema.said("retention") == "ok: a policy for each of 1 index");
}

TEST_CASE("opensearch schema: nothing is asked of a series without an index") {
  Series empty = alerts();
  empty.indices.clear();
  CHECK(Schema(well(), {empty}).server.requests().empty());
  CHECK(Schema(well(), {}).server.requests().empty());
}

TEST_CASE("opensearch schema: without a template the next index guesses its types") {
  Schema none = with("GET /_template", R"({"other":{"index_patterns":["logs-*"]}})");
  CHECK(none.said("template") ==
        "degraded missing: no index template fits wazuh-alerts-4.x-2025.03.14: the next index "
        "guesses the types of its fields");
  CHECK(none.next("template").find("Filebeat") != std::string::npos);
  Routes routes = well();
  routes["GET /_template"] = {"{}"};
  routes["GET /_index_template"] = {
      R"({"index_templates":[{"index_template":{"index_patterns":["wazuh-*"]}}]})"};
  CHECK(Schema(std::move(routes)).said("template").starts_with("ok: "));
  CHECK(with("GET /_template", forbidden()).said("template") ==
        "skipped: this account may not read it: OpenSearch: HTTP 403: no permissions");
  CHECK(with("GET /_template", http_answer(500, "{}")).said("template").starts_with("unknown "));
}

TEST_CASE("opensearch schema: fields that alerts are found by have their types") {
  CHECK(with(kCaps, R"({"fields":{"timestamp":{"text":{},"date":{"indices":["b"]}},
                        "rule.id":{"long":{}},"rule.level":{"long":{}}}})")
            .said("mappings") ==
        "degraded configuration: timestamp is text, not date; id is not mapped; rule.id is long, "
        "not keyword: searches by it fail or miss alerts");
  // Any of the types of whole numbers will do; "unmapped" is not a type.
  CHECK(with(kCaps, R"({"fields":{"timestamp":{"date_nanos":{}},"id":{"keyword":{},"unmapped":{}},
                        "rule.id":{"keyword":{}},"rule.level":{"short":{}}}})")
            .said("mappings")
            .starts_with("ok: "));
}

TEST_CASE("opensearch schema: a field of several types is named with the indices") {
  CHECK(with(kCaps, R"({"fields":{)" + std::string(kFields) +
                        R"(,"data.x":{"keyword":{"indices":["a","b"]},"long":{"indices":["c"]}},
                        "data.y":{"ip":{"indices":["a"]},"text":{"indices":["c"]}}}})")
            .said("mappings") ==
        "degraded reported_error: 2 fields have several types, so documents are refused or not "
        "found: data.x, data.y; data.x is keyword in a, long in c");
  CHECK(with(kCaps, http_answer(404, "{}"))
            .said("mappings")
            .starts_with("skipped: the cluster does not support it: "));
  CHECK(with(kCaps, "{}").said("mappings").starts_with("skipped: "));
}

TEST_CASE("opensearch schema: documents that were refused are counted, dead letters first") {
  Schema letters = with("GET /_cat/indices/*dead-letter*",
                        R"([{"index":"dead-letter-1","docs.count":"0"},
                            {"index":"dead-letter-2","docs.count":"7"}])");
  CHECK(letters.said("refused documents") ==
        "degraded reported_error: 7 documents in dead-letter-2, which Filebeat could not index as "
        "alerts");
  const auto counted_as = [](const std::string& two, const std::string& four) {
    return with("GET /_nodes/stats",
                R"({"nodes":{"a":{"indices":{"indexing":{"doc_status":{"2xx":)" + two +
                    R"(,"4xx":)" + four + R"(}}},"jvm":{"uptime_in_millis":7200000}}}})")
        .said("refused documents");
  };
  CHECK(counted_as("99", "1") == "ok: 1 of 100 in 2 hours");
  CHECK(counted_as("98", "1") == "degraded reported_error: 1 of 99 in 2 hours");  // 1.01 %
  CHECK(counted_as("0", "0") == "ok: 0 of 0 in 2 hours");
  CHECK(counted_as("-5", "-1") == "ok: 0 of 0 in 2 hours");
  CHECK(with("GET /_nodes/stats", R"({"nodes":{"a":{}}})").said("refused documents") ==
        "skipped: this version does not count them");
  CHECK(with("GET /_nodes/stats", forbidden())
            .said("refused documents")
            .starts_with("skipped: this account"));
}

TEST_CASE("opensearch schema: a share of refused documents for any numbers of the cluster") {
  const std::string most = "9223372036854775807";
  CHECK(with("GET /_nodes/stats",
             R"({"nodes":{"a":{"indices":{"indexing":{"doc_status":{"2xx":0,"4xx":)" + most +
                 R"(}}},"jvm":{"uptime_in_millis":7200000}}}})")
            .said("refused documents")
            .starts_with("degraded reported_error: " + most + " of " + most));
}

TEST_CASE("opensearch schema: indices without a policy are named") {
  CHECK(with(kIsm, R"({"wazuh-alerts-4.x-a":{"index.plugins.index_state_management.policy_id":null},
                       "wazuh-alerts-4.x-b":{},"total_managed_indices":0})")
            .said("retention") ==
        "degraded missing: no policy deletes 2 indices in time: wazuh-alerts-4.x-a, "
        "wazuh-alerts-4.x-b");
  Routes ilm = well();
  ilm[kIsm] = {http_answer(400, "{}")};
  ilm["GET /wazuh-alerts-4.x-*/_ilm/explain"] = {R"({"indices":{"a":{"managed":true}}})"};
  CHECK(Schema(ilm).said("retention") == "ok: a policy for each of 1 index");
  ilm["GET /wazuh-alerts-4.x-*/_ilm/explain"] = {http_answer(405, "{}")};
  CHECK(Schema(ilm).said("retention") == "skipped: the cluster has no index management");
  CHECK(with(kIsm, forbidden())
            .said("retention")
            .starts_with("skipped: this account may not read it"));
}

TEST_CASE("opensearch schema: findings of Wazuh 5 have fields and cures of their own") {
  Series findings{"findings index",
                  "wazuh-findings-v5-*",
                  "@timestamp",
                  "cure",
                  {{".ds-wazuh-findings-v5-000001", "green", 5, 1, 1}},
                  true};
  Routes routes = well();
  routes["GET /_template"] = {"{}"};
  routes["GET /_index_template"] = {
      R"({"index_templates":[{"index_template":{"index_patterns":["wazuh-findings-v5-*"]}}]})"};
  routes["GET /wazuh-findings-v5-*/_field_caps"] = {
      R"({"fields":{"@timestamp":{"date":{}},"wazuh.rule.id":{"keyword":{}}}})"};
  Schema five(routes, {findings});
  // The template of the data stream is that of its hidden indices.
  CHECK(five.said("template") == "ok: there is one for .ds-wazuh-findings-v5-000001");
  CHECK(five.said("mappings")
            .starts_with("degraded configuration: wazuh.rule.level is not mapped: "));
  routes["GET /_index_template"] = {"{}"};
  CHECK(Schema(routes, {findings}).next("template").find("Wazuh indexer") != std::string::npos);
}

}  // namespace socbridge::health
