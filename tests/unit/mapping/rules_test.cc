// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "fixtures.h"
#include "json/writer.h"
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

TEST_CASE("without an applicable rule the configuration is used") {
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

TEST_CASE("a rule groups, or excludes alerts from a group") {
  const auto options = options_of(
      R"({"group_by":["rule.id"],"rules":[{"match":{"group":"suricata"},"set":{"group":["data.src_ip"]}},
          {"match":{"group":"web"},"set":{"group":false}}]})");
  REQUIRE(options.ok());
  CHECK(*group_by(suricata(), *options) == std::vector<std::string>{"data.src_ip"});
  CHECK(*group_by(parse(R"({"rule":{"level":1,"id":"1"}})"), *options) ==
        std::vector<std::string>{"rule.id"});
  CHECK(group_by(parse(R"({"rule":{"level":1,"id":"1","groups":["web"]}})"), *options)->empty());
}

TEST_CASE("text of an alert never becomes the tag by which a case is found") {
  const std::string key = "case-0123456789abcdef0123456789ABCDEF";
  for (const std::string& tag : {key, "CASE" + key.substr(4), std::string("case-own"),
                                 std::string("Case-Own"), " " + key + " "}) {
    const Mapped mapped = map_with(R"({"built_in_tags":[],"tags":["kept",")" + tag + R"("]})");
    CHECK(mapped.alert.tags == std::vector<std::string>{"kept"});
    CHECK_THAT(explained(mapped, "tags"), Catch::Contains("only promote sets it"));
  }
  for (const std::string tag : {"case-owner", "case-12", "case-0123456789abcdef0123456789abcdeg",
                                "xcase-0123456789abcdef0123456789abcdef"}) {
    CHECK(map_with(R"({"built_in_tags":[],"tags":[")" + tag + R"("]})").alert.tags ==
          std::vector<std::string>{tag});
  }
}

TEST_CASE("the key of a case is made of any text, byte for byte") {
  const auto key_of = [](const std::string& value) {
    json::Writer w;
    w.begin_object();
    w.key("rule");
    w.raw(R"({"level":10,"id":"1"})");
    w.key("data");
    w.begin_object();
    w.member("who", value);
    w.end_object();
    w.end_object();
    return case_key(parse(std::move(w).take()), {"data.who"}, "m");
  };
  std::set<std::string> keys;
  const std::vector<std::string> values = {"a",
                                           "A",
                                           "a*",
                                           "*",
                                           "a\"b",
                                           "a\\",
                                           "{}",
                                           "[\"a\"]",
                                           "null",
                                           "a;b",
                                           "a\nb",
                                           "\xC3\xA9",
                                           "e\xCC\x81",
                                           "a\xE2\x80\x8B",
                                           std::string(std::size_t{4} << 20, 'x')};
  for (const std::string& value : values) {
    const std::string key = key_of(value);
    CHECK(is_case_tag(key));
    CHECK(key == key_of(value));
    keys.insert(key);
  }
  CHECK(keys.size() == values.size());
  CHECK(key_of("").empty());
}

TEST_CASE("a rule promotes alerts, to cases of their own or to one by fields") {
  const auto promotion = [](const std::string& json) { return map_with(json).alert.promotion; };
  CHECK_FALSE(promotion("{}"));
  CHECK(promotion(R"({"promote":true})")->key.empty());
  CHECK_FALSE(promotion(R"({"promote":true,"rules":[{"set":{"promote":false}}]})"));
  CHECK_FALSE(promotion(R"({"rules":[{"match":{"group":"web"},"set":{"promote":true}}]})"));
  const Mapped shared =
      map_with(R"({"rules":[{"name":"ids","set":{"promote":["rule.id"],"without_tags":"*"}}]})");
  const std::string key = shared.alert.promotion->key;
  CHECK(key.size() == 5 + 32);
  CHECK(key.starts_with("case-"));
  CHECK(shared.alert.tags == std::vector<std::string>{key});
  CHECK(explained(shared, "promotion") ==
        "the open case of " + key + R"( (rules[0] "ids": every alert))");
  // The same by the keys at the top, for every alert that is equal in the fields, at any time.
  CHECK(promotion(R"({"promote":true,"promote_by":["rule.id"]})")->key == key);
  CHECK(promotion(R"({"promote_by":["rule.id"],"rules":[{"set":{"promote":true}}]})")->key == key);
  CHECK(promotion(R"({"promote":true,"promote_by":["rule.id","agent.id"]})")->key != key);
  CHECK(map_with(R"({"promote":true,"tags":[],"built_in_tags":[]})").alert.tags ==
        std::vector<std::string>{"case-own"});
  const Mapped lacks = map_with(R"({"rules":[{"set":{"promote":["data.nothing"]}}]})");
  CHECK(lacks.alert.promotion->key.empty());
  CHECK_THAT(explained(lacks, "promotion"), Catch::Contains("a field to share a case by"));
}

TEST_CASE("alerts of other managers share no case, and our own test alerts make none") {
  const auto options = options_of(R"({"promote":true,"promote_by":["rule.id"]})");
  REQUIRE(options.ok());
  const auto key = [&](const std::string& manager) {
    const auto alert = parse(R"({"rule":{"level":1,"id":"1"},"manager":{"name":")" + manager +
                             R"("},"timestamp":"1969-03-14T07:40:01.037+0000"})");
    return to_thehive(alert, *options, kNow).promotion->key;
  };
  CHECK(key("a") != key("b"));
  CHECK(key("a") == key("a"));
  const auto test = parse(R"({"rule":{"level":1,"id":"1","groups":["socbridge_test"]}})");
  CHECK_FALSE(to_thehive(test, *options, kNow).promotion);
}

TEST_CASE("type and source are fixed unless a template or rule makes them") {
  CHECK(fixed_type(*options_of("{}")) == "wazuh_alert");
  CHECK(fixed_source(*options_of(R"({"source":"a"})")) == "a");
  CHECK_FALSE(fixed_type(*options_of(R"({"type":"{rule.id}"})")));
  CHECK_FALSE(fixed_type(*options_of(R"({"rules":[{"set":{"type":"x"}}]})")));
  CHECK_FALSE(fixed_source(*options_of(R"({"rules":[{"set":{"source":"x"}}]})")));
}

TEST_CASE("the mapping explains the destination of an alert") {
  const std::string rule = R"({"name":"tenant","match":{"group":"suricata"},
                              "set":{"destination":"default","severity":3}})";
  const Mapped mapped = map_with("{\"rules\":[" + rule + "]}");
  CHECK(mapped.destinations == std::vector<std::string>{""});
  CHECK(explained(mapped, "destination") == R"(default (rules[0] "tenant": group suricata))");
  CHECK(mapped.alert.severity == 3);
  CHECK(explained(map_with("{}"), "destination").empty());
}
