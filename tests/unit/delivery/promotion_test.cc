// SPDX-License-Identifier: Apache-2.0
// Requests after the creation of an alert that is to become a case.
#include <catch2/catch.hpp>

#include "delivery/alert_requests.h"
#include "delivery/delivery.h"
#include "json/value.h"
#include "support/said.h"
#include "support/spool_fixture.h"

namespace socbridge::delivery {
using namespace socbridge::integration;
using namespace socbridge::test;

namespace {

using Kind = Outcome::Kind;
using Promotion = Outcome::Promotion;

http::Outcome broke_off() {
  http::Outcome outcome;
  outcome.failure = http::FailureKind::interrupted_send;
  outcome.error = "reset";
  return outcome;
}

http::Outcome key_is_fine() {
  return said(200, R"({"login":"bot","organisation":"soc","permissions":["manageAlert/create"]})");
}

const std::string kCreated = R"({"_id":"~1","_type":"Alert","stage":"New"})";
const std::string kCase = R"({"_id":"~9","_type":"Case","number":3})";

Settings settings_for(std::vector<std::string> by = {}, const std::string& version = "5") {
  Settings s;
  s.endpoint = {"http://127.0.0.1:9", Secret("s3cretkey"), ""};
  s.thehive_version = version;
  s.mapping.promote = true;
  s.mapping.promote_by = std::move(by);
  return s;
}

std::string url_of(const AlertRequests& requests) {
  return requests.next(1000).url.substr(std::string("http://127.0.0.1:9").size());
}

}  // namespace

TEST_CASE("a promoted alert gets its own case, from its template") {
  const std::string version = GENERATE("5", "4");
  Settings settings = settings_for({}, version);
  settings.mapping.case_template = "Intrusion";
  AlertRequests requests(sample_alert(), settings);
  requests.answered(said(201, kCreated));
  REQUIRE_FALSE(requests.finished());
  CHECK(requests.creates());
  CHECK(requests.created());
  CHECK(requests.case_key().empty());
  CHECK(url_of(requests) == "/api/v1/alert/~1/case");
  CHECK(requests.next(1000).body == R"({"caseTemplate":"Intrusion"})");
  requests.answered(said(201, kCase));
  REQUIRE(requests.finished());
  CHECK(requests.outcome().kind == Kind::created);
  CHECK(requests.outcome().promotion == Promotion::promoted);
  CHECK(requests.outcome().alert_id == "~1");
  CHECK(requests.outcome().case_id == "~9");
}

TEST_CASE("without promote there is no further request") {
  Settings settings = settings_for();
  settings.mapping.promote = false;
  AlertRequests requests(sample_alert(), settings);
  requests.answered(said(201, kCreated));
  REQUIRE(requests.finished());
  CHECK(requests.outcome().promotion == Promotion::none);
}

TEST_CASE("an alert with a key goes into the open case of the others") {
  const auto version = GENERATE(std::string("5"), std::string("4"));
  const Settings settings = settings_for({"rule.id"}, version);
  AlertRequests requests(sample_alert(), settings);
  const auto body = json::Document::parse(requests.next(1000).body);
  REQUIRE(body.ok());
  requests.answered(said(201, kCreated));
  const std::string key = requests.case_key();
  CHECK(key.starts_with("case-"));
  CHECK_THAT(body->root().dump(), Catch::Contains("\"" + key + "\""));
  CHECK_FALSE(requests.creates());
  CHECK_THAT(requests.next(1000).body, Catch::Contains(key));
  CHECK_THAT(requests.next(1000).body, Catch::Contains(version == "4" ? "Open" : "InProgress"));
  SECTION("there is one") {
    requests.answered(said(200, R"([{"_id":"~7"}])"));
    CHECK(requests.creates());
    CHECK(url_of(requests) ==
          (version == "4" ? "/api/alert/~1/merge/~7" : "/api/v1/alert/~1/merge/~7"));
    SECTION("and it takes the alert") {
      requests.answered(said(200, R"({"_id":"~7"})"));
      REQUIRE(requests.finished());
      CHECK(requests.outcome().promotion == Promotion::merged);
    }
    SECTION("and it is full: the alert begins a new one") {
      requests.answered(error(400, "BadRequest", "too many alerts"));
      CHECK_FALSE(requests.creates());
      requests.answered(said(200, kCreated));
      CHECK(url_of(requests) == "/api/v1/alert/~1/case");
      requests.answered(said(201, kCase));
      CHECK(requests.outcome().promotion == Promotion::promoted);
    }
    SECTION("and it was closed meanwhile") {
      requests.answered(said(200, version == "4"
                                      ? R"({"_id":"~7","status":"Resolved"})"
                                      : R"({"_id":"~7","status":"Other","stage":"Closed"})"));
      REQUIRE(requests.finished());
      CHECK(requests.outcome().promotion == Promotion::merged);
      CHECK_THAT(requests.outcome().remark,
                 Catch::Contains("alert ~1") && Catch::Contains("case ~7, which was closed"));
    }
    SECTION("and it is gone: the alert begins a new one") {
      requests.answered(error(404, "NotFoundError", "Case ~7 not found"));
      requests.answered(said(200, kCreated));
      CHECK(requests.next(1000).method == "GET");
      CHECK(url_of(requests) == "/api/v1/case/~7");
      CHECK_FALSE(requests.creates());
      SECTION("as TheHive says") {
        requests.answered(error(404, "NotFoundError", "Case ~7 not found"));
        CHECK(url_of(requests) == "/api/v1/alert/~1/case");
        requests.answered(said(201, kCase));
        CHECK(requests.outcome().promotion == Promotion::promoted);
      }
      SECTION("or TheHive refuses to say: the reason is kept") {
        requests.answered(error(400, "BadRequest", "no such field"));
        REQUIRE(requests.finished());
        CHECK_THAT(requests.outcome().message,
                   Catch::Contains("reading the case") && Catch::Contains("no such field"));
        CHECK(requests.outcome().http_status == 400);
      }
      SECTION("or a proxy says: later") {
        requests.answered(said(404, "<html>no backend</html>"));
        REQUIRE(requests.finished());
        CHECK(requests.outcome().kind == Kind::failed);
        CHECK(requests.outcome().promotion == Promotion::open);
      }
    }
    SECTION("and the key may not: no case of its own for each") {
      requests.answered(error(404, "NotFoundError", "Case not found"));
      requests.answered(said(200, kCreated));
      requests.answered(said(200, R"({"_id":"~7","_type":"Case"})"));
      REQUIRE(requests.finished());
      CHECK(requests.outcome().kind == Kind::created);
      CHECK(requests.outcome().promotion == Promotion::refused);
    }
  }
  SECTION("what is named as a case is none") {
    requests.answered(said(200, GENERATE(R"([{}])", R"([{"_id":7}])", R"(["~7"])")));
    REQUIRE(requests.finished());
    CHECK(requests.outcome().kind == Kind::failed);
    CHECK(requests.outcome().promotion == Promotion::open);
  }
  SECTION("there is none") {
    requests.answered(said(200, "[]"));
    CHECK(url_of(requests) == "/api/v1/alert/~1/case");
    requests.answered(said(201, kCase));
    CHECK(requests.outcome().promotion == Promotion::promoted);
  }
}

TEST_CASE("an alert without a field of the key gets its own case") {
  const Settings settings = settings_for({"data.nothing"});
  AlertRequests requests(sample_alert(), settings);
  requests.answered(said(201, kCreated));
  CHECK(url_of(requests) == "/api/v1/alert/~1/case");
}

TEST_CASE("a found alert is checked for a case first") {
  const Settings settings = settings_for();
  AlertRequests requests(sample_alert(), settings);
  requests.search_first();
  SECTION("it has none") {
    requests.answered(said(200, R"({"_id":"~1","stage":"New","read":false})"));
    REQUIRE_FALSE(requests.finished());
    CHECK(url_of(requests) == "/api/v1/alert/~1/case");
  }
  SECTION("it has one, or a person closed it") {
    requests.answered(said(
        200, GENERATE(R"({"_id":"~1","caseId":"~9","read":true})", R"({"_id":"~1","read":true})",
                      R"({"_id":"~1","stage":"Closed"})", R"({"_id":"~1","stage":"Imported"})")));
    REQUIRE(requests.finished());
    CHECK(requests.outcome().kind == Kind::duplicate);
    CHECK(requests.outcome().promotion == Promotion::none);
  }
}

TEST_CASE("a case that TheHive refuses does not change the alert, with one log line") {
  const Settings settings = settings_for();
  AlertRequests requests(sample_alert(), settings);
  requests.answered(said(201, kCreated));
  SECTION("no right") {
    requests.answered(error(403, "AuthorizationError", "haven't the permission manageCase"));
    requests.answered(key_is_fine());
  }
  SECTION("no such template") {
    requests.answered(error(404, "NotFoundError", "CaseTemplate not found"));
    requests.answered(said(200, kCreated));
  }
  REQUIRE(requests.finished());
  const Outcome& outcome = requests.outcome();
  CHECK(outcome.kind == Kind::created);
  CHECK(outcome.promotion == Promotion::refused);
  CHECK_THAT(outcome.remark, Catch::Contains("alert ~1") && Catch::Contains("not in a case") &&
                                 Catch::Contains("socctl alert promote ~1"));
  CHECK(outcome.remark.find('\n') == std::string::npos);
}

TEST_CASE("after a refusal the alert is read by its id, which needs no search index") {
  const Settings settings = settings_for();
  AlertRequests requests(sample_alert(), settings);
  requests.answered(said(201, kCreated));
  requests.answered(error(404, "NotFoundError", "CaseTemplate not found"));
  CHECK(url_of(requests) == "/api/v1/alert/~1");
}

TEST_CASE("a person's earlier promotion is not a refusal") {
  const Settings settings = settings_for();
  AlertRequests requests(sample_alert(), settings);
  requests.answered(said(201, kCreated));
  requests.answered(error(400, "BadRequest", "Alert ~1 is already imported"));
  requests.answered(said(200, R"({"_id":"~1","caseId":"~9"})"));
  REQUIRE(requests.finished());
  CHECK(requests.outcome().kind == Kind::created);
  CHECK(requests.outcome().promotion == Promotion::none);
  CHECK(requests.outcome().remark.empty());
}

TEST_CASE("a temporary failure keeps the promotion pending") {
  const Settings settings = settings_for();
  AlertRequests requests(sample_alert(), settings);
  requests.answered(said(201, kCreated));
  bool ambiguous = false;
  Kind kind = Kind::alert_failed;
  SECTION("broken off") {
    requests.answered(broke_off());
    requests.answered(key_is_fine());
    ambiguous = true;
  }
  SECTION("TheHive fails for it") {
    requests.answered(error(500, "InternalError", "x"));
    requests.answered(key_is_fine());
  }
  SECTION("TheHive is going down") {
    requests.answered(error(503, "Unavailable", "x"));
    kind = Kind::failed;
  }
  SECTION("the key was taken back meanwhile") {
    requests.answered(error(401, "AuthenticationError", "no"));
    requests.answered(error(401, "AuthenticationError", "no"));
    kind = Kind::key_refused;
  }
  SECTION("a firewall refuses it") {
    requests.answered(said(403, "<html>blocked</html>"));
    requests.answered(key_is_fine());
  }
  REQUIRE(requests.finished());
  const Outcome& outcome = requests.outcome();
  CHECK(outcome.kind == kind);
  CHECK_FALSE(outcome.arrived());
  CHECK(outcome.in_thehive());
  CHECK(outcome.promotion == Promotion::open);
  CHECK(outcome.ambiguous == ambiguous);
  CHECK(outcome.alert_id == "~1");
}

TEST_CASE("no time is left for the case") {
  const Settings settings = settings_for();
  AlertRequests requests(sample_alert(), settings);
  requests.answered(said(201, kCreated));
  requests.give_up(Outcome::Postponed::no_time, "the time budget was used up");
  REQUIRE(requests.finished());
  CHECK(requests.outcome().kind == Kind::postponed);
  CHECK(requests.outcome().in_thehive());
  CHECK_THAT(requests.outcome().message, Catch::Contains("alert ~1 is in TheHive"));
}

namespace {

struct Fixture {
  explicit Fixture(std::vector<std::string> by)
      : spool(spool::Spool::open(Env::real(), home.path() + "/queue/w2thive").value()),
        settings(settings_for(std::move(by))) {}
  std::unique_ptr<Delivery> deliver(const std::string& alert) {
    auto claim = spool.accept({"custom-w2thive", "", "", wall_now_ms(), alert});
    REQUIRE(claim.ok());
    return deliver(std::move(*claim), alert);
  }
  std::unique_ptr<Delivery> deliver(spool::Claim claim, const std::string& alert) {
    AlertInput input;
    input.raw = alert;
    return std::make_unique<Delivery>(channel, input,
                                      StoredEntry{spool, std::move(claim), wall_now_ms()});
  }
  std::unique_ptr<Delivery> again(const std::string& id, const std::string& alert) {
    auto claim = spool.claim(spool::State::queue, id);
    REQUIRE(claim.ok());
    REQUIRE(claim->has_value());
    return deliver(std::move(**claim), alert);
  }
  std::uint64_t counted(spool::Counted what) const {
    return spool.all_counts()
        .value()
        .value_or(spool::CountTotals{})
        .at(static_cast<std::size_t>(what));
  }
  TempDir home;
  spool::Spool spool;
  Settings settings;
  ServerVersionCache versions{Env::real(), "", ""};
  Channel channel{Env::real(), settings, spool.dir(), spool.state_dir(), versions};
};

std::string other_alert() {
  std::string text = sample_alert();
  text.replace(text.find("1741938001.1201"), 15, "1741938001.9999");
  return text;
}

}  // namespace

TEST_CASE("the entry stays until the promotion is done, and the alert is counted once") {
  Fixture w({});
  auto first = w.deliver(sample_alert());
  static_cast<void>(first->next(1000));
  first->answered(said(201, kCreated));
  static_cast<void>(first->next(1000));
  SECTION("TheHive goes down before the case") {
    first->answered(error(503, "Unavailable", "x"));
    const Report report = first->finish();
    CHECK(report.settled.ok());
    CHECK(w.counted(spool::Counted::created) == 0);
    const auto reason = w.spool.reason(spool::State::queue, report.id);
    REQUIRE(reason);
    CHECK_THAT(reason->message, Catch::Contains("alert ~1 is in TheHive, but not in a case yet"));
    first.reset();
    auto second = w.again(report.id, sample_alert());
    CHECK(second->next(1000).method == "GET");
    second->answered(said(
        200, R"({"_id":"~1","stage":"New","_createdAt":)" + std::to_string(wall_now_ms()) + "}"));
    CHECK_THAT(second->next(1000).url, Catch::EndsWith("/api/v1/alert/~1/case"));
    second->answered(said(201, kCase));
    CHECK(second->finish().outcome.promoted());
    CHECK(w.spool.list(spool::State::queue)->empty());
    CHECK(w.counted(spool::Counted::created) == 1);
    CHECK(w.counted(spool::Counted::promoted) == 1);
  }
  SECTION("killed while the case is made: asked before anything is done") {
    const std::string id = w.spool.list(spool::State::queue)->front().id;
    first.reset();  // as a kill
    auto too_early = w.again(id, sample_alert());
    REQUIRE(too_early->finished());
    CHECK(too_early->outcome().postponed == Outcome::Postponed::unsettled);
  }
}

TEST_CASE("an ambiguous end of a found alert's promotion stays ambiguous for all") {
  Fixture w({});
  const std::string alert = sample_alert();
  auto claim = w.spool.accept({"custom-w2thive", "", "", wall_now_ms(), alert});
  REQUIRE(claim.ok());
  AlertInput input;
  input.raw = alert;
  input.ambiguous_before = true;
  Delivery first(w.channel, input, StoredEntry{w.spool, std::move(*claim), wall_now_ms()});
  CHECK(first.next(1000).method == "GET");
  first.answered(said(200, kCreated));
  CHECK_THAT(first.next(1000).url, Catch::EndsWith("/api/v1/alert/~1/case"));
  first.answered(broke_off());
  CHECK_THAT(first.next(1000).url, Catch::EndsWith("/user/current"));
  first.answered(key_is_fine());
  REQUIRE(first.finished());
  CHECK(first.finish().outcome.ambiguous);
  // Another delivery of the same alert, while TheHive may still be at work.
  const auto other = w.deliver(alert);
  REQUIRE(other->finished());
  CHECK(other->outcome().postponed == Outcome::Postponed::unsettled);
}

TEST_CASE("two alerts of one key are promoted one after the other") {
  Fixture w({"rule.id"});
  auto first = w.deliver(sample_alert());
  auto second = w.deliver(other_alert());
  for (const auto& one : {first.get(), second.get()}) static_cast<void>(one->next(1000));
  first->answered(said(201, kCreated));
  REQUIRE_FALSE(first->finished());
  second->answered(said(201, R"({"_id":"~2"})"));
  REQUIRE(second->finished());
  CHECK(second->outcome().postponed == Outcome::Postponed::case_busy);
  const Report waits = second->finish();
  REQUIRE(waits.decision);
  CHECK(waits.decision->disposition == Disposition::retry);
  CHECK_THAT(w.spool.reason(spool::State::queue, waits.id)->message,
             Catch::Contains("another alert for the same case"));
  second.reset();
  static_cast<void>(first->next(1000));
  first->answered(said(200, "[]"));
  static_cast<void>(first->next(1000));
  first->answered(said(201, kCase));
  CHECK(first->finish().outcome.promotion == Promotion::promoted);
  first.reset();
  // TheHive's search may not see the new case yet.
  second = w.again(waits.id, other_alert());
  static_cast<void>(second->next(1000));
  second->answered(said(200, R"({"_id":"~2","stage":"New"})"));
  REQUIRE(second->finished());
  CHECK(second->outcome().postponed == Outcome::Postponed::case_busy);
  CHECK(second->outcome().not_before_ms > wall_now_ms());
}

}  // namespace socbridge::delivery
