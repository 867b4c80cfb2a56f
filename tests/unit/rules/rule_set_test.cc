// SPDX-License-Identifier: Apache-2.0
#include "rules/rule_set.h"

#include "fixtures.h"

using namespace socbridge;
using namespace socbridge::rules;
using namespace socbridge::rules::test;

namespace {

const wazuh::Alert& sample() {
  static const wazuh::Alert kAlert = parse(
      R"({"id":"12.34","rule":{"level":10,"id":"86601","description":"d","groups":["ids","suricata"]},)"
      R"("agent":{"id":"003","name":"web-01","ip":"10.1.2.3","labels":{"site":"paris","group":"dmz,web"}},)"
      R"("decoder":{"name":"json"},"location":"/var/log/suricata/eve.json","manager":{"name":"m"},)"
      R"("data":{"alert":{"severity":"1"},"score":7.5,"srcip":"192.0.2.7"}})");
  return kAlert;
}

Subject subject() { return {sample(), "ref-1", 0, {}}; }

RuleSet read(const std::string& json) {
  const auto document = json_of(json);
  Faults faults("/rules");
  RuleSet set = RuleSet::read(document.root(), faults);
  INFO(json << ": " << lines(faults));
  REQUIRE(faults.none());
  return set;
}

bool applies(const std::string& match) {
  return !read(R"([{"match":)" + match + R"(,"set":{"drop":true}}])").dropped_by(sample()).empty();
}

std::string error_of(const std::string& json) {
  const auto document = json_of(json);
  Faults faults("/rules");
  RuleSet::read(document.root(), faults);
  return lines(faults);
}

}  // namespace

TEST_CASE("conditions that only rules need") {
  CHECK(applies(R"({"agent_ip":"10.0.0.0/8"})"));
  CHECK_FALSE(applies(R"({"agent_ip":["10.2.0.0/16","::/0"]})"));
  CHECK(applies(R"({"agent_group":"DMZ"})"));
  CHECK(applies(R"({"agent_group":["x","w?b"]})"));
  CHECK_FALSE(applies(R"({"agent_group":"dmz,web"})"));
  CHECK(applies(R"({"label":{"site":"par*"}})"));
  CHECK_FALSE(applies(R"({"label":{"site":"par*","stage":"prod"}})"));
  CHECK(applies(R"({"decoder":"JSON","location":"*/eve.json"})"));
  CHECK_FALSE(applies(R"({"decoder":"syslog"})"));
  CHECK(applies(R"({"level":"10-"})"));
  CHECK_FALSE(applies(R"({"level":"11-"})"));
}

TEST_CASE("numbers in ranges, several fields, and negations") {
  CHECK(applies(R"({"field":"data.score","range":"7-8.9"})"));
  CHECK(applies(R"({"field":"data.score","range":["<1",">=7.5"]})"));
  CHECK_FALSE(applies(R"({"field":"data.score","range":">7.5"})"));
  CHECK_FALSE(applies(R"({"field":"data.srcip","range":">0"})"));
  CHECK(applies(R"({"fields":[{"path":"data.score","range":"7-8"},{"path":"data.srcip"}]})"));
  CHECK_FALSE(applies(R"({"fields":[{"path":"data.score"},{"path":"data.dstip"}]})"));
  CHECK(applies(R"({"group":"ids","not":{"agent":"db-*"}})"));
  CHECK_FALSE(applies(R"({"group":"ids","not":[{"agent":"db-*"},{"agent":"web-*"}]})"));
  CHECK(applies(R"([{"rule":"1"},{"rule":"86600-86699"}])"));
}

TEST_CASE("later rules override, stop ends it, and each value has its rule") {
  const RuleSet set = read(R"([
    {"name":"all","set":{"severity":1,"tlp":"green","tags":["a"],"title":"t {rule.id}"}},
    {"name":"ids","match":{"group":"ids"},"set":{"severity":"high","case_template":"IDS","tags":["{rule.groups}"]}},
    {"match":{"group":"none"},"set":{"severity":4}},
    {"match":{"agent":"web-*"},"stop":true},
    {"set":{"severity":4}}])");
  const Effect effect = set.apply(subject());
  CHECK(effect.matched == std::vector<std::string>{"rules[0] \"all\": every alert",
                                                   "rules[1] \"ids\": group ids",
                                                   "rules[3]: agent web-01"});
  REQUIRE(effect.severity);
  CHECK(effect.severity->value == 3);
  CHECK(effect.severity->rule == "rules[1] \"ids\": group ids");
  CHECK(effect.tlp->value == 1);
  CHECK_FALSE(effect.pap);
  CHECK(effect.case_template->value == "IDS");
  CHECK(effect.title->value->text(subject()) == "t 86601");
  REQUIRE(effect.tags.size() == 2);
  CHECK(effect.tags[1].value->list(subject()) == std::vector<std::string>{"ids", "suricata"});
}

TEST_CASE("rule set: a severity of Suricata's own") {
  const RuleSet set = read(R"([{"match":{"group":"suricata"},
    "set":{"severity":{"from":"data.alert.severity","map":{"1":4,"2":3,"3":2}}}}])");
  const Effect effect = set.apply(subject());
  REQUIRE(effect.severity);
  CHECK(effect.severity->value == 4);
  CHECK(effect.severity->rule == "rules[0]: group suricata, {data.alert.severity} is \"1\"");
}

