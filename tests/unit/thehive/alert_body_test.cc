// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "base/text.h"
#include "json/value.h"
#include "thehive/alert.h"

namespace socbridge::thehive {
namespace {

json::Document parse(const std::string& body) {
  auto document = json::Document::parse(body);
  REQUIRE(document.ok());
  return std::move(document).value();
}

std::string text(const json::Value& value) {
  return std::string(value.string().value_or("(none)"));
}

Observable observable(std::string type, std::string data) {
  Observable one;
  one.data_type = std::move(type);
  one.data = std::move(data);
  return one;
}

Alert sample() {
  Alert alert;
  alert.type = "wazuh_alert";
  alert.source = "wazuh";
  alert.source_ref = "1700000000.1-0123456789abcdef";
  alert.title = "sshd: brute force";
  alert.description = "# What happened";
  alert.external_link = "https://soc.example/a";
  alert.case_template = "brute";
  alert.severity = 3;
  alert.date_ms = 1700000000123;
  alert.tlp = 4;
  alert.pap = 1;
  alert.tags = {"wazuh", "rule:5712"};
  Observable ip = observable("ip", "203.0.113.7");
  ip.message = "data.srcip";
  ip.tags = {"src"};
  ip.ioc = true;
  ip.tlp = 4;
  ip.ignore_similarity = true;
  alert.observables = {ip, observable("url", "http://a.example/x?y=1")};
  alert.procedures = {{"T1110", 1700000000123, "credential-access"}, {"T1078", 1700000000123, ""}};
  alert.custom_fields = {{"level", "10"}, {"host", "\"web\""}, {"ok", "true"}, {"score", "1.5"}};
  return alert;
}

}  // namespace

TEST_CASE("alert body: paths") {
  CHECK(std::string(create_path(ApiVersion::v5)) == "/api/v1/alert");
  CHECK(std::string(create_path(ApiVersion::v4)) == "/api/alert");
}

TEST_CASE("alert body: version 5: everything in one request") {
  const json::Document document = parse(create_body(sample(), ApiVersion::v5));
  const json::Value root = document.root();
  CHECK(text(root["type"]) == "wazuh_alert");
  CHECK(text(root["source"]) == "wazuh");
  CHECK(text(root["sourceRef"]) == "1700000000.1-0123456789abcdef");
  CHECK(text(root["title"]) == "sshd: brute force");
  CHECK(text(root["description"]) == "# What happened");
  CHECK(text(root["externalLink"]) == "https://soc.example/a");
  CHECK(text(root["caseTemplate"]) == "brute");
  CHECK(root["severity"].integer() == 3);
  CHECK(root["date"].integer() == 1700000000123);
  CHECK(root["tlp"].integer() == 4);
  CHECK(root["pap"].integer() == 1);
  CHECK(root["tags"].size() == 2);
  CHECK(root["artifacts"].missing());
  REQUIRE(root["observables"].size() == 2);
  const json::Value ip = root["observables"].at(0);
  CHECK(text(ip["dataType"]) == "ip");
  CHECK(text(ip["data"]) == "203.0.113.7");
  CHECK(text(ip["message"]) == "data.srcip");
  CHECK(ip["tlp"].integer() == 4);
  CHECK(ip["pap"].integer() == 2);
  CHECK(text(ip["tags"].at(0)) == "src");
  CHECK(ip["ioc"].boolean() == true);
  CHECK(ip["ignoreSimilarity"].boolean() == true);
  REQUIRE(root["procedures"].size() == 2);
  CHECK(text(root["procedures"].at(0)["patternId"]) == "T1110");
  CHECK(text(root["procedures"].at(0)["tactic"]) == "credential-access");
  CHECK(root["procedures"].at(0)["occurDate"].integer() == 1700000000123);
  CHECK(root["procedures"].at(1)["tactic"].missing());
  CHECK(root["customFields"].size() == 4);
}

TEST_CASE("version 4: artifacts, typed custom fields, no procedures, TLP up to 3") {
  const json::Document document = parse(create_body(sample(), ApiVersion::v4));
  const json::Value root = document.root();
  CHECK(root["observables"].missing());
  CHECK(root["procedures"].missing());
  CHECK(root["tlp"].integer() == 3);
  REQUIRE(root["artifacts"].size() == 2);
  CHECK(root["artifacts"].at(0)["tlp"].integer() == 3);
  CHECK(root["artifacts"].at(0)["pap"].missing());
  CHECK(root["customFields"]["level"]["integer"].integer() == 10);
  CHECK(text(root["customFields"]["host"]["string"]) == "web");
  CHECK(root["customFields"]["ok"]["boolean"].boolean() == true);
  CHECK(root["customFields"]["score"]["float"].number() == 1.5);
}

TEST_CASE("the parts of the key hold no semicolon") {
  Alert alert = sample();
  alert.type = "a;b";
  alert.source = ";";
  alert.source_ref = "r;1";
  const json::Document document = parse(create_body(alert, ApiVersion::v5));
  CHECK(text(document.root()["type"]) == "a_b");
  CHECK(text(document.root()["source"]) == "_");
  CHECK(text(document.root()["sourceRef"]) == "r_1");
}

TEST_CASE("tags: trimmed, once each, never empty, never ending in a colour") {
  Alert alert = sample();
  alert.tags = {" a ", "a", "", "  ", "b#12aBcF", "c#12345", "d#1234567", std::string(200, 'x')};
  const json::Document document = parse(create_body(alert, ApiVersion::v5));
  const json::Value tags = document.root()["tags"];
  REQUIRE(tags.size() == 5);
  CHECK(text(tags.at(0)) == "a");
  CHECK(text(tags.at(1)) == "b_12aBcF");
  CHECK(text(tags.at(2)) == "c#12345");
  CHECK(text(tags.at(3)) == "d#1234567");
  CHECK(utf16_length(text(tags.at(4))) == limits::kTag);
}

TEST_CASE("alert body: observables: once each, never empty") {
  Alert alert = sample();
  alert.observables = {observable("ip", "192.0.2.1"), observable("IP", "192.0.2.1"),
                       observable("ip", ""), observable("ip", "  "),
                       observable("other", "192.0.2.1")};
  const json::Document document = parse(create_body(alert, ApiVersion::v5));
  REQUIRE(document.root()["observables"].size() == 2);
  CHECK(text(document.root()["observables"].at(0)["dataType"]) == "ip");
  CHECK(text(document.root()["observables"].at(1)["dataType"]) == "other");
}

TEST_CASE("a long description is truncated visibly before any observable is omitted") {
  for (const ApiVersion version : {ApiVersion::v4, ApiVersion::v5}) {
    Alert alert = sample();
    alert.description = std::string(std::size_t{2} << 20, '"');
    const std::string body = create_body(alert, version);
    CHECK(body.size() <= (version == ApiVersion::v4 ? limits::kBodyV4 : limits::kBodyV5));
    const json::Document document = parse(body);
    const std::string description = text(document.root()["description"]);
    CHECK(description.size() > 1000);
    CHECK(description.find("shortened") > description.size() - 200);
    CHECK(document.root()[version == ApiVersion::v4 ? "artifacts" : "observables"].size() == 2);
  }
}

TEST_CASE("observables beyond the limit are omitted from the end, with a note") {
  Alert alert = sample();
  alert.observables.clear();
  for (int i = 0; i < 3000; ++i) {
    alert.observables.push_back(observable("other", std::to_string(i) + std::string(300, 'x')));
  }
  const std::string body = create_body(alert, ApiVersion::v4);
  CHECK(body.size() <= limits::kBodyV4);
  const json::Document document = parse(body);
  const json::Value artifacts = document.root()["artifacts"];
  CHECK(artifacts.size() > 50);
  CHECK(text(artifacts.at(0)["data"]).substr(0, 2) == "0x");
  CHECK(text(document.root()["description"]).find("observables") != std::string::npos);
}

}  // namespace socbridge::thehive
