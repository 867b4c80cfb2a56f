// SPDX-License-Identifier: Apache-2.0
#include "metrics/count_questions.h"

#include <catch2/catch.hpp>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "support/raw_server.h"

namespace socbridge::metrics {
namespace {

constexpr UnixMillis kNow = 1741938001037;
using thehive::ApiVersion;

// A TheHive whose answers come from `answer`.
struct Fixture {
  explicit Fixture(ApiVersion api = ApiVersion::v5) : questions(api) {}
  Status ask(std::size_t most = 1000) {
    http::Client http{http::ClientOptions{}};
    thehive::Client client(http, {"http://" + server.host_port(), Secret("k"), ""});
    return questions.ask(client, most, kNow, Deadline::after_ms(20000));
  }
  std::size_t asked() {
    const std::lock_guard lock(mutex);
    return bodies.size();
  }
  bool asked_for(const std::string& text) {
    const std::lock_guard lock(mutex);
    for (const std::string& body : bodies) {
      if (body.find(text) != std::string::npos) return true;
    }
    return false;
  }

  std::function<std::string(const std::string&)> answer = [](const std::string&) { return "1"; };
  CountQuestions questions;
  std::mutex mutex;
  std::vector<std::string> bodies;
  http::test::RawServer server{[this](http::test::Peer& peer) {
    for (std::string request; !(request = peer.read_request()).empty();) {
      const std::string body = request.substr(request.find("\r\n\r\n") + 4);
      {
        const std::lock_guard lock(mutex);
        bodies.push_back(body);
      }
      peer.send(http::test::answer("200 OK", answer(body), "Content-Type: application/json\r\n"));
    }
  }};
};

std::uint64_t of(const Counts& counts, const std::string& name) {
  for (const auto& [value, count] : counts) {
    if (value == name) return count;
  }
  return 999;
}

}  // namespace

TEST_CASE("before the first poll nothing is known") {
  Fixture fixture;
  CHECK_FALSE(fixture.questions.complete());
  const TheHiveCounts counts = fixture.questions.counts();
  CHECK(counts.alerts_by_severity.empty());
  CHECK(counts.alerts_by_status.empty());
  CHECK(counts.cases_by_resolution.empty());
  CHECK(counts.observables_by_type.empty());
  CHECK_FALSE(counts.observables);
  CHECK_FALSE(counts.ioc);
}

TEST_CASE("a few are asked with each call, until each has an answer, then the oldest again") {
  Fixture fixture;
  REQUIRE(fixture.ask(10).ok());
  CHECK(fixture.asked() == 10);
  CHECK_FALSE(fixture.questions.complete());
  REQUIRE(fixture.ask(1000).ok());
  const std::size_t all = fixture.asked();
  CHECK(fixture.questions.complete());
  {
    const std::lock_guard lock(fixture.mutex);
    CHECK(all - 10 >= 40);
    fixture.bodies.clear();
  }
  REQUIRE(fixture.ask(3).ok());
  REQUIRE(fixture.ask(3).ok());
  const std::lock_guard lock(fixture.mutex);
  REQUIRE(fixture.bodies.size() == 6);
  CHECK(fixture.bodies[0] != fixture.bodies[3]);
}

TEST_CASE("queries without an answer are sent first") {
  Fixture fixture;
  REQUIRE(fixture.ask().ok());
  fixture.questions.add_source("edge");
  CHECK_FALSE(fixture.questions.complete());
  CHECK(fixture.questions.counts().alerts_by_source.empty());
  REQUIRE(fixture.ask(2).ok());  // and that which is left
  CHECK(fixture.questions.complete());
  CHECK(fixture.asked_for(R"("_value":"edge")"));
}

TEST_CASE("a rest is queried whatever the others were") {
  Fixture fixture;
  int asked = 0;
  fixture.answer = [&asked](const std::string& body) {
    if (body.find("_not") != std::string::npos) return std::string("3");
    return std::to_string(++asked);  // another number with each question, as if time went by
  };
  fixture.questions.add_source("edge");
  fixture.questions.add_owner("a@b");
  for (int i = 0; i < 3; ++i) {
    REQUIRE(fixture.ask(i == 0 ? 1000 : 7).ok());
    const TheHiveCounts counts = fixture.questions.counts();
    CHECK(of(counts.alerts_by_source, kOther) == 3);
    CHECK(of(counts.alerts_by_status, kCustom) == 3);
    CHECK(of(counts.cases_by_status, kCustom) == 3);
    CHECK(of(counts.cases_by_resolution, kCustom) == 3);
    CHECK(of(counts.open_cases_by_owner, kOther) == 3);
    CHECK(of(counts.observables_by_type, kCustom) == 3);
  }
  CHECK(fixture.asked_for(
      R"("_not":{"_in":{"_field":"source","_values":["edge"]}}},{"_name":"count"})"));
  CHECK(fixture.asked_for(R"(,{"_not":{"_in":{"_field":"assignee","_values":["a@b"]}}}]})"));
  CHECK(fixture.asked_for(R"("_not":{"_in":{"_field":"status","_values":["New","Updated",)"));
}

TEST_CASE("counted queries") {
  Fixture fixture;
  fixture.answer = [](const std::string& body) {
    return body.find("severity") != std::string::npos ? "25" : "7";
  };
  REQUIRE(fixture.ask().ok());
  const TheHiveCounts counts = fixture.questions.counts();
  CHECK(of(counts.observables_by_type, "ip") == 7);
  CHECK(of(counts.alerts_by_severity, "critical") == 25);
  CHECK(counts.alerts_by_severity.size() == 4);
  CHECK(counts.observables == 17U * 7U);  // sixteen types and the others
  CHECK(counts.ioc == 7U);
  CHECK(counts.cases_by_resolution.size() == 6);
}

TEST_CASE("a value that has the name of the rest is counted in it") {
  Fixture fixture;
  fixture.questions.add_source(kOther);
  fixture.questions.add_owner("a@b");
  fixture.questions.add_owner(kOther);
  REQUIRE(fixture.ask().ok());
  const TheHiveCounts counts = fixture.questions.counts();
  CHECK(counts.alerts_by_source == Counts{{kOther, 1}});
  CHECK(counts.open_cases_by_owner == Counts{{"a@b", 1}, {kOther, 1}});
}

TEST_CASE("answers continue in another process, with the next query") {
  Fixture fixture;
  fixture.questions.add_source("edge");
  fixture.questions.add_owner("a b@c");
  int asked = 0;
  fixture.answer = [&asked](const std::string&) { return std::to_string(++asked); };
  REQUIRE(fixture.ask().ok());
  REQUIRE(fixture.ask(3).ok());
  json::Writer saved;
  fixture.questions.save(saved);
  const auto document = json::Document::parse(saved.text());
  REQUIRE(document.ok());

  Fixture later;
  later.questions.load(document->root());
  CHECK(later.questions.complete());
  CHECK(later.questions.size() == fixture.questions.size());
  json::Writer again;
  later.questions.save(again);
  CHECK(again.text() == saved.text());
  REQUIRE(fixture.ask(1).ok());
  REQUIRE(later.ask(1).ok());
  CHECK(later.bodies.back() == fixture.bodies.back());
}

TEST_CASE("only saved answers of existing queries are used") {
  Fixture fixture;
  for (const char* text :
       {"null", "[]", "7", R"({"next":-1,"answers":[1]})",
        R"({"next":"x","answers":{"alerts_severity low":-1,"alerts_status New":"7","x y":1}})"}) {
    const auto document = json::Document::parse(text);
    REQUIRE(document.ok());
    fixture.questions.load(document->root());
  }
  CHECK(fixture.questions.size() == CountQuestions(ApiVersion::v5).size());
  const auto some = json::Document::parse(R"({"next":900,"answers":{"alerts_severity low":5}})");
  REQUIRE(some.ok());
  fixture.questions.load(some->root());
  CHECK_FALSE(fixture.questions.complete());
  REQUIRE(fixture.ask(fixture.questions.size() - 1).ok());
  CHECK(of(fixture.questions.counts().alerts_by_severity, "low") == 5);
  CHECK(fixture.questions.complete());
  REQUIRE(fixture.ask(5).ok());
}

TEST_CASE("ages are queried by time of creation, without gap or overlap") {
  Fixture fixture;
  REQUIRE(fixture.ask().ok());
  const auto at = [](std::int64_t age) { return std::to_string(kNow - age); };
  CHECK(fixture.asked_for(R"("_gte":{"_field":"_createdAt","_value":)" + at(3600000)));
  CHECK(fixture.asked_for(R"("_lt":{"_field":"_createdAt","_value":)" + at(3600000 - 1)));
  CHECK(fixture.asked_for(R"("_lt":{"_field":"_createdAt","_value":)" + at(7 * 86400000LL - 1)));
  CHECK(fixture.questions.counts().open_alerts_by_age.size() == 5);
}

TEST_CASE("version 4 has no status of alerts and no resolutions") {
  Fixture fixture(ApiVersion::v4);
  REQUIRE(fixture.ask().ok());
  const TheHiveCounts counts = fixture.questions.counts();
  CHECK(counts.alerts_by_status.empty());
  CHECK(of(counts.cases_by_status, "Resolved") == 1);
  CHECK_FALSE(fixture.asked_for("stage"));
  CHECK(fixture.asked_for(R"("_field":"imported")"));
}

TEST_CASE("new values are queried once each, up to any number") {
  Fixture fixture;
  for (int i = 0; i < 40; ++i) {
    fixture.questions.add_source("s" + std::to_string(i % 20));
    fixture.questions.add_owner("o" + std::to_string(i));
  }
  fixture.questions.add_source("");
  fixture.questions.add_owner("");
  REQUIRE(fixture.ask().ok());
  const TheHiveCounts counts = fixture.questions.counts();
  CHECK(counts.alerts_by_source.size() == kMostSources + 1);
  CHECK(counts.open_cases_by_owner.size() == kMostOwners + 1);
}

TEST_CASE("a hostile name is a value in the question, not a part of it") {
  Fixture fixture;
  fixture.questions.add_source("\"}},{\"_name\":\"delete\"\n");
  REQUIRE(fixture.ask().ok());
  CHECK(fixture.asked_for(R"("_value":"\"}},{\"_name\":\"delete\"\n")"));
}

TEST_CASE("an answer that is not a count is an error, and earlier answers are kept") {
  for (const char* wrong : {"-1", "1.5", "\"7\"", "[]", "null", "18446744073709551616"}) {
    Fixture fixture;
    int asked = 0;
    fixture.answer = [&](const std::string&) { return ++asked > 5 ? wrong : "3"; };
    const Status status = fixture.ask();
    CAPTURE(wrong);
    CHECK(status.code() == ExitCode::refused);
    fixture.answer = [](const std::string&) { return "3"; };
    REQUIRE(fixture.ask().ok());
    CHECK(fixture.questions.complete());
  }
}

}  // namespace socbridge::metrics
