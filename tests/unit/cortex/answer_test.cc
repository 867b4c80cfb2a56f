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

ExitCode code(int status, std::string body) {
  return cortex::failure_status("x", answered(status, std::move(body))).code();
}

const cortex::Endpoint kEndpoint{"http://c", Secret("KEY-0123")};
using Verdict = cortex::Started::Verdict;

cortex::Started started(http::Outcome outcome) {
  return cortex::read_started(kEndpoint, std::move(outcome));
}

}  // namespace

TEST_CASE("refusals are sorted") {
  CHECK(code(401, R"({"type":"AuthenticationError","message":"Authentication failure"})") ==
        ExitCode::auth);
  CHECK(code(403, R"({"type":"AuthorizationError","message":"m"})") == ExitCode::auth);
  CHECK(code(404, R"({"type":"NotFoundError","message":"worker ID not found"})") ==
        ExitCode::refused);
  CHECK(code(429, "{}") == ExitCode::unreachable);
  CHECK(code(500, R"({"type":"NoNodeAvailable","message":"m"})") == ExitCode::unreachable);
  CHECK(code(520, "null") == ExitCode::unreachable);
  CHECK(code(302, "") == ExitCode::refused);
  CHECK(cortex::failure_status("x", answered(520, "null")).hint().find("migrate") !=
        std::string::npos);
  CHECK(cortex::failure_status("x", answered(500, R"({"type":"NoNodeAvailable","message":"gone"})"))
            .hint()
            .find("Elasticsearch") != std::string::npos);
  CHECK(cortex::failure_status("x", answered(502, "<title>Bad Gateway</title>", "text/html"))
            .message() == "x: HTTP 502: Bad Gateway (not an answer of Cortex)");
  CHECK(cortex::failure_status(
            "x",
            answered(400, R"({"type":"AttributeCheckingError","errors":[{"message":"bad tlp"}]})"))
            .message() == "x: HTTP 400 AttributeCheckingError: bad tlp");
}

TEST_CASE("an HTML page is not an answer") {
  const auto read = cortex::read_json("x", answered(200, "<title>Login</title>", "text/html"));
  CHECK(read.status().code() == ExitCode::refused);
  CHECK(read.status().message().find("Login") != std::string::npos);
}

TEST_CASE("results of a submission") {
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
  CHECK(started(answered(404, "{}")).verdict == Verdict::refused);
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
