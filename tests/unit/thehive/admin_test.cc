// SPDX-License-Identifier: Apache-2.0
// TheHive's answers as read by an administrator's client; the plan of `setup thehive` has its own
// tests.
#include "thehive/admin.h"

#include <catch2/catch.hpp>

#include "support/canned_server.h"

using namespace socbridge;
using test::CannedServer;
using test::http_answer;
using thehive::Admin;

namespace {

struct Asked {
  explicit Asked(std::vector<std::string> answers) : server(std::move(answers)) {}
  CannedServer server;
  http::Client http{http::ClientOptions{}};
  Admin admin{http, server.url(), {}, Secret("the-admin-key")};
};

Deadline soon() { return Deadline::after_ms(5000); }

constexpr const char* kNoSuch = R"({"type":"NotFoundError","message":"Profile not found"})";

}  // namespace

TEST_CASE("a missing name is not an error, a missing route or a page is one") {
  Asked asked({http_answer(404, kNoSuch),
               http_answer(404, R"({"type":"NotFoundError","message":"/api/v1/profile/x"})"),
               http_answer(404, "<html>not found</html>"),
               http_answer(200, R"({"name":"x","permissions":["b","a"]})")});
  const auto none = asked.admin.profile("x y", soon());
  REQUIRE(none.ok());
  CHECK_FALSE(none->has_value());
  CHECK(asked.server.requests().front() == "GET /api/v1/profile/x%20y HTTP/1.1");
  CHECK(asked.admin.profile("x", soon()).status().code() == ExitCode::refused);
  CHECK(asked.admin.profile("x", soon()).status().code() == ExitCode::refused);
  const auto found = asked.admin.profile("x", soon());
  REQUIRE(found.ok());
  CHECK((*found)->permissions == std::vector<std::string>{"a", "b"});
}

TEST_CASE("a key is a bare text; a user without one is not an error") {
  Asked asked({http_answer(404, R"({"type":"NotFoundError","message":"User x hasn't key"})"),
               http_answer(200, "abcDEF123+/=\n"), http_answer(200, R"({"key":"a"})"),
               http_answer(200, "<html>login</html>"),
               http_answer(403, R"({"type":"AuthorizationError","message":"no"})")});
  CHECK(asked.admin.key("x", soon())->empty());
  CHECK(asked.admin.key("x", soon())->reveal() == "abcDEF123+/=");
  CHECK(asked.admin.key("x", soon()).status().code() == ExitCode::refused);
  CHECK(asked.admin.renew_key("x", soon()).status().code() == ExitCode::refused);
  CHECK(asked.admin.renew_key("x", soon()).status().code() == ExitCode::auth);
}

TEST_CASE("a repeated key in a refusal is not the key") {
  Asked asked({http_answer(400, R"({"type":"BadRequest","message":"the-admin-key is bad"})")});
  const Status status = asked.admin.add_organisation("soc", soon());
  CHECK(status.code() == ExitCode::refused);
  CHECK(status.message().find("the-admin-key") == std::string::npos);
  CHECK(status.message().starts_with("making the organisation: "));
}

TEST_CASE("a user as described by the organisation") {
  Asked asked(
      {http_answer(200, "[]"),
       http_answer(200, R"([{"login":"a@b","profile":"p","hasKey":true,"locked":false}])")});
  CHECK_FALSE(asked.admin.user("a@b", "soc", soon())->has_value());
  const auto user = asked.admin.user("a@b", "soc", soon());
  REQUIRE(user.ok());
  CHECK((*user)->profile == "p");
  CHECK((*user)->organisation == "soc");
  CHECK((*user)->has_key);
}
