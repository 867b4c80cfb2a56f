// SPDX-License-Identifier: Apache-2.0
#include "delivery/alert_delivery.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "../support/spool_fixture.h"
#include "json/value.h"

namespace socbridge::delivery {
using namespace socbridge::grouping;
using namespace socbridge::integration;
using namespace socbridge::test;

namespace {

http::Outcome said(int status, const std::string& body) {
  http::Outcome outcome;
  outcome.response.status = status;
  outcome.response.body = body;
  outcome.response.content_type = "application/json";
  return outcome;
}

http::Outcome broke_off() {
  http::Outcome outcome;
  outcome.failure = http::FailureKind::interrupted_send;
  outcome.error = "reset";
  return outcome;
}

http::Outcome error(int status, const std::string& type, const std::string& message) {
  return said(status, R"({"type":")" + type + R"(","message":")" + message + "\"}");
}

Settings settings_for(const std::string& version = "5") {
  Settings s;
  s.endpoint = {"http://127.0.0.1:9", Secret("s3cretkey"), ""};
  s.thehive_version = version;
  return s;
}

json::Document body_of(const Job& job) {
  auto document = json::Document::parse(job.request(1000).body);
  REQUIRE(document.ok());
  return std::move(*document);
}

const std::string kCreated = R"({"_id":"~1","_type":"alert"})";

}  // namespace

TEST_CASE("one request if all is known and taken") {
  const Settings settings = settings_for();
  Job job(sample_alert(), settings);
  REQUIRE_FALSE(job.finished());
  CHECK(job.creates());
  CHECK_THAT(job.key(), Catch::StartsWith("wazuh_alert;wazuh;1741938001.1201-"));
  job.answered(said(201, kCreated));
  CHECK(job.finished());
  CHECK(job.attempt().delivery.verdict == thehive::Verdict::created);
}

TEST_CASE("an unknown version is asked for without the key, in up to two requests") {
  const Settings settings = settings_for("auto");
  Job job(sample_alert(), settings);
  CHECK(job.request(1000).method == "GET");
  CHECK(job.request(1000).bearer.empty());
  job.answered(error(404, "NotFound", "x"));
  REQUIRE_FALSE(job.finished());
  job.answered(said(200, R"({"versions":{"TheHive":"4.1.24-1"}})"));
  REQUIRE_FALSE(job.finished());
  CHECK(job.learned()->api == thehive::ApiVersion::v4);
  CHECK_THAT(job.request(1000).url, Catch::EndsWith("/api/alert"));
}

TEST_CASE("after an end that left things open it asks before it sends") {
  const Settings settings = settings_for(GENERATE("5", "auto"));
  Job job(sample_alert(), settings);
  job.ask_first();
  if (settings.thehive_version == "auto") job.answered(said(200, R"({"version":"5.7.3-1"})"));
  CHECK_FALSE(job.creates());
  CHECK(job.request(1000).method == "GET");
  CHECK_THAT(job.request(1000).url, Catch::Contains("/api/v1/alert/wazuh_alert%3Bwazuh%3B"));
  SECTION("it is there") {
    job.answered(said(200, kCreated));
    CHECK(job.finished());
    CHECK(job.attempt().delivery.verdict == thehive::Verdict::duplicate);
    CHECK(job.attempt().looked_up);
  }
  SECTION("it is not there") {
    job.answered(error(404, "NotFoundError", "Alert not found"));
    REQUIRE_FALSE(job.finished());
    CHECK(job.creates());
    job.answered(said(201, kCreated));
    CHECK(job.attempt().delivery.verdict == thehive::Verdict::created);
  }
  SECTION("nothing is known: not sent, and still open") {
    job.answered(GENERATE(error(503, "x", "y"), error(404, "NotFound", "no route"),
                          said(200, "<html>"), broke_off()));
    CHECK(job.finished());
    CHECK(job.attempt().delivery.verdict == thehive::Verdict::retry);
    CHECK(job.attempt().delivery.ambiguous);
  }
  SECTION("the key is refused") {
    job.answered(error(401, "AuthenticationError", "no"));
    CHECK(job.attempt().delivery.verdict == thehive::Verdict::auth);
    CHECK(job.attempt().delivery.ambiguous);
  }
}

