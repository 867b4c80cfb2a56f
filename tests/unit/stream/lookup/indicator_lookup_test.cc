// SPDX-License-Identifier: Apache-2.0
// Values that are new in TheHive, asked about in OpenCTI.
#include "stream/lookup/indicator_lookup.h"

#include <catch2/catch.hpp>

#include "support/graphql_server.h"
#include "support/temp_dir.h"
#include "unit/stream/events.h"

namespace socbridge::stream {
namespace {

using test::GraphqlRequest;

std::string task(const char* type, const char* data, std::uint64_t observable) {
  return LookupTask{type, data, observable}.json() + "\n";
}
std::string indicator(const std::string& address) {
  return R"({"node":{"id":"u-)" + address + R"(","standard_id":"indicator--1","name":")" + address +
         R"(","pattern_type":"stix","pattern":"[ipv4-addr:value = ')" + address +
         R"(']","updated_at":"2026-11-01T10:00:00.000Z"}})";
}
std::string found(const std::string& indicators) {
  return R"({"data":{"stixCyberObservables":{"edges":[]},"indicators":{"edges":[)" + indicators +
         R"(]},"stixCoreRelationships":{"edges":[]}}})";
}

struct Fixture {
  explicit Fixture(test::GraphqlServer::Reply reply) : platform(std::move(reply)) {
    ConsumerSetup given;
    given.state_dir = folder / "state";
    given.thehive = thehive::Endpoint{"http://127.0.0.1:1", Secret("key"), ""};
    given.opencti = opencti::Endpoint{platform.url(), Secret("token")};
    given.reader.once = true;
    given.reader.shortest_pause_ms = 1;
    given.reader.wait_limit_ms = 600000;
    state = std::make_unique<ConsumerState>(Env::real(), std::move(given), events.sink());
    REQUIRE(state->open_state().ok());
    lookup = std::make_unique<IndicatorLookup>(*state);
  }
  // Asks about these, as after the end of the stream.
  void run(const std::string& lines) {
    REQUIRE(state->lookups->append(lines).ok());
    state->all_read = state->all_refreshed = true;
    lookup->run();
  }
  std::vector<StreamMatch> matches() const {
    const auto batch = state->matches->next(100);
    REQUIRE(batch.ok());
    std::vector<StreamMatch> out;
    for (const std::string& line : batch->lines) out.push_back(*StreamMatch::read(line));
    return out;
  }
  test::TempDir folder;
  test::GraphqlServer platform;
  Events events;
  std::unique_ptr<ConsumerState> state;
  std::unique_ptr<IndicatorLookup> lookup;
};

}  // namespace

TEST_CASE("what OpenCTI knows of a value is a match of all observables that have it") {
  Fixture w([](const GraphqlRequest&) { return found(indicator("198.51.100.7")); });
  w.run(task("ip", "198.51.100.7", 7) + task("domain", "a.example", 8) +
        task("ip", "198.51.100.7", 9));
  const auto matches = w.matches();
  REQUIRE(matches.size() == 1);
  CHECK(matches[0].observables == std::vector<std::uint64_t>{7, 9});
  CHECK(matches[0].opencti_id == "u-198.51.100.7");
  CHECK(w.lookup->counts().values == 3);
  CHECK(w.lookup->counts().queries == 1);
  CHECK(w.lookup->counts().matches == 1);
  CHECK_THAT(w.events.named("match").at(0), Catch::Contains(R"("looked_up":true)"));
  CHECK(w.state->lookups->empty());
  CHECK(w.state->all_looked_up);
  CHECK(w.platform.asked("SocctlContext").size() == 1);
}

TEST_CASE("lines that are not values to ask about are done without a question") {
  Fixture w([](const GraphqlRequest&) { return found(""); });
  w.run("a partial line\n" + task("other", "x", 7) + task("ip", "no address", 8));
  CHECK(w.platform.asked().empty());
  CHECK(w.state->lookups->empty());
  CHECK(w.matches().empty());
}

TEST_CASE("an outage of OpenCTI is waited for, and no value is lost") {
  int asked = 0;
  Fixture w([&](const GraphqlRequest&) {
    return ++asked <= 2 ? test::http_answer(503, "{}") : found(indicator("198.51.100.7"));
  });
  w.run(task("ip", "198.51.100.7", 7));
  CHECK(w.events.count("opencti_down") == 2);
  CHECK(w.matches().size() == 1);
}

TEST_CASE("a question that is refused three times is dropped with a message") {
  int asked = 0;
  Fixture w([&](const GraphqlRequest&) {
    return ++asked <= 3 ? test::graphql_error("FUNCTIONAL_ERROR", "no") : found("");
  });
  w.run(task("ip", "198.51.100.7", 7) + task("ip", "198.51.100.8", 8));
  const auto failed = w.events.named("asking_failed");
  REQUIRE(failed.size() == 1);
  CHECK_THAT(failed[0], Catch::Contains(R"("values":2)"));
  CHECK(w.events.count("opencti_down") == 2);
  CHECK(w.state->lookups->empty());
  CHECK(w.state->error().ok());
}

TEST_CASE("a value that cannot be asked for is dropped after 20 answers for others") {
  ConsumerState* state = nullptr;
  std::uint64_t next = 100;
  Fixture w([&](const GraphqlRequest& asked) {
    const bool poison = asked.variables.find("poison.example") != std::string::npos;
    if (!poison) return found("");
    // With each question there is another value to ask about.
    const bool others = asked.variables.find("198.51.100") != std::string::npos;
    if (others) CHECK(state->lookups->append(task("ip", "198.51.100.8", ++next)).ok());
    return test::graphql_error("COMPLEX_SEARCH_ERROR");
  });
  state = w.state.get();
  w.run(task("domain", "poison.example", 7) + task("ip", "198.51.100.8", 8));
  const auto failed = w.events.named("asking_failed");
  REQUIRE(failed.size() == 1);
  CHECK_THAT(failed[0], Catch::Contains(R"("values":1)") && Catch::Contains(R"("~7")"));
  CHECK(next == 120);
  CHECK(w.lookup->counts().queries >= 20);
  CHECK(w.state->lookups->empty());
  CHECK(w.state->error().ok());
}

TEST_CASE("a token that may not ask ends a run, with what to choose instead") {
  Fixture w([](const GraphqlRequest&) { return test::graphql_error("FORBIDDEN_ACCESS"); });
  w.run(task("ip", "198.51.100.7", 7));
  CHECK(w.state->error().code() == ExitCode::auth);
  CHECK_THAT(w.state->error().hint(), Catch::Contains("--lookup none"));
  CHECK_FALSE(w.state->lookups->empty());
  CHECK(w.state->all_looked_up);
}

}  // namespace socbridge::stream
