// SPDX-License-Identifier: Apache-2.0
#include "health/canary.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include <filesystem>

#include "probes/probed.h"
#include "spool/spool.h"
#include "support/fake_clock.h"
#include "support/temp_dir.h"

namespace socbridge::health {
namespace {

using socbridge::test::http_answer;
using socbridge::test::RouteServer;
using Routes = RouteServer::Routes;

const char* const kPost = "POST /api/v1/alert ";
const char* const kFind = "GET /api/v1/alert/";
const char* const kObservables = "POST /api/v1/query?name=socctl-observables";
const char* const kJob = "GET /api/v1/connector/cortex/job/~8";

std::string not_found() { return http_answer(404, R"({"type":"NotFoundError","message":"no"})"); }

// A TheHive with a Cortex, through which the canary passes at once.
Routes hive() {
  return {{"GET /api/v1/status/public", {R"({"version":"5.7.3-1"})"}},
          {kPost, {socbridge::test::created_answer()}},
          {"POST /api/v1/query?name=canaries", {"[]"}},
          {kFind, {R"({"_id":"~4096"})"}},
          {kObservables, {R"([{"_id":"~5","dataType":"ip","data":"9.9.9.9"}])"}},
          {"GET /api/v1/connector/cortex/analyzer",
           {R"([{"id":"a","name":"AbuseIPDB_1_0","dataTypeList":["ip"],"cortexIds":["c"]}])"}},
          {"POST /api/v1/connector/cortex/job",
           {http_answer(201, R"({"_id":"~8","status":"Waiting"})")}},
          {kJob, {R"({"_id":"~8","status":"InProgress"})", R"({"_id":"~8","status":"Success"})"}},
          {"GET /api/v1/user/current",
           {http_answer(401, R"({"type":"AuthenticationError","message":"no"})")}},
          {"DELETE /api/v1/alert/~4096", {http_answer(204, "")}}};
}

Routes with(const std::string& route, std::vector<std::string> answers) {
  Routes routes = hive();
  routes[route] = std::move(answers);
  return routes;
}

struct Run {
  explicit Run(Routes routes) : server(std::move(routes)) {
    endpoints.thehive = test::endpoint_at(server.url());
    canary.timeout_ms = 2000;
  }
  std::string said(std::string_view check) const { return test::said(result.report, check); }
  void go() { result = run_canary(Env::real(), options, canary, endpoints); }

