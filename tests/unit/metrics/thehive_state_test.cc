// SPDX-License-Identifier: Apache-2.0
// What is kept of a TheHive from one process to the next.
#include <catch2/catch.hpp>

#include "thehive_fixture.h"

namespace socbridge::metrics {

TEST_CASE("another process goes on: what came between the two is an event, once") {
  const std::string old = R"({"_id":"~1","_createdAt":1000000,"severity":2,"source":"edge"})";
  const std::string fresh = R"({"_id":"~2","_createdAt":2000000,"severity":3,"tags":["sshd"]})";
  TheHiveFixture first(answers(old, "", ""));
  REQUIRE(first.poll().ok());
  json::Writer saved;
  first.survey.save(saved);
  const auto document = json::Document::parse(saved.text());
  REQUIRE(document.ok());

  auto script = answers(old + "," + fresh, "", "");
  const auto more = answers(fresh, "", "");
  script.insert(script.end(), more.begin(), more.end());
  TheHiveFixture second(script);
  second.survey.load(document->root());
  CHECK(second.survey.counts().alerts_by_severity == first.survey.counts().alerts_by_severity);
  REQUIRE(second.poll().ok());
  REQUIRE(second.poll().ok());
  const auto& events = second.survey.events();
  CHECK(count_of(events.new_alerts.counts(), "high") == 1);
  CHECK(count_of(events.new_alerts.counts(), "medium") == 0);
  CHECK(events.new_alerts_by_group.counts() == Counts{{"sshd", 1}});
}

TEST_CASE("a saved time days ahead is not gone on from") {
  const auto saved = json::Document::parse(R"({"api":5,"new_alerts":{"time":)" +
                                           std::to_string(kAhead) + R"(,"seen":["~3"]}})");
  REQUIRE(saved.ok());
  TheHiveFixture fixture(answers(R"({"_id":"~1","_createdAt":1000000,"severity":2})", "", ""));
  fixture.survey.load(saved->root());
  REQUIRE(fixture.poll().ok());
  CHECK(saved_time(fixture.survey, "new_alerts") == 1000000);
  CHECK(count_of(fixture.survey.events().new_alerts.counts(), "medium") == 0);
}

TEST_CASE("of what was saved of a TheHive only what can be is taken") {
  for (const char* text :
       {"null", "7", R"({"api":3,"new_alerts":{"time":5}})",
        R"({"api":5,"questions":7,"new_alerts":{"time":-1,"seen":7},"arrival":{},"groups":[1]})"}) {
    const auto document = json::Document::parse(text);
    REQUIRE(document.ok());
    const std::string old =
        R"({"_id":"~1","_createdAt":1000000,"date":400000,"severity":2,"source":"edge"})";
    TheHiveFixture fixture(answers(old, "", ""));
    fixture.survey.load(document->root());
    REQUIRE(fixture.poll().ok());
    CHECK(count_of(fixture.survey.events().new_alerts.counts(), "medium") == 0);
  }
}

TEST_CASE("what is saved of a TheHive is the same after it was loaded") {
  const std::string alert =
      R"({"_id":"~1","_createdAt":1000000,"date":400000,"severity":2,"tags":["sshd"]})";
  auto script = answers("", "", "");
  const auto more = answers(alert, "", "");
  script.insert(script.end(), more.begin(), more.end());
  TheHiveFixture first(script);
  REQUIRE(first.poll().ok());
  REQUIRE(first.poll().ok());
  json::Writer saved;
  first.survey.save(saved);
  const auto document = json::Document::parse(saved.text());
  REQUIRE(document.ok());
  CHECK(document->root()["new_alerts"]["seen"].at(0).string() == "~1");
  TheHiveSurvey second;
  second.load(document->root());
  json::Writer again;
  second.save(again);
  CHECK(again.text() == saved.text());
}

TEST_CASE("of the ids that were saved no more are taken than has a bound") {
  std::string seen;
  for (int i = 0; i < 20000; ++i) seen += (i == 0 ? "\"" : ",\"") + std::to_string(i) + '"';
  const auto document =
      json::Document::parse(R"({"api":5,"new_alerts":{"time":5,"seen":[)" + seen + "]}}");
  REQUIRE(document.ok());
  TheHiveSurvey survey;
  survey.load(document->root());
  json::Writer saved;
  survey.save(saved);
  const auto kept = json::Document::parse(saved.text());
  REQUIRE(kept.ok());
  CHECK(kept->root()["new_alerts"]["seen"].size() == 10000);
}

TEST_CASE("the state of an API that is not known is not gone on from") {
  for (const char* api : {"3", "6", "\"5\"", "null"}) {
    const auto document = json::Document::parse(
        std::string(R"({"api":)") + api + R"(,"new_alerts":{"time":5},"severities":{"high":7}})");
    REQUIRE(document.ok());
    TheHiveSurvey survey;
    survey.load(document->root());
    CHECK(saved_time(survey, "new_alerts") == 0);
    CHECK(survey.events().new_alerts.counts().empty());
  }
}

}  // namespace socbridge::metrics
