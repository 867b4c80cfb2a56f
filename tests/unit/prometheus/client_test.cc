// SPDX-License-Identifier: Apache-2.0
#include "prometheus/client.h"

#include <catch2/catch.hpp>

#include "support/route_server.h"

namespace socbridge::prometheus {
namespace {

using test::http_answer;
using test::RouteServer;
using Routes = RouteServer::Routes;

// A client of a server that answers this way.
struct Fixture {
  explicit Fixture(RouteServer::Routes routes) : server(std::move(routes)) {}
  static Deadline soon() { return Deadline::after_ms(20000); }
  RouteServer server;
  http::Client http{http::ClientOptions{}};
  Client client{http::Service(http, {kErrors, server.url(), "", Secret("proxy-k3y")})};
};

Status ready(const std::string& answer) {
  return Fixture(Routes{{"GET /-/ready", {answer}}}).client.ready(Fixture::soon());
}

std::string page(const std::string& body, const std::string& type) {
  return "HTTP/1.1 200 OK\r\nContent-Type: " + type +
         "\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

}  // namespace

TEST_CASE("prometheus: it is ready when it says so itself") {
  CHECK(ready(page("Prometheus Server is Ready.\n", "text/plain; charset=utf-8")).ok());
  CHECK(ready(page("Prometheus is Ready.\n", "text/plain")).ok());
  for (const std::string& other :
       {page("Ready", "text/html"), page("ok", "text/plain"), page("", "text/plain")}) {
    CHECK(ready(other).code() == ExitCode::refused);
  }
  const Status replaying = ready(http_answer(503, "Service Unavailable"));
  CHECK(replaying.code() == ExitCode::unreachable);
  CHECK(replaying.message() == "Prometheus: HTTP 503: Service Unavailable");
  CHECK(ready(http_answer(302, "")).code() == ExitCode::refused);
}

TEST_CASE("prometheus: its version") {
  Fixture fine(Routes{
      {"GET /api/v1/status/buildinfo", {R"({"status":"success","data":{"version":"2.53.1"}})"}}});
  CHECK(fine.client.version(Fixture::soon()).value() == "2.53.1");
  CHECK(fine.client.first_ms() >= 0);
  Fixture none(Routes{{"GET /api/v1/status/buildinfo", {R"({"status":"success","data":[]})"}}});
  CHECK(none.client.version(Fixture::soon()).value().empty());
}

TEST_CASE("prometheus: targets with what their last scrape said") {
  Fixture fine(
      Routes{{"GET /api/v1/targets?state=active", {R"({"status":"success","data":{"activeTargets":[
                   {"labels":{"job":"soc","instance":"a:1"},"health":"up","lastError":""},
                   {"labels":{"job":"soc"},"health":"down","lastError":"refused"}, 7]}})"}}});
  const auto targets = fine.client.targets(Fixture::soon());
  REQUIRE(targets.ok());
  REQUIRE(targets->size() == 3);
  CHECK((*targets)[0].instance == "a:1");
  CHECK((*targets)[0].health == "up");
  CHECK((*targets)[1].job == "soc");
  CHECK((*targets)[1].instance.empty());
  CHECK((*targets)[1].last_error == "refused");
  CHECK((*targets)[2].health.empty());
}

TEST_CASE("prometheus: rules of all groups, recording rules have no state") {
  Fixture fine(Routes{{"GET /api/v1/rules", {R"({"status":"success","data":{"groups":[
                   {"name":"g1","rules":[{"name":"Down","health":"ok","state":"firing"},
                                         {"name":"rate","health":"err","lastError":"no such"}]},
                   {"name":"g2","rules":null},{"rules":[{"name":"x"}]}]}})"}}});
  const auto rules = fine.client.rules(Fixture::soon());
  REQUIRE(rules.ok());
  REQUIRE(rules->size() == 3);
  CHECK((*rules)[0].group == "g1");
  CHECK((*rules)[0].state == "firing");
  CHECK((*rules)[1].name == "rate");
  CHECK((*rules)[1].last_error == "no such");
  CHECK((*rules)[1].state.empty());
  CHECK((*rules)[2].name == "x");
}

TEST_CASE("prometheus: an answer without success is refused, whatever it holds") {
  for (const char* answer : {R"({"status":"error","data":{"activeTargets":[]}})", "{}", "[]",
                             R"({"data":{"activeTargets":[]}})"}) {
    Fixture odd(Routes{{"GET /api/v1/", {answer}}});
    const auto targets = odd.client.targets(Fixture::soon());
    CHECK(targets.status().code() == ExitCode::refused);
    CHECK(targets.status().message() ==
          "Prometheus: /api/v1/targets?state=active did not return success");
    CHECK(odd.client.rules(Fixture::soon()).status().code() == ExitCode::refused);
    CHECK(odd.client.version(Fixture::soon()).status().code() == ExitCode::refused);
  }
  Fixture page(Routes{{"GET /api/v1/", {http_answer(200, "<html>")}}});
  CHECK(page.client.rules(Fixture::soon()).status().code() == ExitCode::refused);
  Fixture closed(Routes{{"GET /api/v1/", {http_answer(401, "bad proxy-k3y")}}});
  const auto refused = closed.client.targets(Fixture::soon());
  CHECK(refused.status().code() == ExitCode::auth);
  CHECK(refused.status().message().find("proxy-k3y") == std::string::npos);
}

}  // namespace socbridge::prometheus
