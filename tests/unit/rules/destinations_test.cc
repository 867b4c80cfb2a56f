// SPDX-License-Identifier: Apache-2.0
#include "rules/destinations.h"

#include "fixtures.h"

using namespace socbridge;
using namespace socbridge::rules;
using namespace socbridge::rules::test;

namespace {

const wazuh::Alert& alert() {
  static const wazuh::Alert kAlert =
      parse(R"({"timestamp":"2025-03-14T07:40:01.037+0000","id":"1741938001.1",
    "rule":{"level":10,"id":"5763","description":"d","groups":["sshd"]},
    "agent":{"id":"003","name":"web-01","labels":{"customer":"acme","group":"dmz"}},
    "manager":{"name":"m"},"data":{"srcip":"203.0.113.7","tenant":"gamma"}})");
  return kAlert;
}

Destinations destinations(const std::string& rules) {
  const auto document = json_of(rules);
  Faults faults("/rules");
  const RuleSet set = RuleSet::read(document.root(), faults);
  INFO(lines(faults));
  REQUIRE(faults.none());
  return destinations_of({alert(), "ref-1", 0, {}}, set, {"acme", "beta"});
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("without a rule an alert goes to the top-level destination") {
  CHECK(destinations("[]").names == Names{""});
  CHECK(destinations(R"([{"match":{"group":"web"},"set":{"destination":"acme"}}])").names ==
        Names{""});
}

TEST_CASE("by group, label, field or table, to one or to several") {
  CHECK(destinations(R"([{"match":{"agent_group":"dmz"},"set":{"destination":"acme"}}])").names ==
        Names{"acme"});
  CHECK(destinations(R"([{"match":{"label":{"customer":"acme"}},
                          "set":{"destination":["acme","default","acme"]}}])")
            .names == Names{"acme", ""});
  CHECK(destinations(R"([{"set":{"destination":"{agent.labels.customer}"}}])").names ==
        Names{"acme"});
  CHECK(destinations(R"([{"set":{"destination":
          {"from":"agent.name","map":{"web-*":"beta"},"default":"default"}}}])")
            .names == Names{"beta"});
}

TEST_CASE("the last rule counts, and stop ends the list") {
  CHECK(destinations(R"([{"set":{"destination":"acme"}},{"set":{"destination":"beta"}}])").names ==
        Names{"beta"});
  const Destinations stopped = destinations(
      R"([{"set":{"destination":"acme"}},{"stop":true},{"set":{"destination":"beta"}}])");
  CHECK(stopped.names == Names{"acme"});
  CHECK_THAT(stopped.rule, Catch::StartsWith("rules[0]"));
}

TEST_CASE(
    "a name that a template made and that is not configured is the top-level one; a missing field "
    "none") {
  const Destinations unknown =
      destinations(R"([{"set":{"destination":["{data.tenant}","beta"]}}])");
  CHECK(unknown.names == Names{"", "beta"});
  REQUIRE(unknown.unknown.size() == 1);
  CHECK_THAT(unknown.unknown[0], Catch::Contains("there is no destination \"gamma\""));
  const Destinations missing =
      destinations(R"([{"set":{"destination":"acme"}},{"set":{"destination":"{data.none}"}}])");
  CHECK(missing.names == Names{"acme"});
  CHECK(missing.unknown.empty());
  REQUIRE(missing.remarks.size() == 1);
  CHECK_THAT(missing.remarks[0], Catch::Contains("{data.none} is missing"));
}

TEST_CASE("names known in advance must be configured") {
  const auto document = json_of(
      R"([{"set":{"destination":"acme"}},
          {"set":{"destination":[{"from":"data.x","map":{"a":"betta"}},"default","{data.y}"]}}])");
  Faults faults("/rules");
  const RuleSet set = RuleSet::read(document.root(), faults);
  REQUIRE(faults.none());
  CHECK(set.sets_destination());
  set.check_destinations({"acme", "beta", "default"}, faults);
  CHECK(lines(faults) ==
        "rules[1].set.destination: there is no destination \"betta\"; did you mean \"beta\"?");
}

TEST_CASE("a rule sets one destination or a list of 1 to 100") {
  for (const char* wrong : {"[]", "{}", "[[]]"}) {
    const auto document = json_of(std::string(R"([{"set":{"destination":)") + wrong + "}}]");
    Faults faults("/rules");
    RuleSet::read(document.root(), faults);
    INFO(wrong);
    CHECK_FALSE(faults.none());
  }
}