  RouteServer server;
  Options options = test::nothing_here();
  CanaryOptions canary;
  CanaryEndpoints endpoints;
  CanaryResult result;
};

// The state of each stage, in their order.
std::vector<std::string> states(const Report& report) {
  std::vector<std::string> out;
  for (const Check& check : report.checks)
    out.push_back(check.name + " " + state_name(check.state));
  return out;
}

using States = std::vector<std::string>;

}  // namespace

TEST_CASE("canary: through all stages, and away again") {
  const FakeClock clock;
  Run run(hive());
  run.go();
  CHECK(states(run.result.report) == States{"integration ok", "alert ok", "observable ok", "job ok",
                                            "report ok", "clean-up ok"});
  CHECK(run.said("observable") == "ok: ip 9.9.9.9 in 0 ms");
  CHECK(run.said("job") == "ok: AbuseIPDB_1_0 through TheHive in 0 ms");
  CHECK(run.said("report") == "ok: AbuseIPDB_1_0 reported in 200 ms");
  CHECK_FALSE(run.result.interrupted);
  CHECK(run.result.report.latency_ms == 200);
  CHECK(run.result.report.component == "canary");
  for (const Check& check : run.result.report.checks) {
    CHECK(check.detail.find(test::kKey) == std::string::npos);
    if (check.name != "clean-up") CHECK(check.took_ms >= 0);
  }
  CHECK(run.server.count("DELETE /api/v1/alert/~4096") == 1);
}

TEST_CASE("canary: an alert that does not come is the broken stage, the others are not reached") {
  const FakeClock clock;
  Run run(with(kFind, {not_found()}));
  run.go();
  CHECK(states(run.result.report) == States{"integration ok", "alert down", "observable skipped",
                                            "job skipped", "report skipped", "clean-up ok"});
  CHECK(run.said("alert") == "down missing: accepted, but TheHive does not have it");
  CHECK(run.said("job") == "skipped: not reached");
  CHECK(run.result.report.latency_ms == -1);
  CHECK(clock.passed_ms() >= run.canary.timeout_ms);
  CHECK(run.server.count("DELETE ") == 0);
}

TEST_CASE("canary: an alert that comes late is found, a refused key ends the waiting") {
  const FakeClock clock;
  Run late(with(kFind, {not_found(), http_answer(503, "{}"), R"({"_id":"~4096"})"}));
  late.go();
  CHECK(late.said("alert") == "ok: in 400 ms");
  Run refused(with(kFind, {http_answer(403, R"({"type":"AuthorizationError","message":"no"})")}));
  refused.go();
  CHECK(refused.said("alert").starts_with("down auth: "));
  CHECK(refused.server.count(kFind) == 2);  // once more to clean up
  Run down(with(kFind, {http_answer(503, "{}")}));
  down.go();
  CHECK(down.said("alert").starts_with("down unreachable: "));
}

TEST_CASE("canary: that TheHive cannot be asked for the alert afterwards is not a clean-up") {
  const FakeClock clock;
  Run run(with(kFind, {http_answer(503, "{}")}));
  run.go();
  CHECK(run.said("clean-up").starts_with("degraded reported_error: "));
  CHECK(run.said("clean-up").find("HTTP 503") != std::string::npos);
  // Nothing was sent, so nothing can be left.
  Run refused(with(kPost, {http_answer(401, R"({"type":"AuthenticationError","message":"no"})")}));
  refused.go();
  CHECK(refused.said("integration").starts_with("down auth: "));
}

TEST_CASE("canary: an observable that lacks, a job that cannot be, one that fails or hangs") {
  const FakeClock clock;
  Run lacking(with(kObservables, {R"([{"_id":"~5","dataType":"ip","data":"8.8.8.8"}])"}));
  lacking.go();
  CHECK(lacking.said("observable") == "down missing: the alert has no observable 9.9.9.9");
  CHECK(lacking.said("clean-up").starts_with("ok: "));
  Run failed(with(kJob, {R"({"_id":"~8","status":"Failure","report":{"errorMessage":"s3cret"}})"}));
  failed.go();
  CHECK(failed.said("report") ==
        "down reported_error: AbuseIPDB_1_0 failed: see socctl cortex job show");
  Run hanging(with(kJob, {R"({"_id":"~8","status":"InProgress"})"}));
  hanging.go();
  CHECK(hanging.said("report") == "down stale: the job of AbuseIPDB_1_0 did not end in time");
  CHECK(hanging.server.count("DELETE /api/v1/alert/~4096") == 1);
  Run wanted(hive());
  wanted.canary.analyzer = "None";
  wanted.go();
  CHECK(wanted.said("job") == "down refused: there is no analyzer for an ip named None");
  Routes unconnected = with("GET /api/v1/connector/cortex/analyzer", {"[]"});
  unconnected["GET /api/v1/status "] = {R"({"connectors":{"cortex":{"enabled":false}}})"};
  Run none(unconnected);
  none.go();
  CHECK(none.said("job") == "skipped: neither TheHive nor socctl has a Cortex");
  CHECK(none.said("report") == "skipped: no job");
}

TEST_CASE("canary: an alert that cannot be deleted is named") {
  const FakeClock clock;
  Run run(with("DELETE /api/v1/alert/~4096",
               {http_answer(403, R"({"type":"AuthorizationError","message":"no"})")}));
  run.go();
  CHECK(run.said("report").starts_with("ok: "));
  CHECK(run.said("clean-up").starts_with("degraded reported_error: alert ~4096 is still there: "));
}

TEST_CASE("canary: a request to stop ends it, and it cleans up") {
  const FakeClock clock;
  for (const int after : {0, 1, 2, 3, 4, 5, 6}) {
    CAPTURE(after);
    Run run(hive());
    int asked = 0;
    run.canary.stop = [&] { return asked++ >= after; };
    run.go();
    CHECK(run.result.interrupted == (asked > after));
    CHECK(run.said("clean-up").starts_with("ok: "));
    CHECK(run.server.count("DELETE /api/v1/alert/~4096") == run.server.count(kPost));
    for (const Check& check : run.result.report.checks) CHECK(check.state != State::down);
  }
}

TEST_CASE("canary: beside a manager its spool is emptied of the alert") {
  const FakeClock clock;
  const socbridge::test::TempDir home;
  REQUIRE(::chmod(home.path().c_str(), 0755) == 0);
  const std::string dir = home / "queue/w2thive";
  std::filesystem::create_directories(home / "queue");
  spool::Spool spool = spool::Spool::open(Env::real(), dir).value();
  // A program that accepts and does no more: this test stores the alert in its place.
  const std::string program =
      home.write("integrations/custom-w2thive", "#!/bin/sh\ncat \"$1\" > accepted\nexit 0\n");
  REQUIRE(::chmod(program.c_str(), 0755) == 0);
  home.write("etc/ossec.conf",
             "<ossec_config><integration><name>custom-w2thive</name><hook_url>http://x</hook_url>"
             "<api_key>k</api_key><alert_format>json</alert_format></integration></ossec_config>");
  Run run(with(kFind, {not_found()}));
  run.options.wazuh_home = home.path();
  bool stored = false;
  run.canary.stop = [&] {
    const std::string raw = home.read("accepted");
    if (!stored && !raw.empty()) {
      stored = spool.accept({"custom-w2thive", "", "", wall_now_ms(), raw}).ok();
    }
    return false;
  };
  run.go();
  CHECK(run.said("integration").starts_with("ok: custom-w2thive accepted it in "));
  CHECK(run.said("alert").starts_with("down "));
  CHECK(stored);
  CHECK(home.entries("queue") == 0);
  CHECK(run.said("clean-up").starts_with("ok: "));
}

TEST_CASE("canary: whom it visits") {
  Options options = test::nothing_here();
  const auto none = find_canary_endpoints(Env::real(), options);
  CHECK(none.status().code() == ExitCode::usage);
  CHECK(none.status().message() == "the canary needs TheHive, which is not configured");
  options.system.environment = {{"SOCCTL_THEHIVE_URL", "http://thehive.example"},
                                {"SOCCTL_THEHIVE_KEY", "k"}};
  const auto alone = find_canary_endpoints(Env::real(), options);
  REQUIRE(alone.ok());
  CHECK(alone->thehive.url == "http://thehive.example");
  CHECK_FALSE(alone->cortex);
  CHECK(alone->cortex_error.ok());
  // A Cortex that is configured wrongly does not keep it from TheHive's own.
  options.system.environment.emplace_back("SOCCTL_CORTEX_URL", "http://cortex.example");
  const auto wrong = find_canary_endpoints(Env::real(), options);
  REQUIRE(wrong.ok());
  CHECK_FALSE(wrong->cortex);
  CHECK(wrong->cortex_error.code() == ExitCode::usage);
  options.system.environment.emplace_back("SOCCTL_CORTEX_KEY", "k");
  CHECK(find_canary_endpoints(Env::real(), options)->cortex->url == "http://cortex.example");
}

}  // namespace socbridge::health
