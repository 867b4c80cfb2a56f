// SPDX-License-Identifier: Apache-2.0
// Alerts and cases as targets of enrichment, from a sandbox.
#include <catch2/catch.hpp>

#include "context/context_attachment.h"
#include "soc-sandbox/thehive/server.h"

namespace socbridge::context {
namespace {

struct Fixture {
  explicit Fixture(const char* version = "5.7.3-1") : server(start(version)) {}
  static sandbox::Server start(const char* version) {
    sandbox::ServerOptions options;
    options.port = 0;
    options.version = version;
    auto started = sandbox::Server::start(std::move(options));
    REQUIRE(started.ok());
    return std::move(*started);
  }
  static Deadline soon() { return Deadline::after_ms(5000); }
  std::string post(const std::string& path, const std::string& body) {
    const auto made = client.send("making something", "POST", path, body, soon());
    INFO(made.status().line());
    REQUIRE(made.ok());
    const json::Value root = made->root();
    return (root.is_array() ? root.at(0) : root)["_id"].string_text();
  }
  sandbox::Server server;
  http::Client http{http::ClientOptions{}};
  thehive::Client client{http, {server.url(), Secret("key"), ""}};
};

thehive::ObservableInfo observable(const char* type, const char* data) {
  thehive::ObservableInfo out;
  out.data_type = type;
  out.data = data;
  return out;
}

}  // namespace

TEST_CASE("a case as a target: name, link, key, limits, date and observables") {
  Fixture w;
  const std::string id =
      w.post("/api/v1/case",
             R"({"title":"Phishing","description":"","tlp":3,"pap":1,"startDate":1700000000000})");
  w.post("/api/v1/case/" + id + "/observable", R"({"dataType":"ip","data":["192.0.2.1"]})");
  for (const std::string& name : {std::string("1"), std::string("#1"), id}) {
    const auto target = read_case_target(w.client, name, Fixture::soon());
    INFO(target.status().line());
    REQUIRE(target.ok());
    CHECK(target->subject.id == id);
    CHECK(target->name == "case #1 Phishing");
    CHECK(target->link == w.server.url() + "/cases/" + id + "/details");
    CHECK(target->key == "TheHive case " + id);
    CHECK((target->limits.tlp == 3 && target->limits.pap == 1));
    CHECK(target->date_ms == 1700000000000);
    REQUIRE(target->observables.size() == 1);
    CHECK(target->observables[0].data == "192.0.2.1");
  }
}

TEST_CASE("TLP 3 of a TheHive without amber+strict is red") {
  Fixture w("4.1.24-1");
  const std::string id =
      w.post("/api/v1/case", R"({"title":"c","description":"","tlp":3,"pap":2})");
  const auto target = read_case_target(w.client, id, Fixture::soon());
  REQUIRE(target.ok());
  CHECK(target->limits.tlp == 4);
}

TEST_CASE("an alert as a target, found by its sourceRef too, with a printable name") {
  Fixture w;
  const std::string id =
      w.post("/api/v1/alert", R"({"type":"t","source":"s","sourceRef":"ref-1","title":"a\u001bb",)"
                              R"("description":"","date":1741938001000,"tlp":1,"pap":0,)"
                              R"("observables":[{"dataType":"domain","data":"a.example"}]})");
  const auto target = read_alert_target(w.client, "ref-1", Fixture::soon());
  INFO(target.status().line());
  REQUIRE(target.ok());
  CHECK(target->subject.kind == thehive::Subject::Kind::alert);
  CHECK_THAT(target->name, Catch::StartsWith("alert ref-1 a") && !Catch::Contains("\x1b"));
  CHECK(target->link == w.server.url() + "/alerts/" + id + "/details");
  CHECK(target->key == "TheHive alert " + id);
  CHECK((target->limits.tlp == 1 && target->limits.pap == 0));
  CHECK(target->date_ms == 1741938001000);
  CHECK(target->observables.size() == 1);
}

TEST_CASE("an alert or case that is not there is no target") {
  Fixture w;
  CHECK_FALSE(read_case_target(w.client, "404", Fixture::soon()).ok());
  CHECK_FALSE(read_alert_target(w.client, "no-such-ref", Fixture::soon()).ok());
}

TEST_CASE("values of a target are its observables' own, each once, files by their SHA-256") {
  Target target;
  thehive::ObservableInfo file = observable("file", "");
  file.sha256 = std::string(64, 'b');
  target.observables = {observable("ip", "192.0.2.1"),
                        observable("domain", "Evil.example"),
                        observable("ip", " 192.0.2.1 "),
                        observable("domain", "evil.example"),
                        observable("fqdn", "evil.example"),
                        observable("file", ""),
                        file,
                        observable("other", "  ")};
  const auto values = values_of(target);
  REQUIRE(values.size() == 4);
  CHECK(values[0].text == "192.0.2.1");
  CHECK(values[1].text == "evil.example");
  CHECK(values[2].type == "fqdn");
  CHECK((values[3].type == "hash" && values[3].text == file.sha256));
}

}  // namespace socbridge::context
