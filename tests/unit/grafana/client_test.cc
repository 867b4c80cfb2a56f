// SPDX-License-Identifier: Apache-2.0
#include "grafana/client.h"

#include <catch2/catch.hpp>

#include "support/route_server.h"

namespace socbridge::grafana {
namespace {

using test::http_answer;
using test::RouteServer;
using Routes = RouteServer::Routes;

struct Fixture {
  explicit Fixture(RouteServer::Routes routes) : server(std::move(routes)) {}
  static Deadline soon() { return Deadline::after_ms(20000); }
  RouteServer server;
  http::Client http{http::ClientOptions{}};
  Client client{http::Service(http, {grafana::kErrors, server.url(), "", Secret("glsa_t0ken")})};
};

Result<Health> health(const std::string& answer) {
  return Fixture(Routes{{"GET /api/health", {answer}}}).client.health(Fixture::soon());
}
Result<DataSourceHealth> source_health(const std::string& answer) {
  return Fixture(Routes{{"GET /api/datasources/uid/a%2Fb/health", {answer}}})
      .client.data_source_health("a/b", Fixture::soon());
}

}  // namespace

TEST_CASE("grafana: its health, also when the database fails") {
  CHECK(health(R"({"database":"ok","version":"11.2.0"})")->version == "11.2.0");
  CHECK(health(R"({"database":"ok"})")->version.empty());
  const auto failing = health(http_answer(503, R"({"database":"failing","version":"11"})"));
  REQUIRE(failing.ok());
  CHECK(failing->database == "failing");
  CHECK(health(http_answer(503, "<html>")).status().code() == ExitCode::unreachable);
  CHECK(health(http_answer(503, "{}")).status().code() == ExitCode::unreachable);
  for (const char* other : {"{}", R"({"database":5})", "[]", "7"}) {
    CHECK(health(other).status().code() == ExitCode::refused);
  }
  CHECK(health("{}").status().message() == "Grafana: the answer of /api/health has no database");
}

TEST_CASE("grafana: data sources and dashboards, however odd their members are") {
  Fixture fine(Routes{{"GET /api/datasources", {R"([{"uid":"a","name":"n","type":"t"},{},7])"}},
                      {"GET /api/search?type=dash-db&limit=5000",
                       {R"([{"uid":"d","title":"D","tags":["x","y"]},{"uid":"e","tags":"x"}])"}}});
  const auto sources = fine.client.data_sources(Fixture::soon());
  REQUIRE(sources.ok());
  REQUIRE(sources->size() == 3);
  CHECK((*sources)[0].type == "t");
  CHECK((*sources)[1].uid.empty());
  const auto boards = fine.client.dashboards(Fixture::soon());
  REQUIRE(boards.ok());
  REQUIRE(boards->size() == 2);
  CHECK((*boards)[0].tags == std::vector<std::string>{"x", "y"});
  CHECK((*boards)[1].tags.empty());
}

TEST_CASE("grafana: a list that is none is refused, not empty") {
  Fixture odd(Routes{{"GET /api/datasources", {"{}"}}, {"GET /api/search", {"null"}}});
  CHECK(odd.client.data_sources(Fixture::soon()).status().message() ==
        "Grafana: the list of data sources is not a JSON array");
  CHECK(odd.client.dashboards(Fixture::soon()).status().code() == ExitCode::refused);
  Fixture closed(Routes{{"GET /api/", {http_answer(403, R"({"message":"glsa_t0ken may not"})")}}});
  const auto refused = closed.client.data_sources(Fixture::soon());
  CHECK(refused.status().code() == ExitCode::auth);
  CHECK(refused.status().message().find("glsa_t0ken") == std::string::npos);
}

TEST_CASE("grafana: the health of a data source, known only if its plug-in has a check") {
  const auto well = source_health(R"({"status":"OK","message":"fine"})");
  REQUIRE(well.ok());
  CHECK((well->known && well->ok));
  const auto failing =
      source_health(http_answer(400, R"({"status":"ERROR","message":"no\u001b"})"));
  REQUIRE(failing.ok());
  CHECK((failing->known && !failing->ok));
  CHECK(failing->message == "no\\u{1b}");
  for (const int status : {404, 501}) {
    const auto none = source_health(http_answer(status, R"({"status":"OK"})"));
    REQUIRE(none.ok());
    CHECK_FALSE(none->known);
  }
}

TEST_CASE("grafana: the health of a data source that is not said is an error with a reason") {
  for (const std::string& answer :
       {std::string("{}"), std::string(R"({"status":5})"), std::string("[]"),
        http_answer(200, "<html>"), http_answer(502, "<html>"),
        http_answer(403, R"({"message":"no"})")}) {
    const auto health = source_health(answer);
    REQUIRE_FALSE(health.ok());
    CHECK_FALSE(health.status().ok());
    CHECK(health.status().message().starts_with("Grafana: "));
  }
}

TEST_CASE("grafana: the number of a dashboard at grafana.com, 0 if it has none") {
  Fixture fine(Routes{{"GET /api/dashboards/uid/a%20b", {R"({"dashboard":{"gnetId":22448}})"}},
                      {"GET /api/dashboards/uid/text", {R"({"dashboard":{"gnetId":"22448"}})"}},
                      {"GET /api/dashboards/uid/none", {R"({"dashboard":{"gnetId":null}})"}},
                      {"GET /api/dashboards/uid/empty", {"{}"}}});
  CHECK(fine.client.source_id("a b", Fixture::soon()).value() == 22448);
  CHECK(fine.client.source_id("text", Fixture::soon()).value() == 22448);
  CHECK(fine.client.source_id("none", Fixture::soon()).value() == 0);
  CHECK(fine.client.source_id("empty", Fixture::soon()).value() == 0);
  CHECK(fine.client.source_id("gone", Fixture::soon()).status().code() == ExitCode::refused);
}

}  // namespace socbridge::grafana
