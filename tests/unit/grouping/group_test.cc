// SPDX-License-Identifier: Apache-2.0
#include "grouping/group.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "grouping/alert_updates.h"
#include "grouping/rate_cap.h"
#include "json/writer.h"
#include "mapping/mapping.h"
#include "support/spool_fixture.h"

using namespace socbridge;
using namespace socbridge::grouping;
using namespace socbridge::test;
using namespace socbridge::integration;

namespace {

wazuh::Alert alert(int number, const std::string& more = {}) {
  auto parsed = wazuh::Alert::parse(
      R"({"timestamp":"2025-03-14T07:40:01.037+0000","rule":{"level":10,"description":"d","id":"5763"},)"
      R"("agent":{"id":"003","name":"web-01"},"manager":{"name":"m"},"id":"1741938001.)" +
      std::to_string(number) + R"(","data":{"srcip":"203.0.113.9")" + more + "}}");
  REQUIRE(parsed.ok());
  return std::move(*parsed);
}

Settings grouped() {
  Settings settings;
  settings.mapping.grouping.by = {"rule.id", "data.srcip"};
  return settings;
}

thehive::Alert mapped(const wazuh::Alert& one, const Settings& settings) {
  return mapping::map(one, settings.mapping, 0).alert;
}

json::Document there(const std::string& description, const std::string& more = {}) {
  auto document = json::Document::parse(R"({"_id":"~1","severity":2,"description":)" +
                                        json::quote(description) + more + "}");
  REQUIRE(document.ok());
  return std::move(*document);
}

}  // namespace

TEST_CASE("the line is read and replaced, the last one counts") {
  const std::string line = "**Seen again:** 3 times, last X. Alerts: a, b";
  CHECK(read_seen_line("text\n\n" + line).seen == 3);
  CHECK(read_seen_line("text\n\n" + line).refs == std::vector<std::string>{"a", "b"});
  CHECK(read_seen_line("text").seen == 0);
  CHECK(read_seen_line("in a **Seen again:** 9 times text").seen == 0);
  CHECK(with_seen_line("text", "L") == "text\n\nL");
  CHECK(with_seen_line("text\n\n" + line, "**Seen again:** 4 times") ==
        "text\n\n**Seen again:** 4 times");
  CHECK(with_seen_line("t\n" + line + "\nan analyst's note", "L") == "t\nL\nan analyst's note");
  CHECK(with_seen_line("**Seen again:** 9 times\n" + line, "L") == "**Seen again:** 9 times\nL");
}

TEST_CASE("without group_by, or without one of its fields, an alert is separate") {
  const TempDir dir;
  Settings settings = grouped();
  CHECK(find_group(Env::real(), dir.path(), settings, alert(1)));
  settings.mapping.grouping.by = {"data.dstip"};
  CHECK_FALSE(find_group(Env::real(), dir.path(), settings, alert(1)));
  CHECK(group_ref(settings.mapping, alert(1)).empty());
  CHECK_FALSE(find_group(Env::real(), dir.path(), Settings{}, alert(1)));
}

