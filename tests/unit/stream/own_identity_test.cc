// SPDX-License-Identifier: Apache-2.0
#include "stream/own_identity.h"

#include <catch2/catch.hpp>

#include "support/canned_server.h"

namespace socbridge::stream {
using namespace socbridge::test;

namespace {

std::string me(const std::string& capabilities) {
  return http_answer(200, R"({"data":{"me":{"id":"user-us","name":"us","capabilities":)" +
                              capabilities + R"(},"about":{"version":"6.8.0"}}})");
}
const std::string kMe = me(R"([{"name":"TAXIIAPI_SETCOLLECTIONS"},{"name":"MODULES"}])");
const std::string kNoConnectors = http_answer(200, R"({"data":{"connectors":[]}})");

struct Fixture {
  explicit Fixture(std::vector<std::string> answers) : server(std::move(answers)) {}
  Result<std::string> find() {
    ConsumerSetup setup;
    if (configured) setup.opencti = opencti::Endpoint{server.url(), Secret("token")};
    setup.reader.once = true;
    setup.reader.shortest_pause_ms = 1;
    setup.reader.longest_pause_ms = 10;
    setup.reader.wait_limit_ms = wait_limit_ms;
    ConsumerState state(Env::real(), std::move(setup),
                        [this](const Event& event) { events.push_back(event); });
    return find_own_identity(state);
  }
  // Reasons of the warnings of that kind.
  std::string warned(event::Warning::About about) const {
    std::string out;
    for (const Event& one : events) {
      const auto* warning = std::get_if<event::Warning>(&one);
      if (warning != nullptr && warning->about == about) out += warning->reason + "\n";
    }
    return out;
  }
  std::size_t outages() const {
    std::size_t count = 0;
    for (const Event& one : events) count += std::holds_alternative<event::Outage>(one) ? 1U : 0U;
    return count;
  }
  bool configured = true;
  std::int64_t wait_limit_ms = 60000;
  CannedServer server;
  std::vector<Event> events;
};

using About = event::Warning::About;

}  // namespace

TEST_CASE("without OpenCTI there is no user and no request") {
  Fixture fixture({kMe});
  fixture.configured = false;
  CHECK(fixture.find().value().empty());
  CHECK(fixture.server.requests().empty());
}

TEST_CASE("own identity: the user of the token") {
  Fixture fixture({kMe, kNoConnectors});
  CHECK(fixture.find().value() == "user-us");
  CHECK(fixture.events.empty());
  CHECK(fixture.server.requests().size() == 2);
}

TEST_CASE("a token that may not read streams is reported") {
  Fixture fixture({me(R"([{"name":"KNOWLEDGE"}])"), kNoConnectors});
  CHECK(fixture.find().value() == "user-us");
  CHECK(fixture.warned(About::right_missing) ==
        "us lacks TAXIIAPI: it may not read live streams\n");
  Fixture all({me(R"([{"name":"BYPASS"}])"), kNoConnectors});
  CHECK(all.find().ok());
  CHECK(all.events.empty());
}

TEST_CASE("connectors that write as our user are reported, others are not") {
  Fixture fixture({kMe, http_answer(200, R"({"data":{"connectors":[
      {"name":"MISP","connector_type":"EXTERNAL_IMPORT","connector_user_id":"user-us"},
      {"name":"OTX","connector_type":"EXTERNAL_IMPORT","connector_user_id":"user-us"},
      {"name":"other","connector_type":"EXTERNAL_IMPORT","connector_user_id":"x"},
      {"name":"enrich","connector_type":"INTERNAL_ENRICHMENT","connector_user_id":"user-us"},
      7, {"name":5}]}})")});
  CHECK(fixture.find().value() == "user-us");
  CHECK_THAT(fixture.warned(About::account_shared),
             Catch::StartsWith("connectors use our own user: MISP, OTX; "));
}

TEST_CASE("missing permission to list connectors is ignored") {
  Fixture fixture(
      {kMe, http_answer(
                200, R"({"errors":[{"message":"no","extensions":{"code":"FORBIDDEN_ACCESS"}}]})")});
  CHECK(fixture.find().value() == "user-us");
  CHECK(fixture.events.empty());
}

TEST_CASE("own identity: an outage is waited for") {
  Fixture fixture(
      {http_answer(503, "x"), http_answer(200, R"({"data":{"me":null}})"), kMe, kNoConnectors});
  CHECK(fixture.find().value() == "user-us");
  CHECK(fixture.outages() == 2);
}

TEST_CASE("a run with an end waits so long and no longer") {
  Fixture fixture({http_answer(503, "x")});
  fixture.wait_limit_ms = 0;
  const auto found = fixture.find();
  REQUIRE_FALSE(found.ok());
  CHECK(found.status().code() == ExitCode::unreachable);
  CHECK(fixture.outages() == 1);
}

TEST_CASE("a refused token is reported, and the stream continues without the user") {
  Fixture fixture({http_answer(200, R"({"errors":[{"message":"You must be logged in",
                                   "extensions":{"code":"AUTH_REQUIRED"}}]})")});
  CHECK(fixture.find().value().empty());
  CHECK_FALSE(fixture.warned(About::own_unknown).empty());
  CHECK(fixture.outages() == 0);
}

}  // namespace socbridge::stream
