// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "health/probes/opensearch.h"
#include "probed.h"
#include "support/fake_clock.h"

namespace socbridge::health {
namespace {

using socbridge::test::http_answer;
using Routes = socbridge::test::RouteServer::Routes;

constexpr UnixMillis kMinute = 60000, kHour = 60 * kMinute;
constexpr UnixMillis kNow = FakeClock::kStart;  // 2025-03-14T06:40:01.037Z
const char* const kSearch = "POST /wazuh-alerts-4.x-*/_search";

opensearch::Index index_of(const std::string& name, UnixMillis created_ms = 1) {
  return {name, "green", 5, 1, created_ms};
}

Series alerts(std::vector<opensearch::Index> indices = {index_of("wazuh-alerts-4.x-2025.03.14")}) {
  return {"alerts index",   "wazuh-alerts-4.x-*", "timestamp",
          "check Filebeat", std::move(indices),   true};
}

// The answer of a search whose newest document is of this time.
std::string newest(UnixMillis at_ms, const std::string& shards = R"("total":1,"successful":1)") {
  return R"({"timed_out":false,"_shards":{)" + shards + R"(},"hits":{"hits":[{"sort":[)" +
         std::to_string(at_ms) + "]}]}}";
}

struct OpenSearch : test::Probed {
  explicit OpenSearch(Routes routes, Options given = test::nothing_here())
      : test::Probed(std::move(routes), {"opensearch", "OpenSearch"}, std::move(given)) {}
  std::string check(const Series& series, const ClusterView& view = {}) {
    opensearch::Client client(probe.cluster());
    check_series(probe, client, view, series);
    return said(series.check);
  }
  std::vector<std::string> find() {
    ClusterView view;
    opensearch::Client client(probe.cluster());
    find_series(probe, client, view);
    std::vector<std::string> out;
    for (const Series& one : view.series) {
      out.push_back(one.check + " " + std::to_string(one.indices.size()));
    }
    return out;
  }
};

std::string with_newest(const std::string& answer, const Series& series = alerts(),
                        const ClusterView& view = {}) {
  return OpenSearch(Routes{{kSearch, {answer}}}).check(series, view);
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("opensearch series: those of Wazuh 4, of Wazuh 5 and of both") {
  const char* const kFour = R"([{"index":"wazuh-alerts-4.x-1","docs.count":"1"}])";
  const char* const kFive = R"([{"index":"wazuh-findings-v5-1"},{"index":"wazuh-findings-v5-2"}])";
  Routes routes = {{"GET /_cat/indices/", {"[]"}}};
  CHECK(OpenSearch(routes).find() ==
        Names{"alerts index 0", "monitoring index 0", "statistics index 0"});
  routes["GET /_cat/indices/wazuh-findings-v5-*"] = {kFive};
  CHECK(OpenSearch(routes).find() == Names{"findings index 2"});
  routes["GET /_cat/indices/wazuh-alerts-4.x-*"] = {kFour};
  CHECK(OpenSearch(routes).find() ==
        Names{"alerts index 1", "findings index 2", "monitoring index 0", "statistics index 0"});
}

TEST_CASE("opensearch series: alerts that may not be listed are unknown, not missing") {
  OpenSearch search(
      Routes{{"GET /_cat/indices/", {"[]"}},
             {"GET /_cat/indices/wazuh-alerts", {http_answer(500, "{}")}},
             {"GET /_cat/indices/wazuh-findings", {R"([{"index":"wazuh-findings-v5-1"}])"}},
             {"GET /_cat/indices/wazuh-statistics", {"{}"}}});
  CHECK(search.find() ==
        Names{"alerts index 0", "findings index 1", "monitoring index 0", "statistics index 0"});
  CHECK(search.said("alerts index").starts_with("unknown unreachable: OpenSearch: HTTP 500"));
  CHECK(search.said("statistics index").starts_with("unknown refused: OpenSearch: the list of"));
}

TEST_CASE("opensearch series: the age of the newest document decides") {
  const FakeClock clock;
  CHECK(with_newest(newest(kNow - kHour)) == "ok: 1 index, newest document 60 minutes old");
  CHECK(with_newest(newest(kNow - 3 * kHour)) ==
        "degraded stale: 1 index, newest document 3 hours old");
  CHECK(with_newest(newest(kNow + 4 * kMinute)) == "ok: 1 index, newest document 0 ms old");
  CHECK(with_newest(R"({"_shards":{"total":1,"successful":1},"hits":{"hits":[]}})") ==
        "degraded missing: 1 index without a document");
  // What a cluster gives for a document without the field.
  CHECK(with_newest(newest(INT64_MIN)).starts_with("degraded stale: 1 index, newest document "));
}

TEST_CASE("opensearch series: a document of the future is said, and does not hide the last one") {
  const FakeClock clock;
  OpenSearch search(Routes{{kSearch, {newest(kNow + 3 * kHour), newest(kNow - 3 * kHour)}}});
  CHECK(search.check(alerts()) ==
        "degraded reported_error: its newest document is 3 hours in the future "
        "(2025-03-14T09:40:01.037Z); 1 index, newest document 3 hours old");
  const auto asked = search.server.requests(kSearch);
  REQUIRE(asked.size() == 2);
  CHECK(asked[1].find(R"("lte":)" + std::to_string(kNow + 5 * kMinute)) != std::string::npos);
  CHECK(with_newest(newest(INT64_MAX))
            .starts_with("degraded reported_error: its newest document is "));
}

TEST_CASE("opensearch series: no index, one that cannot be read, an answer in part") {
  const FakeClock clock;
  ClusterView view;
  OpenSearch none{Routes()};
  CHECK(none.check(alerts({})) == "degraded missing: there is no index wazuh-alerts-4.x-*");
  CHECK(none.next("alerts index") == "check Filebeat");
  view.no_new_index = "shards";
  OpenSearch full{Routes()};
  full.check(alerts({}), view);
  CHECK(full.next("alerts index") ==
        "the cluster itself refuses it: see first the check \"shards\"");

  view.blocks.emplace();
  view.blocks->indices["wazuh-alerts-4.x-2025.03.14"] = {
      {"8", "index write (api)", false, true, false},
      {"7", "index read (api)", true, false, false}};
  OpenSearch closed{Routes()};
  CHECK(
      closed.check(alerts(), view) ==
      "degraded reported_error: wazuh-alerts-4.x-2025.03.14 refuses to be read: index read (api)");
  CHECK(closed.server.requests().empty());

  CHECK(with_newest(newest(kNow, R"("total":3,"successful":2,"failed":1,
                             "failures":[{"reason":{"reason":"bad field"}}])")) ==
        "degraded reported_error: only 2 of 3 shards answered (bad field), so its newest document "
        "is not known");
  CHECK(with_newest(
            R"({"timed_out":true,"_shards":{"total":1,"successful":1},"hits":{"hits":[]}})") ==
        "degraded reported_error: the search timed out, so its newest document is not known");
  CHECK(with_newest(http_answer(503, R"({"error":{"type":"search_phase_execution_exception"}})")) ==
        "degraded reported_error: all of its shards failed, so its newest document is not known");
  CHECK(with_newest(http_answer(403, R"({"error":"no"})")) ==
        "unknown auth: OpenSearch: HTTP 403: no");
}

TEST_CASE("opensearch series: a daily one needs an index of today, but not right after midnight") {
  FakeClock clock;
  const Series old = alerts({index_of("wazuh-alerts-4.x-2025.03.13")});
  CHECK(with_newest(newest(kNow - kMinute), old) ==
        "degraded missing: 1 index, but none of today (2025.03.14)");
  ClusterView view;
  view.no_new_index = "writes";
  OpenSearch refusing(Routes{{kSearch, {newest(kNow - kMinute)}}});
  refusing.check(old, view);
  CHECK(refusing.next("alerts index").ends_with("first the check \"writes\""));
  clock.jump_ms(-6 * kHour);  // 00:40
  CHECK(with_newest(newest(kNow - 6 * kHour - kMinute), old).starts_with("ok: 1 index, newest"));
  Options never = test::nothing_here();
  never.thresholds.set_fresh(Threshold::kNever);
  clock.jump_ms(6 * kHour);
  OpenSearch unlimited(Routes{{kSearch, {newest(kNow - 300 * kHour)}}}, never);
  CHECK(unlimited.check(old).starts_with("ok: 1 index, newest"));
}

TEST_CASE("opensearch series: which index is written to now") {
  Series daily = alerts(
      {index_of("a-2025.03.13", 9), index_of("a-2025.03.14", 3), index_of("b-2025.03.14", 5)});
  CHECK(daily.is_daily());
  CHECK(daily.current(kNow)->name == "b-2025.03.14");
  CHECK(daily.youngest()->name == "a-2025.03.13");
  CHECK(daily.current(kNow + 24 * kHour) == nullptr);
  Series weekly = alerts({index_of("s-2025.11w", 2), index_of("s-2025.10w", 1)});
  CHECK_FALSE(weekly.is_daily());
  CHECK(weekly.current(kNow)->name == "s-2025.11w");
  for (const char* name : {"2025.3.14", "x-2025-03-14", "2025.03.1a", "", "x-2025.03.14-1"}) {
    CHECK_FALSE(alerts({index_of(name)}).is_daily());
  }
  CHECK(alerts({}).current(kNow) == nullptr);
  CHECK(utc_day(kNow) == "2025.03.14");
  // An index of two patterns is one index.
  ClusterView view;
  view.series = {daily, daily};
  CHECK(view.indices().size() == 3);
}

}  // namespace socbridge::health
