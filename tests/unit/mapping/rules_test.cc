// SPDX-License-Identifier: Apache-2.0
#include "fixtures.h"
#include "mapping/bucket.h"

using namespace socbridge;
using namespace socbridge::mapping;
using namespace socbridge::mapping::test;

namespace {

wazuh::Alert suricata() {
  return parse(R"({"timestamp":"2025-03-14T07:40:01.037+0000","id":"1741938001.1",
    "rule":{"level":10,"id":"86601","description":"Suricata: Alert","groups":["ids","suricata"]},
    "agent":{"id":"003","name":"web-01"},"manager":{"name":"m"},
    "data":{"alert":{"severity":"1","signature":"ET SCAN"},"src_ip":"203.0.113.7"}})");
}

Mapped map_with(const std::string& json) {
  const auto options = options_of(json);
  INFO(options.status().line());
  REQUIRE(options.ok());
  return map(suricata(), *options, kNow, true);
}

// "value (rule)" of one explained field; all of them, one a line.
std::string explained(const Mapped& mapped, std::string_view field) {
  std::string out;
  for (const Explanation& one : mapped.explanations) {
    if (one.field == field) out += (out.empty() ? "" : "\n") + one.value + " (" + one.rule + ")";
  }
  return out;
}

}  // namespace

TEST_CASE("a rule sets every value, and each names it") {
  const Mapped mapped = map_with(R"({"custom_fields":{"keep":"{rule.id}","over":"x"},"rules":[
    {"name":"ids","match":{"group":"suricata"},"set":{
      "severity":{"from":"data.alert.severity","map":{"1":"critical"}},
      "tlp":"red","pap":"green","title":"IDS: {data.alert.signature}","type":"ids","source":"suri",
      "tags":["sig:{data.alert.signature}"],"without_tags":["rule:*"],"case_template":"IDS",
      "custom_fields":{"over":"{data.alert.signature}"},
      "external_link":"https://x.example/{rule.id}","description":"short"}}]})");
  const thehive::Alert& alert = mapped.alert;
  CHECK(alert.severity == 4);
  CHECK(alert.tlp == 4);
  CHECK(alert.pap == 1);
  CHECK(alert.title == "IDS: ET SCAN");
  CHECK(alert.type == "ids");
  CHECK(alert.source == "suri");
  CHECK(has_tag(alert.tags, "sig:ET SCAN"));
  CHECK(has_tag(alert.tags, "agent:web-01"));
  CHECK_FALSE(has_tag(alert.tags, "rule:86601"));
  CHECK(alert.case_template == "IDS");
  CHECK(alert.external_link == "https://x.example/86601");
  CHECK(alert.description == "short");
  REQUIRE(alert.custom_fields.size() == 2);
  CHECK(alert.custom_fields[0].name == "keep");
  CHECK(alert.custom_fields[1].value_json == "\"ET SCAN\"");
  const std::string rule = R"(rules[0] "ids": group suricata)";
  CHECK(explained(mapped, "severity") == "4 (" + rule + ", {data.alert.severity} is \"1\")");
  CHECK(explained(mapped, "title") == "IDS: ET SCAN (" + rule + ")");
  CHECK(explained(mapped, "tlp") == "4 (" + rule + ")");
  CHECK(explained(mapped, "type") == "ids (" + rule + ")");
  CHECK(explained(mapped, "caseTemplate") == "IDS (" + rule + ")");
  CHECK(explained(mapped, "customFields.over") == "\"ET SCAN\" (" + rule + ")");
  CHECK(explained(mapped, "tags") == "rule:86601 (left out: " + rule + ")");
  CHECK(explained(mapped, "rule") == "applies (" + rule + ")");
}

TEST_CASE("without a rule that applies everything is as configured") {
  const Mapped mapped = map_with(
      R"({"rules":[{"match":{"group":"web"},"set":{"severity":4,"drop":true,"observables":false}}]})");
  CHECK(mapped.forwarded);
  CHECK(mapped.alert.severity == 2);
  CHECK(explained(mapped, "severity") == "2 (level 10 is 10 or above)");
  CHECK(has(mapped, "ip", "203.0.113.7"));
}

TEST_CASE("a rule switches observables off") {
  const Mapped mapped = map_with(R"({"rules":[{"set":{"observables":false}}]})");
  CHECK(mapped.alert.observables.empty());
  CHECK(explained(mapped, "observables") == "none (rules[0]: every alert)");
}

TEST_CASE("a rule drops alerts, after min_level, exclude and include") {
  const Mapped mapped =
      map_with(R"({"rules":[{"name":"noise","match":{"agent":"web-*"},"set":{"drop":true}}]})");
  CHECK_FALSE(mapped.forwarded);
  CHECK(mapped.skip_reason == R"(rules[0] "noise": agent web-01)");
}

TEST_CASE("a rule groups, or keeps alerts out of a group") {
  const auto options = options_of(
      R"({"group_by":["rule.id"],"rules":[{"match":{"group":"suricata"},"set":{"group":["data.src_ip"]}},
          {"match":{"group":"web"},"set":{"group":false}}]})");
  REQUIRE(options.ok());
  CHECK(*group_by(suricata(), *options) == std::vector<std::string>{"data.src_ip"});
  CHECK(*group_by(parse(R"({"rule":{"level":1,"id":"1"}})"), *options) ==
        std::vector<std::string>{"rule.id"});
  CHECK(group_by(parse(R"({"rule":{"level":1,"id":"1","groups":["web"]}})"), *options)->empty());
}

TEST_CASE("type and source are fixed unless a template or rule makes them") {
  CHECK(fixed_type(*options_of("{}")) == "wazuh_alert");
  CHECK(fixed_source(*options_of(R"({"source":"a"})")) == "a");
  CHECK_FALSE(fixed_type(*options_of(R"({"type":"{rule.id}"})")));
  CHECK_FALSE(fixed_type(*options_of(R"({"rules":[{"set":{"type":"x"}}]})")));
  CHECK_FALSE(fixed_source(*options_of(R"({"rules":[{"set":{"source":"x"}}]})")));
}
