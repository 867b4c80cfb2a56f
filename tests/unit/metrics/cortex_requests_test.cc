// SPDX-License-Identifier: Apache-2.0
#include "metrics/cortex_survey.h"

#include <catch2/catch.hpp>

#include "http/client.h"
#include "support/canned_server.h"

namespace socbridge::metrics {
namespace {

constexpr UnixMillis kNow = 1700000000000;

std::string job(const char* id, const char* status, UnixMillis created) {
  return std::string(R"({"id":")") + id +
         R"(","analyzerId":"a1","analyzerName":"VirusTotal","status":")" + status +
         R"(","createdAt":)" + std::to_string(created) + "}";
}

std::string page(const std::string& jobs, const std::string& total) {
  std::string answer = test::http_answer(200, "[" + jobs + "]");
  return answer.insert(answer.find("\r\n") + 2, "X-Total: " + total + "\r\n");
}

std::string total(const std::string& number) { return page("", number); }

// One with a limit.
const std::string kAnalyzers = test::http_answer(
    200, R"([{"id":"a1","name":"VirusTotal","rate":100,"rateUnit":"Day","dataTypeList":["ip"]}])");

struct Fixture {
  explicit Fixture(std::vector<std::string> script) : server(std::move(script)) {}
  Status poll(Amount amount) {
    cortex::Client client(http, cortex::Endpoint{server.url(), Secret("k")});
    return survey.poll(client, amount, kNow, Deadline::after_ms(30000));
  }
  test::CannedServer server;
  http::Client http{http::ClientOptions{}};
  CortexSurvey survey;
};

}  // namespace

TEST_CASE("few jobs: everything is counted without a further query") {
  const std::string jobs = job("1", "Success", kNow - 1000) + "," +
                           job("2", "Failure", kNow - 2000) + "," +
                           job("3", "Success", kNow - 90000000);
  Fixture fixture({page(jobs, "3"), kAnalyzers});
  const Status got = fixture.poll(Amount::part);
  CHECK(got.line().empty());
  CHECK(fixture.server.requests().size() == 2);
  CHECK(fixture.survey.complete());
  CHECK(fixture.survey.jobs() ==
        Counts{{"Waiting", 0}, {"InProgress", 0}, {"Success", 2}, {"Failure", 1}});
  REQUIRE(fixture.survey.quotas().size() == 1);
  CHECK(fixture.survey.quotas()[0].left == 98);  // of a day
}

TEST_CASE("many jobs: each poll queries a part, until all is known") {
  const std::string jobs = job("1", "Success", kNow - 1000);
  std::vector<std::string> script;
  const auto add = [&](const std::string& first, const std::string& second) {
    for (const auto& one : {page(jobs, "900"), kAnalyzers, total(first), total(second)}) {
      script.push_back(one);
    }
  };
  add("1", "2");    // Waiting, InProgress
  add("3", "4");    // Success, Failure
  add("40", "10");  // quota, and Waiting again
  Fixture fixture(script);
  REQUIRE(fixture.poll(Amount::part).ok());
  CHECK(fixture.survey.jobs().empty());
  REQUIRE(fixture.poll(Amount::part).ok());
  CHECK(fixture.server.requests().size() == 2 * CortexSurvey::kMostRequests);
  CHECK(fixture.survey.jobs() ==
        Counts{{"Waiting", 1}, {"InProgress", 2}, {"Success", 3}, {"Failure", 4}});
  CHECK_FALSE(fixture.survey.complete());
  CHECK(fixture.survey.quotas().empty());
  REQUIRE(fixture.poll(Amount::part).ok());
  CHECK(fixture.survey.complete());
  CHECK(fixture.survey.jobs() ==
        Counts{{"Waiting", 10}, {"InProgress", 2}, {"Success", 3}, {"Failure", 4}});
  CHECK(fixture.survey.quotas()[0].left == 60);
}

TEST_CASE("everything is queried at once if requested") {
  const std::string jobs = job("1", "Success", kNow - 1000);
  Fixture fixture(
      {page(jobs, "900"), kAnalyzers, total("1"), total("2"), total("3"), total("4"), total("5")});
  REQUIRE(fixture.poll(Amount::everything).ok());
  CHECK(fixture.survey.complete());
  CHECK(fixture.survey.quotas()[0].left == 95);
}

TEST_CASE("the newest jobs have all of a quota's time if they reach further back") {
  const std::string jobs =
      job("1", "Success", kNow - 1000) + "," + job("2", "Success", kNow - 90000000);
  Fixture fixture({page(jobs, "900"), kAnalyzers, total("1"), total("2")});
  REQUIRE(fixture.poll(Amount::part).ok());
  REQUIRE(fixture.survey.quotas().size() == 1);
  CHECK(fixture.survey.quotas()[0].left == 99);
}

}  // namespace socbridge::metrics
