// SPDX-License-Identifier: Apache-2.0
// Meaning of the answers of OpenCTI and of a proxy before it.
#include "opencti/answer.h"

#include <catch2/catch.hpp>

#include "opencti/variables.h"

namespace socbridge::opencti {
namespace {

http::Outcome outcome(int status, std::string type, std::string body) {
  http::Outcome out;
  out.response.status = status;
  out.response.content_type = std::move(type);
  out.response.body = std::move(body);
  return out;
}

std::string error(const char* code) {
  return std::string(R"({"errors":[{"message":"words","path":["me"],"name":")") + code +
         R"(","extensions":{"code":")" + code +
         R"(","data":{"http_status":401}}}],"data":{"me":null}})";
}

ExitCode code_of(const char* code) {
  const auto answer = accept("asking", outcome(200, "application/json", error(code)));
  REQUIRE(answer.ok());
  return errors_status("asking", *answer).code();
}

}  // namespace

TEST_CASE("answer: errors of GraphQL come with HTTP 200") {
  for (const char* code : {"AUTH_REQUIRED", "AUTH_FAILURE", "OTP_REQUIRED", "FORBIDDEN_ACCESS"}) {
    CHECK(code_of(code) == ExitCode::auth);
  }
  for (const char* code : {"LOCK_ERROR", "DATABASE_ERROR", "UNKNOWN_ERROR"}) {
    CHECK(code_of(code) == ExitCode::unreachable);
  }
  for (const char* code : {"FUNCTIONAL_ERROR", "UNSUPPORTED_ERROR", "GRAPHQL_VALIDATION_FAILED",
                           "COMPLEX_SEARCH_ERROR", "RESOURCE_NOT_FOUND", "of another kind"}) {
    CHECK(code_of(code) == ExitCode::refused);
  }
}

TEST_CASE("the most important error is reported, on one line") {
  const auto answer =
      read_answer(R"({"errors":[{"message":"a lock","extensions":{"code":"LOCK_ERROR"}},)"
                  R"({"message":"no\nright","name":"FORBIDDEN_ACCESS"}],"data":null})");
  REQUIRE(answer.ok());
  const Status status = errors_status("asking", *answer);
  CHECK(status.code() == ExitCode::auth);
  CHECK(status.message().find('\n') == std::string::npos);
  CHECK(status.message().find("FORBIDDEN_ACCESS") != std::string::npos);
  CHECK(status.message().find("1 more") != std::string::npos);
}

TEST_CASE("a page with status 200 is not an answer") {
  const auto page = accept("asking", outcome(200, "text/html", "<html>login</html>"));
  REQUIRE_FALSE(page.ok());
  CHECK(page.status().code() == ExitCode::refused);
  CHECK(page.status().message().find("text/html") != std::string::npos);
  CHECK_FALSE(accept("asking", outcome(200, "", R"({"data":{}})")).ok());
  CHECK_FALSE(accept("asking", outcome(200, "application/json", "[]")).ok());
  CHECK_FALSE(accept("asking", outcome(200, "application/json", R"({"status":"error"})")).ok());
}

TEST_CASE("answer: HTTP's own errors keep their meaning") {
  const auto of = [](int status, const char* body) {
    return accept("asking", outcome(status, "application/json", body)).status().code();
  };
  CHECK(of(429, R"({"message":"Too many requests, please try again later."})") ==
        ExitCode::unreachable);
  CHECK(of(502, "") == ExitCode::unreachable);
  CHECK(of(500, R"({"status":"error","error":"Unexpected token"})") == ExitCode::unreachable);
  // OpenCTI refuses a token with GraphQL errors; this is a proxy's answer.
  for (const int status : {401, 402, 403, 407}) {
    CHECK(of(status, "") == ExitCode::unreachable);
    CHECK(of(status, R"({"message":"Forbidden"})") == ExitCode::unreachable);
  }
  CHECK(of(404, R"({"status":"error","error":"Path not found"})") == ExitCode::refused);
  CHECK(of(302, "") == ExitCode::refused);
  // Apollo's errors with status 400 are answers.
  CHECK(accept("asking", outcome(400, "application/json", error("BAD_USER_INPUT"))).ok());
  http::Outcome none;
  none.failure = http::FailureKind::connect;
  CHECK(accept("asking", none).status().code() == ExitCode::unreachable);
  none.failure = http::FailureKind::bad_url;
  CHECK(accept("asking", none).status().code() == ExitCode::usage);
}

TEST_CASE("answer: variables from a command line") {
  CHECK(*variables_from({"a=5", "b=text", R"(c={"x":[1]})", "d=", R"(e="5")"}) ==
        R"({"a":5,"b":"text","c":{"x":[1]},"d":"","e":"5"})");
  for (const char* bad : {"a", "=5", "1a=5", "a b=5"}) CHECK_FALSE(variables_from({bad}).ok());
  CHECK_FALSE(variables_from({"a=1", "a=2"}).ok());
}

}  // namespace socbridge::opencti
