// SPDX-License-Identifier: Apache-2.0
// Techniques of reported indicators, from OpenCTI to procedures of TheHive.
#include "stream/technique_delivery.h"

#include <catch2/catch.hpp>

#include "events.h"
#include "hive_fixture.h"
#include "support/graphql_server.h"

namespace socbridge::stream {
namespace {

using Texts = std::vector<std::string>;
using test::GraphqlRequest;

std::string link(const std::string& technique, const std::string& marking = "TLP:GREEN") {
  return R"({"node":{"relationship_type":"indicates","fromId":"uuid","toId":")" + technique +
         R"(","objectMarking":[{"definition":")" + marking +
         R"("}],"from":{"id":"uuid","entity_type":"Indicator"},"to":{"id":")" + technique +
         R"(","entity_type":"Attack-Pattern","x_mitre_id":")" + technique + "\"}}}";
}
std::string links(const Texts& some) {
  std::string out =
      R"({"data":{"stixCoreRelationships":{"pageInfo":{"hasNextPage":false},"edges":[)";
  for (const std::string& one : some) out += (&one == &some.front() ? "" : ",") + one;
  return out + "]}}}";
}

struct Fixture : HiveFixture {
  explicit Fixture(test::GraphqlServer::Reply reply, std::vector<std::string> rules = {},
                   const char* version = "5.7.3-1")
      : HiveFixture(std::move(rules), version), platform(std::move(reply)) {}
  std::string task(const thehive::Subject& of, const Texts& markings = {}) const {
    return TechniqueTask{"uuid", "indicator--1", of, wall_now_ms(), markings}.json() + "\n";
  }
  // Adds what these tasks want, as after the last match.
  void run(const std::string& lines) {
    ConsumerSetup given = setup();
    given.opencti = opencti::Endpoint{platform.url(), Secret("token")};
    given.reader.wait_limit_ms = wait_limit_ms;
    state = std::make_unique<ConsumerState>(Env::real(), std::move(given), events.sink());
    REQUIRE(state->open_state().ok());
    REQUIRE(state->techniques->append(lines).ok());
    state->all_notified = true;
    delivery = std::make_unique<TechniqueDelivery>(*state);
    delivery->run();
  }
  std::int64_t wait_limit_ms = 60000;
  test::GraphqlServer platform;
  Events events;
  std::unique_ptr<ConsumerState> state;
  std::unique_ptr<TechniqueDelivery> delivery;
  thehive::Subject subject = new_case(R"(,"tlp":2,"pap":2)");
};

test::GraphqlServer::Reply always(std::string answer) {
  return [answer = std::move(answer)](const GraphqlRequest&) { return answer; };
}

}  // namespace

TEST_CASE("techniques that an indicator is linked to become procedures, each once") {
  Fixture w(always(links({link("T1110"), link("T1110", "TLP:AMBER"), link("T1555")})));
  w.run(w.task(w.subject));
  CHECK(w.techniques(w.subject) == Texts{"T1110", "T1555"});
  CHECK(w.delivery->added() == 2);
  CHECK(w.events.count("techniques") == 1);
  CHECK(w.state->techniques->empty());
}

TEST_CASE("techniques marked above the case are left out, and all of a marked indicator") {
  Fixture w(always(links({link("T1110", "TLP:RED"), link("T1555")})));
  w.run(w.task(w.subject));
  CHECK(w.techniques(w.subject) == Texts{"T1555"});
  const auto second = w.new_case();
  w.run(w.task(second, {"TLP:RED"}));
  CHECK(w.techniques(second).empty());
  CHECK(w.state->techniques->empty());
}

TEST_CASE("at most 25 techniques of one indicator are added") {
  Texts many;
  for (int i = 0; i < 30; ++i) many.push_back(link("T1" + std::to_string(100 + i)));
  Fixture w(always(links(many)));
  w.run(w.task(w.subject));
  CHECK(w.techniques(w.subject).size() == 25);
}

TEST_CASE("a case that is gone, a line that is not a task, and an alert of TheHive 4 are done") {
  Fixture w(always(links({link("T1110")})));
  w.run("a partial line\n" + w.task(thehive::Subject::of_case("~999999")) + w.task(w.subject));
  CHECK(w.techniques(w.subject) == Texts{"T1110"});
  CHECK(w.state->techniques->empty());
  Fixture old(always(links({link("T1110")})), {}, "4.1.24-1");
  old.run(old.task(old.new_alert()));
  CHECK(old.delivery->added() == 0);
  CHECK(old.state->techniques->empty());
  CHECK(old.state->outages == 0);
}

TEST_CASE("an outage of OpenCTI or TheHive is waited for and named") {
  int asked = 0;
  Fixture w(
      [&](const GraphqlRequest&) {
        return ++asked == 1 ? test::http_answer(503, "{}") : links({link("T1110")});
      },
      {"status=503,method=POST,path=/api/v1/case/*,first=2"});
  w.run(w.task(w.subject));
  CHECK(w.events.count("opencti_down") == 1);
  CHECK(w.events.count("thehive_down") == 2);
  CHECK(w.techniques(w.subject) == Texts{"T1110"});
}

TEST_CASE("what is refused three times is dropped with a message, and the next task goes on") {
  // The limits of the first case are asked for three times.
  Fixture w(always(links({link("T1110")})), {"status=400,path=/api/v1/query,first=3"});
  const auto second = w.new_case();
  w.run(w.task(w.subject) + w.task(second));
  CHECK(w.techniques(w.subject).empty());
  CHECK(w.techniques(second) == Texts{"T1110"});
  const auto failed = w.events.named("techniques_failed");
  REQUIRE(failed.size() == 1);
  CHECK_THAT(failed[0], Catch::Contains(w.subject.id));
  CHECK(w.events.count("thehive_down") == 2);
}

TEST_CASE("a technique that TheHive does not know is reported as refused and not repeated") {
  Fixture w(always(links({link("T9999"), link("T1110")})));
  w.run(w.task(w.subject));
  CHECK(w.techniques(w.subject) == Texts{"T1110"});
  CHECK_THAT(w.events.named("techniques").at(0), Catch::Contains(R"("added":1,"refused":1)"));
  CHECK(w.state->outages == 0);
}

TEST_CASE("a token that may not read relationships ends a run, with what to choose instead") {
  Fixture w(always(test::graphql_error("FORBIDDEN_ACCESS")));
  w.run(w.task(w.subject));
  CHECK(w.state->error().code() == ExitCode::auth);
  CHECK_THAT(w.state->error().hint(), Catch::Contains("--techniques none"));
  CHECK_FALSE(w.state->techniques->empty());
}

}  // namespace socbridge::stream
