// SPDX-License-Identifier: Apache-2.0
#include "delivery/alert_requests.h"

#include "alert_requests_fixture.h"

namespace socbridge::delivery {
using namespace socbridge::integration;
using namespace socbridge::test;

using Kind = Outcome::Kind;

TEST_CASE("one request if all is known and taken") {
  const Settings settings = settings_for();
  AlertRequests requests(sample_alert(), settings);
  REQUIRE_FALSE(requests.finished());
  CHECK(requests.creates());
  CHECK_THAT(requests.key(), Catch::StartsWith("wazuh_alert;wazuh;1741938001.1201-"));
  requests.answered(said(201, kCreated));
  CHECK(requests.finished());
  CHECK(requests.outcome().kind == Kind::created);
}

TEST_CASE("after an end that left things open it asks before it sends") {
  const Settings settings = settings_for(GENERATE("5", "auto"));
  AlertRequests requests(sample_alert(), settings);
  requests.search_first();
  if (settings.thehive_version == "auto") requests.answered(said(200, R"({"version":"5.7.3-1"})"));
  CHECK_FALSE(requests.creates());
  CHECK(requests.next(1000).method == "GET");
  CHECK_THAT(requests.next(1000).url, Catch::Contains("/api/v1/alert/wazuh_alert%3Bwazuh%3B"));
  SECTION("it is there") {
    requests.answered(said(200, kCreated));
    CHECK(requests.finished());
    CHECK(requests.outcome().kind == Kind::duplicate);
    CHECK(requests.found());
  }
  SECTION("it is not there") {
    requests.answered(error(404, "NotFoundError", "Alert not found"));
    REQUIRE_FALSE(requests.finished());
    CHECK(requests.creates());
    requests.answered(said(201, kCreated));
    CHECK(requests.outcome().kind == Kind::created);
  }
  SECTION("nothing is known: not sent, and still open") {
    requests.answered(GENERATE(error(503, "x", "y"), error(404, "NotFound", "no route"),
                               said(200, "<html>"), broke_off()));
    CHECK(requests.finished());
    CHECK(requests.outcome().kind == Kind::failed);
    CHECK(requests.outcome().ambiguous);
  }
  SECTION("the key is refused") {
    for (int i = 0; i < 2; ++i) requests.answered(error(401, "AuthenticationError", "no"));
    CHECK(requests.outcome().kind == Kind::key_refused);
    CHECK(requests.outcome().ambiguous);
  }
}

TEST_CASE("what was left out before is left out from the start") {
  const Settings settings = settings_for();
  const AlertRequests requests(sample_alert(), settings,
                               {parse_parts("observables,type=user-agent")});
  CHECK(body_of(requests).root()["observables"].missing());
}

TEST_CASE("until the search has answered an ambiguous end stays one") {
  const Settings settings = settings_for("auto");
  AlertRequests requests(sample_alert(), settings);
  requests.search_first();
  requests.answered(error(503, "x", "y"));  // to the question for the version
  CHECK(requests.outcome().kind == Kind::failed);
  CHECK(requests.outcome().ambiguous);
}

TEST_CASE("filters that the caller has evaluated are not evaluated again") {
  Settings settings = settings_for();
  settings.mapping.min_level = 16;
  CHECK(AlertRequests(sample_alert(), settings).outcome().kind == Kind::filtered);
  Known known;
  known.filter = Filter::passed;
  CHECK(AlertRequests(sample_alert(), settings, known).creates());
}

}  // namespace socbridge::delivery