TEST_CASE("what the server names is left out, then everything that could be the reason") {
  const Settings settings = settings_for();
  Job job(sample_alert(), settings);
  const std::string reference(body_of(job).root()["sourceRef"].string().value());
  job.answered(error(404, "NotFoundError", "ObservableType ip not found"));
  REQUIRE_FALSE(job.finished());
  CHECK(job.attempt().left_out == Parts{"type=ip"});
  {
    const auto body = body_of(job);
    CHECK(body.root()["sourceRef"].string() == reference);
    const json::Value observables = body.root()["observables"];
    REQUIRE(observables.size() >= 1);
    for (std::size_t i = 0; i < observables.size(); ++i) {
      CHECK(observables.value_at(i)["dataType"].string() != "ip");
    }
    CHECK_THAT(std::string(body.root()["description"].string().value()),
               Catch::Contains("data type ip sent as other"));
  }
  job.answered(error(400, "BadRequest", "still no"));
  REQUIRE_FALSE(job.finished());
  {
    const auto body = body_of(job);
    CHECK(body.root()["observables"].missing());
    // Left out, not lost.
    CHECK_THAT(std::string(body.root()["description"].string().value()),
               Catch::Contains("203.0.113.9"));
  }
  job.answered(error(400, "BadRequest", "never"));
  CHECK(job.finished());
  CHECK(job.attempt().last_word);
  CHECK(job.attempt().delivery.http_status == 400);
}

TEST_CASE("words that name nothing: one more try, with all suspects left out") {
  const Settings settings = settings_for();
  Job job(sample_alert(), settings);
  job.answered(error(400, "BadRequest", "no"));
  REQUIRE_FALSE(job.finished());
  job.answered(error(400, "BadRequest", "no"));
  CHECK(job.attempt().last_word);
}

TEST_CASE("too large: one more try that is small") {
  const Settings settings = settings_for();
  std::string alert = sample_alert();
  alert.replace(alert.find("Failed password"), 15, std::string(300000, 'x'));
  Settings wide = settings;
  wide.mapping.max_log_chars = 400000;
  Job job(alert, wide);
  CHECK(job.request(1000).body.size() > 300000);
  job.answered(said(413, "<html>too large</html>"));
  REQUIRE_FALSE(job.finished());
  CHECK(job.request(1000).body.size() <= kSmallBody);
  job.answered(said(413, "<html>too large</html>"));
  CHECK(job.attempt().last_word);
}

TEST_CASE("a redirect or a missing route says nothing about the alert") {
  const Settings settings = settings_for();
  Job job(sample_alert(), settings);
  const http::Outcome answer =
      GENERATE(said(302, ""), error(404, "NotFound", "no route"),
               error(404, "NotFoundError", "/wrong/api/v1/alert"), said(405, ""));
  job.answered(answer);
  if (!job.finished()) job.answered(answer);  // whose key it is
  CHECK(job.finished());
  CHECK(job.attempt().delivery.wrong_place);
  CHECK_FALSE(job.attempt().last_word);
  CHECK(job.attempt().left_out.empty());
}

TEST_CASE("what was left out before is left out from the start") {
  const Settings settings = settings_for();
  const Job job(sample_alert(), settings, parse_parts("observables,type=user-agent"));
  CHECK(body_of(job).root()["observables"].missing());
}

TEST_CASE("the key a server repeats is in no message and in no description") {
  const Settings settings = settings_for();
  Job job(sample_alert(), settings);
  job.answered(error(400, "BadRequest", "header Bearer s3cretkey"));
  CHECK(job.request(1000).body.find("s3cretkey") == std::string::npos);
  CHECK(job.attempt().delivery.message.find("s3cretkey") == std::string::npos);
}

TEST_CASE("markup in the server's words stays text") {
  const Settings settings = settings_for();
  Job job(sample_alert(), settings);
  job.answered(error(400, "BadRequest", "<script>x</script> [a](http://evil.example)"));
  const auto body = body_of(job);
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

// Answers the request that asks whose key it is.
void tell_key(Job& job, const http::Outcome& outcome) {
  REQUIRE_FALSE(job.finished());
  CHECK_FALSE(job.creates());
  CHECK_THAT(job.request(1000).url, Catch::EndsWith("/api/v1/user/current"));
  job.answered(outcome);
}

}  // namespace

TEST_CASE("what something before TheHive refuses concerns that alert alone if the key is taken") {
  const Settings settings = settings_for(GENERATE("4", "5"));
  Job job(sample_alert(), settings);
  const http::Outcome refusal =
      GENERATE(page(401), page(402), page(403), page(400), page(404), page(405), page(406),
               page(302), page(200), said(403, R"({"message":"Forbidden"})"));
  job.answered(refusal);
  SECTION("it is") {
    tell_key(job, said(200, kUser));
    REQUIRE(job.finished());
    CHECK(job.attempt().delivery.verdict == thehive::Verdict::blocked);
    CHECK(job.attempt().alone);
    CHECK_FALSE(job.attempt().could_leave_out.empty());
  }
  SECTION("everybody is refused") {
    tell_key(job, GENERATE(page(403), page(302), broke_off(), error(503, "x", "y")));
    REQUIRE(job.finished());
    CHECK(job.attempt().delivery.verdict != thehive::Verdict::auth);
    CHECK(job.attempt().delivery.verdict != thehive::Verdict::blocked);
    CHECK_FALSE(job.attempt().alone);
    CHECK_FALSE(job.attempt().last_word);
  }
  SECTION("TheHive refuses the key too") {
    tell_key(job, error(401, "AuthenticationError", "Authentication failure"));
    CHECK(job.attempt().delivery.verdict == thehive::Verdict::auth);
    CHECK_FALSE(job.attempt().alone);
  }
  SECTION("no time to ask") {
    job.give_up("no time");
    REQUIRE(job.finished());
    CHECK(job.attempt().delivery.verdict != thehive::Verdict::blocked);
    CHECK_FALSE(job.attempt().last_word);
  }
}

