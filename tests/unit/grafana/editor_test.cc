// SPDX-License-Identifier: Apache-2.0
#include "grafana/editor.h"

#include <catch2/catch.hpp>

#include "grafana/client.h"
#include "support/fake_clock.h"
#include "support/route_server.h"

namespace socbridge::grafana {
namespace {

using test::http_answer;
using test::RouteServer;
using Routes = RouteServer::Routes;

constexpr std::int64_t kTimeout = 5000;

struct Fixture {
  explicit Fixture(RouteServer::Routes routes) : server(std::move(routes)) {}
  bool asked(const std::string& part) const {
    for (const std::string& one : server.requests()) {
      if (one.find(part) != std::string::npos) return true;
    }
    return false;
  }
  RouteServer server;
  http::Client http{http::ClientOptions{}};
  Editor editor{http::Service(http, {grafana::kErrors, server.url(), "", Secret("glsa_t0ken")}),
                kTimeout};
};

Status saved(const std::string& answer) {
  return Fixture(Routes{{"POST /api/dashboards/db", {answer}}}).editor.save_dashboard("{}");
}

constexpr const char* kNone = R"({"message":"not found"})";

}  // namespace

TEST_CASE("grafana editor: what is there is found, what is not is empty") {
  Fixture grafana(Routes{{"GET /api/folders/soc%2Fx", {R"({"uid":"soc/x"})"}},
                         {"GET /api/datasources/uid/a", {R"({"uid":"a"})"}},
                         {"GET /api/datasources/name/the%20indexer", {R"({"uid":"b"})"}},
                         {"GET /api/dashboards/uid/d", {R"({"dashboard":{}})"}},
                         {"GET /api/plugins/prometheus/settings", {"{}"}}});
  CHECK(grafana.editor.folder("soc/x").value()->root()["uid"].text() == "soc/x");
  CHECK(grafana.editor.data_source("a").value().has_value());
  CHECK(grafana.editor.data_source_named("the indexer").value()->root()["uid"].text() == "b");
  CHECK(grafana.editor.dashboard("d").value().has_value());
  CHECK(grafana.editor.has_plugin("prometheus").value());
  CHECK_FALSE(grafana.editor.folder("none").value().has_value());
  CHECK_FALSE(grafana.editor.has_plugin("none").value());
}

TEST_CASE("grafana editor: a 404 that is not Grafana's is not an answer") {
  for (const std::string& page : {http_answer(404, "<html>"), http_answer(404, "{}")}) {
    Fixture proxy(Routes{{"GET /api/", {page}}});
    CHECK(proxy.editor.folder("soc").status().code() == ExitCode::refused);
    CHECK(proxy.editor.has_plugin("x").status().code() == ExitCode::refused);
  }
}

TEST_CASE("grafana editor: a wrong token and a permission that lacks have their own cures") {
  Fixture wrong(
      Routes{{"GET /api/search", {http_answer(401, R"({"message":"Invalid API key"})")}}});
  const Status token = wrong.editor.check_token();
  CHECK(token.code() == ExitCode::auth);
  CHECK(token.hint().find("service account that is enabled") != std::string::npos);
  const Status refused = saved(http_answer(403, R"({"message":"needs dashboards:write"})"));
  CHECK(refused.code() == ExitCode::auth);
  CHECK(refused.message().find("needs dashboards:write") != std::string::npos);
  CHECK(refused.hint().find("Editor has those of folders") != std::string::npos);
  CHECK(Fixture(Routes{{"GET /api/search", {"[]"}}}).editor.check_token().ok());
}

TEST_CASE(
    "grafana editor: its own words about a refusal, without the token and not cut in a word") {
  const Status conflict = saved(http_answer(412, R"({"message":"changed since it was read"})"));
  CHECK(conflict.code() == ExitCode::refused);
  CHECK(conflict.message() == "Grafana: changed since it was read");
  CHECK(conflict.hint() == "it was changed meanwhile; try again");
  for (const int status : {400, 409, 422}) {
    const Status own = saved(http_answer(status, R"({"message":"glsa_t0ken is bad"})"));
    CHECK(own.message().starts_with("Grafana: "));
    CHECK(own.message().ends_with(" is bad"));
    CHECK(own.message().find("glsa_t0ken") == std::string::npos);
  }
  std::string words = "first";
  while (words.size() < 295) words += " word";
  const Status cut = saved(http_answer(400, R"({"message":")" + words + R"( unbroken-s3cret"})"));
  CHECK(cut.message() == "Grafana: " + words);
  const Status whole = saved(http_answer(400, R"({"message":")" + std::string(400, 's') + R"("})"));
  CHECK(whole.code() == ExitCode::refused);
  CHECK(whole.message().find(std::string(300, 's')) == std::string::npos);
  CHECK(saved(http_answer(500, R"({"message":"x"})")).code() == ExitCode::unreachable);
}

TEST_CASE("grafana editor: each change is one request with its body") {
  Fixture grafana(Routes{{"POST /api/", {"{}"}}, {"PUT /api/", {"{}"}}});
  CHECK(grafana.editor.create_folder("soc", "The \"SOC\"").ok());
  CHECK(grafana.asked(R"({"uid":"soc","title":"The \"SOC\""})"));
  CHECK(grafana.editor.rename_folder("a/b", "SOC", 7).ok());
  CHECK(grafana.asked("PUT /api/folders/a%2Fb "));
  CHECK(grafana.asked(R"({"title":"SOC","version":7})"));
  CHECK(grafana.editor.create_data_source(R"({"name":"n"})").ok());
  CHECK(grafana.editor.update_data_source("a", R"({"name":"m"})").ok());
  CHECK(grafana.asked("PUT /api/datasources/uid/a "));
  CHECK(grafana.editor.save_dashboard(R"({"dashboard":{}})").ok());
  CHECK(grafana.server.requests().size() == 5);
  for (const std::string& one : grafana.server.requests()) {
    CHECK(one.find("Bearer glsa_t0ken") != std::string::npos);
  }
}

TEST_CASE("grafana editor: a secret that crosses the cut of a long answer is redacted before") {
  const std::string secret = "PEM-" + std::string(400, 'k');
  for (const std::size_t before : {std::size_t{0}, std::size_t{150}, std::size_t{280}}) {
    const std::string words = std::string(before, 'w') + secret;
    for (const char* type : {"application/json", "text/plain"}) {
      CAPTURE(before, type);
      const std::string body = *type == 'a' ? R"({"message":")" + words + "\"}" : words;
      Fixture grafana(Routes{{"POST /api/", {http_answer(500, body)}}});
      const Status status = grafana.editor.create_data_source("{}", {Secret(secret)});
      CHECK(status.message().find("PEM-") == std::string::npos);
    }
  }
}

