// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "health/registry.h"
#include "probed.h"
#include "support/fake_clock.h"
#include "support/temp_dir.h"

namespace socbridge::health {
namespace {

using socbridge::test::http_answer;
using Routes = socbridge::test::RouteServer::Routes;

constexpr UnixMillis kDay = 86400000;

std::string user(const std::string& permissions, const std::string& more = "") {
  return R"({"login":"w2thive@soc","organisation":"soc","permissions":[)" + permissions + "]" +
         more + "}";
}
constexpr const char* kAll =
    R"("manageAlert/create","manageObservable","manageComment","managePage","manageProcedure",
       "manageCase/create","manageAnalyse")";

const char* const kVersion = "GET /api/v1/status/public";
const char* const kUser = "GET /api/v1/user/current";
const char* const kLicence = "GET /api/v1/license/current";
const char* const kStatus = "GET /api/v1/status ";

Routes well() {
  return {{kVersion, {R"({"version":"5.7.3-1"})"}},
          {kUser, {user(kAll)}},
          {kLicence, {R"({"license":{"plan":"Gold"}})"}},
          {kStatus, {R"({"connectors":{"cortex":{"enabled":true,"status":"OK","servers":
                [{"name":"cortex0","version":"3.2.1","status":"OK"}]}}})"}}};
}

struct TheHive : test::Probed {
  explicit TheHive(Routes routes) : test::Probed(std::move(routes), {"thehive", "TheHive"}) {
    probe_thehive(probe);
  }
};

TheHive with(const std::string& route, const std::string& answer) {
  Routes routes = well();
  routes[route] = {answer};
  return TheHive(std::move(routes));
}

std::string licence(const std::string& answer) { return with(kLicence, answer).said("licence"); }
std::string licence_until(UnixMillis ms) {
  return licence(R"({"license":{"plan":"Gold","expiresAt":)" + std::to_string(ms) + "}}");
}

std::string connector(const std::string& cortex) {
  return with(kStatus, R"({"connectors":{"cortex":)" + cortex + "}}").said("cortex connector");
}

// Without an endpoint, with these required.
Report without_endpoint(Options options, std::vector<std::string> required) {
  options.required = std::move(required);
  Probe probe(Env::real(), options, std::nullopt, {"thehive", "TheHive"}, Deadline::after_ms(9000));
  probe_thehive(probe);
  return std::move(probe.report());
}

}  // namespace

TEST_CASE("thehive probe: version, key, permissions, licence and connector") {
  TheHive hive(well());
  CHECK(hive.probe.report().state() == State::ok);
  CHECK(hive.probe.report().version == "5.7.3-1");
  CHECK(hive.said("key") == "ok: w2thive@soc of soc");
  CHECK(hive.said("permissions") == "ok: creates alerts and works on cases");
  CHECK(hive.said("licence") == "ok: Gold, without end");
  CHECK(hive.said("cortex connector") == "ok: cortex0 3.2.1");
  CHECK(hive.said("version").empty());
}

TEST_CASE("thehive probe: versions that are too old or lose results") {
  TheHive old = with(kVersion, R"({"version":"3.5.1"})");
  CHECK(old.said("version") == "down version: TheHive 3.5.1 is not supported");
  CHECK(old.probe.report().checks.size() == 1);
  CHECK(with(kVersion, R"({"version":"5.7.1-1"})").said("version") ==
        "degraded version: version 5.7.1-1 loses results of Cortex");
  TheHive none = with(kVersion, http_answer(500, "{}"));
  CHECK(none.said("answer").starts_with("down unreachable: asking "));
  CHECK(none.probe.report().checks.size() == 1);
}

