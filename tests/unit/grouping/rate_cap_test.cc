// SPDX-License-Identifier: Apache-2.0
#include "grouping/rate_cap.h"

#include <catch2/catch.hpp>
#include <cstdint>

#include "grouping/bucket_counter.h"
#include "mapping/mapping.h"
#include "support/spool_fixture.h"

using namespace socbridge;
using namespace socbridge::grouping;
using namespace socbridge::integration;
using namespace socbridge::test;

namespace {

wazuh::Alert parse(const std::string& text) {
  auto parsed = wazuh::Alert::parse(text);
  INFO(text);
  REQUIRE(parsed.ok());
  return std::move(*parsed);
}

// At 07:40 of a fixed day, of level 10.
wazuh::Alert alert(int number, const std::string& agent = "003", const std::string& more = "") {
  return parse(R"({"timestamp":"2025-03-14T07:40:01.037+0000","rule":{"level":10,)"
               R"("description":"d","id":"5763"},"manager":{"name":"m"},"agent":{"id":")" +
               agent + R"(","name":"web"},"id":"1.)" + std::to_string(number) + "\"" + more + "}");
}

struct Fixture {
  explicit Fixture(std::uint64_t max = 1) {
    settings.mapping.rate_cap = {{"rule.id", "agent.id"}, max, 600000};
  }
  Result<bool> over(const wazuh::Alert& one) {
    return over_cap(Env::real(), spool, settings, one, like);
  }
  std::vector<wazuh::Alert> waiting() {
    std::vector<wazuh::Alert> out;
    const auto listed = spool.list(spool::State::queue);
    for (const auto& info : *listed) {
      auto claim = spool.claim(spool::State::queue, info.id);
      out.push_back(parse(spool.load(**claim)->alert));
    }
    return out;
  }
  std::shared_ptr<GroupedAlert> summary(const wazuh::Alert& marked) {
    return find_summary(Env::real(), spool.state_dir(), settings, marked);
  }

  TempDir home;
  spool::Spool spool = spool::Spool::open(Env::real(), home.path() + "/spool").value();
  Settings settings;
  spool::Entry like;
};

// The summary of a mark with these members and the id.
std::shared_ptr<GroupedAlert> of_mark(Fixture& fixture, const std::string& members) {
  return fixture.summary(alert(1, "003", R"(,"socbridge":{"rate_cap":"c-00-1",)" + members + "}"));
}

}  // namespace

TEST_CASE("without a cap nothing is counted") {
  Fixture fixture;
  fixture.settings.mapping.rate_cap.by.clear();
  for (int i = 0; i < 5; ++i) CHECK(*fixture.over(alert(i)) == false);
  CHECK(summary_ref(fixture.settings.mapping, alert(1)).empty());
  CHECK_FALSE(fixture.home.has("spool/state/buckets"));
}

TEST_CASE("a cap of none counts every alert") {
  Fixture fixture(0);
  CHECK(*fixture.over(alert(1)));
  CHECK(*fixture.over(alert(2)));
  CHECK(fixture.waiting().size() == 1);
}

TEST_CASE("each bucket has its own cap: other fields, other windows") {
  Fixture fixture;
  CHECK_FALSE(*fixture.over(alert(1)));
  CHECK_FALSE(*fixture.over(alert(2, "004")));
  CHECK(*fixture.over(alert(3)));
  const auto later = parse(
      R"({"timestamp":"2025-03-14T07:50:01.037+0000","rule":{"level":10,"id":"5763"},
          "manager":{"name":"m"},"agent":{"id":"003"},"id":"1.4"})");
  CHECK_FALSE(*fixture.over(later));
  CHECK(summary_ref(fixture.settings.mapping, later) !=
        summary_ref(fixture.settings.mapping, alert(1)));
}

TEST_CASE("the entry that will report carries the alert, and a mark that the alert cannot make") {
  Fixture fixture(0);
  CHECK(*fixture.over(alert(1, "003", R"(,"socbridge":{"rate_cap":"forged"},"extra":[1])")));
  const auto waiting = fixture.waiting();
  REQUIRE(waiting.size() == 1);
  const json::Value root = waiting[0].root();
  CHECK(root["socbridge"]["rate_cap"].string() == summary_ref(fixture.settings.mapping, alert(1)));
  CHECK(root["socbridge"]["max"].integer() == 0);
  CHECK(root["socbridge"]["fields"].dump() == R"([["rule.id","5763"],["agent.id","003"]])");
  CHECK(root["extra"].dump() == "[1]");
  CHECK(waiting[0].id == "1.1");
  const std::string id = summary_ref_of_entry(waiting[0]);
  CHECK(id.starts_with("c-"));
  CHECK(id.size() <= 64);
}

TEST_CASE("a full spool counts nothing: the alert is sent separately") {
  Fixture fixture(0);
  fixture.settings.bounds.max_entries = 1;
  REQUIRE(fixture.spool.accept({"custom-w2thive", "", "", 1, sample_alert()}).ok());
  static_cast<void>(fixture.spool.count(wall_now_ms()));
  const auto over = fixture.over(alert(1));
  REQUIRE_FALSE(over.ok());
  CHECK_THAT(over.status().line(), Catch::Contains("entries"));
  CHECK(fixture.spool.list(spool::State::queue)->size() == 1);
}

TEST_CASE("an error of the counter is one of the alert") {
  Fixture fixture(0);
  fixture.home.write("spool/state/buckets", "a file where a folder is to be");
  CHECK_FALSE(fixture.over(alert(1)).ok());
  CHECK(fixture.waiting().empty());
}

