// SPDX-License-Identifier: Apache-2.0
#include "health/canary_destinations.h"

#include <catch2/catch.hpp>

#include "delivery/synthetic_alert.h"
#include "json/writer.h"
#include "probes/probed.h"
#include "support/fake_clock.h"
#include "support/temp_dir.h"
#include "wazuh/alert.h"

namespace socbridge::health {
namespace {

using socbridge::test::http_answer;
using socbridge::test::RouteServer;
using Routes = RouteServer::Routes;

constexpr const char* kKey = "acme-k3y";

// A TheHive that makes the alert, shows it and deletes it.
Routes hive() {
  return {{"GET /api/v1/status/public", {R"({"version":"5.7.3-1"})"}},
          {"POST /api/v1/alert ", {socbridge::test::created_answer()}},
          {"POST /api/v1/query?name=canaries", {"[]"}},
          {"GET /api/v1/alert/", {R"({"_id":"~4096"})"}},
          {"GET /api/v1/user/current",
           {http_answer(401, R"({"type":"AuthenticationError","message":"no"})")}},
          {"DELETE /api/v1/alert/~4096", {http_answer(204, "")}}};
}

// A run of the canary that has sent its alert to the top-level TheHive already.
struct Run {
  explicit Run(const std::string& destinations) {
    home.write("etc/w2thive.json", R"({"url":")" + top.url() +
                                       R"(","api_key":"top",)"
                                       R"("destinations":{)" +
                                       destinations + "}}");
    options = test::nothing_here();
    options.wazuh_home = home.path();
  }
  // `sent`: whether the alert was mapped, as it is when it was sent.
  Report visit(const std::function<bool()>& stop = {}, bool sent = true) {
    CanarySource source(Env::real(), options, "9.9.9.9");
    Probe probe(Env::real(), options, test::endpoint_at(top.url()), {"canary", "Canary"},
                Deadline::after_ms(60000));
    if (sent) {
      REQUIRE(source.send(probe.endpoint(), probe.http(), probe.deadline(), 1000).ok());
    }
    visit_destinations(probe, Env::real(), source, sweep_before_ms, stop);
    for (const Check& check : probe.report().checks) {
      CHECK(check.detail.find(kKey) == std::string::npos);
    }
    return std::move(probe.report());
  }
  const RouteServer top{hive()};
  const socbridge::test::TempDir home;
  Options options;
  UnixMillis sweep_before_ms = 0;
};

std::string row(const std::string& name, const std::string& url) {
  return "\"" + name + R"(":{"url":")" + url + R"(","api_key":")" + kKey + "\"}";
}

// What is said of the one destination that answers so.
std::string said_of(Routes routes) {
  const RouteServer server(std::move(routes));
  return test::said(Run(row("acme", server.url())).visit(), "destination acme");
}

Routes with(const std::string& route, const std::string& answer) {
  Routes routes = hive();
  routes[route] = {answer};
  return routes;
}

}  // namespace

TEST_CASE("canary destinations: each gets the alert, shows it and deletes it again") {
  const FakeClock clock;
  const RouteServer acme(hive()), blue(hive());
  Run run(row("acme", acme.url()) + "," + row("blue", blue.url()));
  const Report report = run.visit();
  REQUIRE(report.checks.size() == 2);
  CHECK(test::said(report, "destination acme") ==
        "ok: " + acme.url() + ": created, found and deleted in 0 ms");
  CHECK(test::said(report, "destination blue").starts_with("ok: " + blue.url()));
  for (const RouteServer* server : {&acme, &blue}) {
    CHECK(server->count("POST /api/v1/alert ") == 1);
    CHECK(server->count("DELETE /api/v1/alert/~4096") == 1);
    CHECK(server->requests("POST /api/v1/alert ").at(0).find(kKey) != std::string::npos);
  }
  // The top-level TheHive is none of them.
  CHECK(run.top.count("POST /api/v1/alert ") == 1);
  CHECK(run.top.count("DELETE ") == 0);
}

TEST_CASE("canary destinations: none is asked before the alert was mapped") {
  const RouteServer acme(hive());
  Run run(row("acme", acme.url()));
  CHECK(run.visit({}, false).checks.empty());
  CHECK(acme.requests().empty());
  Run none("");
  CHECK(none.visit().checks.empty());
}

