// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "health/registry.h"
#include "probed.h"

namespace socbridge::health {
namespace {

using socbridge::test::http_answer;
using Routes = socbridge::test::RouteServer::Routes;

std::string data(const std::string& json) { return R"({"status":"success","data":)" + json + "}"; }

// One target that is up and one rule that fires.
Routes well() {
  return {
      {"GET /-/ready", {http_answer(200, "Prometheus is Ready.")}},
      {"GET /api/v1/status/buildinfo", {data(R"({"version":"2.42.0"})")}},
      {"GET /api/v1/targets", {data(R"({"activeTargets":[{"labels":{"job":"relay",
          "instance":"m1"},"health":"up","lastError":""}]})")}},
      {"GET /api/v1/rules", {data(R"({"groups":[{"name":"g","rules":[{"name":"SocDown",
          "health":"ok","state":"firing","type":"alerting"}]}]})")}},
  };
}

struct Probed : test::Probed {
  explicit Probed(Routes routes) : test::Probed(std::move(routes), {"prometheus", "Prometheus"}) {
    probe_prometheus(probe);
  }
};

Probed with(const std::string& route, const std::string& answer) {
  Routes routes = well();
  routes[route] = {answer};
  return Probed(std::move(routes));
}

}  // namespace

TEST_CASE("prometheus probe: targets are up and rules evaluate") {
  Probed prometheus(well());
  CHECK(prometheus.probe.report().state() == State::ok);
  CHECK(prometheus.probe.report().version == "2.42.0");
  CHECK(prometheus.said("targets") == "ok: 1 target, none down");
  CHECK(prometheus.said("rules") == "ok: 1 rule, 1 firing");
}

TEST_CASE("prometheus probe: nothing else is asked while it is not ready") {
  Probed starting = with("GET /-/ready", http_answer(503, "Service Unavailable"));
  REQUIRE(starting.probe.report().checks.size() == 1);
  CHECK(starting.said("answer").starts_with("down unreachable: Prometheus: HTTP 503"));
  CHECK(starting.server.requests().size() == 1);
  Probed refused = with("GET /-/ready", http_answer(401, "<html>"));
  CHECK(refused.said("answer").starts_with("down auth: "));  // a proxy before it has the key
}

TEST_CASE("prometheus probe: targets that are down are named, with the first error") {
  Probed down = with("GET /api/v1/targets", data(R"({"activeTargets":[
      {"labels":{"job":"relay","instance":"m1"},"health":"up","lastError":""},
      {"labels":{"job":"relay","instance":"m2"},"health":"down","lastError":"refused"},
      {"labels":{"job":"soc","instance":"m3"},"health":"down","lastError":"later"}]})"));
  CHECK(down.said("targets") ==
        "degraded reported_error: 2 of 3 targets down: relay m2, soc m3 (refused)");
  CHECK(with("GET /api/v1/targets", data(R"({"activeTargets":[]})")).said("targets") ==
        "degraded missing: it scrapes nothing");
  CHECK(with("GET /api/v1/targets", http_answer(500, "{}"))
            .said("targets")
            .starts_with("unknown unreachable: "));
}

TEST_CASE("prometheus probe: rules that fail, or that are not loaded") {
  Probed failing = with("GET /api/v1/rules", data(R"({"groups":[{"name":"g","rules":[
      {"name":"SocDown","health":"err","lastError":"x","state":"inactive","type":"alerting"},
      {"name":"SocUp","health":"ok","state":"inactive","type":"alerting"}]}]})"));
  CHECK(failing.said("rules") == "degraded reported_error: 1 of 2 rules fail: SocDown");
  CHECK(with("GET /api/v1/rules", data(R"({"groups":[]})")).said("rules") ==
        "degraded missing: no rules are loaded");
}

TEST_CASE("prometheus probe: a version before 2 is too old") {
  CHECK(with("GET /api/v1/status/buildinfo", data(R"({"version":"1.8.2"})"))
            .said("version")
            .starts_with("degraded version: version 1.8.2"));
  CHECK(with("GET /api/v1/status/buildinfo", data(R"({"version":"10.0.0"})"))
            .said("version")
            .empty());
}

}  // namespace socbridge::health
