// SPDX-License-Identifier: Apache-2.0
#include "http/service.h"

#include <catch2/catch.hpp>

#include "json/answer.h"

namespace socbridge::http {
namespace {

struct Fixture {
  Client http{{}};
  Service service{http, {"Product", "http://p.example", "", Secret("k3y-0123")}};

  Status of(int status, std::string body, std::string type = "application/json") const {
    Outcome outcome;
    outcome.response.status = status;
    outcome.response.body = std::move(body);
    outcome.response.content_type = std::move(type);
    outcome.response.headers = {{"location", "https://login.example/"}};
    return service.read(outcome).status();
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "codes of answers") {
  struct Row {
    int status;
    ExitCode code;
  };
  const Row rows[] = {
      {200, ExitCode::ok},          {204, ExitCode::refused},     {302, ExitCode::refused},
      {400, ExitCode::refused},     {401, ExitCode::auth},        {402, ExitCode::auth},
      {403, ExitCode::auth},        {404, ExitCode::refused},     {407, ExitCode::unreachable},
      {408, ExitCode::unreachable}, {429, ExitCode::unreachable}, {500, ExitCode::unreachable},
      {502, ExitCode::unreachable}, {520, ExitCode::unreachable}};
  for (const Row& row : rows) {
    INFO(row.status);
    const Status status = of(row.status, row.status == 204 ? "" : "{}");
    CHECK(status.code() == row.code);
    CHECK((status.ok() || status.message().starts_with("Product: HTTP ")));
    CHECK((status.ok() || !status.hint().empty()));
  }
}

TEST_CASE_METHOD(Fixture, "the server's own words, of every product's shape") {
  CHECK(of(403, R"({"message":"no","type":"x"})").message() == "Product: HTTP 403: no");
  CHECK(of(403, R"({"error":{"reason":"no permissions","type":"x"},"status":403})").message() ==
        "Product: HTTP 403: no permissions");
  CHECK(of(400, R"({"errors":[{"message":"bad query"}]})").message() ==
        "Product: HTTP 400: bad query");
  CHECK(of(401, R"({"title":"Unauthorized","detail":"Invalid credentials"})").message() ==
        "Product: HTTP 401: Invalid credentials");
  CHECK(of(401, "Unauthorized", "text/plain").message() == "Product: HTTP 401: Unauthorized");
  CHECK(of(502, "<html>nginx</html>", "text/html").message() ==
        "Product: HTTP 502: an HTML page, probably of a proxy");
  CHECK(of(500, "null").message() == "Product: HTTP 500");
  CHECK(of(500, "a\x1b[2J\nb", "text/plain").message().find_first_of("\x1b\n") ==
        std::string::npos);
}

TEST_CASE_METHOD(Fixture, "a page where JSON was expected, and where it sends") {
  CHECK(of(200, "<!doctype html>", "text/html").message().find("an HTML page") !=
        std::string::npos);
  CHECK(of(200, "hello", "text/plain").message().find("text that is not JSON") !=
        std::string::npos);
  CHECK(of(302, "").message().find("https://login.example/") != std::string::npos);
}

TEST_CASE_METHOD(Fixture, "an answer with more values than any has is not read") {
  std::string body = "[";
  for (std::size_t i = 0; i <= json::kMostAnswerValues; ++i) body += "1,";
  const Status status = of(200, body + "1]");
  CHECK(status.code() == ExitCode::refused);
  CHECK_THAT(status.message(), Catch::Contains("too many values"));
}

TEST_CASE_METHOD(Fixture, "a refusal that the product did not write does not concern the key") {
  for (const int status : {401, 402, 403, 407}) {
    INFO(status);
    const Status page = of(status, "<html><title>Blocked</title></html>", "text/html");
    CHECK(page.code() == ExitCode::unreachable);
    CHECK(page.message().find("a proxy or firewall answered, not Product") != std::string::npos);
    Service known(http, {"Product", "http://p.example", "", Secret("k3y-0123"), "error"});
    Outcome outcome;
    outcome.response.status = status;
    outcome.response.content_type = "application/json";
    outcome.response.body = R"({"message":"Forbidden"})";
    CHECK(known.explain(outcome).code() == ExitCode::unreachable);
    outcome.response.body = R"({"error":{"type":"security_exception"},"status":403})";
    CHECK(known.explain(outcome).code() ==
          (status == 407 ? ExitCode::unreachable : ExitCode::auth));
  }
}

TEST_CASE("Basic authorization (RFC 7617)") {
  CHECK(basic_authorization("Aladdin", Secret("open sesame")) ==
        "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  CHECK(basic_authorization("a", Secret("")) == "Basic YTo=");
  CHECK(basic_authorization("ab", Secret("cde")) == "Basic YWI6Y2Rl");
  CHECK(basic_authorization("", Secret("\xff\xfe")) == "Basic Ov/+");
}

}  // namespace socbridge::http
