// SPDX-License-Identifier: Apache-2.0
#include "health/probes/thehive_destinations.h"

#include <catch2/catch.hpp>

#include "probed.h"
#include "support/temp_dir.h"

namespace socbridge::health {
namespace {

using socbridge::test::http_answer;
using socbridge::test::RouteServer;

std::string user(const std::string& permissions) {
  return R"({"login":"w2thive","organisation":"acme","permissions":[)" + permissions + "]}";
}

// A TheHive whose user has these permissions.
RouteServer::Routes hive(const std::string& permissions, const std::string& version = "5.7.3-1") {
  return {{"GET /api/v1/status/public", {R"({"version":")" + version + R"("})"}},
          {"GET /api/v1/user/current", {user(permissions)}}};
}

struct Home : socbridge::test::TempDir {
  explicit Home(const std::string& config) { write("etc/w2thive.json", config); }
  Report ask(std::size_t expected) const {
    Options options = test::nothing_here();
    options.wazuh_home = path();
    Probe probe(Env::real(), options, std::nullopt, {"thehive", "TheHive"},
                Deadline::after_ms(20000));
    CHECK(check_destinations(probe) == expected);
    return std::move(probe.report());
  }
  std::string promotion(const std::string& permissions, thehive::ApiVersion version) const {
    Options options = test::nothing_here();
    options.wazuh_home = path();
    Probe probe(Env::real(), options, std::nullopt, {"thehive", "TheHive"},
                Deadline::after_ms(1000));
    const auto document = json::Document::parse(user(permissions));
    check_promotion(probe, document->root(), version);
    return test::said(probe.report(), "promotion");
  }
};

// A configuration of one destination at this URL.
std::string acme(const std::string& url, const std::string& more = "") {
  return R"({"url":"http://127.0.0.1:1","api_key":"top")" + more +
         R"(,"destinations":{"acme":{"url":")" + url + R"(","api_key":"acme-k3y"}}})";
}

std::string said_of(RouteServer::Routes routes, const std::string& more = "") {
  const RouteServer server(std::move(routes));
  const Report report = Home(acme(server.url(), more)).ask(1);
  for (const Check& check : report.checks) {
    CHECK(check.detail.find("acme-k3y") == std::string::npos);
  }
  return test::said(report, "destination acme");
}

}  // namespace

TEST_CASE("destinations: each is asked for its version and its user with its own key") {
  const RouteServer one(hive(R"("manageAlert/create")")), two(hive(R"("manageAlert")", "4.1.24"));
  const Home home(R"({"url":"http://127.0.0.1:1","api_key":"top","destinations":{
      "acme":{"url":")" +
                  one.url() + R"(","api_key":"k-acme"},
      "blue":{"url":")" +
                  two.url() + R"(","api_key":"k-blue"}}})");
  const Report report = home.ask(2);
  REQUIRE(report.checks.size() == 2);  // the top-level one is not among them
  CHECK(test::said(report, "destination acme") ==
        "ok: " + one.url() + " 5.7.3-1, w2thive of acme, creates alerts");
  CHECK(test::said(report, "destination blue") ==
        "ok: " + two.url() + " 4.1.24, w2thive of acme, creates alerts");
  CHECK(one.requests("GET /api/v1/user/current").at(0).find("Bearer k-acme") != std::string::npos);
  CHECK(two.requests("GET /api/v1/user/current").at(0).find("Bearer k-blue") != std::string::npos);
}

TEST_CASE("destinations: without any nothing is asked") {
  CHECK(Home("{}").ask(0).checks.empty());
  CHECK(Home(R"({"destinations":{}})").ask(0).checks.empty());
}

TEST_CASE("destinations: one that does not answer, take the key or let it create alerts is down") {
  CHECK(said_of({}).starts_with("down refused: "));
  RouteServer::Routes refusing = hive("");
  refusing["GET /api/v1/user/current"] = {
      http_answer(401, R"({"type":"AuthenticationError","message":"acme-k3y is wrong"})")};
  CHECK(said_of(refusing).starts_with("down auth: GET /api/v1/user/current: "));
  CHECK(said_of(hive(R"("manageCase")")) ==
        "down auth: w2thive of acme may not create alerts (manageAlert/create)");
  RouteServer::Routes stranger = hive("");
  stranger["GET /api/v1/user/current"] = {
      R"({"login":"w2thive","organisation":"***","permissions":["manageAlert"]})"};
  CHECK(said_of(stranger) == "down auth: w2thive is not in the organisation of this key");
}

TEST_CASE("destinations: one that is configured wrongly is named, the others are asked") {
  const RouteServer server(hive(R"("manageAlert")"));
  const Home home(R"({"url":"http://127.0.0.1:1","api_key":"top","destinations":{
      "blue":{"url":"http://127.0.0.1:2","api_key":"file:/no/such.key"},
      "acme":{"url":")" +
                  server.url() + R"(","api_key":"k3y"}}})");
  const Report report = home.ask(2);
  CHECK(test::said(report, "destination blue").starts_with("down configuration: "));
  CHECK_FALSE(test::next_of(report, "destination blue").empty());
  CHECK(test::said(report, "destination acme").starts_with("ok: "));
}

TEST_CASE("destinations: where alerts may become cases the user must be able to make them") {
  const std::string promote = R"(,"rules":[{"match":{"group":"sshd"},"set":{"promote":true}}])";
  CHECK(said_of(hive(R"("manageAlert/create")"), promote) ==
        "degraded auth: w2thive of acme may not create cases of alerts, as \"promote\" requires "
        "(manageAlert/import, manageCase/create)");
  CHECK(said_of(hive(R"("manageAlert","manageCase")"), promote).starts_with("ok: "));
  CHECK(said_of(hive(R"("manageAlert/create")")).starts_with("ok: "));
}

TEST_CASE("promotion: the same is asked of the user of the top-level destination") {
  const auto v5 = thehive::ApiVersion::v5;
  const Home promoting(R"({"url":"http://127.0.0.1:1","api_key":"top","promote":true})");
  CHECK(promoting.promotion(R"("manageAlert/create","manageCase/create")", v5) ==
        "degraded auth: w2thive of acme may not create cases of alerts, as \"promote\" requires "
        "(manageAlert/import)");
  CHECK(promoting.promotion(R"("manageAlert")", thehive::ApiVersion::v4)
            .ends_with("requires (manageCase)"));
  CHECK(promoting.promotion(R"("manageAlert","manageCase")", v5).empty());
  const Home plain(R"({"url":"http://127.0.0.1:1","api_key":"top"})");
  CHECK(plain.promotion(R"("manageAlert/create")", v5).empty());
}

}  // namespace socbridge::health
