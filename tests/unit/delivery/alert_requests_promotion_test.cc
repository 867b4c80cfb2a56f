// SPDX-License-Identifier: Apache-2.0
// What follows the creation of an alert that is to become a case.
#include <catch2/catch.hpp>

#include "json/value.h"
#include "promotion_fixture.h"

namespace socbridge::delivery {
using namespace socbridge::integration;
using namespace socbridge::test;

namespace {

using Kind = Outcome::Kind;
using Promotion = Outcome::Promotion;

std::string url_of(const AlertRequests& requests) {
  return requests.next(1000).url.substr(std::string("http://127.0.0.1:9").size());
}

}  // namespace

TEST_CASE("a promoted alert gets a case of its own, from its template") {
  const std::string version = GENERATE("5", "4");
  Settings settings = promoting({}, version);
  settings.mapping.case_template = "Intrusion";
  AlertRequests requests(sample_alert(), settings);
  requests.answered(said(201, kNewAlert));
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

TEST_CASE("alert requests promotion: without promote nothing follows") {
  Settings settings = promoting();
  settings.mapping.promote = false;
  AlertRequests requests(sample_alert(), settings);
  requests.answered(said(201, kNewAlert));
  REQUIRE(requests.finished());
  CHECK(requests.outcome().promotion == Promotion::none);
}

TEST_CASE("an alert with a key goes into the open case of the others") {
  const auto version = GENERATE(std::string("5"), std::string("4"));
  const Settings settings = promoting({"rule.id"}, version);
  AlertRequests requests(sample_alert(), settings);
  const auto body = json::Document::parse(requests.next(1000).body);
  REQUIRE(body.ok());
  requests.answered(said(201, kNewAlert));
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
      requests.answered(said(200, kNewAlert));
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
      requests.answered(said(200, kNewAlert));
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
      requests.answered(said(200, kNewAlert));
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

TEST_CASE("an alert that lacks a field of the key gets a case of its own") {
  const Settings settings = promoting({"data.nothing"});
  AlertRequests requests(sample_alert(), settings);
  requests.answered(said(201, kNewAlert));
  CHECK(url_of(requests) == "/api/v1/alert/~1/case");
}

TEST_CASE("an alert that was found is asked for its case before anything is done") {
  const Settings settings = promoting();
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

TEST_CASE("what may pass later leaves the promotion open") {
  const Settings settings = promoting();
  AlertRequests requests(sample_alert(), settings);
  requests.answered(said(201, kNewAlert));
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

TEST_CASE("alert requests promotion: no time is left for the case") {
  const Settings settings = promoting();
  AlertRequests requests(sample_alert(), settings);
  requests.answered(said(201, kNewAlert));
  requests.give_up(Outcome::Postponed::no_time, "the time budget was used up");
  REQUIRE(requests.finished());
  CHECK(requests.outcome().kind == Kind::postponed);
  CHECK(requests.outcome().in_thehive());
  CHECK_THAT(requests.outcome().message, Catch::Contains("alert ~1 is in TheHive"));
}

TEST_CASE("an answer that is not a list of cases makes no case") {
  const Settings settings = promoting({"rule.id"});
  AlertRequests requests(sample_alert(), settings);
  requests.answered(said(201, kNewAlert));
  requests.answered(said(200, GENERATE("{}", R"({"_id":"~5"})", "7")));
  REQUIRE(requests.finished());
  CHECK(requests.outcome().kind == Kind::failed);
  CHECK(requests.outcome().promotion == Promotion::open);
  CHECK(requests.outcome().message ==
        "alert ~1 is in TheHive, but not in a case yet: searching for its open case: not an answer "
        "of "
        "TheHive");
}

TEST_CASE("a case whose answer has no id may be there: it is looked for next time") {
  const Settings settings = promoting();
  AlertRequests requests(sample_alert(), settings);
  requests.answered(said(201, kNewAlert));
  requests.answered(said(200, GENERATE("{}", "")));
  REQUIRE(requests.finished());
  CHECK(requests.outcome().kind == Kind::failed);
  CHECK(requests.outcome().ambiguous);
  CHECK(requests.outcome().promotion == Promotion::open);
}

}  // namespace socbridge::delivery