TEST_CASE("an invalid severity sets none, with a message") {
  const Effect effect =
      read(R"([{"set":{"severity":"{data.srcip}","tlp":"{data.nothing}"}}])").apply(subject());
  CHECK_FALSE(effect.severity);
  REQUIRE(effect.remarks.size() == 2);
  CHECK(effect.remarks[0] ==
        "rules[0]: every alert: severity is not set, \"192.0.2.7\" is not valid");
  CHECK(effect.remarks[1] == "rules[0]: every alert: tlp is not set, {data.nothing} is missing");
}

TEST_CASE("dropped alerts, and those that a later rule keeps") {
  const RuleSet set = read(R"([
    {"name":"test","match":{"agent":"web-*"},"set":{"drop":true}},
    {"match":{"level":"12-"},"set":{"drop":false}}])");
  CHECK(set.dropped_by(sample()) == "rules[0] \"test\": agent web-01");
  CHECK(
      set.dropped_by(parse(R"({"rule":{"level":12,"id":"1"},"agent":{"name":"web-2"}})")).empty());
  CHECK(read(R"([{"match":{"agent":"web-*"},"stop":true},{"set":{"drop":true}}])")
            .dropped_by(sample())
            .empty());
}

TEST_CASE("groups of single rules") {
  const RuleSet set = read(R"([{"match":{"group":"ids"},"set":{"group":["rule.id"]}},
                               {"match":{"agent":"db-*"},"set":{"group":false}}])");
  REQUIRE(set.group_by(sample()) != nullptr);
  CHECK(*set.group_by(sample()) == std::vector<std::string>{"rule.id"});
  const auto database =
      parse(R"({"rule":{"level":12,"id":"1","groups":["ids"]},"agent":{"name":"db-2"}})");
  REQUIRE(set.group_by(database) != nullptr);
  CHECK(set.group_by(database)->empty());
  CHECK(set.group_by(parse(R"({"rule":{"level":1,"id":"1"}})")) == nullptr);
}

TEST_CASE("an error in a rule names position and reason") {
  CHECK(error_of("[5]").starts_with(
      "rules[0]: must be an object; known are name, match, set and stop"));
  CHECK(
      error_of(R"([{"match":{}}])").starts_with("rules[0].match: must be an object with at least"));
  CHECK(error_of(R"([{"name":"x"}])") ==
        "rules[0]: sets nothing; give it \"set\", or \"stop\": true");
  CHECK(error_of(R"([{"set":{}}])") == "rules[0].set: sets nothing");
  CHECK(error_of(R"([{"set":{"sevrity":1}}])") ==
        "rules[0].set: unknown key \"sevrity\"; did you mean \"severity\"?");
  CHECK(error_of(R"([{"set":{"severity":5}}])") ==
        "rules[0].set.severity: \"5\" is not a severity: use 1 to 4, or low to critical");
  CHECK(error_of(R"([{"set":{"tlp":{"from":"data.x","map":{"a":"blue"}}}}])") ==
        "rules[0].set.tlp: \"blue\" is not a TLP: use 0 to 4, or clear to red");
  CHECK(error_of(R"([{"set":{"type":"a;b"}}])").find("semicolon") != std::string::npos);
  CHECK(error_of(R"([{"set":{"type":")" + std::string(33, 'x') + R"("}}])").find("32 characters") !=
        std::string::npos);
  CHECK(
      error_of(R"([{"set":{"title":"{description}"}}])").find("did you mean {rule.description}") !=
      std::string::npos);
  CHECK(error_of(R"([{"set":{"description":"{description}"}}])").empty());
  CHECK(
      error_of(R"([{"set":{"tags":["{nope.x}"]}}])").starts_with("rules[0].set.tags[0]: no alert"));
  CHECK(
      error_of(R"([{"set":{"group":true}}])").starts_with("rules[0].set.group: must be false or"));
  CHECK(error_of(R"([{"set":{"observables":"no"}}])") ==
        "rules[0].set.observables: must be true or false");
  CHECK(error_of(R"([{"set":{"custom_fields":{"f":[]}}}])")
            .starts_with("rules[0].set.custom_fields.f"));
  CHECK(error_of(R"([{"match":{"agent_ip":"x"},"set":{"drop":true}}])")
            .starts_with("rules[0].match.agent_ip: \"x\" is not an address block"));
  CHECK(error_of(R"([{"match":{"label":[]},"set":{"drop":true}}])")
            .starts_with("rules[0].match.label: must be an object of label names"));
  CHECK(error_of(R"([{"match":{"fields":[{"glob":"x"}]},"set":{"drop":true}}])")
            .find("need a path") != std::string::npos);
  CHECK(error_of(R"([{"match":{"not":[]},"set":{"drop":true}}])")
            .starts_with("rules[0].match.not: must have at least one row"));
  CHECK(error_of(R"([{"match":{"path":"a","range":"x"},"set":{"drop":true}}])")
            .starts_with("rules[0].match.range: \"x\" is not a number or range"));
  CHECK(error_of(R"([{"set":{"drop":true},"set":{"drop":true}}])").find("is given twice") !=
        std::string::npos);
}
