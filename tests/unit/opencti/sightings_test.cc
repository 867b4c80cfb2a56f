// SPDX-License-Identifier: Apache-2.0
// What is reported to OpenCTI as seen.
#include "opencti/sightings.h"

#include <catch2/catch.hpp>

#include "platform_fixture.h"
#include "support/graphql_server.h"

namespace socbridge::opencti {
namespace {

using Fixture = PlatformFixture;
using test::GraphqlRequest;
using test::GraphqlServer;
using Results = std::vector<SightingResult>;

const SightingPlace kCase{"TheHive", "http://thehive.example/cases/~1/details", "TheHive case ~1"};
constexpr UnixMillis kSeenMs = 1760000000000;  // 2025-10-09T08:53:20Z

Seen seen(const char* type, const char* data) {
  Seen out;
  out.value = value_of(type, data);
  out.at_ms = kSeenMs;
  return out;
}

// A platform that knows the domain known.example, and the sightings that the test gives it.
struct Platform {
  std::string system = R"({"id":"sys"})", sightings, added_observable = R"({"id":"o2"})",
              added_sighting = R"({"data":{"stixSightingRelationshipAdd":{"id":"s"}}})";
  GraphqlServer server{[this](const GraphqlRequest& asked) { return reply(asked); }};
  std::vector<Outcome> outcomes;

  std::string reply(const GraphqlRequest& asked) const {
    const auto data = [](const std::string& members) { return "{\"data\":{" + members + "}}"; };
    if (asked.operation == "SocctlSystemById") return data(R"("system":)" + system);
    if (asked.operation == "SocctlSystemAdd") return data(R"("systemAdd":{"id":"new-sys"})");
    if (asked.operation == "SocctlReferenceAdd") {
      return data(R"("externalReferenceAdd":{"id":"ref"})");
    }
    if (asked.operation == "SocctlObservableAdd") {
      if (added_observable.starts_with("{\"errors\"")) return added_observable;
      return data(R"("stixCyberObservableAdd":)" + added_observable);
    }
    if (asked.operation == "SocctlSightingAdd") return added_sighting;
    if (asked.operation == "SocctlSightingState") {
      return data(R"("stixSightingRelationships":)" + sightings);
    }
    const bool search = asked.operation == "SocctlContext";
    return data(search ? R"("stixCyberObservables":{"edges":[{"node":{"id":"o1","standard_id":)"
                         R"("domain-name--1","entity_type":"Domain-Name","observable_value":)"
                         R"("known.example"}}]},"indicators":{"edges":[]})"
                       : R"("stixCoreRelationships":{"edges":[]})");
  }

  Status report(const std::vector<Seen>& what, SightingOptions options = {}) {
    http::Client http{http::ClientOptions{}};
    Client client(http, {server.url(), Secret("the-token")}, 1);
    outcomes.clear();
    options.done = [this](const Seen&, const Outcome& one) { outcomes.push_back(one); };
    return report_sightings(client, what, kCase, options, Fixture::soon());
  }
  Results results() const {
    Results out;
    for (const Outcome& one : outcomes) out.push_back(one.result);
    return out;
  }
};

// A page of sightings: of each the reference (empty: none), then the first and last moment.
std::string page(const std::string& nodes, const std::string& cursor = {}) {
  return R"({"pageInfo":{"hasNextPage":)" + std::string(cursor.empty() ? "false" : "true") +
         R"(,"endCursor":")" + cursor + R"("},"edges":[)" + nodes + "]}";
}
std::string sighting(const std::string& reference, const std::string& first,
                     const std::string& last) {
  const std::string edges =
      reference.empty() ? "" : R"({"node":{"external_id":")" + reference + "\"}}";
  return R"({"node":{"first_seen":")" + first + R"(","last_seen":")" + last +
         R"(","externalReferences":{"edges":[)" + edges + "]}}}";
}

}  // namespace

TEST_CASE("a value over 512 characters is found by its id, and reported once") {
  Fixture w;
  const std::string url = "http://long.example/" + std::string(600, 'a');
  Seen seen;
  seen.value = *read_value(url);
  seen.at_ms = 1760000000000;
  std::vector<SightingResult> result;
  const auto report = [&] {
    SightingOptions options;
    options.done = [&](const Seen&, const Outcome& outcome) { result.push_back(outcome.result); };
    return report_sightings(
        *w.client, {seen},
        {"TheHive", "http://thehive.example/cases/~1/details", "TheHive case ~1"}, options,
        Fixture::soon());
  };
  REQUIRE_FALSE(w.ask({url})->contexts[0].known());
  REQUIRE(report().ok());
  const auto found = w.ask({url, "198.51.100.7"});
  REQUIRE(found.ok());
  CHECK(found->contexts[0].observables.size() == 1);
  CHECK(found->contexts[1].observables.size() == 1);
  REQUIRE(report().ok());
  CHECK(result == std::vector<SightingResult>{SightingResult::created, SightingResult::present});
}

