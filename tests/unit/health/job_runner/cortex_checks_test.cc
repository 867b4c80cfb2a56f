// SPDX-License-Identifier: Apache-2.0
#include "health/job_runner/cortex_checks.h"

#include <catch2/catch.hpp>

#include "checks.h"
#include "health/job_runner/job_folder.h"
#include "support/fake_clock.h"
#include "support/route_server.h"
#include "support/temp_dir.h"

namespace socbridge::health::job_runner {
namespace {

using socbridge::test::http_answer;
using socbridge::test::RouteServer;

constexpr const char* kKey = "c0rtex-k3y";

std::string analyzer(const std::string& name, const std::string& types) {
  return R"({"id":"id-)" + name + R"(","name":")" + name + R"(","dataTypeList":[)" + types + "]}";
}
const std::string kGeoIp = analyzer("MaxMind_GeoIP_4_0", R"("ip")");

std::string user(const std::string& roles) {
  return R"({"id":"w2thive","organization":"soc","roles":[)" + roles + "]}";
}
std::string job(const std::string& status, const std::string& more = "") {
  return R"({"id":"j1","status":")" + status + "\"" + more + "}";
}

RouteServer::Routes well() {
  return {{"GET /api/status", {R"({"versions":{"Cortex":"3.2.1"}})"}},
          {"GET /api/user/current", {user(R"("read","analyze")")}},
          {"GET /api/analyzer",
           {"[" + kGeoIp + "," + analyzer("AbuseIPDB_1_0", R"("ip")") + "," +
            analyzer("URLhaus_2_0", R"("url")") + "]"}},
          {"POST /api/analyzer/id-MaxMind_GeoIP_4_0/run", {job("Waiting")}},
          {"GET /api/job/j1/waitreport",
           {job("Success", R"(,"report":{"summary":{"taxonomies":[{"level":"info",
               "namespace":"MaxMind","predicate":"Location","value":"AU"}]}})")}}};
}

struct Checked : test::Checks {
  explicit Checked(RouteServer::Routes routes, const CortexOptions& options = {})
      : server(std::move(routes)) {
    http::Client http{http::ClientOptions{}};
    cortex::Client client(http, {server.url(), Secret(kKey)});
    check_cortex(client, options, report());
    for (const Check& one : all) CHECK((one.detail + one.next).find(kKey) == std::string::npos);
  }
  RouteServer server;
};

Checked with(const std::string& route, const std::string& answer,
             const CortexOptions& options = {}) {
  RouteServer::Routes routes = well();
  routes[route] = {answer};
  return Checked(std::move(routes), options);
}

// What is said of a job that ends so.
Checked ending(const std::string& answer) {
  CortexOptions options;
  options.job_ms = 5000;
  return with("GET /api/job/j1/waitreport", answer, options);
}

}  // namespace

TEST_CASE("cortex doctor: api, key, analyzers and a job from start to end") {
  const Checked cortex(well());
  CHECK(cortex.said("api") == "ok: Cortex 3.2.1 answers at " + cortex.server.url());
  CHECK(cortex.said("key") == "ok: w2thive of soc has read, analyze");
  CHECK(cortex.said("analyzer AbuseIPDB") == "ok: AbuseIPDB_1_0 takes ip");
  CHECK(cortex.said("analyzer URLhaus") == "down: URLhaus_2_0 does not take domain");
  CHECK(cortex.said("analyzer FileInfo") == "down: not enabled");
  CHECK(cortex.said("job") == "ok: MaxMind_GeoIP_4_0 ran from end to end: MaxMind:Location=\"AU\"");
  CHECK(cortex.said("job folder in use").empty());
  const std::string asked = cortex.server.requests("POST /api/analyzer").at(0);
  CHECK(asked.find(R"("data":"1.1.1.1")") != std::string::npos);
  CHECK(asked.find(R"("force":true)") != std::string::npos);  // the cache would prove nothing
}

TEST_CASE("cortex doctor: it ends where the rest says nothing") {
  const Checked down = with("GET /api/status", http_answer(502, "<html>"));
  REQUIRE(down.all.size() == 1);
  CHECK(down.of("api").cause == Cause::unreachable);
  const Checked refused = with("GET /api/user/current",
                               http_answer(401, R"({"type":"AuthenticationError","message":")" +
                                                    std::string(kKey) + R"("})"));
  REQUIRE(refused.all.size() == 2);
  CHECK(refused.of("key").cause == Cause::auth);
  const Checked list = with("GET /api/analyzer", "{}");
  CHECK(list.said("analyzers") == "unknown: listing the analyzers: the answer is not a list");
  CHECK(list.said("job").empty());
}

