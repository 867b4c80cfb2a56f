// SPDX-License-Identifier: Apache-2.0
#include "health/probes/cortex.h"

#include <catch2/catch.hpp>

#include "health/registry.h"
#include "probed.h"
#include "support/fake_clock.h"

namespace socbridge::health {
namespace {

using socbridge::test::http_answer;
using Routes = socbridge::test::RouteServer::Routes;

constexpr std::int64_t kHour = 3600000;

std::string analyzer(const std::string& name, const std::string& types) {
  return R"({"id":")" + name + R"(","name":")" + name + R"(","dataTypeList":[)" + types + "]}";
}
std::string all_but_file_info() {
  return analyzer("VirusTotal_GetReport_3_1", R"("hash","ip","domain","url")") + "," +
         analyzer("AbuseIPDB_1_0", R"("ip")") + "," + analyzer("URLhaus_2_0", R"("url","domain")") +
         "," + analyzer("MaxMind_GeoIP_4_0", R"("ip")");
}
std::string user(const std::string& roles, const std::string& more = "") {
  return R"({"id":"w2thive","organization":"soc","roles":[)" + roles + "]" + more + "}";
}
std::string job(const std::string& status, std::int64_t created_ms, const std::string& more = "") {
  return R"([{"id":"1","analyzerName":"AbuseIPDB","status":")" + status + R"(","createdAt":)" +
         std::to_string(created_ms) + more + "}]";
}

Routes well() {
  return {{"GET /api/status", {R"({"versions":{"Cortex":"3.2.1-1"}})"}},
          {"GET /api/user/current", {user(R"("read","analyze")")}},
          {"GET /api/analyzer",
           {"[" + all_but_file_info() + "," + analyzer("FileInfo_8_0", R"("file")") + "]"}},
          {"POST /api/job/_search", {job("Success", FakeClock::kStart - 3 * kHour)}}};
}

struct Cortex : test::Probed {
  explicit Cortex(Routes routes) : test::Probed(std::move(routes), {"cortex", "Cortex"}) {
    probe_cortex(probe);
  }
};

Cortex with(const std::string& route, const std::string& answer) {
  Routes routes = well();
  routes[route] = {answer};
  return Cortex(std::move(routes));
}

std::string last_job(const std::string& answer) {
  return with("POST /api/job/_search", answer).said("last job");
}

}  // namespace

TEST_CASE("cortex probe: key, analyzers, data types and the last job") {
  const FakeClock clock;
  Cortex cortex(well());
  CHECK(cortex.probe.report().version == "3.2.1-1");
  CHECK(cortex.said("key") == "ok: w2thive of soc");
  CHECK(cortex.said("analyzers") == "ok: 5 analyzers enabled");
  CHECK(cortex.said("data types") == "ok: ip, domain, url, hash and file have an analyzer each");
  CHECK(cortex.said("last job") == "ok: AbuseIPDB 3 hours ago: Success");
  CHECK(cortex.said("version").empty());
  // What its jobs run on is checked too.
  CHECK(cortex.said("job folder").starts_with("skipped: not checked; "));
  CHECK(cortex.said("rbac").starts_with("skipped: not checked: "));
}

TEST_CASE("cortex probe: without an answer the job folder is still checked") {
  Cortex none = with("GET /api/status", http_answer(502, "<html>"));
  CHECK(none.said("answer").starts_with("down unreachable: "));
  CHECK(none.said("key").empty());
  CHECK(none.said("job folder").starts_with("skipped: "));
  CHECK(with("GET /api/status", R"({"versions":{"Cortex":"2.1.3"}})").said("version") ==
        "degraded version: version 2.1.3 is too old");
  CHECK(with("GET /api/status", R"({"versions":{"Cortex":""}})")
            .said("version")
            .starts_with("degraded version: "));
  CHECK(with("GET /api/status", R"({"versions":{"Cortex":"10.0.1"}})").said("version").empty());
}

TEST_CASE("cortex probe: a key that runs no analyzers is down") {
  const auto key = [](const std::string& answer) { return with("GET /api/user/current", answer); };
  Cortex super = key(user(R"("superadmin")"));
  CHECK(super.said("key") ==
        "down auth: w2thive of soc may not run analyzers: a superadmin has no organisation "
        "with analyzers");
  CHECK(super.said("analyzers").empty());
  Cortex reader = key(user(R"("read")"));
  CHECK(reader.said("key") == "down auth: w2thive of soc may not run analyzers");
  CHECK(reader.said("analyzers").starts_with("ok: "));
  Cortex locked = key(user(R"("read","analyze")", R"(,"status":"Locked")"));
  CHECK(locked.said("key") == "down auth: w2thive of soc is locked");
  CHECK(locked.said("analyzers").empty());
  Cortex refused = key(http_answer(
      401, R"({"type":"AuthenticationError","message":")" + std::string(test::kKey) + R"("})"));
  CHECK(refused.said("key").starts_with("down auth: reading the key's user from Cortex: "));
  CHECK(refused.said("key").find(test::kKey) == std::string::npos);
}

TEST_CASE("cortex probe: analyzers that are not enabled and data types that none takes") {
  const auto list = [](const std::string& analyzers) {
    return with("GET /api/analyzer", analyzers);
  };
  Cortex some = list("[" + all_but_file_info() + "]");
  CHECK(some.said("analyzers") == "degraded missing: not enabled: FileInfo");
  CHECK(some.said("data types") == "degraded missing: no analyzer accepts file");
  Cortex narrow = list("[" + analyzer("AbuseIPDB_1_0", R"("ip")") + "," +
                       analyzer("URLhaus_2_0", R"("url")") + "]");
  CHECK(
      narrow.said("data types") ==
      "degraded missing: no analyzer accepts domain, hash, file; URLhaus_2_0 does not take domain");
  CHECK(list("{}").said("analyzers") ==
        "unknown refused: listing the analyzers: the answer is not a list");
  CHECK(list("[]").said("data types") ==
        "degraded missing: no analyzer accepts ip, domain, url, hash, file");
}

TEST_CASE("cortex probe: a last job that failed or hangs is degraded, its error is not shown") {
  const FakeClock clock;
  const UnixMillis now = FakeClock::kStart;
  CHECK(last_job("[]") == "ok: none yet");
  const std::string failed =
      last_job(job("Failure", now - kHour, R"(,"errorMessage":"key=s3cret in the log")"));
  CHECK(failed ==
        "degraded reported_error: AbuseIPDB 60 minutes ago: failed; see socctl cortex job show");
  CHECK(last_job(job("InProgress", now - 2 * kHour)) ==
        "degraded stale: AbuseIPDB 2 hours ago: still InProgress");
  CHECK(last_job(job("Waiting", now - kHour / 2)) == "ok: AbuseIPDB 30 minutes ago: Waiting");
  // Only one that is unfinished can be too old.
  CHECK(last_job(job("Deleted", now - 900 * kHour)).starts_with("ok: AbuseIPDB 37 days ago"));
  CHECK(last_job(job("Success", now + kHour)) == "ok: AbuseIPDB 0 ms ago: Success");
  CHECK(last_job(job("Success", INT64_MIN)).starts_with("ok: AbuseIPDB "));
  CHECK(last_job("{}").starts_with("unknown refused: searching for jobs"));
}

}  // namespace socbridge::health
