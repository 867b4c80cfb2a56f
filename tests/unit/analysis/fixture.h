// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "analysis/submit.h"
#include "cortex/select.h"
#include "soc-sandbox/server/product.h"
#include "soc-sandbox/thehive/server.h"
#include "support/temp_dir.h"
#include "thehive/connector.h"

namespace socbridge::analysis {

using Folder = test::TempDir;

// The sandbox's TheHive, connected to its Cortex, and a client.
struct Fixture {
  explicit Fixture(std::vector<std::string> rules = {}, const char* version = "5.7.3-1")
      : cortex(make_cortex()),
        server(start(std::move(rules), version)),
        client(http, {server.url(), Secret("key"), ""}),
        connector(client) {}

  static std::unique_ptr<sandbox::Product> make_cortex() {
    for (const sandbox::ProductKind& kind : sandbox::product_kinds()) {
      if (std::string_view(kind.name) != "cortex") continue;
      auto made = kind.make({});
      REQUIRE(made.ok());
      return std::move(*made);
    }
    FAIL("the sandbox has no Cortex");
    return nullptr;
  }

  sandbox::Server start(std::vector<std::string> rules, const char* version) {
    sandbox::ServerOptions options;
    options.port = 0;
    options.version = version;
    options.fail_rules = std::move(rules);
    options.cortex = [this](const sandbox::Request& request) {
      return cortex->handle(request, {}, stop);
    };
    auto started = sandbox::Server::start(std::move(options));
    REQUIRE(started.ok());
    return std::move(*started);
  }

  static Deadline soon() { return Deadline::after_ms(10000); }

  // Creates an alert with one observable; returns the observable's id.
  std::string alert_with(const char* ref, const char* type, const char* data, int severity = 2,
                         int tlp = 2, const char* tag = "wazuh") {
    const std::string body = R"({"type":"t","source":"siem","sourceRef":")" + std::string(ref) +
                             R"(","title":"a","description":"","severity":)" +
                             std::to_string(severity) + R"(,"tags":[")" + tag +
                             R"("],"observables":[{"dataType":")" + type + R"(","data":")" + data +
                             R"(","tlp":)" + std::to_string(tlp) + "}]}";
    const auto made = client.send("making an alert", "POST", "/api/v1/alert", body, soon());
    REQUIRE(made.ok());
    const auto list = thehive::list_observables(
        client, thehive::Subject::alert(std::string(*made->root()["_id"].string())), soon());
    REQUIRE(list.ok());
    REQUIRE(list->size() == 1);
    return list->front().id;
  }

  thehive::ObservableInfo observable(const std::string& id) {
    const auto found = thehive::get_observable(client, id, soon());
    REQUIRE(found.ok());
    return *found;
  }
  std::vector<Analyzer> analyzers() {
    auto all = connector.analyzers(soon());
    REQUIRE(all.ok());
    return std::move(*all);
  }
  Analyzer analyzer(const char* name) {
    auto picked = cortex::select_analyzers(analyzers(), {name});
    REQUIRE(picked.ok());
    return picked->at(0);
  }
  std::size_t jobs_of(const std::string& id) {
    const auto jobs = connector.jobs_of(id, soon());
    REQUIRE(jobs.ok());
    return jobs->size();
  }

  sandbox::StopSignal stop;
  std::unique_ptr<sandbox::Product> cortex;
  sandbox::Server server;
  http::Client http{http::ClientOptions{}};
  thehive::Client client;
  thehive::Connector connector;
};

}  // namespace socbridge::analysis