TEST_CASE("canary destinations: one that is not reached or refuses the key") {
  const FakeClock clock;
  CHECK(said_of(with("POST /api/v1/alert ",
                     http_answer(401, R"({"type":"AuthenticationError","message":"acme-k3y"})")))
            .starts_with("down auth: "));
  CHECK(said_of(with("POST /api/v1/alert ", http_answer(429, "{}")))
            .starts_with("down unreachable: "));
  CHECK(
      test::said(
          Run(row("acme", "http://127.0.0.1:" + std::to_string(http::test::closed_port()))).visit(),
          "destination acme")
          .starts_with("down unreachable: "));
}

TEST_CASE("canary destinations: an alert that was taken and is not there") {
  const FakeClock clock;
  Routes lost = hive();
  lost["GET /api/v1/alert/"] = {http_answer(404, R"({"type":"NotFoundError","message":"no"})")};
  CHECK(said_of(lost).starts_with("down missing: it accepted the alert, but does not have it: "));
  CHECK(clock.passed_ms() >= 9800);  // it was looked for as long as there was time
  CHECK(clock.passed_ms() <= 10000);
  CHECK(said_of(with("GET /api/v1/alert/", http_answer(500, "{}")))
            .starts_with("down unreachable: "));
}

TEST_CASE("canary destinations: an alert that cannot be deleted is named") {
  const FakeClock clock;
  CHECK(said_of(with("DELETE /api/v1/alert/~4096",
                     http_answer(403, R"({"type":"AuthorizationError","message":"no"})")))
            .starts_with(
                "degraded reported_error: created and found, but alert ~4096 is still there: "));
}

TEST_CASE("canary destinations: a request without a known end may have made the alert") {
  const FakeClock clock;
  // The server ends the connection in the middle of its answer.
  const std::string broken = "HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{";
  const RouteServer acme(with("POST /api/v1/alert ", broken));
  CHECK(test::said(Run(row("acme", acme.url())).visit(), "destination acme").starts_with("ok: "));
  CHECK(acme.count("DELETE /api/v1/alert/~4096") == 1);
}

TEST_CASE("canary destinations: what killed runs left there is deleted too") {
  const FakeClock clock;
  const UnixMillis old = FakeClock::kStart - 86400000;
  const auto alert =
      wazuh::Alert::parse(delivery::make_synthetic_alert(delivery::kCanaryMark, old, 3, "5"));
  const std::string leftover =
      R"([{"_id":"~1","type":"wazuh_alert","source":"wazuh","sourceRef":)" +
      json::quote(wazuh::source_ref(*alert)) + R"(,"tags":["rule:100998","socbridge_canary"]}])";
  Routes routes = with("POST /api/v1/query?name=canaries", leftover);
  routes["DELETE /api/v1/alert/~1 "] = {http_answer(204, "")};
  const RouteServer acme(routes);
  Run run(row("acme", acme.url()));
  run.sweep_before_ms = FakeClock::kStart - 3600000;
  CHECK(test::said(run.visit(), "destination acme").starts_with("ok: "));
  CHECK(acme.count("DELETE /api/v1/alert/~1 ") == 1);
}

TEST_CASE("canary destinations: stopped between two, and one that is configured wrongly") {
  const FakeClock clock;
  const RouteServer acme(hive()), blue(hive());
  int asked = 0;
  Run run(row("acme", acme.url()) + "," + row("blue", blue.url()));
  const Report stopped = run.visit([&] { return ++asked > 1; });
  CHECK(test::said(stopped, "destination acme").starts_with("ok: "));
  CHECK(test::said(stopped, "destination blue") == "unknown: interrupted");
  CHECK(blue.requests().empty());
  Run wrong(R"("acme":{"url":"http://127.0.0.1:1","api_key":"file:/no/such.key"},)" +
            row("blue", blue.url()));
  const Report report = wrong.visit();
  CHECK(test::said(report, "destination acme").starts_with("down configuration: "));
  CHECK(test::said(report, "destination blue").starts_with("ok: "));
}

}  // namespace socbridge::health
