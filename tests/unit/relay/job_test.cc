#include "relay/job.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "fixtures.h"
#include "json/value.h"

namespace socbridge::relay {
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
  job.answered(GENERATE(said(302, ""), error(404, "NotFound", "no route"), said(405, "")));
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

}  // namespace socbridge::relay
