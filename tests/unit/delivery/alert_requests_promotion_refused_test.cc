// SPDX-License-Identifier: Apache-2.0
// What a refusal of the case means for an alert that is to become one.
#include <catch2/catch.hpp>

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

TEST_CASE("a case that TheHive refuses leaves the alert as it is, with one line") {
  const Settings settings = promoting();
  AlertRequests requests(sample_alert(), settings);
  requests.answered(said(201, kNewAlert));
  SECTION("no right") {
    requests.answered(error(403, "AuthorizationError", "haven't the permission manageCase"));
    requests.answered(key_is_fine());
  }
  SECTION("no such template") {
    requests.answered(error(404, "NotFoundError", "CaseTemplate not found"));
    requests.answered(said(200, kNewAlert));
  }
  REQUIRE(requests.finished());
  const Outcome& outcome = requests.outcome();
  CHECK(outcome.kind == Kind::created);
  CHECK(outcome.promotion == Promotion::refused);
  CHECK_THAT(outcome.remark, Catch::Contains("alert ~1") && Catch::Contains("not in a case") &&
                                 Catch::Contains("socctl alert promote ~1"));
  CHECK(outcome.remark.find('\n') == std::string::npos);
}

TEST_CASE("after a refusal the alert is read by its id, which no search index has to know") {
  const Settings settings = promoting();
  AlertRequests requests(sample_alert(), settings);
  requests.answered(said(201, kNewAlert));
  requests.answered(error(404, "NotFoundError", "CaseTemplate not found"));
  CHECK(url_of(requests) == "/api/v1/alert/~1");
}

TEST_CASE("a person who was faster is not a refusal") {
  const Settings settings = promoting();
  AlertRequests requests(sample_alert(), settings);
  requests.answered(said(201, kNewAlert));
  requests.answered(error(400, "BadRequest", "Alert ~1 is already imported"));
  requests.answered(said(200, R"({"_id":"~1","caseId":"~9"})"));
  REQUIRE(requests.finished());
  CHECK(requests.outcome().kind == Kind::created);
  CHECK(requests.outcome().promotion == Promotion::none);
  CHECK(requests.outcome().remark.empty());
}

TEST_CASE("a key that may not search for cases leaves the alert as it is") {
  const Settings settings = promoting({"rule.id"});
  AlertRequests requests(sample_alert(), settings);
  requests.answered(said(201, kNewAlert));
  requests.answered(error(400, "BadRequest", "no such query"));
  requests.answered(said(200, kNewAlert));
  REQUIRE(requests.finished());
  CHECK(requests.outcome().kind == Kind::created);
  CHECK(requests.outcome().promotion == Promotion::refused);
  CHECK_THAT(requests.outcome().remark,
             Catch::Contains("searching for its open case: HTTP 400 BadRequest: no such query"));
}

TEST_CASE("an alert that was deleted meanwhile gets no case") {
  const Settings settings = promoting();
  AlertRequests requests(sample_alert(), settings);
  requests.answered(said(201, kNewAlert));
  requests.answered(error(404, "NotFoundError", "Alert not found"));
  requests.answered(error(404, "NotFoundError", "Alert not found"));
  REQUIRE(requests.finished());
  CHECK(requests.outcome().kind == Kind::created);
  CHECK(requests.outcome().promotion == Promotion::none);
  CHECK(requests.outcome().remark.empty());
}

TEST_CASE("after a refusal an alert that cannot be read is tried again") {
  const Settings settings = promoting();
  AlertRequests requests(sample_alert(), settings);
  requests.answered(said(201, kNewAlert));
  requests.answered(error(404, "NotFoundError", "CaseTemplate not found"));
  requests.answered(GENERATE(error(503, "x", "y"), error(400, "BadRequest", "no")));
  REQUIRE(requests.finished());
  CHECK(requests.outcome().kind == Kind::failed);
  CHECK(requests.outcome().promotion == Promotion::open);
  CHECK_THAT(requests.outcome().message,
             Catch::StartsWith("alert ~1 is in TheHive, but not in a case yet: reading it: "));
}

TEST_CASE("a merge that meets no route is not the end of the case that was found") {
  const Settings settings = promoting({"rule.id"});
  AlertRequests requests(sample_alert(), settings);
  requests.answered(said(201, kNewAlert));
  requests.answered(said(200, R"([{"_id":"~7"}])"));
  requests.answered(error(404, "NotFound", "no route"));
  requests.answered(said(200, kNewAlert));
  REQUIRE(requests.finished());  // no case of its own, and none is read
  CHECK(requests.outcome().promotion == Promotion::refused);
  CHECK_THAT(requests.outcome().remark, Catch::Contains("merging it: "));
}

TEST_CASE("a licence that ended before the case stops all sending") {
  const Settings settings = promoting();
  AlertRequests requests(sample_alert(), settings);
  requests.answered(said(201, kNewAlert));
  requests.answered(error(403, "AuthorizationError", "The license has expired"));
  requests.answered(key_is_fine());
  REQUIRE(requests.finished());
  CHECK(requests.outcome().kind == Kind::key_refused);
  CHECK(requests.outcome().promotion == Promotion::open);
}

TEST_CASE("the key that a refusal of the case repeats is in no remark and no message") {
  const Settings settings = promoting();
  AlertRequests requests(sample_alert(), settings);
  requests.answered(said(201, kNewAlert));
  requests.answered(error(400, "BadRequest", "header Bearer s3cretkey"));
  requests.answered(said(200, kNewAlert));
  REQUIRE(requests.finished());
  CHECK(requests.outcome().promotion == Promotion::refused);
  CHECK(requests.outcome().remark.find("s3cretkey") == std::string::npos);
  CHECK(requests.outcome().message.find("s3cretkey") == std::string::npos);
}

}  // namespace socbridge::delivery
