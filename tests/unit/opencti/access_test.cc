// SPDX-License-Identifier: Apache-2.0
// OpenCTI's answers about roles, groups and users; the plan of `setup opencti` has its own tests.
#include "opencti/access.h"

#include <catch2/catch.hpp>

#include "support/canned_server.h"

using namespace socbridge;
using test::CannedServer;
using test::http_answer;

namespace {

struct Asked {
  explicit Asked(std::vector<std::string> answers) : server(std::move(answers)) {}
  CannedServer server;
  http::Client http{http::ClientOptions{}};
  opencti::Client client{http, {server.url(), Secret("the-token")}, 1};
  opencti::Access access{client};
};

Deadline soon() { return Deadline::after_ms(5000); }

constexpr const char* kState =
    R"({"data":{"capabilities":{"edges":[{"node":{"id":"c1","name":"KNOWLEDGE"}}]},)"
    R"("roles":{"edges":[{"node":{"id":"r1","name":"bridge","capabilities":[{"id":"c1",)"
    R"("name":"KNOWLEDGE"}]}}]},"groups":{"edges":[{"node":{"id":"g1","name":"bridge",)"
    R"("allowed_marking":[{"id":"m1","definition":"TLP:GREEN"}],"roles":{"edges":[{"node":)"
    R"({"id":"r1","name":"bridge"}}]}}}]},"users":{"edges":[{"node":{"id":"u1","user_email":)"
    R"("Bridge@soc.test","account_status":"Active","groups":{"edges":[]}}}]},)"
    R"("markingDefinitions":{"edges":[{"node":{"id":"m1","definition_type":"TLP","definition":)"
    R"("TLP:GREEN","x_opencti_order":2}}]},"streamCollections":{"edges":[{"node":{"id":"s1",)"
    R"("name":"bridge","filters":"{}","stream_live":true,"stream_public":false,)"
    R"("authorized_members":[{"member_id":"g1","access_right":"view"}]}}]}}})";

}  // namespace

TEST_CASE("access: the state of a platform") {
  Asked asked({http_answer(200, kState)});
  const auto state = asked.access.state("bridge@soc.test", soon());
  REQUIRE(state.ok());
  REQUIRE(state->role("bridge") != nullptr);
  CHECK(state->role("bridge")->capabilities.front().name == "KNOWLEDGE");
  REQUIRE(state->group("bridge") != nullptr);
  CHECK(state->group("bridge")->markings.front().name == "TLP:GREEN");
  CHECK(state->group("bridge")->roles.front().id == "r1");
  REQUIRE(state->user("bridge@soc.test") != nullptr);
  CHECK(state->user("bridge@soc.test")->groups.empty());
  CHECK(state->marking("TLP:GREEN")->order == 2);
  CHECK(state->marking("TLP:RED") == nullptr);
  REQUIRE(state->stream("bridge") != nullptr);
  CHECK(state->stream("bridge")->members.front().id == "g1");
  CHECK(state->capability_id("KNOWLEDGE") == "c1");
  CHECK(state->capability_id("BYPASS").empty());
}

TEST_CASE("ids and tokens of created objects; a refusal is an error") {
  Asked asked({http_answer(200, R"({"data":{"roleAdd":{"id":"r2"}}})"),
               http_answer(200, R"({"data":{"roleAdd":null}})"),
               http_answer(200, R"({"data":{"user":{"api_token":"t-1"}}})"),
               http_answer(200, R"({"data":{"userEdit":{"tokenRenew":{"api_token":"t-2"}}}})"),
               http_answer(200, R"({"errors":[{"message":"You are not allowed to do this.",)"
                                R"("extensions":{"code":"FORBIDDEN_ACCESS"}}],"data":null})")});
  CHECK(*asked.access.add_role("bridge", soon()) == "r2");
  CHECK(asked.access.add_role("bridge", soon()).status().code() == ExitCode::refused);
  CHECK(asked.access.token("u1", soon())->reveal() == "t-1");
  CHECK(asked.access.renew_token("u1", soon())->reveal() == "t-2");
  CHECK(asked.access.join("u1", "g1", soon()).code() == ExitCode::auth);
}
