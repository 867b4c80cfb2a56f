// SPDX-License-Identifier: Apache-2.0
#include "metrics/cortex_survey.h"

#include <catch2/catch.hpp>
#include <functional>
#include <mutex>

#include "base/text.h"
#include "support/canned_server.h"
#include "support/raw_server.h"

namespace socbridge::metrics {
namespace {

constexpr UnixMillis kNow = 1741938001037;

std::string job(const std::string& analyzer, const char* status, std::int64_t start,
                std::int64_t end) {
  return R"({"id":"j","analyzerName":")" + analyzer + R"(","workerName":")" + analyzer +
         R"(","status":")" + status + R"(","startDate":)" + std::to_string(start) +
         R"(,"endDate":)" + std::to_string(end) + "}";
}

// A Cortex with these jobs and analyzers; each count is `total`.
struct Fixture {
  std::string jobs, analyzers;
  std::string total = "5";
  std::string fail_on;  // a request that contains this is answered with 500
  CortexSurvey survey;

  Status poll(UnixMillis now = kNow) {
    cortex::Client client(http, {"http://" + server.host_port(), Secret("k")});
    return survey.poll(client, Amount::everything, now, Deadline::after_ms(10000));
  }
  std::uint64_t ended(const std::string& analyzer, const std::string& status) const {
    for (const auto& one : survey.ended().by_analyzer) {
      if (one.analyzer == analyzer && one.status == status) return one.count;
    }
    return 0;
  }
  std::string answer(const std::string& request) const {
    if (!fail_on.empty() && request.find(fail_on) != std::string::npos) {
      return http::test::answer("500 Error", "{}", "Content-Type: application/json\r\n");
    }
    const bool lists = request.starts_with("GET ");
    const bool newest = request.find("\"query\":{}") != std::string::npos;
    const std::string body = "[" + (lists ? analyzers : newest ? jobs : "") + "]";
    return http::test::answer("200 OK", body,
                              "Content-Type: application/json\r\nX-Total: " + total + "\r\n");
  }

  http::Client http{http::ClientOptions{}};
  http::test::RawServer server{[this](http::test::Peer& peer) {
    for (std::string request; !(request = peer.read_request()).empty();) peer.send(answer(request));
  }};
};

}  // namespace

TEST_CASE("jobs are counted by status") {
  Fixture fixture;
  REQUIRE(fixture.poll().ok());
  CHECK(fixture.survey.jobs() ==
        Counts{{"Waiting", 5}, {"InProgress", 5}, {"Success", 5}, {"Failure", 5}});
}

TEST_CASE("jobs that ended before are not events; a job that ends is one, once") {
  Fixture fixture;
  const std::string old = job("A", "Success", kNow - 9000, kNow - 8000);
  const std::string fresh = job("A", "Failure", kNow - 5000, kNow - 2000);
  fixture.jobs = old;
  REQUIRE(fixture.poll().ok());
  CHECK(fixture.survey.ended().by_analyzer.empty());
  fixture.jobs = fresh + "," + old;
  REQUIRE(fixture.poll().ok());
  REQUIRE(fixture.poll().ok());
  CHECK(fixture.ended("A", "Failure") == 1);
  CHECK(fixture.ended("A", "Success") == 0);
  CHECK(fixture.survey.ended().duration.count() == 1);
}

TEST_CASE("into a Cortex that was empty the first job is an event") {
  Fixture fixture;
  REQUIRE(fixture.poll().ok());
  fixture.jobs = job("A", "Success", 0, kNow - 2000);
  REQUIRE(fixture.poll().ok());
  CHECK(fixture.ended("A", "Success") == 1);
  CHECK(fixture.survey.ended().duration.count() == 0);  // it never began
}

TEST_CASE("jobs without an end are not events") {
  Fixture fixture;
  REQUIRE(fixture.poll().ok());
  fixture.jobs = job("A", "InProgress", 1, kNow) + "," + job("A", "Waiting", 1, kNow) + "," +
                 job("A", "Success", 1, 0) + "," + job("A", "Success", 1, -5) + ",{},7,null";
  REQUIRE(fixture.poll().ok());
  CHECK(fixture.survey.ended().by_analyzer.empty());
}

TEST_CASE("an end that no clock can have hides no other job") {
  Fixture fixture;
  REQUIRE(fixture.poll().ok());
  fixture.jobs = job("A", "Success", 1, INT64_MAX) + "," + job("A", "Success", 1, kNow + 86400001);
  REQUIRE(fixture.poll().ok());
  CHECK(fixture.ended("A", "Success") == 0);
  fixture.jobs = job("A", "Success", kNow - 5, kNow - 1);
  REQUIRE(fixture.poll().ok());
  CHECK(fixture.ended("A", "Success") == 1);
}

