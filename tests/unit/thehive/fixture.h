// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "soc-sandbox/thehive/server.h"
#include "thehive/client.h"
#include "thehive/subject.h"

namespace socbridge::thehive {

// A sandbox that stores its data, and a client of it.
struct Fixture {
  using Cortex = std::function<sandbox::Response(const sandbox::Request&)>;

  explicit Fixture(std::vector<std::string> rules = {}, const char* version = "5.7.3-1",
                   Cortex cortex = {})
      : server(start(std::move(rules), version, std::move(cortex))),
        client(http, {server.url(), Secret("key"), ""}) {}

  static sandbox::Server start(std::vector<std::string> rules, const char* version, Cortex cortex) {
    sandbox::ServerOptions options;
    options.port = 0;
    options.version = version;
    options.fail_rules = std::move(rules);
    options.cortex = std::move(cortex);
    options.cortex_check_ms = 0;  // tests turn Cortex off and expect it to be noticed
    options.read_only_key = Secret("look-only");
    auto started = sandbox::Server::start(std::move(options));
    REQUIRE(started.ok());
    return std::move(*started);
  }

  static Deadline soon() { return Deadline::after_ms(5000); }

  std::string post(const char* path, const std::string& body) {
    const auto made = client.send("making something", "POST", path, body, soon());
    REQUIRE(made.ok());
    return std::string(*made->root()["_id"].string());
  }
  Subject new_case() {
    return Subject::of_case(post("/api/v1/case", R"({"title":"c","description":""})"));
  }
  Subject new_alert(const std::string& ref = "r") {
    return Subject::alert(
        post("/api/v1/alert", R"({"type":"t","source":"s","sourceRef":")" + ref +
                                  R"(","title":"a","description":"","date":1741938001000,)"
                                  R"("tags":["old"]})"));
  }

  sandbox::Server server;
  http::Client http{http::ClientOptions{}};
  Client client;
};

}  // namespace socbridge::thehive
