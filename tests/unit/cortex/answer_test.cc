// SPDX-License-Identifier: Apache-2.0
#include "cortex/answer.h"

#include <catch2/catch.hpp>

#include "cortex/client.h"

using namespace socbridge;

namespace {

http::Outcome answered(int status, std::string body, std::string type = "application/json") {
  http::Outcome outcome;
  outcome.response.status = status;
  outcome.response.body = std::move(body);
  outcome.response.content_type = std::move(type);
  return outcome;
}

http::Outcome failed(http::FailureKind kind) {
  http::Outcome outcome;
  outcome.failure = kind;
  outcome.error = "cannot connect";
  return outcome;
}

Status explained(int status, std::string body) {
  return http::explain("x", answered(status, std::move(body)), cortex::kErrors);
}

const cortex::Endpoint kEndpoint{"http://c", Secret("KEY-0123")};
using Verdict = cortex::Started::Verdict;

cortex::Started started(http::Outcome outcome) {
  return cortex::read_started(kEndpoint, std::move(outcome));
}

}  // namespace

TEST_CASE("Cortex's own errors") {
  CHECK(explained(520, "null").message() == "x: HTTP 520: Cortex has no index yet");
  CHECK_THAT(explained(500, R"({"type":"NoNodeAvailable","message":"gone"})").line(),
             Catch::StartsWith("x: HTTP 500 NoNodeAvailable: gone; Elasticsearch"));
  CHECK_THAT(explained(413, R"({"type":"T"})").hint(), Catch::Contains("maxDiskBuffer"));
  CHECK(explained(400, R"({"type":"AttributeCheckingError","errors":[{"message":"bad tlp"}]})")
            .message() == "x: HTTP 400 AttributeCheckingError: bad tlp");
}

TEST_CASE("answer: what became of a submission") {
  CHECK(started(answered(200, R"({"id":"AX","status":"Waiting"})")).verdict == Verdict::started);
  const auto limit = started(answered(
      429,
      R"({"type":"RateLimitExceeded","message":"Rate limit of 500 per Day reached for the analyzer V. Job cannot be started"})"));
  CHECK(limit.verdict == Verdict::rate_limit);
  CHECK(limit.rate_unit == "Day");
  CHECK_FALSE(limit.ambiguous);
  CHECK(started(answered(401, R"({"type":"AuthenticationError"})")).verdict == Verdict::auth);
  for (const int status : {401, 402, 403, 407}) {  // of a proxy
    CHECK(started(answered(status, "{}")).verdict == Verdict::retry);
    CHECK(started(answered(status, "<html></html>", "text/html")).status.code() ==
          ExitCode::unreachable);
  }
  CHECK(started(answered(402, R"({"type":"T"})")).verdict == Verdict::auth);
  CHECK(started(answered(404, "{}")).verdict == Verdict::refused);
  for (const int status : {408, 425})
    CHECK(started(answered(status, "{}")).verdict == Verdict::retry);
  CHECK(started(answered(503, "{}")).verdict == Verdict::retry);
  CHECK_FALSE(started(answered(503, "{}")).ambiguous);
  CHECK(started(answered(504, "")).ambiguous);
  CHECK(started(answered(200, "<html>")).ambiguous);
  CHECK(started(failed(http::FailureKind::connect)).verdict == Verdict::retry);
  CHECK_FALSE(started(failed(http::FailureKind::connect)).ambiguous);
  CHECK(started(failed(http::FailureKind::interrupted_send)).ambiguous);
}

TEST_CASE("a key that a server sends back is in no message") {
  const auto refused = started(answered(400, R"({"type":"X","message":"got Bearer KEY-0123"})"));
  CHECK(refused.status.line().find("KEY-0123") == std::string::npos);
}
