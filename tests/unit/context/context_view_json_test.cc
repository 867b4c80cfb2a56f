// SPDX-License-Identifier: Apache-2.0
// A context as JSON.
#include <catch2/catch.hpp>

#include "context/context_view.h"
#include "json/value.h"
#include "samples.h"

namespace socbridge::context {
namespace {

json::Document parsed(const opencti::Context& context) {
  auto document = json::Document::parse(to_json(context, kNow));
  REQUIRE(document.ok());
  return std::move(*document);
}

std::string state(const opencti::Context& context) {
  const auto document = parsed(context);
  return document.root()["state"].string_text() +
         (document.root()["known"].boolean() == true ? ", known" : "");
}

}  // namespace

TEST_CASE("a context as JSON has all that is known, with its types") {
  const auto document = parsed(sample());
  const json::Value root = document.root();
  CHECK(root["value"].string() == "evil.example");
  CHECK(root["type"].string() == "domain");
  CHECK(root["error"].missing());
  const json::Value observable = root["observables"].at(0);
  CHECK(observable["id"].string() == "domain-name--1");
  CHECK(observable["score"].integer() == 85);
  CHECK(observable["references"].at(0)["url"].string() == "https://blog.example/1");
  CHECK(observable["references"].at(0)["external_id"].string() == "7");
  const json::Value indicator = root["indicators"].at(0);
  CHECK(indicator["state"].string() == "valid");
  CHECK(indicator["confidence"].type() == json::Type::null);
  CHECK(indicator["labels"].size() == 2);
  CHECK(indicator["revoked"].boolean() == false);
  const json::Value report = root["reports"].at(0);
  CHECK(report["published"].string() == "2025-05-01T00:00:00.000Z");
  CHECK(report["types"].at(0).string() == "threat-report");
}

TEST_CASE("threats as JSON have a direction as seen from the value") {
  const auto document = parsed(sample());
  const json::Value threats = document.root()["threats"];
  REQUIRE(threats.size() == 3);
  CHECK(threats.at(0)["direction"].string() == "outgoing");
  CHECK(threats.at(0)["subject"].string() == "indicator--1");
  CHECK(threats.at(0)["confidence"].integer() == 75);
  CHECK(threats.at(1)["mitre_id"].string() == "T1071.001");
  CHECK(threats.at(1)["tactics"].at(0).string() == "command-and-control");
  CHECK(threats.at(2)["direction"].string() == "incoming");
  CHECK(threats.at(2)["via"].string() == "ExampleRAT");
}

TEST_CASE("a value is known, revoked, not known or not asked") {
  CHECK(state(sample()) == "known, known");
  CHECK(state(unknown()) == "not known");
  opencti::Context revoked = sample();
  revoked.indicators[0].revoked = true;
  CHECK(state(revoked) == "revoked");
  opencti::Context failed = unknown();
  failed.status = Status::error(ExitCode::unreachable, "the database is down", "try later");
  CHECK(state(failed) == "not asked");
  CHECK(parsed(failed).root()["error"].string() == "the database is down");
}

TEST_CASE("texts of feeds stay texts in JSON, on one line") {
  const std::string line = to_json(hostile(), kNow);
  CHECK(line.find_first_of("\n\x1b") == std::string::npos);
  const auto document = json::Document::parse(line);
  REQUIRE(document.ok());
  CHECK(document->root()["reports"].at(0)["name"].string() == kHostile);
}

}  // namespace socbridge::context