TEST_CASE("a known observable gets a sighting at the system, with reference, time and marking") {
  Platform platform;
  platform.sightings = page("");
  Seen one = seen("domain", "known.example");
  one.tlp = 1;
  one.description = "Seen in TheHive case ~1";
  REQUIRE(platform.report({one}).ok());
  REQUIRE(platform.results() == Results{SightingResult::created});
  CHECK(platform.outcomes[0].type == "Domain-Name");
  CHECK(platform.outcomes[0].observable_id == "domain-name--1");
  CHECK_FALSE(platform.outcomes[0].new_observable);
  CHECK(platform.server.asked("SocctlObservableAdd").empty());
  CHECK(platform.server.asked("SocctlSystemAdd").empty());
  CHECK(platform.server.asked("SocctlSightingAdd") ==
        std::vector<std::string>{
            R"({"input":{"fromId":"o1","toId":"sys","attribute_count":1,)"
            R"("first_seen":"2025-10-09T08:53:20.000Z","last_seen":"2025-10-09T08:53:20.000Z",)"
            R"("createdBy":"sys","description":"Seen in TheHive case ~1","objectMarking":)"
            R"(["marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"],)"
            R"("externalReferences":["ref"]}})"});
}

TEST_CASE("a new observable is added with the score of an IOC, an indicator only if wanted") {
  Platform platform;
  platform.system = "null";
  Seen ioc = seen("domain", "new.example");
  ioc.ioc = true;
  SightingOptions options;
  options.create_indicators = true;
  REQUIRE(platform.report({ioc, seen("ip", "192.0.2.1")}, options).ok());
  CHECK(platform.results() == Results{SightingResult::created, SightingResult::created});
  CHECK(platform.outcomes[0].new_observable);
  const auto added = platform.server.asked("SocctlObservableAdd");
  REQUIRE(added.size() == 2);
  CHECK_THAT(added[0], Catch::Contains(R"("DomainName":{"value":"new.example"},"score":80,)"
                                       R"("createIndicator":true,"createdBy":"new-sys")"));
  CHECK_THAT(added[1], Catch::Contains(R"("score":50,"createIndicator":false)"));
  // The system and the reference are the same for both.
  CHECK(platform.server.asked("SocctlSystemAdd").size() == 1);
  CHECK(platform.server.asked("SocctlReferenceAdd").size() == 1);
}

TEST_CASE("a sighting is there if it has our reference, or none and covers the time") {
  const auto there = [](const std::string& nodes) {
    Platform platform;
    platform.sightings = page(nodes);
    REQUIRE(platform.report({seen("domain", "known.example")}).ok());
    const bool present = platform.results() == Results{SightingResult::present};
    CHECK(platform.server.asked("SocctlSightingAdd").empty() == present);
    return present;
  };
  const std::string early = "2025-10-01T00:00:00Z", exact = "2025-10-09T08:53:20.000Z",
                    late = "2025-11-01T00:00:00Z";
  CHECK(there(sighting("TheHive case ~1", "", "")));
  CHECK(there(sighting("", exact, exact)));
  CHECK_FALSE(there(sighting("", early, "2025-10-09T08:53:19.999Z")));
  CHECK_FALSE(there(sighting("", "2025-10-09T08:53:20.001Z", late)));
  CHECK_FALSE(there(sighting("TheHive case ~2", early, late)));
  CHECK_FALSE(there(sighting("", "then", "now")));
  CHECK(there(sighting("x", early, late) + "," + sighting("TheHive case ~1", early, late)));
}