TEST_CASE("cortex doctor: roles too few are bad, roles too many a warning") {
  const auto key = [](const std::string& roles) {
    return with("GET /api/user/current", user(roles));
  };
  const Checked none = key("");
  CHECK(none.said("key") == "unknown: w2thive of soc has no role");
  CHECK(none.of("key").cause == Cause::auth);
  CHECK(none.all.size() == 2);
  const Checked reader = key(R"("read")");
  CHECK(reader.said("key") == "unknown: w2thive of soc has read");
  CHECK_FALSE(reader.said("job").empty());
  CHECK(key(R"("superadmin")")
            .said("key")
            .starts_with(
                "degraded: w2thive of soc has superadmin: a superadmin has no organisation"));
  CHECK(key(R"("read","analyze","orgadmin")")
            .said("key")
            .starts_with(
                "degraded: w2thive of soc has read, analyze, orgadmin: orgadmin is not needed"));
}

TEST_CASE("cortex doctor: which analyzer the trial job is for") {
  CortexOptions options;
  options.job_analyzer = "None";
  CHECK(with("GET /api/analyzer", "[]").said("job") ==
        "skipped: MaxMind_GeoIP is not enabled, and others cost a quota");
  CHECK(Checked(well(), options).said("job") == "skipped: no enabled analyzer is called None");
  options.job_analyzer = "URLhaus";
  CHECK(Checked(well(), options).said("job") ==
        "skipped: URLhaus_2_0 accepts neither ip nor domain");
  RouteServer::Routes routes = well();
  routes["GET /api/analyzer"] = {"[" + analyzer("URLhaus_2_0", R"("url","domain")") + "]"};
  routes["POST /api/analyzer/id-URLhaus_2_0/run"] = {job("Waiting")};
  const Checked domain(routes, options);
  CHECK(domain.said("job").starts_with("ok: URLhaus_2_0 ran from end to end"));
  CHECK(domain.server.requests("POST /api/analyzer").at(0).find(R"("dataType":"domain")") !=
        std::string::npos);
}

TEST_CASE("cortex doctor: a job that is refused, fails, writes nothing or does not end") {
  const Checked refused = with("POST /api/analyzer/id-MaxMind_GeoIP_4_0/run",
                               http_answer(403, R"({"type":"AuthorizationError","message":"no"})"));
  CHECK(refused.of("job").state == State::unknown);
  CHECK(refused.of("job").cause == Cause::auth);
  const Checked empty = ending(job("Failure", R"(,"errorMessage":"no output")"));
  CHECK(empty.said("job").find(kSilentFailure) != std::string::npos);
  CHECK(empty.of("job").next.find("NFS") != std::string::npos);
  const Checked failed = ending(job("Failure", R"(,"errorMessage":"Worker cannot be run")"));
  CHECK(failed.said("job") == "down: MaxMind_GeoIP_4_0 failed: Worker cannot be run");
  CHECK(failed.of("job").next.find("has no runner for it") != std::string::npos);
  CHECK(ending(job("Failure", R"(,"errorMessage":"odd")")).of("job").next == "see Cortex's log");
  CHECK(ending(http_answer(404, "{}")).of("job").cause == Cause::refused);
}

TEST_CASE("cortex doctor: a job that hangs is bad when its time is over") {
  const FakeClock clock;
  const Checked hanging = ending(job("InProgress"));
  CHECK(hanging.said("job") == "down: MaxMind_GeoIP_4_0 is still InProgress");
  CHECK(clock.passed_ms() >= 5000);
  CHECK(clock.passed_ms() < 6000);
}

TEST_CASE("cortex doctor: whether the job's folder showed up where Cortex keeps them") {
  const FakeClock clock;
  const socbridge::test::TempDir jobs;
  CortexOptions options;
  options.job_folder = jobs.path();
  const Checked absent(well(), options);
  CHECK(absent.said("job folder in use") ==
        "degraded: the job's folder did not appear in " + jobs.path());
  jobs.folder("cortex-job-j1-1234");
  const Checked there(well(), options);
  CHECK(there.said("job folder in use") == "ok: the job's folder appeared in " + jobs.path());
}

}  // namespace socbridge::health::job_runner
