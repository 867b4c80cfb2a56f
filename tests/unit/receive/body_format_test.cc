// SPDX-License-Identifier: Apache-2.0
#include "receive/body_format.h"

#include <catch2/catch.hpp>

#include "receive/body_reader.h"
#include "wazuh/alert.h"

namespace socbridge::receive {
namespace {

constexpr const char* kAlertmanager = R"({
  // Prometheus' Alertmanager
  "formats": [{
    "name": "alertmanager", "match": {"path": "data.groupKey"}, "each": "alerts",
    "id": "{data.fingerprint}-{data.startsAt}", "timestamp": "{data.startsAt}",
    "title": "{data.annotations.summary|data.labels.alertname}",
    "rule_id": "{data.labels.alertname}", "agent": "{data.labels.instance}",
    "level": {"from": "data.labels.severity", "map": {"page": 12}, "default": 5},
    "groups": ["prometheus", "{data.labels.team}"],
  }],
})";
constexpr const char* kBody =
    R"({"groupKey":"{}:{}","alerts":[
      {"fingerprint":"ab12","startsAt":"2026-01-02T03:04:05Z","labels":{"alertname":"Down",
       "severity":"page","instance":"web-1","team":"ops"},"annotations":{"summary":"web-1 is down"}},
      {"fingerprint":"cd34","startsAt":"2026-01-02T03:04:06Z","labels":{"alertname":"Slow"}}]})";

TEST_CASE("a configured format reads each element of a list") {
  const auto formats = BodyFormats::read(kAlertmanager, "f.json");
  REQUIRE(formats.ok());
  const auto alerts = read_body(kBody, *formats);
  REQUIRE(alerts.ok());
  REQUIRE(alerts->size() == 2);
  const auto first = wazuh::Alert::parse((*alerts)[0]);
  CHECK(first->description == "web-1 is down");
  CHECK(first->level == 12);
  CHECK(first->rule_id == "Down");
  CHECK(first->agent_name == "web-1");
  CHECK(first->manager == "alertmanager");
  CHECK(first->groups == std::vector<std::string>{"prometheus", "ops"});
  CHECK(first->time_ms == parse_timestamp("2026-01-02T03:04:05Z"));
  CHECK(first->root().path("data.labels.team").text() == "ops");
  const auto second = wazuh::Alert::parse((*alerts)[1]);
  CHECK(second->description == "Slow");
  CHECK(second->level == 5);
  CHECK(wazuh::source_ref(*first) != wazuh::source_ref(*second));
  CHECK(wazuh::source_ref(*first) ==
        wazuh::source_ref(*wazuh::Alert::parse(read_body(kBody, *formats)->front())));
}

TEST_CASE("a body that matches no format is read as usual") {
  const auto formats = BodyFormats::read(kAlertmanager, "f.json");
  const auto alerts = read_body(R"({"title":"other"})", *formats);
  REQUIRE(alerts.ok());
  CHECK(wazuh::Alert::parse(alerts->front())->manager == "webhook");
}

TEST_CASE("mistakes are reported with their position") {
  const auto message = [](const char* text) {
    const auto formats = BodyFormats::read(text, "f.json");
    REQUIRE_FALSE(formats.ok());
    CHECK(formats.status().code() == ExitCode::usage);
    return formats.status().line();
  };
  CHECK(message("{").starts_with("f.json: line 1"));
  CHECK(message("{}").find("formats") != std::string::npos);
  CHECK(message(R"({"formats":[{"name":"a","titel":"x"}]})").find("title") != std::string::npos);
  CHECK(message("{\"formats\":[{\"name\":\"a\",\n \"title\":\"{data.x\"}]}")
            .starts_with("f.json:2:"));
  CHECK(message(R"({"formats":[{"title":"x"}]})").find("name") != std::string::npos);
  CHECK(message(R"({"formats":[{"name":"a","match":{"paht":"data.x"}}]})").find("path") !=
        std::string::npos);
}

}  // namespace
}  // namespace socbridge::receive