TEST_CASE("grafana editor: the newest entry of a dashboard's history, in both forms") {
  const auto last = [](const std::string& answer) {
    return Fixture(Routes{{"GET /api/dashboards/uid/d/versions?limit=1", {answer}}})
        .editor.last_save("d");
  };
  const std::string entry = R"({"version":7,"createdBy":"ann\u001b","message":"saved"})";
  for (const std::string& form : {"[" + entry + "]", R"({"versions":[)" + entry + "]}"}) {
    const auto save = last(form);
    REQUIRE(save.ok());
    REQUIRE(save->has_value());
    CHECK((**save).version == 7);
    CHECK((**save).author == "ann\\u{1b}");
    CHECK((**save).message == "saved");
  }
  for (const std::string& none : {std::string("[]"), std::string("{}"), std::string("[7]"),
                                  http_answer(403, kNone), http_answer(404, kNone)}) {
    CHECK_FALSE(last(none).value().has_value());
  }
  CHECK(last(http_answer(500, kNone)).status().code() == ExitCode::unreachable);
  CHECK(last(http_answer(401, kNone)).status().code() == ExitCode::auth);
}

TEST_CASE("grafana editor: a dashboard of grafana.com, the latest and of a revision") {
  Fixture grafana(
      Routes{{"GET /api/gnet/dashboards/1 ", {R"({"json":{"title":"latest"}})"}},
             {"GET /api/gnet/dashboards/1/revisions/3/download", {R"({"title":"third"})"}},
             {"GET /api/gnet/dashboards/2", {R"({"json":"x"})"}},
             {"GET /api/gnet/dashboards/3", {http_answer(502, "<html>")}},
             {"GET /api/gnet/dashboards/4", {http_answer(403, kNone)}}});
  CHECK(grafana.editor.from_catalogue(1, 0).value().root()["title"].text() == "latest");
  CHECK(grafana.editor.from_catalogue(1, 3).value().root()["title"].text() == "third");
  CHECK(grafana.editor.from_catalogue(2, 0).status().message() ==
        "dashboard 2 of grafana.com: the answer has no dashboard");
  const Status offline = grafana.editor.from_catalogue(3, 0).status();
  CHECK(offline.code() == ExitCode::unreachable);
  CHECK(offline.message().starts_with("dashboard 3 of grafana.com: Grafana: HTTP 502"));
  CHECK(offline.hint().find("--catalogue DIR") != std::string::npos);
  CHECK(grafana.editor.from_catalogue(4, 0).status().code() == ExitCode::auth);
}

TEST_CASE("grafana editor: no request after the time for all of them") {
  FakeClock clock;
  Fixture grafana(Routes{{"GET /api/search", {"[]"}}});
  CHECK(grafana.editor.check_token().ok());
  clock.advance_ms(10 * kTimeout);
  const Status late = grafana.editor.check_token();
  CHECK(late.code() == ExitCode::unreachable);
  CHECK(late.message() ==
        "Grafana: it is too slow: all requests together took longer than 50 s, which is ten times "
        "--timeout");
  CHECK(grafana.server.requests().size() == 1);
}

}  // namespace socbridge::grafana
