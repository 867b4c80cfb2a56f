// SPDX-License-Identifier: Apache-2.0
#include "health/canary_cortex.h"

#include <catch2/catch.hpp>

#include "support/route_server.h"

namespace socbridge::health {
namespace {

using socbridge::test::http_answer;
using socbridge::test::RouteServer;
using Routes = RouteServer::Routes;

const char* const kVersion = "GET /api/v1/status/public";
const char* const kListing = "GET /api/v1/connector/cortex/analyzer";
const char* const kStart = "POST /api/v1/connector/cortex/job";

std::string analyzer(const std::string& name, const std::string& type = "ip") {
  return R"({"id":"id-)" + name + R"(","name":")" + name + R"(","dataTypeList":[")" + type +
         R"("],"cortexIds":["cortex0"]})";
}

// A TheHive with these analyzers.
Routes hive(const std::string& analyzers, const std::string& version = "5.7.3-1") {
  return {{kVersion, {R"({"version":")" + version + R"("})"}},
          {kListing, {"[" + analyzers + "]"}},
          {kStart, {http_answer(201, R"({"_id":"~8","status":"Waiting"})")}},
          {"GET /api/v1/connector/cortex/job/~8",
           {R"({"_id":"~8","status":"InProgress","cortexJobId":"c1"})",
            R"({"_id":"~8","status":"Success","cortexJobId":"c1"})"}}};
}
Routes cortex(const std::string& analyzers) {
  return {{"GET /api/analyzer", {"[" + analyzers + "]"}},
          {"POST /api/analyzer/", {R"({"id":"c1","status":"Waiting"})"}},
          {"GET /api/job/c1", {R"({"id":"c1","status":"Success"})"}},
          {"DELETE /api/job/c1", {http_answer(204, "")}}};
}

struct Fixture {
  explicit Fixture(Routes thehive, std::optional<Routes> own = {}, Status error = {})
      : hive_server(std::move(thehive)) {
    endpoints.cortex_error = std::move(error);
    if (own) {
      own_server.emplace(std::move(*own));
      endpoints.cortex.emplace().url = own_server->url();
    }
    canary.emplace(endpoints, client);
  }
  Status start(std::string_view wanted = {}) {
    return canary->start("~5", "9.9.9.9", wanted, soon());
  }
  static Deadline soon() { return Deadline::after_ms(20000); }

  RouteServer hive_server;
  std::optional<RouteServer> own_server;
  http::Client http{http::ClientOptions{}};
  thehive::Client client{http, {hive_server.url(), Secret("k"), ""}};
  CanaryEndpoints endpoints;
  std::optional<CanaryCortex> canary;
};

}  // namespace

TEST_CASE("canary job: through TheHive's connector, with what costs no quota if it can be") {
  Fixture soc(hive(analyzer("VirusTotal_GetReport_3_1") + "," + analyzer("Other_1_0", "domain") +
                   "," + analyzer("MaxMind_GeoIP_4_0")));
  REQUIRE(soc.start().ok());
  CHECK(soc.canary->way() == "through TheHive");
  CHECK(soc.canary->analyzer() == "MaxMind_GeoIP_4_0");
  const std::string asked = soc.hive_server.requests(kStart).at(0);
  CHECK(asked.find(R"("analyzerId":"id-MaxMind_GeoIP_4_0")") != std::string::npos);
  CHECK(asked.find(R"("artifactId":"~5")") != std::string::npos);
  const auto running = soc.canary->look(Fixture::soon());
  REQUIRE(running.ok());
  CHECK_FALSE(running->ended);
  const auto ended = soc.canary->look(Fixture::soon());
  CHECK((ended->ended && ended->success));
}

TEST_CASE("canary job: the analyzer that is wanted, or the first that takes an address") {
  const std::string all = analyzer("A_1_0") + "," + analyzer("VirusTotal_GetReport_3_1");
  Fixture named(hive(all));
  REQUIRE(named.start("a").ok());
  CHECK(named.canary->analyzer() == "A_1_0");
  Fixture unknown(hive(all));
  CHECK(unknown.start("none").message() == "there is no analyzer for an ip named none");
  CHECK(unknown.hive_server.count(kStart) == 0);
  Fixture preferred(hive(all));
  REQUIRE(preferred.start().ok());
  CHECK(preferred.canary->analyzer() == "VirusTotal_GetReport_3_1");
  Fixture other(hive(analyzer("B_1_0", "domain")));
  CHECK(other.start().message() == "no analyzer accepts an ip");
  Fixture first(hive(analyzer("A_1_0") + "," + analyzer("B_1_0")));
  REQUIRE(first.start().ok());
  CHECK(first.canary->analyzer() == "A_1_0");
}