TEST_CASE("before anybody holds a key for refused, TheHive has confirmed it") {
  const Settings settings = settings_for();
  Job job(sample_alert(), settings);
  job.answered(GENERATE(error(401, "AuthenticationError", "Authentication failure"),
                        error(403, "AuthorizationError", "Operation not permitted"),
                        error(402, "MultiFactorCodeRequired", "x"),
                        error(404, "NotFoundError", "Organisation not found")));
  SECTION("confirmed") {
    tell_key(job, GENERATE(error(401, "AuthenticationError", "no"),
                           error(403, "AuthorizationError", "no"),
                           said(200, R"({"login":"w","permissions":["manageCase"]})"),
                           said(200, R"({"login":"w","locked":true})"),
                           said(200, R"({"login":"w","organisation":"***"})")));
    CHECK(job.attempt().delivery.verdict == thehive::Verdict::auth);
  }
  SECTION("the key is well: this alert waits, nobody else, and it is not given up") {
    tell_key(job, said(200, kUser));
    CHECK(job.attempt().delivery.verdict == thehive::Verdict::retry);
    CHECK(job.attempt().alone);
    CHECK_FALSE(job.attempt().last_word);
  }
  SECTION("nothing is known of the key") {
    tell_key(job, GENERATE(page(403), page(200), broke_off(), error(404, "NotFound", "x"),
                           said(200, "{}")));
    CHECK(job.attempt().delivery.verdict == thehive::Verdict::retry);
    CHECK_FALSE(job.attempt().alone);
  }
}

TEST_CASE("a licence that ended keeps everybody from sending although the key is well") {
  const Settings settings = settings_for();
  Job job(sample_alert(), settings);
  job.answered(error(403, "AuthorizationError", "The license has expired"));
  tell_key(job, said(200, kUser));
  CHECK(job.attempt().delivery.verdict == thehive::Verdict::auth);
  CHECK_FALSE(job.attempt().alone);
}

TEST_CASE("a slow-down or a failure that only this alert meets is not everybody's") {
  const Settings settings = settings_for();
  Job job(sample_alert(), settings);
  http::Outcome answer = GENERATE(page(429), page(503), page(501), broke_off());
  answer.response.retry_after_ms = answer.answered() ? 60000 : -1;
  job.answered(answer);
  tell_key(job, said(200, kUser));
  CHECK(job.attempt().delivery.verdict == thehive::Verdict::retry);
  CHECK(job.attempt().alone);
  CHECK(job.attempt().delivery.retry_after_ms == answer.response.retry_after_ms);
}

TEST_CASE("already there is believed when it was found") {
  const Settings settings = settings_for(GENERATE("4", "5"));
  Job job(sample_alert(), settings);
  std::string colons = job.key();
  std::replace(colons.begin(), colons.end(), ';', ':');
  SECTION("found") {
    job.answered(
        error(400, "CreateError", "Alert " + colons + " already exist in organisation soc"));
    REQUIRE_FALSE(job.finished());
    CHECK_THAT(job.request(1000).url, Catch::Contains("/api/v1/alert/wazuh_alert%3Bwazuh%3B"));
    job.answered(said(200, kCreated));
    CHECK(job.attempt().delivery.verdict == thehive::Verdict::duplicate);
    CHECK(job.attempt().delivery.alert_id == "~1");
  }
  SECTION("TheHive's own sentence, but not found yet: it is asked for again") {
    job.answered(
        error(400, "CreateError", "Alert " + colons + " already exist in organisation soc"));
    job.answered(error(404, "NotFoundError", "Alert not found"));
    REQUIRE(job.finished());
    CHECK(job.attempt().delivery.verdict == thehive::Verdict::retry);
    CHECK(job.attempt().delivery.ambiguous);
  }
  SECTION("somebody else's words: a refusal like any other") {
    job.answered(error(400, "CreateError", "Alert xyz already exist"));
    job.answered(error(404, "NotFoundError", "Alert not found"));
    REQUIRE_FALSE(job.finished());
    CHECK(job.creates());
    CHECK_FALSE(job.attempt().left_out.empty());
    job.answered(said(201, kCreated));
    CHECK(job.attempt().delivery.verdict == thehive::Verdict::created);
  }
  SECTION("nothing is known") {
    job.answered(error(409, "ConflictError", "x"));
    job.answered(error(503, "x", "y"));
    CHECK(job.attempt().delivery.verdict == thehive::Verdict::retry);
    CHECK(job.attempt().delivery.ambiguous);
  }
}