TEST_CASE("beyond 60 series analyzers are counted together") {
  Fixture fixture;
  REQUIRE(fixture.poll().ok());
  for (int i = 0; i < 80; ++i) {
    fixture.jobs += (i == 0 ? "" : ",") + job("A" + std::to_string(i), "Success", 1, kNow - 1);
  }
  REQUIRE(fixture.poll().ok());
  CHECK(fixture.survey.ended().by_analyzer.size() == CortexSurvey::kMostAnalyzers + 1);
  CHECK(fixture.ended("A0", "Success") == 1);
  CHECK(fixture.ended("A79", "Success") == 0);
  CHECK(fixture.ended(kOther, "Success") == 20);
}

TEST_CASE("quotas show what is left, never below zero, for at most twelve analyzers") {
  Fixture fixture;
  for (int i = 0; i < 20; ++i) {
    fixture.analyzers +=
        (i == 0 ? "" : ",") + (R"({"id":"i","name":"A)" + std::to_string(i) + R"(","rate":)" +
                               std::to_string(i == 1   ? 0
                                              : i == 2 ? 3
                                                       : 8) +
                               R"(,"rateUnit":"Day"})");
  }
  REQUIRE(fixture.poll().ok());
  const auto quotas = fixture.survey.quotas();
  REQUIRE(quotas.size() == CortexSurvey::kMostLimited);
  CHECK(quotas[0].analyzer == "A0");
  CHECK(quotas[0].limit == 8);
  CHECK(quotas[0].left == 3);
  CHECK(quotas[1].analyzer == "A2");  // A1 has no limit
  CHECK(quotas[1].left == 0);
  fixture.total = "18446744073709551615";
  REQUIRE(fixture.poll().ok());
  CHECK(fixture.survey.quotas()[0].left == 0);
}

TEST_CASE("another process continues: a job that ended in between is an event, once") {
  Fixture first;
  first.analyzers = R"({"id":"i","name":"A","rate":8,"rateUnit":"Day"})";
  first.jobs = job("A", "Success", kNow - 9000, kNow - 8000);
  REQUIRE(first.poll().ok());
  first.jobs = job("A", "Failure", kNow - 7000, kNow - 6000);
  REQUIRE(first.poll().ok());
  json::Writer saved;
  first.survey.save(saved);
  const auto document = json::Document::parse(saved.text());
  REQUIRE(document.ok());

  Fixture second;
  second.survey.load(document->root());
  CHECK(second.survey.jobs() == first.survey.jobs());
  json::Writer again;
  second.survey.save(again);
  CHECK(again.text() == saved.text());
  second.analyzers = first.analyzers;
  second.jobs = job("A", "Success", kNow - 5000, kNow - 2000) + "," + first.jobs;
  REQUIRE(second.poll().ok());
  REQUIRE(second.poll().ok());
  CHECK(second.ended("A", "Failure") == 1);
  CHECK(second.ended("A", "Success") == 1);
  CHECK(second.survey.ended().duration.count() == 2);
  CHECK(second.survey.quotas().size() == 1);
}

TEST_CASE("invalid saved state of a Cortex is ignored") {
  for (const char* text :
       {"null", "7", R"({"turn":-5,"until":"x","counts":7,"ended":[7,null,{}],"duration":[1]})",
        R"({"counts":[{"status":"Success","answer":-1}],"duration":"x"})"}) {
    const auto document = json::Document::parse(text);
    REQUIRE(document.ok());
    Fixture fixture;
    fixture.survey.load(document->root());
    CHECK(fixture.survey.ended().duration.count() == 0);
    REQUIRE(fixture.poll().ok());
    CHECK(fixture.survey.jobs().size() == 4);
  }
}

TEST_CASE("an error ends the poll, and earlier numbers are kept") {
  Fixture fixture;
  fixture.analyzers = R"({"id":"i","name":"A","rate":8,"rateUnit":"Day"})";
  REQUIRE(fixture.poll().ok());
  fixture.total = "6";
  fixture.fail_on = "\"query\":{}";
  CHECK_FALSE(fixture.poll().ok());  // by the first request
  CHECK(fixture.survey.jobs()[0].second == 5);
  CHECK(fixture.survey.quotas().size() == 1);
  fixture.fail_on = "Failure";
  fixture.total = "9";
  CHECK_FALSE(fixture.poll().ok());
  CHECK(fixture.survey.jobs() ==
        Counts{{"Waiting", 9}, {"InProgress", 9}, {"Success", 9}, {"Failure", 5}});
}

}  // namespace socbridge::metrics
