// SPDX-License-Identifier: Apache-2.0
// Techniques that indicators and observables are linked to.
#include "opencti/techniques.h"

#include <catch2/catch.hpp>

#include "platform_fixture.h"
#include "support/graphql_server.h"

namespace socbridge::opencti {
namespace {

using Fixture = PlatformFixture;

}  // namespace

TEST_CASE("techniques of indicators, direct ones first, and of their threats") {
  Fixture w;
  const auto known = w.ask(
      {"198.51.100.7", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}, 0);
  REQUIRE(known.ok());
  std::vector<std::string> ids;
  for (const Context& context : known->contexts) ids.push_back(context.indicators.at(0).id);
  ids.push_back(ids[0]);          // twice is once
  ids.emplace_back("not-there");  // nothing is known of it
  const auto direct = find_techniques(*w.client, ids, false, Fixture::soon());
  REQUIRE(direct.ok());
  REQUIRE(direct->at(ids[0]).size() == 1);
  CHECK(direct->at(ids[0])[0].mitre_id == "T1071.001");
  CHECK(direct->at(ids[0])[0].via.empty());
  CHECK(direct->at(ids[1]).at(0).mitre_id == "T1555");
  CHECK(direct->at("not-there").empty());
  const auto all = find_techniques(*w.client, ids, true, Fixture::soon());
  REQUIRE(all.ok());
  CHECK(all->at(ids[0]).at(0).via.empty());
  CHECK(find_techniques(*w.client, {}, true, Fixture::soon()).ok());
}

TEST_CASE("techniques are not none because the platform fails") {
  Fixture w({"status=503"});
  const auto found = find_techniques(*w.client, {"x"}, true, Fixture::soon());
  CHECK(found.status().code() == ExitCode::unreachable);
}

TEST_CASE("a technique has the markings of its way, and threats without an id are none") {
  const test::GraphqlServer server([](const test::GraphqlRequest&) {
    const std::string from = R"({"node":{"relationship_type":"indicates","fromId":"i","toId":)";
    const std::string to = R"(,"from":{"id":"i","entity_type":"Indicator"},"to":{"id":)";
    return R"({"data":{"stixCoreRelationships":{"pageInfo":{"hasNextPage":false},"edges":[)" +
           from + R"("t","objectMarking":[{"definition":"TLP:AMBER"}])" + to +
           R"("t","entity_type":"Attack-Pattern","x_mitre_id":"T1110","objectMarking":)" +
           R"([{"definition":"TLP:RED"}]}}},)" + from + "\"m\"" + to +
           R"("m","entity_type":"Malware"}}},)" + from + "\"n\"" + to +
           R"("n","entity_type":"Attack-Pattern"}}}]}}})";
  });
  http::Client http{http::ClientOptions{}};
  Client client(http, {server.url(), Secret("the-token")}, 1);
  const auto found = find_techniques(client, {"i"}, false, Fixture::soon());
  REQUIRE(found.ok());
  REQUIRE(found->at("i").size() == 1);
  CHECK(found->at("i")[0].mitre_id == "T1110");
  CHECK(found->at("i")[0].markings == std::vector<std::string>{"TLP:AMBER", "TLP:RED"});
}

}  // namespace socbridge::opencti
