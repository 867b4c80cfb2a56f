// SPDX-License-Identifier: Apache-2.0
// What is read of the things in OpenCTI's answers.
#include "opencti/entities.h"

#include <catch2/catch.hpp>
#include <string_view>

namespace socbridge::opencti {
namespace {

using Texts = std::vector<std::string>;

constexpr std::int64_t kNow = 1764000000000;  // 2025-11-24T16:00:00Z

json::Document parsed(std::string_view text) {
  auto document = json::Document::parse(text);
  REQUIRE(document.ok());
  return std::move(*document);
}

Observable observable(std::string_view text) { return read_observable(parsed(text).root()); }
Relationship relationship(std::string_view text) { return read_relationship(parsed(text).root()); }

std::string state(const char* from, const char* until, bool revoked = false) {
  Indicator one;
  one.valid_from = from;
  one.valid_until = until;
  one.revoked = revoked;
  return one.state(kNow);
}

}  // namespace

TEST_CASE("an indicator is valid from its first moment to before its last one") {
  CHECK(state("", "") == "valid");
  CHECK(state("2025-11-24T16:00:00.000Z", "2025-11-24T16:00:00.001Z") == "valid");
  CHECK(state("2025-11-24T16:00:00.001Z", "") == "not yet valid");
  CHECK(state("", "2025-11-24T16:00:00.000Z") == "expired");
  CHECK(state("2026-01-01T00:00:00Z", "2025-01-01T00:00:00Z") == "expired");
  CHECK(state("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", true) == "revoked");
  CHECK(state("soon", "never") == "valid");
}

TEST_CASE("an indicator with all that is read of it") {
  const auto document = parsed(
      R"({"id":"u","standard_id":"indicator--1","name":"n","pattern":"p","pattern_type":"stix",)"
      R"("valid_from":"2025-01-01T00:00:00Z","valid_until":"2026-01-01T00:00:00Z",)"
      R"("createdBy":{"id":"a1","standard_id":"identity--1","name":"Author"},"revoked":true,)"
      R"("x_opencti_detection":true,"x_opencti_score":80,"confidence":0,"description":"d",)"
      R"("updated_at":"2025-02-01T00:00:00Z","objectLabel":[{"value":"c2"},{"value":""}],)"
      R"("objectMarking":[{"definition":"TLP:RED"}],"creators":[{"id":"c1"},{"id":"c2"}],)"
      R"("killChainPhases":[{"kill_chain_name":"mitre-attack","phase_name":"impact"},)"
      R"({"kill_chain_name":"other","phase_name":"x"}]})");
  const Indicator one = read_indicator(document.root());
  CHECK(one.standard_id == "indicator--1");
  CHECK(one.pattern_type == "stix");
  CHECK(one.author == "Author");
  CHECK(one.author_ids == Texts{"a1", "identity--1"});
  CHECK(one.creator_ids == Texts{"c1", "c2"});
  CHECK(one.revoked);
  CHECK(one.detection);
  CHECK(one.score == 80);
  CHECK(one.confidence == 0);
  CHECK(one.labels == Texts{"c2"});
  CHECK(one.markings == Texts{"TLP:RED"});
  CHECK(one.tactics == Texts{"impact"});
  CHECK(one.updated_at == "2025-02-01T00:00:00Z");
}

TEST_CASE("members of a thing that are missing or of another type are empty") {
  for (const char* text :
       {"{}", "[]", "null", "7",
        R"({"revoked":"yes","x_opencti_score":"80","confidence":1.5,"objectLabel":{"value":"a"},)"
        R"("objectMarking":[7,null,{"definition":[]}],"createdBy":"me","creators":"x",)"
        R"("killChainPhases":5,"hashes":"x","from":[],"to":"x","report_types":7})"}) {
    CAPTURE(text);
    const auto document = parsed(text);
    const Indicator indicator = read_indicator(document.root());
    CHECK_FALSE(indicator.revoked);
    CHECK_FALSE(indicator.score);
    CHECK_FALSE(indicator.confidence);
    CHECK((indicator.markings.empty() && indicator.author_ids.empty()));
    CHECK((indicator.creator_ids.empty() && indicator.tactics.empty()));
    CHECK((observable(text).names.empty() && observable(text).hashes.empty()));
    CHECK((relationship(text).from.id.empty() && relationship(text).to.id.empty()));
    CHECK(read_report(document.root()).types.empty());
    CHECK(read_reports(document.root()).empty());
    CHECK(read_references(document.root()).empty());
  }
}

TEST_CASE("an observable is called by what its value is, and by its other properties") {
  const auto names = [](const char* text) {
    std::string out;
    for (const auto& one : observable(text).names) out += one.key + "=" + one.text + " ";
    return out;
  };
  CHECK(names(R"({"entity_type":"IPv4-Addr","observable_value":"192.0.2.1"})") ==
        "value=192.0.2.1 ");
  CHECK(names(R"({"entity_type":"Mutex","observable_value":"m","name":"m"})") == "name=m name=m ");
  CHECK(names(R"({"entity_type":"Directory","observable_value":"/tmp"})") == "path=/tmp ");
  // Of these the shown value may be any of their properties.
  CHECK(names(R"({"entity_type":"StixFile","observable_value":"abc","name":"a.exe"})") ==
        "name=a.exe ");
  CHECK(names(R"({"entity_type":"Autonomous-System","observable_value":"AS1","number":64500})") ==
        "number=64500 ");
  CHECK(names(R"({"entity_type":"User-Account","account_login":"bob","user_id":"7"})") ==
        "account_login=bob user_id=7 ");
}

TEST_CASE("digests of a file are compared in lower case") {
  CHECK(observable(R"({"hashes":[{"algorithm":"MD5","hash":"ABCDEF"},{"hash":""},{"x":1}]})")
            .hashes == Texts{"abcdef"});
}

TEST_CASE("a technique is named without its id, only if the id is its own") {
  const auto name = [](const char* main, const char* id) {
    return relationship(std::string(R"({"from":{"representative":{"main":")") + main +
                        R"("},"x_mitre_id":")" + id + R"("}})")
        .from.name;
  };
  CHECK(name("[T1486] Data Encrypted", "T1486") == "Data Encrypted");
  CHECK(name("[T1486] Data Encrypted", "T1485") == "[T1486] Data Encrypted");
  CHECK(name("[x] of a feed", "") == "[x] of a feed");
}