TEST_CASE("a member adds new observables, and none twice") {
  const TempDir dir;
  const Settings settings = grouped();
  const auto first = alert(1, R"(,"url":"http://e.example/1")");
  auto group = find_group(Env::real(), dir.path(), settings, first);
  const thehive::Alert opened = group->opening(mapped(first, settings));
  CHECK(opened.source_ref == group_ref(settings.mapping, first));
  CHECK(read_seen_line(opened.description).seen == 0);
  CHECK(group->settled());

  const auto second = alert(2, R"(,"url":"http://e.example/2")");
  auto next = find_group(Env::real(), dir.path(), settings, second);
  next->opening(mapped(second, settings));
  auto steps = next->update(there(opened.description).root(), thehive::ApiVersion::v5);
  REQUIRE(steps.size() == 2);
  CHECK(steps[0].path == "/api/v1/alert/~1/observable");
  CHECK(steps[0].body.find("http://e.example/2") != std::string::npos);
  CHECK(steps[0].body.find("203.0.113.9") == std::string::npos);
  CHECK(steps[1].method == "PATCH");
  CHECK(steps[1].body.find("**Seen again:** 1 time,") != std::string::npos);
  // It was not settled: the next try offers the same.
  auto again = find_group(Env::real(), dir.path(), settings, second);
  again->opening(mapped(second, settings));
  steps = again->update(there(opened.description).root(), thehive::ApiVersion::v5);
  CHECK(steps.size() == 2);
  CHECK(steps[1].body.find("**Seen again:** 1 time,") != std::string::npos);
  CHECK(again->settled());
  auto known = find_group(Env::real(), dir.path(), settings, second);
  known->opening(mapped(second, settings));
  CHECK(known->update(there(opened.description).root(), thehive::ApiVersion::v5).size() == 1);
}

TEST_CASE("a promoted alert's case gets the observables too, version 4 has artifacts") {
  const thehive::Observable ip{"ip", "203.0.113.9", "m", {"t"}};
  thehive::Observable same = ip;
  same.data = "203.0.113.10";
  const auto both = observable_requests("~1", "~7", {ip, same}, thehive::ApiVersion::v5);
  REQUIRE(both.size() == 2);
  CHECK(both[0].path == "/api/v1/alert/~1/observable");
  CHECK(both[1].path == "/api/v1/case/~7/observable");
  CHECK(both[0].body.find(R"("data":["203.0.113.9","203.0.113.10"])") != std::string::npos);
  CHECK(both[0].fallback.find(R"("dataType":"other")") != std::string::npos);
  CHECK(both[0].fallback.find("type:ip") != std::string::npos);
  const auto old = observable_requests("~1", "", {ip}, thehive::ApiVersion::v4);
  REQUIRE(old.size() == 1);
  CHECK(old[0].path == "/api/v1/alert/~1/artifact");
}

TEST_CASE("group: severity only rises") {
  const TempDir dir;
  const Settings settings = grouped();
  const auto one = alert(1);
  auto group = find_group(Env::real(), dir.path(), settings, one);
  thehive::Alert low = mapped(one, settings);
  low.severity = 1;
  group->opening(low);
  CHECK(group->update(there("x").root(), thehive::ApiVersion::v5).back().body.find("severity") ==
        std::string::npos);
  low.severity = 4;
  group->opening(low);
  CHECK(group->update(there("x").root(), thehive::ApiVersion::v5)
            .back()
            .body.find(R"("severity":4)") != std::string::npos);
}

TEST_CASE("the cap lets the first ones through and counts the rest once") {
  const TempDir dir;
  auto spool = spool::Spool::open(Env::real(), dir.path() + "/spool");
  REQUIRE(spool.ok());
  Settings settings;
  settings.mapping.rate_cap = {{"rule.id", "agent.id"}, 2, 600000};
  settings.mapping.promote = true;
  settings.mapping.promote_by = {"rule.id"};
  std::vector<bool> over;
  for (const int number : {1, 2, 3, 4, 3, 1}) {
    const auto result = over_cap(Env::real(), *spool, settings, alert(number), {});
    REQUIRE(result.ok());
    over.push_back(*result);
  }
  CHECK(over == std::vector<bool>{false, false, true, true, true, false});
  const auto waiting = spool->list(spool::State::queue);
  REQUIRE(waiting->size() == 1);
  auto claim = spool->claim(spool::State::queue, waiting->front().id);
  REQUIRE(claim->has_value());
  const auto entry = spool->load(**claim);
  const auto marked = wazuh::Alert::parse(entry->alert);
  REQUIRE(marked.ok());
  CHECK(summary_ref_of_entry(*marked) == summary_ref(settings.mapping, alert(1)));
  CHECK(summary_ref_of_entry(alert(1)).empty());

  auto summary = find_summary(Env::real(), spool->state_dir(), settings, *marked);
  REQUIRE(summary);
  const thehive::Alert opened = summary->opening(mapped(*marked, settings));
  CHECK(opened.title == "2 more alerts of rule.id 5763, agent.id 003: d");
  CHECK(opened.source_ref == summary_ref_of_entry(*marked));
  CHECK(opened.observables.empty());
  CHECK_FALSE(opened.promotion);
  CHECK(std::none_of(opened.tags.begin(), opened.tags.end(),
                     [](const std::string& tag) { return tag.starts_with("case-"); }));
  // One more comes while it is being sent: the entry has to go again.
  CHECK(*over_cap(Env::real(), *spool, settings, alert(9), {}));
  CHECK_FALSE(summary->settled());
  summary->opening(mapped(*marked, settings));
  CHECK(summary->settled());
  // From here until the entry is removed no alert can be counted on it.
  CHECK_FALSE(over_cap(Env::real(), *spool, settings, alert(10), {}).ok());
  summary.reset();
  CHECK(spool->remove(std::move(**claim)).ok());
  CHECK(*over_cap(Env::real(), *spool, settings, alert(10), {}));
  CHECK(spool->list(spool::State::queue)->size() == 1);
}

TEST_CASE("a mark that is none of ours is an ordinary alert") {
  for (const char* id : {"../../etc/passwd", "c-zz", "g-12", ""}) {
    const auto one = wazuh::Alert::parse(
        std::string(R"({"id":"1.1","rule":{"level":10},"socbridge":{"rate_cap":")") + id + "\"}}");
    INFO(id);
    CHECK(summary_ref_of_entry(*one).empty());
  }
}
