// SPDX-License-Identifier: Apache-2.0
#include "receive/foreign_alert.h"

#include <catch2/catch.hpp>

#include "wazuh/alert.h"

namespace socbridge::receive {
namespace {

json::Document parse(const std::string& text) {
  auto document = json::Document::parse(text);
  REQUIRE(document.ok());
  return std::move(*document);
}

wazuh::Alert any(const std::string& text) {
  const auto document = parse(text);
  auto alert = wazuh::Alert::parse(of_any_object(document.root()));
  REQUIRE(alert.ok());
  return std::move(*alert);
}

TEST_CASE("any object: title, severity, time and id by their usual names") {
  const auto alert = any(
      R"({"uuid":"e-1","message":"Disk full","severity":"CRITICAL","created_at":1767323045,"host":{"name":"db-1"},"srcip":"203.0.113.9"})");
  CHECK(alert.description == "Disk full");
  CHECK(alert.level == 15);
  CHECK(alert.id == "e-1");
  CHECK(alert.time_ms == 1767323045000);
  CHECK(alert.agent_name == "db-1");
  CHECK(alert.location == "webhook:webhook");
  CHECK(alert.root().path("data.srcip").text() == "203.0.113.9");
  const auto bare = any(R"({"x":1,"level":3,"time":"never"})");
  CHECK(bare.description == "Event from a webhook");
  CHECK(bare.level == 10);
  CHECK_FALSE(bare.time_ms.has_value());
  CHECK(wazuh::source_ref(bare).starts_with("x-"));
  CHECK(any(R"({"time":1767323045123})").time_ms == 1767323045123);
}

TEST_CASE("foreign alert: the reference is that of the content") {
  CHECK(wazuh::source_ref(any(R"({"a":1,"b":2})")) == wazuh::source_ref(any(R"({"b":2,"a":1})")));
  CHECK(wazuh::source_ref(any(R"({"a":1})")) != wazuh::source_ref(any(R"({"a":2})")));
}

TEST_CASE("foreign alert: an event of Graylog") {
  const auto document = parse(
      R"({"event_definition_id":"5e1","event_definition_title":"Logons","event":{"id":"01E","timestamp":"2026-01-02T03:04:05.000Z","source":"gl-1","message":"many","priority":3,"fields":{"src_ip":"203.0.113.9"}},"backlog":[]})");
  REQUIRE(is_graylog(document.root()));
  const auto alert = wazuh::Alert::parse(of_graylog(document.root()));
  REQUIRE(alert.ok());
  CHECK(alert->description == "Logons");
  CHECK(alert->level == 13);
  CHECK(alert->id == "01E");
  CHECK(alert->manager == "graylog");
  CHECK(alert->rule_id == "5e1");
  CHECK(alert->time_ms == parse_timestamp("2026-01-02T03:04:05Z"));
  for (const char* priority : {"-7", "99999999999", "\"x\"", "null"}) {
    const auto odd =
        parse(std::string(R"({"event_definition_id":1,"event":{"priority":)") + priority + "}}");
    CHECK(wazuh::Alert::parse(of_graylog(odd.root())).ok());
  }
}

}  // namespace
}  // namespace socbridge::receive
