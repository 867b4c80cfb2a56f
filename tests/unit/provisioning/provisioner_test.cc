// SPDX-License-Identifier: Apache-2.0
#include "provisioning/provisioner.h"

#include <catch2/catch.hpp>

#include "grafana/client.h"
#include "provisioned.h"

namespace socbridge::provisioning {
namespace {

using namespace test;

Routes with_folder(const std::string& answer) {
  Routes routes = empty_grafana();
  routes["GET /api/folders/soc"] = {answer};
  return routes;
}

}  // namespace

TEST_CASE("provisioning: a token that is not known ends it before anything is asked") {
  Provisioned grafana(
      Routes{{"GET /api/", {http_answer(401, R"({"message":"Invalid API key"})")}}});
  grafana::Editor editor(
      http::Service(grafana.http, {grafana::kErrors, grafana.server.url(), "", Secret("x")}),
      20000);
  const auto done = Provisioner(Env::real(), editor, grafana.manifest, {}).run();
  CHECK(done.status().code() == ExitCode::auth);
  CHECK(grafana.server.requests().size() == 1);
}

TEST_CASE("provisioning: a folder that is there, is missing or has another title") {
  Provisioned there(empty_grafana());
  there.apply();
  REQUIRE(there.items.size() == 1);
  CHECK(std::string(there.items[0].kind) == "folder");
  CHECK(there.said() == "current, none");
  CHECK(there.changes() == 0);

  Provisioned missing(with_folder(not_found()));
  missing.run();
  CHECK(missing.said() == "missing, create");
  CHECK(missing.changes() == 0);  // it was only a look
  missing.apply();
  CHECK(missing.sent("POST /api/folders") == R"({"uid":"soc","title":"SOC"})");

  Provisioned edited(with_folder(R"({"uid":"soc","title":"My \u001bfolder","version":7})"));
  edited.apply();
  CHECK(edited.said() == "edited, keep: its title is \"My \\u{1b}folder\"");
  CHECK(edited.differences() == std::vector<std::string>{"/title: My \\u{1b}folder -> SOC"});
  CHECK(edited.changes() == 0);
  Options overwrite;
  overwrite.edited = EditedItems::overwrite;
  edited.apply(overwrite);
  CHECK(edited.said().starts_with("edited, update: "));
  CHECK(edited.sent("PUT /api/folders/soc") == R"({"title":"SOC","version":7})");
}

TEST_CASE("provisioning: what fails says why, and the rest is done all the same") {
  Provisioned grafana(with_folder(http_answer(403, R"({"message":"no folders:read"})")));
  grafana.manifest.dashboards = {
      {grafana.folder / "none.json", 0, 0, "", {}}, {"", 7, 0, "", {}}, {"", 8, 0, "own", {}}};
  grafana.manifest.data_sources = {
      {"p", "Prometheus", "prometheus", R"({"name":"Prometheus"})", {}, {}}};
  grafana.apply();
  REQUIRE(grafana.items.size() == 5);
  CHECK(grafana.items[0].state == State::failed);
  CHECK(grafana.items[0].status.code() == ExitCode::auth);
  CHECK(grafana.items[0].action == Action::none);
  CHECK(std::string(grafana.items[1].kind) == "data source");
  CHECK(grafana.items[1].state == State::missing);
  CHECK(grafana.items[2].name == "none.json");
  CHECK(grafana.items[2].state == State::failed);
  CHECK(grafana.items[3].name == "grafana.com 7");
  CHECK(grafana.items[3].uid == "gnet-7");
  CHECK(grafana.items[4].uid == "own");
  CHECK(grafana.items[4].status.message().starts_with("dashboard 8 of grafana.com: "));
}

TEST_CASE("provisioning: a change that Grafana refuses is a failed item") {
  Routes routes = with_folder(not_found());
  routes["POST /api/folders"] = {http_answer(409, R"({"message":"the name is taken"})")};
  Provisioned grafana(routes);
  grafana.apply();
  CHECK(grafana.said() == "failed, none: Grafana: the name is taken");
  CHECK(grafana.items[0].status.code() == ExitCode::refused);
}

}  // namespace socbridge::provisioning
