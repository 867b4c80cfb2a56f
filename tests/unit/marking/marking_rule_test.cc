// SPDX-License-Identifier: Apache-2.0
#include "marking/marking_rule.h"

#include <catch2/catch.hpp>

using namespace socbridge;
using namespace socbridge::marking;

namespace {

constexpr const char* kAmberId = "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82";
constexpr const char* kNameless = "marking-definition--00000000-0000-4000-8000-000000000001";
constexpr PlaceLimits kAmberPlace{2, 2};

MarkingRule rule_of(const char* text) {
  MarkingRule rule;
  REQUIRE(read_marking_limit(text, rule).ok());
  return rule;
}

}  // namespace

TEST_CASE("TheHive's TLP in five levels, before 5.2 in four") {
  for (int level = 0; level <= 2; ++level) {
    CHECK(tlp_level(level, true) == level);
    CHECK(tlp_level(level, false) == level);
  }
  CHECK(tlp_level(3, true) == 3);
  CHECK(tlp_level(3, false) == 4);  // red
  CHECK(tlp_level(4, true) == 4);
  CHECK(tlp_level(99, true) == 4);
  CHECK(tlp_level(-1, false) == 0);
}

TEST_CASE("nothing above the TLP and the PAP of the target is written") {
  const MarkingRule rule = rule_of("case");
  CHECK(may_show(rule, {}, {0, 0}));
  CHECK(may_show(rule, {"TLP:GREEN", "PAP:AMBER"}, kAmberPlace));
  CHECK(may_show(rule, {"TLP:AMBER"}, kAmberPlace));
  CHECK(may_show(rule, {kAmberId}, kAmberPlace));
  CHECK_FALSE(may_show(rule, {kAmberId}, {1, 3}));
  CHECK_FALSE(may_show(rule, {"tlp:amber+strict"}, kAmberPlace));
  CHECK_FALSE(may_show(rule, {"PAP:RED"}, kAmberPlace));
  CHECK_FALSE(may_show(rule, {"TLP:CLEAR", "TLP:RED"}, kAmberPlace));  // each must pass
}

TEST_CASE("marking rule: unknown levels have no known limit") {
  CHECK_FALSE(may_show(rule_of(""), {kNameless}, {4, 3}));
  CHECK_FALSE(may_show(rule_of(""), {"TLP:PURPLE"}, {4, 3}));
  CHECK(may_show(rule_of(""), {"Copyright Example"}, {0, 0}));  // a statement marking has no limit
  CHECK(may_show(rule_of("any"), {kNameless}, {0, 0}));
}

TEST_CASE("any, and a TLP that is never exceeded") {
  CHECK(may_show(rule_of("any"), {"TLP:RED", "PAP:RED"}, {0, 0}));
  const MarkingRule green = rule_of("TLP:GREEN");
  CHECK(may_show(green, {"TLP:GREEN"}, {4, 3}));
  CHECK_FALSE(may_show(green, {"TLP:AMBER"}, {4, 3}));
  CHECK_FALSE(may_show(green, {"TLP:GREEN"}, {0, 3}));  // the target has an additional marking
  MarkingRule both = rule_of("any");
  REQUIRE(read_marking_limit("TLP:GREEN", both).ok());
  CHECK(may_show(both, {"TLP:GREEN"}, {0, 0}));
  CHECK_FALSE(may_show(both, {"TLP:AMBER"}, {4, 3}));
  CHECK_FALSE(may_show(both, {kNameless}, {4, 3}));
}

TEST_CASE("withheld markings are never written, by name or by id") {
  MarkingRule rule = rule_of("any");
  rule.withheld = {"tlp:amber", "Copyright Example"};
  CHECK_FALSE(may_show(rule, {kAmberId}, {4, 3}));
  CHECK_FALSE(may_show(rule, {"copyright example"}, {4, 3}));
  CHECK(may_show(rule, {"TLP:GREEN"}, {4, 3}));
}

TEST_CASE("another word is a usage error with the valid ones") {
  MarkingRule rule;
  for (const char* wrong : {"PAP:RED", "TLP:PURPLE", "all", "\x1b[31m"}) {
    const Status status = read_marking_limit(wrong, rule);
    CHECK(status.code() == ExitCode::usage);
    CHECK_THAT(status.line(), Catch::Contains("TLP:GREEN") && !Catch::Contains("\x1b"));
  }
  CHECK_FALSE(rule.most_tlp);
}