TEST_CASE("a summary waits until the window is over and late alerts are in") {
  Fixture fixture;
  CHECK(of_mark(fixture, R"("start_ms":0,"end_ms":1000)")->not_before_ms() == 31000);
}

TEST_CASE("a mark with impossible numbers is still read") {
  Fixture fixture;
  for (const char* members :
       {R"("end_ms":9223372036854775807,"start_ms":-9223372036854775808,"max":-1)",
        R"("end_ms":-1,"start_ms":"x","max":1e300)", R"("fields":[5,[],["a"],{"b":1},[null,[1]]])",
        R"("fields":{"a":1},"end_ms":null,"max":[])"}) {
    CAPTURE(members);
    const auto summary = of_mark(fixture, members);
    REQUIRE(summary);
    CHECK(summary->not_before_ms() == 30000);
    thehive::Alert mapped;
    const thehive::Alert opened = summary->opening(mapped);
    CHECK(opened.source_ref == "c-00-1");
    CHECK_THAT(opened.title, Catch::StartsWith("1 more alert"));
  }
}

TEST_CASE("rate cap: only an id of ours makes a summary") {
  Fixture fixture;
  for (const std::string& id : {std::string("c-0/1"), std::string("c-0A"), std::string("x-00"),
                                std::string("c-.."), "c-" + std::string(63, '0')}) {
    CAPTURE(id);
    const auto one = alert(1, "003", R"(,"socbridge":{"rate_cap":")" + id + "\"}");
    CHECK(summary_ref_of_entry(one).empty());
    CHECK_FALSE(fixture.summary(one));
  }
  CHECK(summary_ref_of_entry(alert(1, "003", R"(,"socbridge":"c-00")")).empty());
  CHECK(summary_ref_of_entry(alert(1, "003", R"(,"socbridge":{"rate_cap":["c-00"]})")).empty());
}

TEST_CASE("a lost counter still reports the one known alert") {
  Fixture fixture;
  const auto summary = of_mark(
      fixture,
      R"("max":5,"start_ms":1741937400000,"end_ms":1741938000000,"fields":[["rule.id","5763"]])");
  thehive::Alert mapped;
  mapped.title = "d on web";
  mapped.observables.push_back({"ip", "203.0.113.9", "", {}});
  const thehive::Alert opened = summary->opening(mapped);
  CHECK(opened.title == "1 more alert of rule.id 5763: d");
  CHECK(opened.severity == 2);
  CHECK(opened.observables.empty());
  CHECK(opened.tags == std::vector<std::string>{"rate-cap"});
  CHECK_THAT(opened.description,
             Catch::Contains("from 2025-03-14T07:30:00.000Z to 2025-03-14T07:40:00.000Z"));
  CHECK_THAT(opened.description, Catch::Contains("| highest level | 10 |"));
}

TEST_CASE(
    "the first and last ten of many alerts are listed, with their time span and highest level") {
  Fixture fixture;
  {
    auto counter = BucketCounter::open(Env::real(), fixture.spool.state_dir(), "c-00-1");
    for (int i = 0; i < 40; ++i) {
      REQUIRE(
          counter->add({"ref" + std::to_string(i), 1000 * (i == 7 ? 1 : i + 2), i == 20 ? 15 : 3})
              .ok());
    }
  }
  const auto summary = of_mark(fixture, R"("max":5,"fields":[])");
  const thehive::Alert opened = summary->opening({});
  CHECK_THAT(opened.title, Catch::StartsWith("35 more alerts"));
  CHECK(opened.severity == 4);
  CHECK_THAT(opened.description, Catch::Contains("**35** alerts were counted"));
  CHECK_THAT(opened.description, Catch::Contains("| first | 1970-01-01T00:00:01.000Z |"));
  CHECK_THAT(opened.description, Catch::Contains("| last | 1970-01-01T00:00:41.000Z |"));
  CHECK_THAT(opened.description, Catch::Contains("ref5, ref6"));
  CHECK_THAT(opened.description, Catch::Contains("ref14, …, ref30, "));
  CHECK_THAT(opened.description, Catch::EndsWith("ref39"));
  CHECK(opened.description.find("ref4,") == std::string::npos);
}

TEST_CASE("an update brings title and description up to date; severity only rises") {
  Fixture fixture;
  const auto summary = of_mark(fixture, R"("max":5)");
  summary->opening({});
  const auto said = [&](const std::string& there) {
    const auto document = json::Document::parse(there);
    const auto updates = summary->update(document->root(), thehive::ApiVersion::v5);
    REQUIRE(updates.size() == 1);
    CHECK(updates[0].method == "PATCH");
    CHECK(updates[0].path == "/api/v1/alert/~9");
    return updates[0].body;
  };
  CHECK_THAT(said(R"({"_id":"~9","severity":1})"), Catch::Contains(R"("severity":2)"));
  for (const char* there : {R"({"_id":"~9","severity":2})", R"({"_id":"~9","severity":4})",
                            R"({"_id":"~9"})", R"({"_id":"~9","severity":"low"})"}) {
    CHECK(said(there).find("severity\":") == std::string::npos);
  }
}

TEST_CASE("a hostile value of a field makes no markup and no second line") {
  Fixture fixture;
  const auto summary = of_mark(fixture, R"("fields":[["data.x","a|b<script>\n# h\u001b"]])");
  const thehive::Alert opened = summary->opening({});
  CHECK(opened.title.find_first_of("\n\x1b") == std::string::npos);
  CHECK(opened.description.find("<script>") == std::string::npos);
  CHECK(opened.description.find("\n# h") == std::string::npos);
}
