// SPDX-License-Identifier: Apache-2.0
#include "delivery/alert_requests.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "json/value.h"
#include "support/said.h"
#include "support/spool_fixture.h"

namespace socbridge::delivery {
using namespace socbridge::integration;
using namespace socbridge::test;

namespace {

using Kind = Outcome::Kind;

http::Outcome broke_off() {
  http::Outcome outcome;
  outcome.failure = http::FailureKind::interrupted_send;
  outcome.error = "reset";
  return outcome;
}

Settings settings_for(const std::string& version = "5") {
  Settings s;
  s.endpoint = {"http://127.0.0.1:9", Secret("s3cretkey"), ""};
  s.thehive_version = version;
  return s;
}

json::Document body_of(const AlertRequests& requests) {
  auto document = json::Document::parse(requests.next(1000).body);
  REQUIRE(document.ok());
  return std::move(*document);
}

const std::string kCreated = R"({"_id":"~1","_type":"alert"})";

}  // namespace

TEST_CASE("one request if everything is known and accepted") {
  const Settings settings = settings_for();
  AlertRequests requests(sample_alert(), settings);
  REQUIRE_FALSE(requests.finished());
  CHECK(requests.creates());
  CHECK_THAT(requests.key(), Catch::StartsWith("wazuh_alert;wazuh;1741938001.1201-"));
  requests.answered(said(201, kCreated));
  CHECK(requests.finished());
  CHECK(requests.outcome().kind == Kind::created);
}

TEST_CASE("an unknown version is queried without the key, in up to two requests") {
  const Settings settings = settings_for("auto");
  AlertRequests requests(sample_alert(), settings);
  CHECK(requests.next(1000).method == "GET");
  CHECK(requests.next(1000).bearer.empty());
  requests.answered(error(404, "NotFound", "x"));
  REQUIRE_FALSE(requests.finished());
  requests.answered(said(200, R"({"versions":{"TheHive":"4.1.24-1"}})"));
  REQUIRE_FALSE(requests.finished());
  CHECK(requests.server_version()->api == thehive::ApiVersion::v4);
  CHECK_THAT(requests.next(1000).url, Catch::EndsWith("/api/alert"));
}

TEST_CASE("after an ambiguous end it searches before it sends") {
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

TEST_CASE("the part named by the server is omitted, then every other possible cause") {
  const Settings settings = settings_for();
  AlertRequests requests(sample_alert(), settings);
  const std::string reference(body_of(requests).root()["sourceRef"].string().value());
  requests.answered(error(404, "NotFoundError", "ObservableType ip not found"));
  REQUIRE_FALSE(requests.finished());
  CHECK(requests.outcome().left_out == Parts{"type=ip"});
  {
    const auto body = body_of(requests);
    CHECK(body.root()["sourceRef"].string() == reference);
    const json::Value observables = body.root()["observables"];
    REQUIRE(observables.size() >= 1);
    for (std::size_t i = 0; i < observables.size(); ++i) {
      CHECK(observables.value_at(i)["dataType"].string() != "ip");
    }
    CHECK_THAT(std::string(body.root()["description"].string().value()),
               Catch::Contains("data type ip sent as other"));
  }
  requests.answered(error(400, "BadRequest", "still no"));
  REQUIRE_FALSE(requests.finished());
  {
    const auto body = body_of(requests);
    CHECK(body.root()["observables"].missing());
    // Skipped, not lost.
    CHECK_THAT(std::string(body.root()["description"].string().value()),
               Catch::Contains("203.0.113.9"));
  }
  requests.answered(error(400, "BadRequest", "never"));
  CHECK(requests.finished());
  CHECK(requests.outcome().kind == Kind::refused);
  CHECK(requests.outcome().http_status == 400);
}

TEST_CASE("a message that names nothing: one more try without all possible causes") {
  const Settings settings = settings_for();
  AlertRequests requests(sample_alert(), settings);
  requests.answered(error(400, "BadRequest", "no"));
  REQUIRE_FALSE(requests.finished());
  requests.answered(error(400, "BadRequest", "no"));
  CHECK(requests.outcome().kind == Kind::refused);
}

TEST_CASE("too large: one more try that is small") {
  const Settings settings = settings_for();
  std::string alert = sample_alert();
  alert.replace(alert.find("Failed password"), 15, std::string(300000, 'x'));
  Settings wide = settings;
  wide.mapping.max_log_chars = 400000;
  AlertRequests requests(alert, wide);
  CHECK(requests.next(1000).body.size() > 300000);
  requests.answered(said(413, "<html>too large</html>"));
  REQUIRE_FALSE(requests.finished());
  CHECK(requests.next(1000).body.size() <= kSmallBody);
  requests.answered(said(413, "<html>too large</html>"));
  CHECK(requests.outcome().kind == Kind::too_large);
}

TEST_CASE("a redirect or a missing route does not concern the alert") {
  const Settings settings = settings_for();
  AlertRequests requests(sample_alert(), settings);
  const http::Outcome answer =
      GENERATE(said(302, ""), error(404, "NotFound", "no route"),
               error(404, "NotFoundError", "/wrong/api/v1/alert"), said(405, ""));
  requests.answered(answer);
  if (!requests.finished()) requests.answered(answer);  // whose key it is
  CHECK(requests.finished());
  CHECK(requests.outcome().kind == Kind::wrong_url);
  CHECK(requests.outcome().left_out.empty());
}

TEST_CASE("parts omitted before are omitted from the start") {
  const Settings settings = settings_for();
  const AlertRequests requests(sample_alert(), settings,
                               {parse_parts("observables,type=user-agent")});
  CHECK(body_of(requests).root()["observables"].missing());
}

TEST_CASE("the key a server repeats is in no message and in no description") {
  const Settings settings = settings_for();
  AlertRequests requests(sample_alert(), settings);
  requests.answered(error(400, "BadRequest", "header Bearer s3cretkey"));
  CHECK(requests.next(1000).body.find("s3cretkey") == std::string::npos);
  CHECK(requests.outcome().message.find("s3cretkey") == std::string::npos);
}

TEST_CASE("markup in the server's text stays text") {
  const Settings settings = settings_for();
  AlertRequests requests(sample_alert(), settings);
  requests.answered(error(400, "BadRequest", "<script>x</script> [a](http://evil.example)"));
  const auto body = body_of(requests);
  const std::string description(body.root()["description"].string().value());
  CHECK(description.find("<script>") == std::string::npos);
  CHECK(description.find("[a](http") == std::string::npos);
}

namespace {

http::Outcome page(int status) {
  http::Outcome outcome = said(status, "<html><title>Request rejected</title></html>");
  outcome.response.content_type = "text/html";
  return outcome;
}

const char* const kUser =
    R"({"login":"w","organisation":"soc","permissions":["manageAlert/create"]})";

// Answers the request for the key's user.
void answer_key_check(AlertRequests& requests, const http::Outcome& outcome) {
  REQUIRE_FALSE(requests.finished());
  CHECK_FALSE(requests.creates());
  CHECK_THAT(requests.next(1000).url, Catch::EndsWith("/api/v1/user/current"));
  requests.answered(outcome);
}

}  // namespace

TEST_CASE("a refusal by a proxy concerns only that alert if the key is accepted") {
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

TEST_CASE("a key is treated as refused only after TheHive has confirmed it") {
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

TEST_CASE("'already exist' is accepted only if the alert was found") {
  const Settings settings = settings_for(GENERATE("4", "5"));
  AlertRequests requests(sample_alert(), settings);
  std::string colons = requests.key();
  std::replace(colons.begin(), colons.end(), ';', ':');
  SECTION("found") {
    requests.answered(
        error(400, "CreateError", "Alert " + colons + " already exist in organisation soc"));
    REQUIRE_FALSE(requests.finished());
    CHECK_THAT(requests.next(1000).url, Catch::Contains("/api/v1/alert/wazuh_alert%3Bwazuh%3B"));
    requests.answered(said(200, kCreated));
    CHECK(requests.outcome().kind == Kind::duplicate);
    CHECK(requests.outcome().alert_id == "~1");
  }
  SECTION("TheHive's own sentence, but not found yet: it is asked for again") {
    requests.answered(
        error(400, "CreateError", "Alert " + colons + " already exist in organisation soc"));
    requests.answered(error(404, "NotFoundError", "Alert not found"));
    REQUIRE(requests.finished());
    CHECK(requests.outcome().kind == Kind::alert_failed);
    CHECK(requests.outcome().ambiguous);
  }
  SECTION("the same words from another source: a refusal like any other") {
    requests.answered(error(400, "CreateError", "Alert xyz already exist"));
    requests.answered(error(404, "NotFoundError", "Alert not found"));
    REQUIRE_FALSE(requests.finished());
    CHECK(requests.creates());
    CHECK_FALSE(requests.outcome().left_out.empty());
    requests.answered(said(201, kCreated));
    CHECK(requests.outcome().kind == Kind::created);
  }
  SECTION("nothing is known") {
    requests.answered(error(409, "ConflictError", "x"));
    requests.answered(error(503, "x", "y"));
    CHECK(requests.outcome().kind == Kind::failed);
    CHECK(requests.outcome().ambiguous);
  }
}

TEST_CASE("a repeated value does not decide which part is omitted") {
  const Settings settings = settings_for();
  AlertRequests requests(sample_alert(), settings);
  // Unlike "Invalid value type for custom field", a value that names the data types.
  requests.answered(
      said(400, R"({"type":"BadRequest","message":"Invalid input: observable type ip"})"));
  CHECK(requests.outcome().left_out != Parts{"type=ip"});
}

TEST_CASE("a version 4 configured as 5 gets the observables later, with a warning") {
  const Settings settings = settings_for("5");
  AlertRequests requests(sample_alert(), settings);
  requests.answered(said(201, R"({"_id":"~7","_type":"Alert","read":false,"observableCount":0})"));
  REQUIRE_FALSE(requests.finished());
  CHECK_THAT(requests.next(1000).url, Catch::EndsWith("/api/v1/status/public"));
  CHECK(requests.next(1000).bearer.empty());
  requests.answered(error(404, "NotFoundError", "/api/v1/status/public"));
  requests.answered(said(200, R"({"versions":{"TheHive":"4.1.24-1"}})"));
  REQUIRE_FALSE(requests.finished());
  std::string all;
  while (!requests.finished()) {
    CHECK_THAT(requests.next(1000).url, Catch::EndsWith("/api/v1/alert/~7/artifact") ||
                                            Catch::EndsWith("/api/v1/alert/%7E7/artifact"));
    all += requests.next(1000).body;
    requests.answered(said(201, "[]"));
  }
  CHECK_THAT(all, Catch::Contains("203.0.113.9"));
  CHECK(requests.outcome().kind == Kind::created);
  CHECK_THAT(requests.outcome().remark,
             Catch::Contains("thehive_version is 5") && Catch::Contains("4.1.24"));
  CHECK(requests.server_version()->api == thehive::ApiVersion::v4);
}

TEST_CASE("a version 5 configured as 4 is used as a 5") {
  const Settings settings = settings_for("4");
  AlertRequests requests(sample_alert(), settings);
  requests.answered(error(404, "NotFound", "no such route"));
  CHECK_THAT(requests.next(1000).url, Catch::EndsWith("/api/v1/status/public"));
  requests.answered(said(200, R"({"version":"5.7.3-1"})"));
  REQUIRE_FALSE(requests.finished());
  CHECK(requests.creates());
  CHECK_THAT(requests.next(1000).url, Catch::EndsWith("/api/v1/alert"));
  requests.answered(said(201, kCreated));
  CHECK(requests.outcome().kind == Kind::created);
  CHECK_FALSE(requests.outcome().remark.empty());
}

TEST_CASE("a wrong path prefix is named in the message") {
  Settings settings = settings_for("4");
  settings.endpoint.url = "http://127.0.0.1:9/hive";
  AlertRequests requests(sample_alert(), settings);
  while (!requests.finished()) requests.answered(error(404, "NotFoundError", "/hive/api/alert"));
  CHECK(requests.outcome().kind == Kind::wrong_url);
  CHECK_THAT(requests.outcome().message,
             Catch::Contains("127.0.0.1:9/hive") && Catch::Contains("prefix"));
}

TEST_CASE("a search that meets a missing route does not prove that the alert is missing") {
  const Settings settings = settings_for();
  AlertRequests requests(sample_alert(), settings);
  requests.search_first();
  requests.answered(error(404, "NotFoundError", "/hive/api/v1/alert/x"));
  REQUIRE(requests.finished());
  CHECK(requests.outcome().kind == Kind::failed);
  CHECK(requests.outcome().ambiguous);
}

TEST_CASE("a key that a proxy repeats in another encoding is in no message") {
  const Settings settings = settings_for();
  AlertRequests requests(sample_alert(), settings);
  // Basic credentials: the key after a user's name.
  requests.answered(error(400, "BadRequest", "Authorization: Basic dXNlcjpzM2NyZXRrZXk="));
  CHECK(requests.outcome().message.find("zM2NyZXRrZX") == std::string::npos);
  CHECK(requests.next(1000).body.find("zM2NyZXRrZX") == std::string::npos);
}

TEST_CASE("until the search has answered an ambiguous end stays ambiguous") {
  const Settings settings = settings_for("auto");
  AlertRequests requests(sample_alert(), settings);
  requests.search_first();
  requests.answered(error(503, "x", "y"));  // to the question for the version
  CHECK(requests.outcome().kind == Kind::failed);
  CHECK(requests.outcome().ambiguous);
}

TEST_CASE("an update that a proxy refuses is not the end of the alert") {
  const Settings settings = settings_for("5");
  AlertRequests requests(sample_alert(), settings);
  requests.answered(said(201, R"({"_id":"~7","_type":"Alert","read":false,"observableCount":0})"));
  requests.answered(error(404, "NotFoundError", "/api/v1/status/public"));
  requests.answered(said(200, R"({"versions":{"TheHive":"4.1.24-1"}})"));
  requests.answered(page(400));
  answer_key_check(requests, page(503));
  CHECK(requests.outcome().kind == Kind::failed);
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
