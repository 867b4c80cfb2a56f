// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "health/registry.h"
#include "probed.h"
#include "support/fake_clock.h"

namespace socbridge::health {
namespace {

using socbridge::test::http_answer;
using Routes = socbridge::test::RouteServer::Routes;

constexpr const char* kNumbers[] = {"21565", "22448", "22449", "22450", "22451", "22453"};

// A Grafana that has all dashboards and two data sources.
Routes well() {
  Routes routes = {
      {"GET /api/health", {R"({"database":"ok","version":"11.2.0"})"}},
      {"GET /api/datasources", {R"([{"uid":"a","name":"indexer","type":"x"},
                                    {"uid":"b","name":"metrics","type":"prometheus"}])"}},
      {"GET /api/datasources/uid/a/health", {http_answer(404, "{}")}},
      {"GET /api/datasources/uid/b/health", {R"({"status":"OK","message":"fine"})"}},
  };
  std::string boards = R"([{"uid":"own","title":"t","tags":["soc","socbridge"]})";
  for (const char* number : kNumbers) {
    boards += R"(,{"uid":"n)" + std::string(number) + R"(","title":"t"})";
    routes["GET /api/dashboards/uid/n" + std::string(number)] = {R"({"dashboard":{"gnetId":)" +
                                                                 std::string(number) + "}}"};
  }
  routes["GET /api/search"] = {boards + "]"};
  for (const char* uid : {"own", "socbridge"}) {
    routes["GET /api/dashboards/uid/" + std::string(uid)] = {R"({"dashboard":{}})"};
  }
  return routes;
}

struct Probed : test::Probed {
  explicit Probed(Routes routes) : test::Probed(std::move(routes), {"grafana", "Grafana"}) {
    probe_grafana(probe);
  }
};

Probed with(const std::string& route, const std::string& answer) {
  Routes routes = well();
  routes[route] = {answer};
  return Probed(std::move(routes));
}

}  // namespace

TEST_CASE("grafana probe: all dashboards and data sources are there") {
  Probed grafana(well());
  CHECK(grafana.probe.report().state() == State::ok);
  CHECK(grafana.probe.report().version == "11.2.0");
  CHECK(grafana.said("database") == "ok: ok");
  CHECK(grafana.said("dashboards") == "ok: all 6 of grafana.com present");
  CHECK(grafana.said("own dashboards") == "ok: 1 with the uid or tag socbridge");
  CHECK(grafana.said("data sources") == "ok: 2 data sources healthy, no test for indexer");
  CHECK(grafana.said("version").empty());
}

TEST_CASE("grafana probe: without its answer nothing else is asked") {
  Probed page = with("GET /api/health", http_answer(200, "<html>"));
  REQUIRE(page.probe.report().checks.size() == 1);
  CHECK(page.said("answer").starts_with("down refused: Grafana: HTTP 200 with an HTML page"));
  CHECK(page.server.requests().size() == 1);
}

TEST_CASE("grafana probe: a failing database is down, an old version is said") {
  Probed failing =
      with("GET /api/health", http_answer(503, R"({"database":"failing","version":"8.5.1"})"));
  CHECK(failing.said("database") == "down reported_error: its database is failing");
  CHECK(failing.said("version") == "degraded version: version 8.5.1 cannot test its data sources");
  // Grafana may hide its version from those who are not logged in.
  CHECK(with("GET /api/health", R"({"database":"ok"})").said("version").empty());
  CHECK(with("GET /api/health", R"({"database":"ok","version":"10.0"})").said("version").empty());
}

TEST_CASE("grafana probe: dashboards that are missing are named by their number") {
  Routes routes = well();
  routes["GET /api/dashboards/uid/n22450"] = {R"({"dashboard":{"gnetId":1}})"};
  routes["GET /api/dashboards/uid/n22453"] = {R"({"dashboard":{}})"};
  Probed some(std::move(routes));
  CHECK(some.said("dashboards") == "degraded missing: not there: 22450, 22453 of grafana.com");
  CHECK(some.next("dashboards") == "run socctl grafana apply to add them");
  Probed none = with("GET /api/search", "[]");
  CHECK(none.said("own dashboards") ==
        "degraded missing: no dashboard has the uid or tag socbridge");
  CHECK(
      with("GET /api/search", R"([{"uid":"socbridge"},{"uid":"n22449"}])").said("own dashboards") ==
      "ok: 1 with the uid or tag socbridge");
  CHECK(with("GET /api/search", http_answer(403, R"({"message":"no"})")).said("dashboards") ==
        "unknown auth: Grafana: HTTP 403: no");
  CHECK(with("GET /api/dashboards/uid/n22449", http_answer(500, "{}"))
            .said("dashboards")
            .starts_with("unknown unreachable: Grafana: HTTP 500"));
}

TEST_CASE(
    "grafana probe: of very many dashboards it does not say that those it did not read lack") {
  const FakeClock clock;  // there is time for all that are read
  std::string boards;
  for (int i = 0; i < 301; ++i) boards += (i == 0 ? "[" : ",") + std::string(R"({"uid":"x"})");
  Routes routes = well();
  routes["GET /api/search"] = {boards + "]"};
  routes["GET /api/dashboards/uid/x"] = {R"({"dashboard":{"gnetId":22448}})"};
  Probed many(std::move(routes));
  CHECK(many.server.count("GET /api/dashboards/uid/x") == 300);
  CHECK(many.said("dashboards") ==
        "unknown missing: not among the first 300 of 301: 21565, 22449, 22450, 22451, 22453 of "
        "grafana.com");
}

TEST_CASE("grafana probe: data sources that fail are named with what the first one says") {
  Routes routes = well();
  routes["GET /api/datasources/uid/a/health"] = {
      http_answer(400, R"({"status":"ERROR","message":"dial tcp: \u001bno route"})")};
  routes["GET /api/datasources/uid/b/health"] = {http_answer(502, "<html>")};
  Probed failing(std::move(routes));
  CHECK(failing.said("data sources") ==
        "degraded reported_error: 2 of 2 data sources fail: indexer, metrics (dial tcp: "
        "\\u{1b}no route)");
  CHECK(with("GET /api/datasources", "[]").said("data sources") ==
        "degraded missing: there is none");
  CHECK(with("GET /api/datasources/uid/b/health", http_answer(403, R"({"message":"no"})"))
            .said("data sources") == "unknown auth: Grafana: HTTP 403: no");
  CHECK(with("GET /api/datasources", http_answer(401, R"({"message":"no"})"))
            .said("data sources")
            .starts_with("unknown auth:"));
}

}  // namespace socbridge::health
