// SPDX-License-Identifier: Apache-2.0
#include "metrics/thehive_survey.h"

#include <catch2/catch.hpp>

#include "thehive_fixture.h"

namespace socbridge::metrics {

TEST_CASE("existing alerts are not events, a new one is one, once") {
  const std::string old =
      R"({"_id":"~1","_createdAt":1000000,"date":400000,"severity":2,"source":"edge","tags":["sshd"]})";
  const std::string fresh =
      R"({"_id":"~2","_createdAt":2000000,"date":1990000,"severity":3,"source":"dc","tags":["wazuh","rule:5710","T1110","sshd"]})";
  auto script = answers(old, "", "");
  const auto second = answers(old + "," + fresh, "", "");
  const auto third = answers(fresh, "", "");  // of the same moment as the cursor
  script.insert(script.end(), second.begin(), second.end());
  script.insert(script.end(), third.begin(), third.end());
  TheHiveFixture fixture(script);
  REQUIRE(fixture.poll().ok());
  CHECK(count_of(fixture.survey.events().new_alerts.counts(), "medium") == 0);
  REQUIRE(fixture.poll().ok());
  REQUIRE(fixture.poll().ok());
  const auto& events = fixture.survey.events();
  CHECK(count_of(events.new_alerts.counts(), "high") == 1);
  CHECK(count_of(events.new_alerts.counts(), "medium") == 0);
  CHECK(events.new_alerts_by_group.counts() == Counts{{"sshd", 1}});
  CHECK(events.arrival.count() == 1);
}

TEST_CASE("first looks and resolutions are counted when they happen") {
  const std::string alert = R"({"_id":"~1","_createdAt":1000,"_updatedAt":5000})";
  const std::string looked =
      R"({"_id":"~1","_createdAt":1000,"_updatedAt":61000,"inProgressDate":61000})";
  const std::string again =
      R"({"_id":"~1","_createdAt":1000,"_updatedAt":99000,"inProgressDate":61000,"closedDate":99000})";
  const std::string open = R"({"_id":"~9","_createdAt":1000,"_updatedAt":5000,"assignee":"a@b"})";
  const std::string closed =
      R"({"_id":"~9","_createdAt":1000,"_updatedAt":70000,"endDate":70000,"assignee":"a@b"})";
  auto script = answers("", alert, open);
  for (const auto& more : {answers("", looked, closed), answers("", again, closed)}) {
    script.insert(script.end(), more.begin(), more.end());
  }
  TheHiveFixture fixture(script);
  for (int i = 0; i < 3; ++i) REQUIRE(fixture.poll().ok());
  CHECK(fixture.survey.events().first_look.count() == 1);
  CHECK(fixture.survey.events().resolution.count() == 1);
}

TEST_CASE("into a TheHive that was empty") {
  auto script = answers("", "", "");
  const auto second =
      answers(R"({"_id":"~1","_createdAt":2000000,"date":1990000,"severity":3})",
              R"({"_id":"~1","_createdAt":2000000,"_updatedAt":2060000,"importedDate":2060000})",
              R"({"_id":"~9","_createdAt":1000,"_updatedAt":70000,"endDate":70000})");
  script.insert(script.end(), second.begin(), second.end());
  TheHiveFixture fixture(script);
  REQUIRE(fixture.poll().ok());
  REQUIRE(fixture.poll().ok());
  const auto& events = fixture.survey.events();
  CHECK(count_of(events.new_alerts.counts(), "high") == 1);
  CHECK(events.first_look.count() == 1);
  CHECK(events.resolution.count() == 1);
}

TEST_CASE("each poll has a limit, and after a few of them everything was queried") {
  const std::string alert = R"({"_id":"~1","_createdAt":1000,"source":"edge"})";
  const std::string item = R"({"_id":"~9","_updatedAt":5000,"assignee":"a@b"})";
  std::vector<std::string> script;
  for (int i = 0; i < 12; ++i) {
    const auto more = answers(alert, "", item);
    script.insert(script.end(), more.begin(), more.end());
  }
  TheHiveFixture fixture(script);
  int looks = 0;
  for (; looks < 12 && !fixture.survey.complete(); ++looks) {
    const auto before = fixture.server.requests().size();
    REQUIRE(fixture.poll().ok());
    CHECK(fixture.server.requests().size() - before <= TheHiveSurvey::kMostRequests);
  }
  CHECK(looks <= 10);  // 60 questions, six with each
  const TheHiveCounts counts = fixture.survey.counts();
  CHECK(counts.alerts_by_source == Counts{{"edge", 7}, {kOther, 7}});
  CHECK(counts.open_cases_by_owner == Counts{{"a@b", 7}, {kOther, 7}});
  CHECK(counts.open_alerts_by_age.size() == 5);
  CHECK(count_of(counts.observables_by_type, "mail-subject") == 7);
  CHECK(counts.ioc == 7);
}

TEST_CASE("what has a time days ahead is not an event, and what comes after it is one, once") {
  const std::string time = std::to_string(kAhead);
  const std::string old = R"({"_id":"~1","_createdAt":1000000,"severity":2})";
  const std::string fresh = R"({"_id":"~2","_createdAt":2000000,"severity":3})";
  const std::string ahead = R"({"_id":"~3","severity":1,"_createdAt":)" + time + "}";
  const std::string changed =
      R"({"_id":"~3","_createdAt":1000,"importedDate":60000,"_updatedAt":)" + time + "}";
  const std::string closed =
      R"({"_id":"~9","_createdAt":1000,"endDate":70000,"_updatedAt":)" + time + "}";
  auto script = answers(ahead + "," + old, "", "");
  for (int i = 0; i < 2; ++i) {
    const auto more = answers(fresh + "," + ahead, changed, closed);
    script.insert(script.end(), more.begin(), more.end());
  }
  TheHiveFixture fixture(script);
  for (int i = 0; i < 3; ++i) REQUIRE(fixture.poll().ok());
  const auto& events = fixture.survey.events();
  CHECK(count_of(events.new_alerts.counts(), "low") == 0);
  CHECK(count_of(events.new_alerts.counts(), "high") == 1);
  CHECK(events.first_look.count() == 0);
  CHECK(events.resolution.count() == 0);
  CHECK(saved_time(fixture.survey, "new_alerts") == 2000000);
}

TEST_CASE("old alerts behind a first page of future times are not events") {
  const std::string ahead =
      R"({"_id":"~3","severity":1,"_createdAt":)" + std::to_string(kAhead) + "}";
  std::string page = ahead;
  for (int i = 1; i < 200; ++i) page += "," + ahead;
  TheHiveFixture fixture(answers(page, "", ""));
  const std::int64_t before = wall_now_ms();
  REQUIRE(fixture.poll().ok());
  CHECK(saved_time(fixture.survey, "new_alerts") >= before);
  CHECK(saved_time(fixture.survey, "changed_alerts") == 1);
}

TEST_CASE("a TheHive that became another version is asked again") {
  TheHiveFixture fixture(answers("", "", ""));
  const auto saved = json::Document::parse(
      R"({"api":4,"questions":{"answers":{"cases_status Open":5,"cases_status Resolved":4,)"
      R"("cases_status Duplicated":3,"cases_status custom":0}}})");
  REQUIRE(saved.ok());
  fixture.survey.load(saved->root());
  CHECK(count_of(fixture.survey.counts().cases_by_status, "Open") == 5);
  REQUIRE(fixture.poll().ok());
  CHECK(fixture.survey.counts().cases_by_status.empty());
}

TEST_CASE("values beyond their bound are counted together") {
  ValueCounter counter(2);
  for (const char* value : {"a", "b", "c", "d", "a"}) counter.add(value);
  CHECK(counter.counts() == Counts{{"a", 2}, {"b", 1}, {kOther, 2}});
}

TEST_CASE("thehive survey: a histogram counts up to each bound") {
  Histogram histogram;
  for (const std::int64_t ms : {-5, 1000, 1001, 90000}) histogram.add(ms);
  PrometheusText out("x_");
  histogram.write(out, "seconds", "Help.");
  CHECK(out.text().find("x_seconds_bucket{le=\"1\"} 2\n") != std::string::npos);
  CHECK(out.text().find("x_seconds_bucket{le=\"60\"} 3\n") != std::string::npos);
  CHECK(out.text().find("x_seconds_sum 92.001\n") != std::string::npos);
  CHECK(out.text().find("x_seconds_count 4\n") != std::string::npos);
}

}  // namespace socbridge::metrics
