// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "health/probes/wazuh.h"
#include "probed.h"

namespace socbridge::health {
namespace {

using socbridge::test::http_answer;
using Routes = socbridge::test::RouteServer::Routes;

constexpr const char* kToken = "t0ken-of-the-login";

std::string status(const std::string& daemons) {
  return R"({"data":{"affected_items":[{)" + daemons + "}]}}";
}
constexpr const char* kNeeded =
    R"("wazuh-analysisd":"running","wazuh-remoted":"running","wazuh-db":"running",
       "wazuh-execd":"running","wazuh-monitord":"running","wazuh-maild":"stopped")";

Routes well() {
  return {{"POST /security/user/authenticate",
           {R"({"data":{"token":")" + std::string(kToken) + R"("}})"}},
          {"GET / ", {R"({"data":{"api_version":"4.14.1"}})"}},
          {"GET /manager/status",
           {status(std::string(kNeeded) + R"(,"wazuh-integratord":"running")")}}};
}

struct Api : test::Probed {
  explicit Api(Routes routes) : test::Probed(std::move(routes), {"wazuh", "Wazuh manager"}) {
    profile::Endpoint endpoint = test::endpoint_at(server.url());
    endpoint.user = "wazuh-wui";
    Probe asked(Env::real(), options, endpoint, {"wazuh", "Wazuh manager"},
                Deadline::after_ms(20000));
    check_api(asked);
    probe.report() = std::move(asked.report());
  }
};

Api with(const std::string& route, const std::string& answer) {
  Routes routes = well();
  routes[route] = {answer};
  return Api(std::move(routes));
}

}  // namespace

TEST_CASE("wazuh api: login, version and daemons") {
  Api api(well());
  CHECK(api.said("api") == "ok: logged in as wazuh-wui");
  CHECK(api.probe.report().version == "4.14.1");
  CHECK(api.said("api version").empty());
  CHECK(api.said("daemons") == "ok: all needed ones run");
  CHECK(api.said("integratord") == "ok: runs");
  CHECK(api.said("answer").starts_with("ok: in "));
  // The password goes to the login alone, then the token.
  CHECK(api.server.requests("POST /security").at(0).find("Authorization: Basic ") !=
        std::string::npos);
  CHECK(api.server.requests("GET /manager").at(0).find(std::string("Bearer ") + kToken) !=
        std::string::npos);
}

TEST_CASE("wazuh api: not configured is skipped") {
  Probe probe(Env::real(), test::nothing_here(), std::nullopt, {"wazuh", "Wazuh manager"},
              Deadline::after_ms(1000));
  check_api(probe);
  CHECK(test::said(probe.report(), "api") == "skipped: the manager's API is not configured");
  CHECK(test::next_of(probe.report(), "api").find("SOCCTL_WAZUH_KEY_FILE") != std::string::npos);
}

TEST_CASE("wazuh api: a login that fails ends it") {
  Api refused =
      with("POST /security/user/authenticate",
           http_answer(401, R"({"title":"Unauthorized","detail":"Invalid credentials"})"));
  CHECK(refused.said("api") == "down auth: Wazuh API: HTTP 401: Invalid credentials");
  CHECK(refused.probe.report().checks.size() == 1);
  CHECK(refused.server.requests().size() == 1);
  Api odd = with("POST /security/user/authenticate", R"({"data":{"token":""}})");
  CHECK(odd.said("api") == "down refused: Wazuh API: the login answered without a token");
}

TEST_CASE("wazuh api: needed daemons that do not run are down, others are not checked") {
  Api stopped =
      with("GET /manager/status", status(R"("wazuh-analysisd":"stopped","wazuh-db":"restarting",
                               "wazuh-clusterd":"stopped","wazuh-integratord":"running")"));
  CHECK(stopped.said("daemons") ==
        "down reported_error: wazuh-analysisd stopped, wazuh-db restarting");
  CHECK(stopped.said("integratord") == "ok: runs");
  for (const std::string& integrator :
       {std::string(), std::string(R"(,"wazuh-integratord":"stopped")")}) {
    CHECK(with("GET /manager/status", status(kNeeded + integrator)).said("integratord") ==
          "down reported_error: wazuh-integratord does not run: no alert is forwarded");
  }
}

TEST_CASE("wazuh api: what it does not answer is unknown") {
  CHECK(with("GET /manager/status", "{}").said("daemons") ==
        "unknown refused: the API lists no daemons");
  CHECK(with("GET /manager/status", http_answer(403, R"({"detail":"no"})")).said("daemons") ==
        "unknown auth: Wazuh API: HTTP 403: no");
  Api no_version = with("GET / ", http_answer(500, "{}"));
  CHECK(no_version.said("api version").starts_with("unknown unreachable: Wazuh API: HTTP 500"));
  CHECK(no_version.said("daemons").empty());
  CHECK(with("GET / ", R"({"data":{"api_version":"3.13.6"}})").said("api version") ==
        "degraded version: version 3.13.6 is not supported");
}

}  // namespace socbridge::health
