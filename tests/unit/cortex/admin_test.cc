// SPDX-License-Identifier: Apache-2.0
// Cortex's answers as read by an administrator's client; the plan of `setup cortex` has its own
// tests.
#include "cortex/admin.h"

#include <catch2/catch.hpp>

#include "support/canned_server.h"

using namespace socbridge;
using cortex::Admin;
using test::CannedServer;
using test::http_answer;

namespace {

struct Asked {
  explicit Asked(std::vector<std::string> answers) : server(std::move(answers)) {}
  CannedServer server;
  http::Client http{http::ClientOptions{}};
  Admin admin{http, server.url(), {}, Secret("the-admin-key")};
};

Deadline soon() { return Deadline::after_ms(5000); }

}  // namespace

TEST_CASE("states of a Cortex: no index, no user, an invalid key, a user") {
  Asked asked(
      {http_answer(520, "null"),
       http_answer(404, R"({"type":"NotFoundError","message":"user init not found"})"),
       http_answer(401, R"({"type":"AuthenticationError","message":"Authentication failure"})"),
       http_answer(200, R"({"id":"admin","organization":"cortex","roles":["superadmin"]})"),
       http_answer(401, "<html>proxy</html>")});
  CHECK(asked.admin.whoami(soon())->ready == Admin::Ready::no_index);
  CHECK(asked.admin.whoami(soon())->ready == Admin::Ready::no_users);
  CHECK(asked.admin.whoami(soon())->ready == Admin::Ready::refused);
  const auto who = asked.admin.whoami(soon());
  REQUIRE(who.ok());
  CHECK(who->ready == Admin::Ready::yes);
  CHECK(who->has("superadmin"));
  CHECK_FALSE(who->has("read"));
  CHECK(asked.admin.whoami(soon()).status().code() == ExitCode::unreachable);
}

TEST_CASE("a missing object, a locked user, an answer of another server") {
  const std::string none = R"({"type":"NotFoundError","message":"organization soc not found"})";
  Asked asked({http_answer(404, none), http_answer(200, R"({"name":"soc","status":"Active"})"),
               http_answer(200, R"({"name":"soc","status":"Locked"})"),
               http_answer(404, R"({"type":"NotFound","message":""})")});
  CHECK(*asked.admin.has_organisation("soc", soon()) == false);
  CHECK(*asked.admin.has_organisation("soc", soon()) == true);
  CHECK(asked.admin.has_organisation("soc", soon()).status().code() == ExitCode::refused);
  CHECK(asked.admin.has_organisation("soc", soon()).status().code() == ExitCode::refused);
}

TEST_CASE("a user without a key, a valid key, an invalid one") {
  Asked asked({http_answer(400, R"({"type":"BadRequest","message":"User a hasn't key"})"),
               http_answer(200, "abc+/="), http_answer(200, "<html></html>")});
  CHECK(asked.admin.key("a", soon())->empty());
  CHECK(asked.admin.key("a", soon())->reveal() == "abc+/=");
  CHECK(asked.admin.key("a", soon()).status().code() == ExitCode::refused);
}

TEST_CASE("the version is queried without the key") {
  Asked asked({http_answer(200, R"({"versions":{"Cortex":"4.1.0-1"}})"), http_answer(200, "{}")});
  CHECK(*asked.admin.version(soon()) == "4.1.0-1");
  CHECK(asked.admin.version(soon()).status().code() == ExitCode::refused);
}

TEST_CASE("admin: catalogue and enabled analyzers") {
  Asked asked(
      {http_answer(200, R"([{"id":"A_1_0","name":"A","version":"1.0","configurationItems":)"
                        R"([{"name":"key","required":true}]}])"),
       http_answer(200, R"([{"id":"1","name":"A_1_0","workerDefinitionId":"A_1_0","rate":5,)"
                        R"("rateUnit":"Day","configuration":{"key":"k"}}])")});
  const auto definitions = asked.admin.definitions(soon());
  REQUIRE(definitions.ok());
  REQUIRE(definitions->size() == 1);
  CHECK(definitions->front().items.root().at(0)["name"].text() == "key");
  const auto enabled = asked.admin.analyzers(soon());
  REQUIRE(enabled.ok());
  REQUIRE(enabled->size() == 1);
  CHECK(enabled->front().rate == 5);
  CHECK(enabled->front().configuration.root()["key"].text() == "k");
}
