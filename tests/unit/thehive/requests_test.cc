// SPDX-License-Identifier: Apache-2.0
#include "thehive/requests.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "json/value.h"
#include "support/said.h"

namespace socbridge::thehive {
namespace {

using test::said;

const Endpoint kEndpoint{"https://hive.example/prefix/", Secret("s3cretkey"), "soc"};

bool has_header(const http::Request& request, const std::string& name, const std::string& value) {
  const std::pair<std::string, std::string> wanted(name, value);
  return std::find(request.headers.begin(), request.headers.end(), wanted) != request.headers.end();
}

Status user(const std::string& body, std::string_view organisation = "soc") {
  return read_key(said(200, body), organisation);
}

http::Outcome page(int status, const std::string& body) {
  http::Outcome outcome = said(status, body);
  outcome.response.content_type = "text/html";
  return outcome;
}

}  // namespace

TEST_CASE("a request has the base URL, the key and the organisation") {
  const http::Request request = make_request(kEndpoint, "GET", "/api/v1/x", 1234);
  CHECK(request.url == "https://hive.example/prefix/api/v1/x");
  CHECK(request.bearer.reveal() == "s3cretkey");
  CHECK(has_header(request, "X-Organisation", "soc"));
  CHECK(request.timeout_ms == 1234);
  const Endpoint own{"https://hive.example", Secret("k"), ""};
  for (const auto& [name, value] : make_request(own, "GET", "/", 1).headers) {
    CHECK(name != "X-Organisation");
  }
}

TEST_CASE("an alert is looked for by the key that the server makes of it") {
  CHECK(alert_key("t", "s", "r") == "t;s;r");
  CHECK(alert_key(std::string(40, 't'), "s", "r") == std::string(31, 't') + "…;s;r");
  CHECK(find_request(kEndpoint, "t;s;a/b", 1).url ==
        "https://hive.example/prefix/api/v1/alert/t%3Bs%3Ba%2Fb");
}

TEST_CASE("only TheHive itself can say that something does not exist") {
  const auto missing = read_found("alert ~1", test::error(404, "NotFoundError", "Alert not found"));
  REQUIRE(missing.ok());
  CHECK(missing->root().missing());
  CHECK_FALSE(read_found("alert ~1", test::error(404, "NotFound", "x")).ok());
  CHECK_FALSE(read_found("alert ~1", test::error(404, "NotFoundError", "/api/x")).ok());
  CHECK_FALSE(read_found("alert ~1", page(404, "<html>no backend</html>")).ok());
  CHECK_FALSE(read_found("alert ~1", said(404, R"({"message":"no"})")).ok());
  const Status why = read_found("alert\n~1", said(503, "{}")).status();
  CHECK(why.code() == ExitCode::unreachable);
  CHECK_THAT(why.message(), Catch::StartsWith("looking for alert\\"));
  CHECK(read_found("alert ~1", said(200, R"({"_id":"~1"})"))->root()["_id"].string() == "~1");
}

TEST_CASE("a key that may create alerts in the organisation is taken") {
  CHECK(user(R"({"login":"w","organisation":"SOC","permissions":["manageAlert/create"]})").ok());
  CHECK(user(R"({"login":"w","organisation":"soc","permissions":["a","manageAlert"]})").ok());
  CHECK(user(R"({"login":"w","organisation":"other","permissions":["manageAlert"],)"
             R"("organisations":[{"organisation":"soc"}]})")
            .ok());
  CHECK(user(R"({"login":"w","organisation":"other","permissions":["manageAlert"],)"
             R"("organisations":[{"organisationId":"~7"}]})",
             "~7")
            .ok());
  CHECK(user(R"({"login":"w","organisation":"any","permissions":["manageAlert"]})", "").ok());
  CHECK(user(R"({"login":"w"})").ok());  // it does not say what it may
}

TEST_CASE("a key is refused by TheHive's own word, with the reason and the cure") {
  const Status locked = user(R"({"login":"w","locked":true})");
  CHECK(locked.code() == ExitCode::auth);
  CHECK(locked.line() == "w is locked; unlock the user");
  const Status right = user(R"({"login":"w","organisation":"soc","permissions":["manageCase"]})");
  CHECK(right.code() == ExitCode::auth);
  CHECK_THAT(right.line(), Catch::StartsWith("w may not create alerts (manageAlert/create); "));
  const Status other = user(R"({"login":"w","organisation":"a","permissions":["manageAlert"],)"
                            R"("organisations":[{"organisation":"a"},{"organisation":"b"}]})");
  CHECK(other.code() == ExitCode::auth);
  CHECK(other.line() ==
        "w is not in the organisation soc; it is in a, b; correct the organisation, or add the "
        "user to it");
  const Status none = user(R"({"login":"w","organisation":"***"})", "");
  CHECK(none.code() == ExitCode::auth);
  CHECK_THAT(none.message(), Catch::StartsWith("w is not in the organisation of this key"));
  CHECK(user(R"({"login":"w","organisation":"***"})").code() == ExitCode::auth);
}

TEST_CASE("an answer that is not TheHive's says nothing about the key") {
  CHECK(user("{}").code() == ExitCode::refused);
  CHECK(user("[]").message() == "the answer to \"who am I\" is not TheHive's");
  CHECK(read_key(page(200, "<title>Login</title>"), "").code() == ExitCode::refused);
  CHECK(read_key(page(403, "<title>no</title>"), "").code() == ExitCode::unreachable);
  CHECK(read_key(said(503, "{}"), "").code() == ExitCode::unreachable);
}

TEST_CASE("hostile names in the answer about the key stay one short printable line") {
  const Status status = user(R"({"login":"w\u001b[2J\n)" + std::string(5000, 'x') +
                             R"(","organisation":"a","organisations":[{"organisation":")" +
                             std::string(5000, 'y') + R"(\n"}]})");
  CHECK(status.code() == ExitCode::auth);
  CHECK(status.message().find_first_of("\x1b\n") == std::string::npos);
  CHECK(status.message().size() < 600);
}

TEST_CASE("the question for the version is asked without the key, at the second path on 404") {
  VersionQuestion question(kEndpoint);
  CHECK(question.request(5).bearer.empty());
  CHECK_THAT(question.request(5).url, Catch::EndsWith("/prefix/api/v1/status/public"));
  CHECK_FALSE(question.answered(test::error(404, "NotFound", "x")).has_value());
  CHECK(question.request(5).bearer.empty());
  CHECK_THAT(question.request(5).url, Catch::EndsWith("/prefix/api/status"));
  const auto version = question.answered(said(200, R"({"versions":{"TheHive":"4.1.24-1"}})"));
  REQUIRE(version.has_value());
  CHECK((*version)->api == ApiVersion::v4);
}

}  // namespace socbridge::thehive
