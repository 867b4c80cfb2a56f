// SPDX-License-Identifier: Apache-2.0
// The version of the server: asked for, in doubt, and other than the configured one.
#include "alert_requests_fixture.h"

namespace socbridge::delivery {
using namespace socbridge::integration;
using namespace socbridge::test;

using Kind = Outcome::Kind;

TEST_CASE("an unknown version is asked for without the key, in up to two requests") {
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

TEST_CASE("a version 4 that was taken for 5 gets the observables after all, and says so") {
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

TEST_CASE("a version 5 that was taken for 4 is sent to as a 5") {
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

TEST_CASE("a wrong path prefix is said in the message") {
  Settings settings = settings_for("4");
  settings.endpoint.url = "http://127.0.0.1:9/hive";
  AlertRequests requests(sample_alert(), settings);
  while (!requests.finished()) requests.answered(error(404, "NotFoundError", "/hive/api/alert"));
  CHECK(requests.outcome().kind == Kind::wrong_url);
  CHECK_THAT(requests.outcome().message,
             Catch::Contains("127.0.0.1:9/hive") && Catch::Contains("prefix"));
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

TEST_CASE("a version that is not known ends it with the words of the server") {
  const Settings settings = settings_for("auto");
  AlertRequests requests(sample_alert(), settings);
  http::Outcome busy = error(503, "Unavailable", "starting");
  busy.response.retry_after_ms = 7000;
  requests.answered(busy);
  REQUIRE(requests.finished());
  CHECK(requests.outcome().kind == Kind::failed);
  CHECK(requests.outcome().http_status == 503);
  CHECK(requests.outcome().retry_after_ms == 7000);
  CHECK_FALSE(requests.outcome().ambiguous);
  CHECK_THAT(requests.outcome().message, Catch::Contains("HTTP 503 Unavailable: starting"));
}

TEST_CASE("an alert that was created stays so if the server does not give its version") {
  const Settings settings = settings_for("5");
  AlertRequests requests(sample_alert(), settings);
  requests.answered(said(201, R"({"_id":"~7","read":false})"));
  requests.answered(GENERATE(error(503, "x", "y"), broke_off()));
  REQUIRE(requests.finished());
  CHECK(requests.outcome().kind == Kind::created);
  CHECK(requests.outcome().alert_id == "~7");
  CHECK(requests.outcome().remark.empty());
}

TEST_CASE("a version from the cache is in doubt when its route is missing") {
  const Settings settings = settings_for("auto");
  Known known;
  known.version = thehive::ApiVersion::v5;
  AlertRequests requests(sample_alert(), settings, known);
  CHECK_FALSE(requests.version_in_doubt());
  requests.answered(error(404, "NotFound", "no route"));
  CHECK(requests.version_in_doubt());
  const Settings fixed = settings_for("5");
  AlertRequests configured(sample_alert(), fixed);
  configured.answered(error(404, "NotFound", "no route"));
  CHECK_FALSE(configured.version_in_doubt());
}

namespace {

// An alert of a version 4 that was taken for 5: its observables follow.
void bring_to_updates(AlertRequests& requests) {
  requests.answered(said(201, R"({"_id":"~7","_type":"Alert","read":false,"observableCount":0})"));
  requests.answered(error(404, "NotFoundError", "/api/v1/status/public"));
  requests.answered(said(200, R"({"versions":{"TheHive":"4.1.24-1"}})"));
  REQUIRE_FALSE(requests.finished());
}

}  // namespace

TEST_CASE("observables that are there already, or are refused in any form, hold up nothing") {
  const Settings settings = settings_for("5");
  const auto requests_until_created = [&](const std::string& message) {
    AlertRequests requests(sample_alert(), settings);
    bring_to_updates(requests);
    int count = 0;
    while (!requests.finished() && count < 50) {
      ++count;
      requests.answered(error(400, "BadRequest", message));
    }
    CHECK(requests.outcome().kind == Kind::created);
    return count;
  };
  const int there = requests_until_created("Observable already exists");
  CHECK(there > 0);
  // What is there already needs no second form.
  CHECK(requests_until_created("no such type") > there);
}

TEST_CASE("an update that fails leaves the alert in TheHive to be brought up to date later") {
  const Settings settings = settings_for("5");
  AlertRequests requests(sample_alert(), settings);
  bring_to_updates(requests);
  Kind kind = Kind::failed;
  SECTION("the server is going down") { requests.answered(error(503, "Unavailable", "x")); }
  SECTION("the route is missing") { requests.answered(error(404, "NotFound", "x")); }
  SECTION("the server fails at this one") {
    requests.answered(error(500, "InternalError", "x"));
    answer_key_check(requests, said(200, kUser));
    kind = Kind::alert_failed;
  }
  SECTION("the key is refused by now") {
    requests.answered(error(401, "AuthenticationError", "x"));
    answer_key_check(requests, error(401, "AuthenticationError", "x"));
    kind = Kind::key_refused;
  }
  REQUIRE(requests.finished());
  CHECK(requests.outcome().kind == kind);
  CHECK(requests.outcome().alert_id == "~7");
  CHECK_THAT(requests.outcome().message, Catch::StartsWith("updating the alert: "));
}

}  // namespace socbridge::delivery