TEST_CASE("all pages of sightings are looked through, a page that leads nowhere is the last") {
  Platform platform;
  platform.sightings = page("", "again");
  REQUIRE(platform.report({seen("domain", "known.example")}).ok());
  CHECK(platform.server.asked("SocctlSightingState").size() == 1);
  Platform second;
  GraphqlServer pages([&](const GraphqlRequest& asked) {
    second.sightings = asked.variables.find("\"after\":\"c1\"") != std::string::npos
                           ? page(sighting("TheHive case ~1", "", ""))
                           : page(sighting("x", "", ""), "c1");
    return second.reply(asked);
  });
  http::Client http{http::ClientOptions{}};
  Client client(http, {pages.url(), Secret("the-token")}, 1);
  SightingOptions options;
  Results results;
  options.done = [&](const Seen&, const Outcome& one) { results.push_back(one.result); };
  REQUIRE(
      report_sightings(client, {seen("domain", "known.example")}, kCase, options, Fixture::soon())
          .ok());
  CHECK(results == Results{SightingResult::present});
  CHECK(pages.asked("SocctlSightingState").size() == 2);
}

TEST_CASE("a dry run of sightings asks and adds nothing") {
  Platform platform;
  platform.system = "null";
  SightingOptions options;
  options.dry_run = true;
  REQUIRE(platform.report({seen("domain", "new.example"), seen("domain", "known.example")}, options)
              .ok());
  CHECK(platform.results() == Results{SightingResult::would_create, SightingResult::would_create});
  CHECK(platform.outcomes[0].new_observable);
  CHECK_FALSE(platform.outcomes[1].new_observable);
  for (const char* mutation :
       {"SocctlSystemAdd", "SocctlReferenceAdd", "SocctlObservableAdd", "SocctlSightingAdd"}) {
    CHECK(platform.server.asked(mutation).empty());
  }
}

TEST_CASE("what OpenCTI has no type for is skipped, what it refuses is said, the rest goes on") {
  Platform platform;
  platform.sightings = page("");
  platform.added_observable = test::graphql_error("FUNCTIONAL_ERROR", "not a domain");
  REQUIRE(platform
              .report({seen("cve\x1b", "CVE-2025-1"), seen("domain", "new.example"),
                       seen("domain", "known.example")})
              .ok());
  CHECK(platform.results() ==
        Results{SightingResult::skipped, SightingResult::refused, SightingResult::created});
  CHECK_THAT(platform.outcomes[0].reason,
             Catch::StartsWith("OpenCTI has no observable type for ") && !Catch::Contains("\x1b"));
  CHECK_THAT(platform.outcomes[1].reason, Catch::Contains("not a domain"));
  platform.added_sighting = test::graphql_error("FUNCTIONAL_ERROR", "too many");
  REQUIRE(platform.report({seen("domain", "known.example")}).ok());
  CHECK(platform.results() == Results{SightingResult::refused});
  CHECK_THAT(platform.outcomes[0].reason, Catch::Contains("too many"));
}

TEST_CASE("a token without the right to add ends the report, and so does an answer without an id") {
  Platform platform;
  platform.sightings = page("");
  platform.added_sighting = test::graphql_error("FORBIDDEN_ACCESS");
  const std::vector<Seen> two = {seen("domain", "known.example"), seen("ip", "192.0.2.1")};
  CHECK(platform.report(two).code() == ExitCode::auth);
  CHECK(platform.outcomes.empty());
  platform.added_sighting = R"({"data":{"stixSightingRelationshipAdd":null}})";
  const Status none = platform.report(two);
  CHECK(none.code() == ExitCode::refused);
  CHECK(none.line() == "adding a sighting to OpenCTI: the answer has no id");
}

TEST_CASE("TLP levels of TheHive as markings, with and without amber+strict") {
  const std::string amber = "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82";
  const std::string strict = "marking-definition--826578e1-40ad-459f-bc73-ede076f81f37";
  const std::string red = "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed";
  CHECK(tlp_marking(-1, true) == tlp_marking(0, true));
  CHECK(tlp_marking(0, true) != tlp_marking(1, true));
  CHECK(tlp_marking(2, true) == amber);
  CHECK(tlp_marking(3, true) == strict);
  CHECK(tlp_marking(3, false) == red);
  CHECK(tlp_marking(4, true) == red);
}

TEST_CASE("a system has the same id whatever the case and the blanks of its name") {
  CHECK(system_standard_id(" TheHive ") == system_standard_id("thehive"));
  CHECK(system_standard_id("thehive") != system_standard_id("thehive2"));
  CHECK_THAT(system_standard_id("thehive"), Catch::StartsWith("identity--"));
}

TEST_CASE("results of sightings have names") {
  CHECK(std::string(sighting_result_name(SightingResult::created)) == "created");
  CHECK(std::string(sighting_result_name(SightingResult::would_create)) == "would create");
  CHECK(std::string(sighting_result_name(SightingResult::refused)) == "refused");
}

}  // namespace socbridge::opencti