TEST_CASE("a repeated value decides nothing of what is left out") {
  const Settings settings = settings_for();
  Job job(sample_alert(), settings);
  // Unlike "Invalid value type for custom field", a value that names the data types.
  job.answered(said(400, R"({"type":"BadRequest","message":"Invalid input: observable type ip"})"));
  CHECK(job.attempt().left_out != Parts{"type=ip"});
}

TEST_CASE("a version 4 that was taken for 5 gets the observables after all, and says so") {
  const Settings settings = settings_for("5");
  Job job(sample_alert(), settings);
  job.answered(said(201, R"({"_id":"~7","_type":"Alert","read":false,"observableCount":0})"));
  REQUIRE_FALSE(job.finished());
  CHECK_THAT(job.request(1000).url, Catch::EndsWith("/api/v1/status/public"));
  CHECK(job.request(1000).bearer.empty());
  job.answered(error(404, "NotFoundError", "/api/v1/status/public"));
  job.answered(said(200, R"({"versions":{"TheHive":"4.1.24-1"}})"));
  REQUIRE_FALSE(job.finished());
  std::string all;
  while (!job.finished()) {
    CHECK_THAT(job.request(1000).url, Catch::EndsWith("/api/v1/alert/~7/artifact") ||
                                          Catch::EndsWith("/api/v1/alert/%7E7/artifact"));
    all += job.request(1000).body;
    job.answered(said(201, "[]"));
  }
  CHECK_THAT(all, Catch::Contains("203.0.113.9"));
  CHECK(job.attempt().delivery.verdict == thehive::Verdict::created);
  CHECK_THAT(job.attempt().remark,
             Catch::Contains("thehive_version is 5") && Catch::Contains("4.1.24"));
  CHECK(job.learned()->api == thehive::ApiVersion::v4);
}

TEST_CASE("a version 5 that was taken for 4 is sent to as a 5") {
  const Settings settings = settings_for("4");
  Job job(sample_alert(), settings);
  job.answered(error(404, "NotFound", "no such route"));
  CHECK_THAT(job.request(1000).url, Catch::EndsWith("/api/v1/status/public"));
  job.answered(said(200, R"({"version":"5.7.3-1"})"));
  REQUIRE_FALSE(job.finished());
  CHECK(job.creates());
  CHECK_THAT(job.request(1000).url, Catch::EndsWith("/api/v1/alert"));
  job.answered(said(201, kCreated));
  CHECK(job.attempt().delivery.verdict == thehive::Verdict::created);
  CHECK_FALSE(job.attempt().remark.empty());
}

TEST_CASE("a wrong path prefix is said in the message") {
  Settings settings = settings_for("4");
  settings.endpoint.url = "http://127.0.0.1:9/hive";
  Job job(sample_alert(), settings);
  while (!job.finished()) job.answered(error(404, "NotFoundError", "/hive/api/alert"));
  CHECK(job.attempt().delivery.wrong_place);
  CHECK_FALSE(job.attempt().last_word);
  CHECK_THAT(job.attempt().delivery.message,
             Catch::Contains("127.0.0.1:9/hive") && Catch::Contains("prefix"));
}

TEST_CASE("a look-up that meets a missing route is no proof that the alert is not there") {
  const Settings settings = settings_for();
  Job job(sample_alert(), settings);
  job.ask_first();
  job.answered(error(404, "NotFoundError", "/hive/api/v1/alert/x"));
  REQUIRE(job.finished());
  CHECK(job.attempt().delivery.verdict == thehive::Verdict::retry);
  CHECK(job.attempt().delivery.ambiguous);
}

TEST_CASE("the key that a proxy repeats in its own spelling is in no message") {
  const Settings settings = settings_for();
  Job job(sample_alert(), settings);
  // Basic credentials: the key behind a user's name.
  job.answered(error(400, "BadRequest", "Authorization: Basic dXNlcjpzM2NyZXRrZXk="));
  CHECK(job.attempt().delivery.message.find("zM2NyZXRrZX") == std::string::npos);
  CHECK(job.request(1000).body.find("zM2NyZXRrZX") == std::string::npos);
}

}  // namespace socbridge::delivery
