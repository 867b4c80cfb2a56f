// SPDX-License-Identifier: Apache-2.0
// Whether a failure is about this alert, the key or the server.
#include "alert_requests_fixture.h"

namespace socbridge::delivery {
using namespace socbridge::integration;
using namespace socbridge::test;

using Kind = Outcome::Kind;

TEST_CASE("what something before TheHive refuses concerns that alert alone if the key is taken") {
  const Settings settings = settings_for(GENERATE("4", "5"));
  AlertRequests requests(sample_alert(), settings);
  const http::Outcome refusal =
      GENERATE(page(401), page(402), page(403), page(400), page(404), page(405), page(406),
               page(302), page(200), said(403, R"({"message":"Forbidden"})"));
  requests.answered(refusal);
  SECTION("it is") {
    answer_key_check(requests, said(200, kUser));
    REQUIRE(requests.finished());
    CHECK(requests.outcome().kind == Kind::blocked);
    CHECK_FALSE(requests.outcome().could_leave_out.empty());
  }
  SECTION("every request is refused") {
    answer_key_check(requests, GENERATE(page(403), page(302), broke_off(), error(503, "x", "y")));
    REQUIRE(requests.finished());
    CHECK((requests.outcome().kind == Kind::failed || requests.outcome().kind == Kind::wrong_url));
  }
  SECTION("TheHive refuses the key too") {
    answer_key_check(requests, error(401, "AuthenticationError", "Authentication failure"));
    CHECK(requests.outcome().kind == Kind::key_refused);
  }
  SECTION("no time to ask") {
    requests.give_up(Outcome::Postponed::no_time, "no time");
    REQUIRE(requests.finished());
    CHECK((requests.outcome().kind == Kind::failed || requests.outcome().kind == Kind::wrong_url));
  }
}

TEST_CASE("before anybody holds a key for refused, TheHive has confirmed it") {
  const Settings settings = settings_for();
  AlertRequests requests(sample_alert(), settings);
  requests.answered(GENERATE(error(401, "AuthenticationError", "Authentication failure"),
                             error(403, "AuthorizationError", "Operation not permitted"),
                             error(402, "MultiFactorCodeRequired", "x"),
                             error(404, "NotFoundError", "Organisation not found")));
  SECTION("confirmed") {
    answer_key_check(requests, GENERATE(error(401, "AuthenticationError", "no"),
                                        error(403, "AuthorizationError", "no"),
                                        said(200, R"({"login":"w","permissions":["manageCase"]})"),
                                        said(200, R"({"login":"w","locked":true})"),
                                        said(200, R"({"login":"w","organisation":"***"})")));
    CHECK(requests.outcome().kind == Kind::key_refused);
  }
  SECTION("the key is valid: only this alert waits, and it is kept") {
    answer_key_check(requests, said(200, kUser));
    CHECK(requests.outcome().kind == Kind::alert_failed);
  }
  SECTION("nothing is known of the key") {
    answer_key_check(requests, GENERATE(page(403), page(200), broke_off(),
                                        error(404, "NotFound", "x"), said(200, "{}")));
    CHECK(requests.outcome().kind == Kind::failed);
  }
}

TEST_CASE("an expired licence stops all sending although the key is valid") {
  const Settings settings = settings_for();
  AlertRequests requests(sample_alert(), settings);
  requests.answered(error(403, "AuthorizationError", "The license has expired"));
  answer_key_check(requests, said(200, kUser));
  CHECK(requests.outcome().kind == Kind::key_refused);
}

TEST_CASE("a slow-down or failure of one alert only does not block the others") {
  const Settings settings = settings_for();
  AlertRequests requests(sample_alert(), settings);
  http::Outcome answer = GENERATE(page(429), page(503), page(501), broke_off());
  answer.response.retry_after_ms = answer.answered() ? 60000 : -1;
  requests.answered(answer);
  answer_key_check(requests, said(200, kUser));
  CHECK(requests.outcome().kind == Kind::alert_failed);
  CHECK(requests.outcome().retry_after_ms == answer.response.retry_after_ms);
}

TEST_CASE("an error of TheHive's own is this alert's if TheHive accepts the key") {
  const Settings settings = settings_for(GENERATE("4", "5"));
  AlertRequests requests(sample_alert(), settings);
  requests.answered(error(500, "JanusGraphException", "Could not commit transaction"));
  SECTION("the key is accepted: this alert only") {
    answer_key_check(requests, said(200, kUser));
    CHECK(requests.outcome().kind == Kind::alert_failed);
    CHECK(requests.outcome().from_thehive);
    CHECK_THAT(requests.outcome().message, Catch::Contains("Could not commit transaction") &&
                                               Catch::Contains("this alert may be the cause"));
  }
  SECTION("no answer, or another error: the server") {
    answer_key_check(requests, GENERATE(broke_off(), error(500, "x", "y"), error(503, "x", "y")));
    CHECK(requests.outcome().kind == Kind::failed);
  }
}

TEST_CASE("an answer that is about the server is not put down to the alert") {
  const Settings settings = settings_for();
  AlertRequests requests(sample_alert(), settings);
  http::Outcome answer = GENERATE(error(502, "x", "y"), error(503, "x", "y"), error(504, "x", "y"),
                                  error(429, "x", "y"), error(500, "x", "y"));
  if (answer.response.status == 500) answer.response.retry_after_ms = 1000;
  requests.answered(answer);
  REQUIRE(requests.finished());
  CHECK(requests.outcome().kind == Kind::failed);
}

}  // namespace socbridge::delivery
