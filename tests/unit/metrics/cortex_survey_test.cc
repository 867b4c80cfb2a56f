// SPDX-License-Identifier: Apache-2.0
#include "metrics/cortex_survey.h"

#include <catch2/catch.hpp>

#include "cortex_fixture.h"

namespace socbridge::metrics {

TEST_CASE("cortex survey: jobs are counted by status") {
  CortexFixture fixture;
  REQUIRE(fixture.poll().ok());
  CHECK(fixture.survey.jobs() ==
        Counts{{"Waiting", 5}, {"InProgress", 5}, {"Success", 5}, {"Failure", 5}});
}

TEST_CASE("what had ended before is not an event; what ends is one, once") {
  CortexFixture fixture;
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
  CortexFixture fixture;
  REQUIRE(fixture.poll().ok());
  fixture.jobs = job("A", "Success", 0, kNow - 2000);
  REQUIRE(fixture.poll().ok());
  CHECK(fixture.ended("A", "Success") == 1);
  CHECK(fixture.survey.ended().duration.count() == 0);  // it never began
}

TEST_CASE("jobs that are not over, or without an end, are not events") {
  CortexFixture fixture;
  REQUIRE(fixture.poll().ok());
  fixture.jobs = job("A", "InProgress", 1, kNow) + "," + job("A", "Waiting", 1, kNow) + "," +
                 job("A", "Success", 1, 0) + "," + job("A", "Success", 1, -5) + ",{},7,null";
  REQUIRE(fixture.poll().ok());
  CHECK(fixture.survey.ended().by_analyzer.empty());
}

TEST_CASE("an end that no clock can have hides no other job") {
  CortexFixture fixture;
  REQUIRE(fixture.poll().ok());
  fixture.jobs = job("A", "Success", 1, INT64_MAX) + "," + job("A", "Success", 1, kNow + 86400001);
  REQUIRE(fixture.poll().ok());
  CHECK(fixture.ended("A", "Success") == 0);
  fixture.jobs = job("A", "Success", kNow - 5, kNow - 1);
  REQUIRE(fixture.poll().ok());
  CHECK(fixture.ended("A", "Success") == 1);
}

TEST_CASE("beyond 60 series analyzers are counted together") {
  CortexFixture fixture;
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

TEST_CASE("of limits what is left, never less than nothing, of twelve analyzers at most") {
  CortexFixture fixture;
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

TEST_CASE("an error ends the poll, and the counts read before stay") {
  CortexFixture fixture;
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
