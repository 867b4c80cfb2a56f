// SPDX-License-Identifier: Apache-2.0
// The counts of alerts, findings and statistics from one request.
#include <catch2/catch.hpp>

#include "base/text.h"
#include "json/value.h"
#include "opensearch/client.h"
#include "scripted.h"

namespace socbridge::opensearch {
using test::Scripted;

namespace {

using ByValue = std::vector<std::pair<std::string, std::uint64_t>>;

constexpr UnixMillis kNow = 1796055776173;
const std::string kDenied =
    R"({"error":{"type":"security_exception","reason":"no permissions"},"status":403})";
const std::string kNothing = R"({"hits":{"total":{"value":0},"hits":[]},"status":200})";

std::string newest(int total, std::int64_t time) {
  return R"({"hits":{"total":{"value":)" + std::to_string(total) + R"(},"hits":[{"sort":[)" +
         std::to_string(time) + R"(]}]},"status":200})";
}

std::string counted(const std::string& levels, const std::string& agents) {
  return R"({"hits":{"hits":[]},"aggregations":{"level":{"buckets":[)" + levels +
         R"(]},"agent":{"buckets":[)" + agents + R"(]}},"status":200})";
}

std::string bucket(const std::string& key, int count) {
  return R"({"key":)" + key + R"(,"doc_count":)" + std::to_string(count) + "}";
}

std::string statistics(std::initializer_list<std::int64_t> times) {
  std::string hits;
  for (const std::int64_t time : times) {
    hits += std::string(hits.empty() ? "" : ",") + R"({"_source":{"at":)" + std::to_string(time) +
            R"(},"sort":[)" + std::to_string(time) + "]}";
  }
  return R"({"hits":{"hits":[)" + hits + R"(]},"status":200})";
}

struct Fixture {
  explicit Fixture(const std::vector<std::string>& answers)
      : node({Scripted::fine(R"({"responses":[)" + joined(answers) + "]}")}) {}
  static std::string joined(const std::vector<std::string>& answers) {
    std::string out;
    for (const std::string& one : answers) out += (out.empty() ? "" : ",") + one;
    return out;
  }
  Result<Activity> ask() { return client.activity({}, kNow, Deadline::after_ms(5000)); }
  Scripted node;
  Client client{node.connection()};
};

}  // namespace

TEST_CASE("alerts, findings and statistics are queried at once") {
  Fixture soc({kNothing, kNothing, kNothing, kNothing, kNothing});
  REQUIRE(soc.ask().ok());
  const std::vector<std::string> requests = soc.node.requests();
  REQUIRE(requests.size() == 1);
  const std::string body = requests[0].substr(requests[0].find("\r\n\r\n") + 4);
  std::vector<std::string> patterns;
  for (const std::string_view line : split(body, '\n')) {
    if (line.empty()) continue;
    const auto parsed = json::Document::parse(line);
    REQUIRE(parsed.ok());
    const std::string pattern = parsed->root()["index"].text();
    if (!pattern.empty()) patterns.push_back(pattern);
  }
  CHECK(patterns == std::vector<std::string>{"wazuh-alerts-4.x-*", "wazuh-alerts-4.x-*",
                                             "wazuh-findings-v5-*", "wazuh-findings-v5-*",
                                             "wazuh-statistics-*"});
  CHECK(body.find(R"("field":"wazuh.rule.level")") != std::string::npos);
  CHECK(body.find(R"("field":"wazuh.agent.name")") != std::string::npos);
  CHECK(body.find(R"("gt":)" + std::to_string(kNow - 900000)) != std::string::npos);
}

TEST_CASE("client activity: findings count with alerts") {
  Fixture both({newest(12, kNow - 9000), counted(bucket("10", 2), bucket("\"a\"", 2)),
                newest(5, kNow - 4000),
                counted(bucket("\"high\"", 3), bucket("\"a\"", 1) + "," + bucket("\"b\"", 2)),
                kNothing});
  const auto got = both.ask();
  REQUIRE(got.ok());
  CHECK(got->documents == 17);
  CHECK(got->newest == kNow - 4000);
  CHECK(got->by_level == ByValue{{"10", 2}, {"high", 3}});
  CHECK(got->by_agent == ByValue{{"a", 3}, {"b", 2}});
  CHECK(got->statistics.empty());
}

TEST_CASE("client activity: Wazuh 5 alone has its numbers") {
  Fixture five({kNothing, kNothing, newest(5, kNow - 4000),
                counted(bucket("\"critical\"", 3), bucket("\"b\"", 3)), kNothing});
  const auto got = five.ask();
  REQUIRE(got.ok());
  CHECK(got->documents == 5);
  CHECK(got->newest == kNow - 4000);
  CHECK(got->by_level == ByValue{{"critical", 3}});
}

TEST_CASE("agents of both generations have one bound") {
  std::string first, second;
  for (int i = 0; i < 20; ++i) {
    const std::string comma = i == 0 ? "" : ",";
    first += comma + bucket("\"a" + std::to_string(i) + "\"", 100 + i);
    second += comma + bucket("\"b" + std::to_string(i) + "\"", 2);
  }
  first += "," + bucket("\"other\"", 5);
  Fixture many(
      {newest(1, kNow), counted("", first), newest(1, kNow), counted("", second), kNothing});
  const auto got = many.ask();
  REQUIRE(got.ok());
  REQUIRE(got->by_agent.size() == 26);
  CHECK(got->by_agent.front() == ByValue::value_type{"a19", 119});
  CHECK(got->by_agent.back() == ByValue::value_type{"other", 5 + 15 * 2});
}

TEST_CASE("an account that may read alerts only has their numbers") {
  Fixture partly({newest(12, kNow), counted(bucket("10", 2), ""), kDenied, kDenied, kDenied});
  const auto got = partly.ask();
  REQUIRE(got.ok());
  CHECK(got->documents == 12);
  CHECK(got->by_level == ByValue{{"10", 2}});
  Fixture none({kDenied, kDenied, newest(5, kNow), kNothing, kNothing});
  CHECK(none.ask().status().code() == ExitCode::auth);
}

TEST_CASE("findings do not pass for alerts that have no shard") {
  const std::string red = R"({"error":{"type":"x","reason":"all shards failed"},"status":503})";
  Fixture half({red, red, newest(5, kNow), counted(bucket("\"low\"", 3), ""), kNothing});
  const auto got = half.ask();
  REQUIRE(got.ok());
  CHECK_FALSE(got->documents);
  CHECK_FALSE(got->newest);
  CHECK(got->by_level == ByValue{{"low", 3}});
}

TEST_CASE("client activity: old statistics are not used") {
  Fixture aged({kNothing, kNothing, kNothing, kNothing,
                statistics({kNow + 300001, kNow + 300000, kNow - 899999, kNow - 900000, 0})});
  const auto got = aged.ask();
  REQUIRE(got.ok());
  const auto source = [](std::int64_t time) { return R"({"at":)" + std::to_string(time) + "}"; };
  CHECK(got->statistics == std::vector<std::string>{source(kNow + 300000), source(kNow - 899999)});
}

TEST_CASE("client activity: answers that are none") {
  for (const char* odd : {"7", "{}", R"({"hits":7})", R"({"hits":{"hits":{}}})"}) {
    CAPTURE(odd);
    Fixture wrong({odd, odd, odd, odd, odd});
    CHECK(wrong.ask().status().code() == ExitCode::refused);
  }
  const std::string odd = R"({"hits":{"hits":[7,{"sort":7},{"sort":["x"]},{"sort":[1e99]}]},
      "aggregations":{"level":{"buckets":[7,{"key":[1],"doc_count":-3}]},"agent":[]}})";
  Fixture hostile({odd, odd, odd, odd, odd});
  const auto got = hostile.ask();
  REQUIRE(got.ok());
  CHECK(got->documents == 0);
  CHECK_FALSE(got->newest);
  CHECK(got->statistics.empty());
}

}  // namespace socbridge::opensearch
