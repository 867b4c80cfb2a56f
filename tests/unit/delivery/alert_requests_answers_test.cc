// SPDX-License-Identifier: Apache-2.0
// What the answers to the search and the create request mean for an alert.
#include <algorithm>

#include "alert_requests_fixture.h"

namespace socbridge::delivery {
using namespace socbridge::integration;
using namespace socbridge::test;

using Kind = Outcome::Kind;

TEST_CASE("what the server names is left out, then everything that could be the reason") {
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
    // Left out, not lost.
    CHECK_THAT(std::string(body.root()["description"].string().value()),
               Catch::Contains("203.0.113.9"));
  }
  requests.answered(error(400, "BadRequest", "never"));
  CHECK(requests.finished());
  CHECK(requests.outcome().kind == Kind::refused);
  CHECK(requests.outcome().http_status == 400);
}

TEST_CASE("words that name nothing: one more try, with all suspects left out") {
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

TEST_CASE("a redirect or a missing route says nothing about the alert") {
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

TEST_CASE("the key a server repeats is in no message and in no description") {
  const Settings settings = settings_for();
  AlertRequests requests(sample_alert(), settings);
  requests.answered(error(400, "BadRequest", "header Bearer s3cretkey"));
  CHECK(requests.next(1000).body.find("s3cretkey") == std::string::npos);
  CHECK(requests.outcome().message.find("s3cretkey") == std::string::npos);
}

TEST_CASE("markup in the server's words stays text") {
  const Settings settings = settings_for();
  AlertRequests requests(sample_alert(), settings);
  requests.answered(error(400, "BadRequest", "<script>x</script> [a](http://evil.example)"));
  const auto body = body_of(requests);
  const std::string description(body.root()["description"].string().value());
  CHECK(description.find("<script>") == std::string::npos);
  CHECK(description.find("[a](http") == std::string::npos);
}

TEST_CASE("\"already exists\" is trusted when the alert was found") {
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

TEST_CASE("a repeated value does not decide which part is left out") {
  const Settings settings = settings_for();
  AlertRequests requests(sample_alert(), settings);
  // Unlike "Invalid value type for custom field", a value that names the data types.
  requests.answered(
      said(400, R"({"type":"BadRequest","message":"Invalid input: observable type ip"})"));
  CHECK(requests.outcome().left_out != Parts{"type=ip"});
}

TEST_CASE("a look-up that meets a missing route is not proof that the alert is not there") {
  const Settings settings = settings_for();
  AlertRequests requests(sample_alert(), settings);
  requests.search_first();
  requests.answered(error(404, "NotFoundError", "/hive/api/v1/alert/x"));
  REQUIRE(requests.finished());
  CHECK(requests.outcome().kind == Kind::failed);
  CHECK(requests.outcome().ambiguous);
}

TEST_CASE("the key that a proxy repeats in its own spelling is in no message") {
  const Settings settings = settings_for();
  AlertRequests requests(sample_alert(), settings);
  // Basic credentials: the key behind a user's name.
  requests.answered(error(400, "BadRequest", "Authorization: Basic dXNlcjpzM2NyZXRrZXk="));
  CHECK(requests.outcome().message.find("zM2NyZXRrZX") == std::string::npos);
  CHECK(requests.next(1000).body.find("zM2NyZXRrZX") == std::string::npos);
}

TEST_CASE("a search that fails leaves it open whether the alert is there") {
  const Settings settings = settings_for();
  AlertRequests requests(sample_alert(), settings);
  requests.search_first();
  SECTION("an answer that is not an alert") {
    requests.answered(said(200, GENERATE("[]", "7", "\"x\"")));
    REQUIRE(requests.finished());
    CHECK(requests.outcome().message == "searching for the alert: not an answer of TheHive");
  }
  SECTION("TheHive asks for a pause") {
    http::Outcome busy = error(429, "Busy", "x");
    busy.response.retry_after_ms = 5000;
    requests.answered(busy);
    CHECK(requests.outcome().retry_after_ms == 5000);
    CHECK(requests.outcome().http_status == 429);
  }
  CHECK(requests.outcome().kind == Kind::failed);
  CHECK(requests.outcome().ambiguous);
  CHECK_FALSE(requests.found());
}

TEST_CASE(
    "a search that something before TheHive refuses is about this alert if the key is taken") {
  const Settings settings = settings_for();
  AlertRequests requests(sample_alert(), settings);
  requests.search_first();
  requests.answered(page(403));
  answer_key_check(requests, said(200, kUser));
  REQUIRE(requests.finished());
  CHECK(
      (requests.outcome().kind == Kind::blocked || requests.outcome().kind == Kind::alert_failed));
  CHECK(requests.outcome().ambiguous);
}

TEST_CASE("when TheHive made the alert that was found is known by its clock") {
  const Settings settings = settings_for();
  AlertRequests requests(sample_alert(), settings);
  requests.search_first();
  requests.answered(said(200, R"({"_id":"~1","_createdAt":1741938001037})"));
  CHECK(requests.found_created_ms() == 1741938001037);
  CHECK(requests.outcome().message == "the alert already exists");
  CHECK_FALSE(requests.created());
}

TEST_CASE("a success without an alert id proves nothing: the alert is looked for next time") {
  const Settings settings = settings_for();
  AlertRequests requests(sample_alert(), settings);
  requests.answered(said(200, GENERATE("{}", "[]", R"({"_id":7})", "")));
  REQUIRE(requests.finished());
  CHECK(requests.outcome().kind == Kind::failed);
  CHECK(requests.outcome().ambiguous);
  CHECK_FALSE(requests.created());
}

}  // namespace socbridge::delivery