TEST_CASE("a relationship with both ends; one that the token may not see has no id") {
  const Relationship one = relationship(
      R"({"id":"r","relationship_type":"uses","fromId":"f","toId":"t","confidence":75,)"
      R"("objectMarking":[{"definition":"TLP:AMBER"}],"from":{"id":"f","entity_type":"Malware",)"
      R"("standard_id":"malware--1","representative":{"main":"Rat"},"aliases":["R",""],)"
      R"("objectMarking":[{"definition":"TLP:RED"}]},"to":null})");
  CHECK(one.kind == "uses");
  CHECK((one.from_id == "f" && one.to_id == "t"));
  CHECK(one.confidence == 75);
  CHECK(one.markings == Texts{"TLP:AMBER"});
  CHECK(one.from.name == "Rat");
  CHECK(one.from.aliases == Texts{"R"});
  CHECK(one.from.markings == Texts{"TLP:RED"});
  CHECK(one.to.id.empty());
}

TEST_CASE("reports and references of connections, without nodes that are none") {
  const auto document = parsed(
      R"({"edges":[{"node":{"id":"1","name":"R","published":"2025","createdBy":{"name":"A"},)"
      R"("report_types":["x"],"objectMarking":[{"definition":"TLP:RED"}],"source_name":"s",)"
      R"("url":"https://a","external_id":7}},{"node":null},{},5]})");
  const auto reports = read_reports(document.root());
  REQUIRE(reports.size() == 1);
  CHECK((reports[0].name == "R" && reports[0].author == "A"));
  CHECK((reports[0].types == Texts{"x"} && reports[0].markings == Texts{"TLP:RED"}));
  const auto references = read_references(document.root());
  REQUIRE(references.size() == 1);
  CHECK((references[0].source == "s" && references[0].url == "https://a"));
  CHECK(references[0].external_id == "7");
}

TEST_CASE("threats are of seven types, by their exact names") {
  for (const std::string& type : threat_types()) CHECK(is_threat_type(type));
  CHECK(threat_types().size() == 7);
  for (const char* other : {"", "malware", "Vulnerability", "Threat-Actor", "Malware-Analysis"}) {
    CHECK_FALSE(is_threat_type(other));
  }
}

}  // namespace socbridge::opencti
