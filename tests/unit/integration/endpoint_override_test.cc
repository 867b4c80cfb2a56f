// SPDX-License-Identifier: Apache-2.0
#include "integration/endpoint_override.h"

#include <catch2/catch.hpp>

#include "support/spool_fixture.h"

namespace socbridge::integration {
using namespace socbridge::test;

namespace {

const std::string kFive = http_answer(200, R"({"version":"5.7.3-1"})");
const std::string kNone = http_answer(404, R"({"type":"NotFound","message":"x"})");
const std::string kFour = http_answer(200, R"({"versions":{"TheHive":"4.1.24-1"}})");

struct Fixture {
  explicit Fixture(std::vector<std::string> answers) : server(std::move(answers)) {
    settings.endpoint = {server.url(), Secret("k"), ""};
  }
  Status fix() {
    http::Client http(settings.http);
    return pin_version(settings, http, remark);
  }
  CannedServer server;
  Settings settings;
  std::string remark;
};

}  // namespace

TEST_CASE("endpoint override: nothing of the old API remains") {
  Settings settings;
  settings.endpoint = {"https://old.example", Secret("old"), "org"};
  auto& tls = settings.http.tls;
  tls.ca_file = tls.ca_dir = tls.client_cert_file = tls.client_key_file = tls.pinned_key = "old";
  tls.insecure = true;
  settings.http.proxy = "http://old.example";
  settings.http.proxy_login = Secret("old:old");
  settings.budget_ms = 1234;
  override_endpoint(settings, {"https://new.example", Secret("new"), ""}, {});
  CHECK(settings.endpoint.url == "https://new.example");
  CHECK(settings.endpoint.key.reveal() == "new");
  CHECK(settings.endpoint.organisation.empty());
  CHECK((tls.ca_file + tls.ca_dir + tls.client_cert_file + tls.client_key_file + tls.pinned_key)
            .empty());
  CHECK_FALSE(tls.insecure);
  CHECK(settings.http.proxy.empty());
  CHECK(settings.http.proxy_login.empty());
  CHECK(settings.budget_ms == 1234);
}

TEST_CASE("each part of the new way is in its place") {
  Settings settings;
  override_endpoint(settings, {"https://new.example", Secret("new"), "o"},
                    {"ca", "dir", "proxy", "cert", "key", "pin", true, Secret("a:b")});
  const auto& tls = settings.http.tls;
  CHECK(tls.ca_file == "ca");
  CHECK(tls.ca_dir == "dir");
  CHECK(tls.client_cert_file == "cert");
  CHECK(tls.client_key_file == "key");
  CHECK(tls.pinned_key == "pin");
  CHECK(tls.insecure);
  CHECK(settings.http.proxy == "proxy");
  CHECK(settings.http.proxy_login.reveal() == "a:b");
}

TEST_CASE("the version is the one the server reports") {
  Fixture five({kFive});
  five.settings.thehive_version = "auto";
  REQUIRE(five.fix().ok());
  CHECK(five.settings.thehive_version == "5");
  CHECK(five.remark.empty());
  Fixture four({kNone, kFour});
  four.settings.thehive_version = "auto";
  REQUIRE(four.fix().ok());
  CHECK(four.settings.thehive_version == "4");
  CHECK(four.remark.empty());
}

TEST_CASE("another version than configured is used, with a warning") {
  Fixture fixture({kFive});
  fixture.settings.thehive_version = "4";
  REQUIRE(fixture.fix().ok());
  CHECK(fixture.settings.thehive_version == "5");
  CHECK(fixture.remark == "thehive_version is 4, but " + fixture.server.url() +
                              " is TheHive 5.7.3-1: the API of version 5 is used; correct "
                              "thehive_version");
  Fixture right({kFive});
  right.settings.thehive_version = "5";
  REQUIRE(right.fix().ok());
  CHECK(right.remark.empty());
}

TEST_CASE("a server without a version is an error only if none is configured") {
  for (const std::string& answer :
       {http_answer(503, "{}"), http_answer(200, "<html>"), http_answer(404, "{}")}) {
    Fixture fixture({answer});
    fixture.settings.thehive_version = "auto";
    CHECK_FALSE(fixture.fix().ok());
    CHECK(fixture.settings.thehive_version == "auto");
    fixture.settings.thehive_version = "4";
    CHECK(fixture.fix().ok());
    CHECK(fixture.settings.thehive_version == "4");
    CHECK(fixture.remark.empty());
  }
}

TEST_CASE("a server's version is printable and short in the remark") {
  Settings settings;
  settings.thehive_version = "5";
  settings.endpoint.url = "http://x\x1b";
  const std::string text =
      other_version(settings, {thehive::ApiVersion::v4, "\x1b[2J\n" + std::string(500, 'x')});
  CHECK(text.find_first_of("\x1b\n") == std::string::npos);
  CHECK(text.size() < 300);
  CHECK_THAT(text, Catch::Contains("the API of version 4 is used"));
}

}  // namespace socbridge::integration
