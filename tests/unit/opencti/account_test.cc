// SPDX-License-Identifier: Apache-2.0
// Who the token is.
#include "opencti/account.h"

#include <catch2/catch.hpp>

#include "support/canned_server.h"
#include "support/graphql_server.h"

namespace socbridge::opencti {
namespace {

using Texts = std::vector<std::string>;

Result<Account> asked(const std::string& body) {
  const test::CannedServer server({test::http_answer(200, body)});
  http::Client http{http::ClientOptions{}};
  Client client(http, {server.url(), Secret("the-token")}, 1);
  return whoami(client, Deadline::after_ms(5000));
}

}  // namespace

TEST_CASE("capabilities are matched by part of the name") {
  Account account;
  account.capabilities = {"KNOWLEDGE_KNUPDATE_KNDELETE"};
  CHECK(account.can("KNOWLEDGE"));
  CHECK(account.can("KNOWLEDGE_KNUPDATE"));
  CHECK_FALSE(account.can("MODULES"));
  account.capabilities = {"BYPASS"};
  CHECK(account.can("MODULES"));
}

TEST_CASE("an account without capabilities can do nothing") {
  for (const Need& need : needs()) CHECK_FALSE(Account{}.can(need.capability));
}

TEST_CASE("the account of a token with its capabilities, markings and platform") {
  const auto account = asked(
      R"({"data":{"me":{"id":"u","name":"Bridge","user_email":"b@soc.test","account_status":)"
      R"("Active","capabilities":[{"name":"KNOWLEDGE"},{"name":"MODULES"}],"allowed_marking":)"
      R"([{"definition":"TLP:GREEN"}],"draftContext":{"name":"my draft"}},)"
      R"("about":{"version":"6.8.10"}}})");
  REQUIRE(account.ok());
  CHECK(account->id == "u");
  CHECK(account->name == "Bridge");
  CHECK(account->email == "b@soc.test");
  CHECK(account->status == "Active");
  CHECK(account->capabilities == Texts{"KNOWLEDGE", "MODULES"});
  CHECK(account->markings == Texts{"TLP:GREEN"});
  CHECK(account->draft == "my draft");
  CHECK(account->platform_version == "6.8.10");
}

TEST_CASE("what an answer about the account lacks or has in another form is empty") {
  const auto account = asked(
      R"({"data":{"me":{"id":7,"capabilities":[5,"KNOWLEDGE",{"name":""},{"name":"MODULES"}],)"
      R"("allowed_marking":"TLP:RED","draftContext":null}}})");
  REQUIRE(account.ok());
  CHECK(account->id.empty());
  CHECK(account->capabilities == Texts{"MODULES"});
  CHECK(account->markings.empty());
  CHECK(account->draft.empty());
  CHECK(account->platform_version.empty());
}

TEST_CASE("an answer that names no user is an outage, a refused token is none") {
  for (const char* body : {R"({"data":{"me":null}})", R"({"data":{}})", R"({"data":{"me":[]}})"}) {
    const auto none = asked(body);
    REQUIRE_FALSE(none.ok());
    CHECK(none.status().code() == ExitCode::unreachable);
    CHECK_THAT(none.status().line(), Catch::Contains("has no user"));
  }
  CHECK(asked(test::graphql_error("AUTH_REQUIRED")).status().code() == ExitCode::auth);
}

}  // namespace socbridge::opencti