TEST_CASE("thehive probe: version 4 has no licence and no permission for comments") {
  Routes routes = well();
  routes[kVersion] = {http_answer(404, "{}")};
  routes["GET /api/status"] = {
      R"({"versions":{"TheHive":"4.1.24"},"connectors":{"cortex":{"enabled":false}}})"};
  routes[kUser] = {user(R"("manageAlert","manageObservable","managePage","manageCase",
                           "manageProcedure","manageAnalyse")")};
  TheHive four(std::move(routes));
  CHECK(four.said("permissions") == "ok: creates alerts and works on cases");
  CHECK(four.said("licence").empty());
  CHECK(four.said("cortex connector") == "skipped: TheHive has no Cortex connected");
}

TEST_CASE("thehive probe: a key that cannot create alerts is down") {
  CHECK(with(kUser, user(R"("manageCase")")).said("permissions") ==
        "down auth: w2thive@soc of soc may not create alerts (manageAlert/create)");
  CHECK(with(kUser, user(R"("manageAlert","manageObservable")")).said("permissions") ==
        "ok: creates alerts; without manageComment, managePage, manageProcedure, "
        "manageCase/create, manageAnalyse");
  CHECK(with(kUser, user(kAll, R"(,"locked":true)")).said("key") ==
        "down auth: w2thive@soc of soc is locked");
  CHECK(with(kUser, "{}").said("key") ==
        "down refused: the answer to \"who am I\" is not TheHive's");
  CHECK(with(kUser, R"({"login":"x","organisation":"***","permissions":["manageAlert"]})")
            .said("key") == "down auth: x is not in the organisation of this key");
  TheHive refused =
      with(kUser, http_answer(401, R"({"type":"AuthenticationError","message":"no"})"));
  CHECK(refused.said("key").starts_with("down auth: GET /api/v1/user/current: "));
  CHECK(refused.server.count(kLicence) + refused.server.count(kStatus) == 0);
}

TEST_CASE("thehive probe: the key is in no finding, whatever the server repeats") {
  const std::string echo = R"({"type":"AuthenticationError","message":"Bearer )" +
                           std::string(test::kKey) + R"( refused"})";
  TheHive hive = with(kUser, http_answer(401, echo));
  for (const Check& check : hive.probe.report().checks) {
    CHECK(check.detail.find(test::kKey) == std::string::npos);
  }
  CHECK(hive.said("key").find("refused") != std::string::npos);
}

TEST_CASE("thehive probe: a licence that ends, has ended, is wrong or is not there") {
  const FakeClock clock;
  const UnixMillis now = FakeClock::kStart;
  CHECK(licence_until(now + 300 * kDay) == "ok: Gold until 2026-01-08");
  CHECK(licence_until(now + 3 * kDay) == "degraded reported_error: expires in 3 days");
  CHECK(licence_until(now) ==
        "down reported_error: expired on 2025-03-14: the platform is read-only");
  CHECK(licence_until(INT64_MIN).starts_with("down reported_error: expired on "));
  CHECK(licence_until(INT64_MAX).starts_with("ok: Gold until "));
  CHECK(licence(R"({"error":"bad signature","license":{"plan":"Gold"}})") ==
        "degraded reported_error: not valid: bad signature");
  CHECK(licence("{}") == "degraded missing: there is none; the platform may be read-only");
  CHECK(licence(http_answer(500, "{}")).starts_with("unknown unreachable: "));
}

TEST_CASE("thehive probe: what TheHive says of its Cortex servers") {
  CHECK(connector(R"({"enabled":true,"status":"ERROR","servers":
                      [{"name":"a","status":"OK","version":"3"},{"name":"b","status":"AUTH_ERROR"}]})") ==
        "degraded reported_error: TheHive says ERROR: b AUTH_ERROR");
  // The whole may be called well while a server is not.
  CHECK(connector(R"({"status":"OK","servers":[{"name":"b","status":"ERROR"}]})") ==
        "degraded reported_error: TheHive says OK: b ERROR");
  CHECK(connector(R"({"status":"WARNING"})") == "degraded reported_error: TheHive says WARNING");
  CHECK(connector(R"({"enabled":true})") == "ok: ok");
  CHECK(connector(R"({"enabled":false})") == "skipped: TheHive has no Cortex connected");
  CHECK(connector("null") == "skipped: TheHive has no Cortex connected");
  CHECK(with(kStatus, http_answer(502, "<html>"))
            .said("cortex connector")
            .starts_with("unknown unreachable: "));
}

TEST_CASE("thehive probe: not configured is skipped, and unknown where it is required") {
  const Report skipped = without_endpoint(test::nothing_here(), {"cortex"});
  CHECK(test::said(skipped, "configuration") == "skipped: not configured");
  CHECK(test::next_of(skipped, "configuration").find("SOCCTL_THEHIVE_URL") != std::string::npos);
  CHECK(test::said(without_endpoint(test::nothing_here(), {"thehive"}), "configuration") ==
        "unknown configuration: TheHive is required, but not configured");
}

TEST_CASE("thehive probe: destinations of custom-w2thive are asked without an endpoint of socctl") {
  const socbridge::test::TempDir home;
  Options options = test::nothing_here();
  options.wazuh_home = home.path();
  CHECK_FALSE(may_have_destinations(Env::real(), options));
  const socbridge::test::RouteServer server(well());
  home.write("etc/w2thive.json",
             R"({"destinations":{"acme":{"url":")" + server.url() + R"(","api_key":"k3y"}}})");
  CHECK(may_have_destinations(Env::real(), options));
  const Report report = without_endpoint(options, {"thehive"});
  CHECK(test::said(report, "configuration").empty());
  CHECK(test::said(report, "destination acme") ==
        "ok: " + server.url() + " 5.7.3-1, w2thive@soc of soc, creates alerts");
}

}  // namespace socbridge::health
