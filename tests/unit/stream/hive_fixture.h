// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "soc-sandbox/thehive/server.h"
#include "stream/consumer_setup.h"
#include "stream/match.h"
#include "support/temp_dir.h"
#include "thehive/annotations.h"

namespace socbridge::stream {

// A sandbox of TheHive that keeps what it is given, a client of it, and a state folder.
struct HiveFixture {
  explicit HiveFixture(std::vector<std::string> rules = {}, const char* version = "5.7.3-1")
      : server(start(std::move(rules), version)) {}

  static sandbox::Server start(std::vector<std::string> rules, const char* version) {
    sandbox::ServerOptions options;
    options.port = 0;
    options.version = version;
    options.fail_rules = std::move(rules);
    auto started = sandbox::Server::start(std::move(options));
    REQUIRE(started.ok());
    return std::move(*started);
  }
  static Deadline soon() { return Deadline::after_ms(5000); }

  std::string send(const char* method, const std::string& path, const std::string& body) {
    const auto made = client.send("making something", method, path, body, soon());
    INFO(made.status().line());
    REQUIRE(made.ok());
    const json::Value root = made->root();
    return (root.is_array() ? root.at(0) : root)["_id"].string_text();
  }
  thehive::Subject new_case(const std::string& more = {}) {
    const std::string id =
        send("POST", "/api/v1/case", R"({"title":"c","description":"")" + more + "}");
    return thehive::Subject::of_case(id);
  }
  thehive::Subject new_alert(const std::string& ref = "r") {
    return thehive::Subject::alert(
        send("POST", "/api/v1/alert",
             R"({"type":"t","source":"s","sourceRef":")" + ref +
                 R"(","title":"a","description":"","date":1741938001000})"));
  }
  void close(const thehive::Subject& subject) {
    static_cast<void>(
        client.send("closing", "PATCH", subject.path(), R"({"status":"TruePositive"})", soon()));
  }
  // The new observable's number.
  std::uint64_t observable(const thehive::Subject& of, const char* type = "ip",
                           const char* data = "198.51.100.7") {
    const std::string id =
        send("POST", of.path("observable"),
             std::string(R"({"dataType":")") + type + R"(","data":[")" + data + R"("]})");
    return std::stoull(id.substr(1));
  }
  std::vector<std::string> comments(const thehive::Subject& of) {
    const auto all = thehive::list_comments(client, of, soon());
    REQUIRE(all.ok());
    std::vector<std::string> out;
    for (const thehive::Comment& one : *all) out.push_back(one.message);
    return out;
  }
  std::vector<std::string> tags(const thehive::Subject& of) {
    const auto all = thehive::list_tags(client, of, soon());
    REQUIRE(all.ok());
    return *all;
  }
  std::vector<std::string> tags(std::uint64_t observable) {
    return tags(thehive::Subject::observable("~" + std::to_string(observable)));
  }
  std::vector<std::string> techniques(const thehive::Subject& of) {
    const auto all = thehive::list_procedures(client, of, soon());
    REQUIRE(all.ok());
    std::vector<std::string> out;
    for (const thehive::ProcedureInfo& one : *all) out.push_back(one.pattern_id);
    return out;
  }

  // A consumer of this TheHive, with short pauses.
  ConsumerSetup setup() const {
    ConsumerSetup out;
    out.thehive = thehive::Endpoint{server.url(), Secret("key"), ""};
    out.state_dir = folder / "state";
    out.reader.once = true;
    out.reader.shortest_pause_ms = 1;
    out.reader.longest_pause_ms = 10;
    out.reader.wait_limit_ms = 60000;
    out.refresh_ms = 20;
    out.techniques_after_ms = 0;
    return out;
  }

  test::TempDir folder;
  sandbox::Server server;
  http::Client http{http::ClientOptions{}};
  thehive::Client client{http, {server.url(), Secret("key"), ""}};
};

// An indicator for the address of HiveFixture::observable().
inline StreamMatch a_match(std::vector<std::uint64_t> observables, std::uint64_t event_ms = 1000) {
  StreamMatch out;
  out.key = {"ip", "198.51.100.7"};
  out.observables = std::move(observables);
  out.indicator = "indicator--1";
  out.opencti_id = "11111111-2222-4333-8444-555555555555";
  out.state = "active";
  out.event = {event_ms, 0};
  out.name = "C2 of a botnet";
  out.score = 80;
  out.labels = {"c2"};
  return out;
}

}  // namespace socbridge::stream
