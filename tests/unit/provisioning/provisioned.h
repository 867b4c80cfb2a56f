// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "grafana/client.h"
#include "provisioning/provisioner.h"
#include "support/route_server.h"
#include "support/temp_dir.h"

namespace socbridge::provisioning::test {

using Routes = socbridge::test::RouteServer::Routes;
using socbridge::test::http_answer;

// As Grafana says that there is no such thing.
inline std::string not_found() { return http_answer(404, R"({"message":"not found"})"); }

// A Grafana that has the folder soc and nothing else, and takes what it is given.
inline Routes empty_grafana() {
  return {{"GET /api/", {not_found()}},
          {"GET /api/search?limit=1", {"[]"}},
          {"GET /api/folders/soc", {R"({"uid":"soc","title":"SOC","version":3})"}},
          {"GET /api/plugins/", {"{}"}},
          {"POST /api/", {"{}"}},
          {"PUT /api/", {"{}"}}};
}

// One run of the provisioner against a server.
struct Provisioned {
  explicit Provisioned(Routes routes) : server(std::move(routes)) {
    manifest.folder_uid = "soc";
    manifest.folder_title = "SOC";
  }
  void run(Options options = {}) {
    grafana::Editor editor(
        http::Service(http, {grafana::kErrors, server.url(), "", Secret("glsa_t0ken")}), 20000);
    auto done = Provisioner(Env::real(), editor, manifest, std::move(options)).run();
    REQUIRE(done.ok());
    items = std::move(*done);
  }
  void apply(Options options = {}) {
    options.mode = Mode::apply;
    run(std::move(options));
  }
  // "missing, create: detail" of the last item.
  std::string said() const {
    const Item& item = items.back();
    const std::string why = item.state == State::failed ? item.status.message() : item.detail;
    return std::string(state_name(item.state)) + ", " + action_name(item.action) +
           (why.empty() ? "" : ": " + why);
  }
  // "/title: there -> wanted" of each difference of the last item.
  std::vector<std::string> differences() const {
    std::vector<std::string> out;
    for (const Difference& one : items.back().differences) {
      out.push_back(one.path + ": " + one.there + " -> " + one.wanted);
    }
    return out;
  }
  // Body of the first request that begins so; empty: there was none.
  std::string sent(std::string_view start) const {
    const auto requests = server.requests(start);
    return requests.empty() ? "" : requests[0].substr(requests[0].find("\r\n\r\n") + 4);
  }
  std::size_t changes() const { return server.count("POST ") + server.count("PUT "); }

  const socbridge::test::TempDir folder;
  socbridge::test::RouteServer server;
  http::Client http{http::ClientOptions{}};
  Manifest manifest;
  std::vector<Item> items;
};

}  // namespace socbridge::provisioning::test
