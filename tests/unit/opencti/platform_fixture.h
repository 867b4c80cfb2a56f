// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "opencti/context.h"
#include "soc-sandbox/server/product_server.h"

namespace socbridge::opencti {

// A sandbox with a knowledge graph, and a client of it.
struct PlatformFixture {
  explicit PlatformFixture(std::vector<std::string> rules = {}, const std::string& data_file = {})
      : product(std::move(kind().make({{}, {}, data_file}).value())), http(http::ClientOptions{}) {
    sandbox::ListenOptions options;
    options.fail_rules = std::move(rules);
    auto started = sandbox::ProductServer::start(options, *product);
    REQUIRE(started.ok());
    server = std::move(*started);
    client = std::make_unique<Client>(http, Endpoint{server->url(), Secret("token")}, 10);
  }
  Result<Contexts> ask(const std::vector<std::string>& texts, int depth = 2) {
    std::vector<Value> values;
    for (const std::string& text : texts) values.push_back(*read_value(text));
    return find_context(*client, values, {depth}, soon());
  }
  static Deadline soon() { return Deadline::after_ms(20000); }
  static const sandbox::ProductKind& kind() {
    for (const sandbox::ProductKind& one : sandbox::product_kinds()) {
      if (std::string_view(one.name) == "opencti") return one;
    }
    throw std::logic_error("the sandbox has no OpenCTI");
  }

  std::unique_ptr<sandbox::Product> product;
  std::unique_ptr<sandbox::ProductServer> server;
  http::Client http;
  std::unique_ptr<Client> client;
};

}  // namespace socbridge::opencti
