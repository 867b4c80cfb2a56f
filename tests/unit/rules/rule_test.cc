// SPDX-License-Identifier: Apache-2.0
#include "rules/rule.h"

#include "fixtures.h"

using namespace socbridge;
using namespace socbridge::rules;
using namespace socbridge::rules::test;

namespace {

Rule read(const std::string& json) {
  const auto document = json_of(json);
  Faults faults;
  Rule rule = Rule::read(document.root(), faults);
  INFO(json << ": " << lines(faults));
  REQUIRE(faults.none());
  return rule;
}

std::string fault(const std::string& json) {
  const auto document = json_of(json);
  Faults faults;
  Rule::read(document.root(), faults);
  return lines(faults);
}

std::string why(const Rule& rule, const std::string& alert) {
  return rule.matches(parse(alert)).value_or("no");
}

}  // namespace

TEST_CASE("without a match a rule applies to every alert") {
  const Rule rule = read(R"({"set":{"drop":true}})");
  CHECK(rule.name.empty());
  CHECK_FALSE(rule.stop);
  CHECK(rule.set.drop == true);
  CHECK(why(rule, "{}") == "every alert");
}

TEST_CASE("of several rows one is enough, the first match is the reason") {
  const Rule rule =
      read(R"({"name":"n","match":[{"rule":"1"},{"group":"g"},{"level":"0-"}],"stop":true})");
  CHECK(rule.name == "n");
  CHECK(rule.stop);
  CHECK(why(rule, R"({"rule":{"id":"1","groups":["g"]}})") == "rule 1");
  CHECK(why(rule, R"({"rule":{"id":"2","groups":["g"]}})") == "group g");
  CHECK(why(rule, R"({"rule":{"id":"2","level":3}})") == "level 3");
  CHECK(why(read(R"({"match":{"rule":"1"},"stop":true})"), R"({"rule":{"id":"2"}})") == "no");
}

TEST_CASE("a rule must set or stop something") {
  CHECK(fault("{}") == "sets nothing; give it \"set\", or \"stop\": true");
  CHECK(fault(R"({"stop":false})") == "sets nothing; give it \"set\", or \"stop\": true");
  CHECK(fault(R"({"stop":true})").empty());
  CHECK(fault("[]").starts_with("must be an object; known are name, match, set and stop"));
}

TEST_CASE("an error in a rule set names its position") {
  CHECK(fault(R"({"name":"","stop":true})") == "name: must be a text");
  CHECK(fault(R"({"stop":"yes","set":{"drop":true}})") == "stop: must be true or false");
  CHECK(fault(R"({"match":[],"stop":true})") == "match: must have 1 to 1000 rows");
  CHECK(fault(R"({"match":[{"rule":"1"},{"level":"x"}],"stop":true})")
            .starts_with("match[1].level: "));
  std::string many = "[{\"rule\":\"1\"}";
  for (int i = 0; i < 1000; ++i) many += ",{\"rule\":\"1\"}";
  CHECK(fault(R"({"match":)" + many + R"(],"stop":true})") == "match: must have 1 to 1000 rows");
}