TEST_CASE("canary job: directly at Cortex where TheHive has none or wants a case") {
  Routes unconnected = hive("");
  unconnected["GET /api/v1/status "] = {R"({"connectors":{"cortex":{"enabled":false}}})"};
  for (const Routes& thehive : {unconnected, hive(analyzer("A_1_0"), "5.0.9")}) {
    Fixture soc(thehive, cortex(analyzer("AbuseIPDB_1_0") + "," + analyzer("B_1_0", "domain")));
    REQUIRE(soc.start().ok());
    CHECK(soc.canary->way() == "directly");
    CHECK(soc.canary->analyzer() == "AbuseIPDB_1_0");
    const std::string asked = soc.own_server->requests("POST /api/analyzer/").at(0);
    CHECK(asked.find(R"("data":"9.9.9.9")") != std::string::npos);
    CHECK(asked.find(R"("force":true)") != std::string::npos);
    const auto seen = soc.canary->look(Fixture::soon());
    CHECK((seen->ended && seen->success));
  }
}

TEST_CASE("canary job: none can be, and why") {
  Routes unconnected = hive("");
  unconnected["GET /api/v1/status "] = {R"({"connectors":{"cortex":{"enabled":false}}})"};
  Fixture none(unconnected);
  CHECK(none.start().ok());
  CHECK(none.canary->way().empty());
  CHECK(none.canary->skip_reason() == "neither TheHive nor socctl has a Cortex");
  Fixture wrong(unconnected, {}, Status::error(ExitCode::usage, "no key for cortex is configured"));
  CHECK(wrong.start().message() == "no key for cortex is configured");
  Fixture old(hive(analyzer("A_1_0"), "5.0.9"));
  CHECK(old.start().ok());
  CHECK(old.canary->way().empty());
  CHECK(old.canary->skip_reason().starts_with("TheHive 5.0.9 analyses observables of cases only;"));
}

TEST_CASE("canary job: a connector that is broken is not passed by") {
  Routes sick = hive("");
  sick[kListing] = {http_answer(500, R"({"type":"InternalError","message":"no"})")};
  Fixture soc(sick, cortex(analyzer("A_1_0")));
  CHECK(soc.start().code() == ExitCode::unreachable);
  CHECK(soc.own_server->requests().empty());
  Routes refusing = hive(analyzer("A_1_0"));
  refusing[kStart] = {http_answer(403, R"({"type":"AuthorizationError","message":"no"})")};
  CHECK(Fixture(refusing).start().code() == ExitCode::auth);
  CHECK(Fixture(Routes{{kVersion, {http_answer(500, "{}")}}}).start().code() ==
        ExitCode::unreachable);
}

TEST_CASE("canary job: the error of the job is given in own words") {
  Routes routes = hive(analyzer("A_1_0"));
  routes["GET /api/v1/connector/cortex/job/~8"] = {
      R"({"_id":"~8","status":"Failure","report":{"errorMessage":"log with s3cret"}})"};
  Fixture soc(routes);
  REQUIRE(soc.start().ok());
  const auto failed = soc.canary->look(Fixture::soon());
  REQUIRE(failed.ok());
  CHECK((failed->ended && !failed->success));
  CHECK(failed->error == "see socctl cortex job show");
}

TEST_CASE("canary job: it is taken out of Cortex's list, and counted once if it was over") {
  std::vector<std::string> counted;
  const auto count = [&](const cortex::Job& job) { counted.push_back(job.id); };
  // Through TheHive: its number at Cortex is known after the first look.
  Fixture soc(hive(analyzer("A_1_0")), cortex(""));
  REQUIRE(soc.start().ok());
  soc.canary->clean_up(count, Fixture::soon());
  CHECK(soc.own_server->requests().empty());
  REQUIRE(soc.canary->look(Fixture::soon()).ok());
  soc.canary->clean_up(count, Fixture::soon());
  CHECK(soc.own_server->count("DELETE /api/job/c1") == 1);
  CHECK(counted == std::vector<std::string>{"c1"});

  counted.clear();
  Routes running = cortex("");
  running["GET /api/job/c1"] = {R"({"id":"c1","status":"InProgress"})"};
  Fixture unfinished(hive(analyzer("A_1_0")), running);
  REQUIRE(unfinished.start().ok());
  REQUIRE(unfinished.canary->look(Fixture::soon()).ok());
  unfinished.canary->clean_up(count, Fixture::soon());
  CHECK(unfinished.own_server->count("DELETE /api/job/c1") == 1);
  CHECK(counted.empty());
  unfinished.canary->clean_up({}, Fixture::soon());  // without a function that counts
}

}  // namespace socbridge::health
