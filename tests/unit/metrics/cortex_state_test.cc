// SPDX-License-Identifier: Apache-2.0
// What is kept of a Cortex from one process to the next.
#include <catch2/catch.hpp>

#include "cortex_fixture.h"

namespace socbridge::metrics {

TEST_CASE("another process goes on: what ended between the two is an event, once") {
  CortexFixture first;
  first.analyzers = R"({"id":"i","name":"A","rate":8,"rateUnit":"Day"})";
  first.jobs = job("A", "Success", kNow - 9000, kNow - 8000);
  REQUIRE(first.poll().ok());
  first.jobs = job("A", "Failure", kNow - 7000, kNow - 6000);
  REQUIRE(first.poll().ok());
  json::Writer saved;
  first.survey.save(saved);
  const auto document = json::Document::parse(saved.text());
  REQUIRE(document.ok());

  CortexFixture second;
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

TEST_CASE("of what was saved of a Cortex only what can be is taken") {
  for (const char* text :
       {"null", "7", R"({"turn":-5,"until":"x","counts":7,"ended":[7,null,{}],"duration":[1]})",
        R"({"counts":[{"status":"Success","answer":-1}],"duration":"x"})"}) {
    const auto document = json::Document::parse(text);
    REQUIRE(document.ok());
    CortexFixture fixture;
    fixture.survey.load(document->root());
    CHECK(fixture.survey.ended().duration.count() == 0);
    REQUIRE(fixture.poll().ok());
    CHECK(fixture.survey.jobs().size() == 4);
  }
}

TEST_CASE("a saved count of Cortex without an answer is asked for again") {
  for (const char* count : {R"({"status":"Waiting"})", R"({"status":"Waiting","answer":-1})",
                            R"({"status":"Waiting","answer":"7"})",
                            R"({"status":"Waiting","answer":18446744073709551615})"}) {
    const auto document = json::Document::parse(R"({"counts":[)" + std::string(count) +
                                                R"(,{"status":"Failure","answer":3}]})");
    REQUIRE(document.ok());
    CortexFixture fixture;
    fixture.survey.load(document->root());
    CHECK_FALSE(fixture.survey.complete());
    CHECK(fixture.survey.jobs().empty());
  }
}

TEST_CASE("a saved time days ahead hides no job of Cortex that ends") {
  const auto document = json::Document::parse(
      R"({"until":)" + std::to_string(wall_now_ms() + 2 * std::int64_t{86400000}) + "}");
  REQUIRE(document.ok());
  CortexFixture fixture;
  fixture.survey.load(document->root());
  REQUIRE(fixture.poll().ok());
  fixture.jobs = job("A", "Success", kNow - 5000, kNow - 2000);
  REQUIRE(fixture.poll().ok());
  CHECK(fixture.ended("A", "Success") == 1);
}

TEST_CASE("of what was saved of a Cortex no more is taken than has a bound") {
  std::string counts, ended;
  for (int i = 0; i < 5000; ++i) {
    const std::string n = std::to_string(i);
    counts += (i == 0 ? "" : ",") + (R"({"analyzer":"a)" + n) + R"(","answer":1})";
    ended += (i == 0 ? "" : ",") + (R"({"analyzer":"a)" + n) + R"(","status":"Success","count":1})";
  }
  const auto document =
      json::Document::parse(R"({"counts":[)" + counts + R"(],"ended":[)" + ended + "]}");
  REQUIRE(document.ok());
  CortexFixture fixture;
  fixture.survey.load(document->root());
  CHECK(fixture.survey.quotas().size() == 1000);
  CHECK(fixture.survey.ended().by_analyzer.size() == CortexSurvey::kMostAnalyzers + 1);
  REQUIRE(fixture.poll().ok());
  CHECK(fixture.survey.quotas().empty());  // there are no such analyzers any more
}

}  // namespace socbridge::metrics
