// SPDX-License-Identifier: Apache-2.0
#include "mapping/mapping.h"

#include "fixtures.h"

using namespace socbridge;
using namespace socbridge::mapping;
using namespace socbridge::mapping::test;

namespace {
wazuh::Alert of_level(const std::string& level) {
  return parse(R"({"rule":{"id":"1","description":"d","level":)" + level + "}}");
}
}  // namespace

TEST_CASE("the mission's severity table, level as number or text") {
  const int expected[] = {1, 1, 1, 2, 2, 2, 3, 3, 4, 4};
  for (int level = 7; level <= 16; ++level) {
    const int severity = expected[level - 7];
    CHECK(map(of_level(std::to_string(level)), {}, kNow).alert.severity == severity);
    CHECK(map(of_level("\"" + std::to_string(level) + "\""), {}, kNow).alert.severity == severity);
  }
}

TEST_CASE("every level is forwarded without min_level: the block has filtered") {
  for (int level = 0; level < 7; ++level) {
    const Mapped m = map(of_level(std::to_string(level)), {}, kNow);
    CHECK(m.forwarded);
    CHECK(m.alert.severity == 1);
  }
}

TEST_CASE("levels below min_level are filtered, with the origin of the setting") {
  Options options;
  options.min_level = 7;
  for (int level = 0; level < 7; ++level) {
    const Mapped m = map(of_level(std::to_string(level)), options, kNow);
    CHECK_FALSE(m.forwarded);
    CHECK(m.skip_reason == "level " + std::to_string(level) + " is below min_level 7");
  }
  options.min_level_from = "the block's <level> (ossec.conf:4)";
  CHECK(map(of_level("6"), options, kNow).skip_reason ==
        "level 6 is below the block's <level> (ossec.conf:4) 7");
}

TEST_CASE("mapping: a configured severity table") {
  Options options;
  options.severity_by_level = {{0, 2}, {12, 4}};
  CHECK(map(of_level("11"), options, kNow).alert.severity == 2);
  CHECK(map(of_level("12"), options, kNow).alert.severity == 4);
}

TEST_CASE("an alert without a rule is skipped with a reason") {
  CHECK_FALSE(skip_reason(parse(R"({"data":{}})"), {}).empty());
  CHECK(skip_reason(parse(R"({"rule":"x"})"), {}).find("rule") != std::string::npos);
  CHECK(skip_reason(of_level("12"), {}).empty());
}

TEST_CASE("mapping: Wazuh 5 words") {
  const std::pair<const char*, int> words[] = {{"medium", 1}, {"high", 2}, {"critical", 4}};
  for (const auto& [word, severity] : words) {
    const auto alert =
        parse(R"({"wazuh":{"rule":{"id":"r","title":"t","level":")" + std::string(word) + "\"}}}");
    CHECK(map(alert, {}, kNow).alert.severity == severity);
  }
  Options options;
  options.min_level = 7;
  for (const char* word : {"informational", "low"}) {
    CHECK_FALSE(
        map(parse(R"({"wazuh":{"rule":{"level":")" + std::string(word) + "\"}}}"), options, kNow)
            .forwarded);
  }
}

TEST_CASE("an alert with only a rule and a level") {
  const Mapped m = map(parse(R"({"rule":{"level":9}})"), {}, kNow);
  REQUIRE(m.forwarded);
  CHECK(m.alert.date_ms == kNow);
  CHECK(m.alert.title == "Wazuh alert");
  CHECK_FALSE(m.alert.source_ref.empty());
  CHECK(m.alert.tags == std::vector<std::string>{"wazuh"});
  CHECK(m.alert.observables.empty());
  CHECK(map(parse(R"({"rule":{"level":9,"id":"77"}})"), {}, kNow).alert.title ==
        "Wazuh alert of rule 77");
}

TEST_CASE("type, source, tags, tlp, pap and case template come from the options") {
  Options options;
  options.type = "t";
  options.source = "s";
  options.tags = {"x", "x", "y"};
  options.tlp = 1;
  options.pap = 0;
  options.case_template = "triage";
  const auto alert = map(of_level("10"), options, kNow).alert;
  CHECK(alert.type == "t");
  CHECK(alert.source == "s");
  CHECK(alert.tlp == 1);
  CHECK(alert.pap == 0);
  CHECK(alert.case_template == "triage");
  CHECK(alert.tags == std::vector<std::string>{"x", "y", "rule:1"});
}

TEST_CASE("mapping: procedures") {
  const auto with = [](const std::string& mitre, bool on = true) {
    Options options;
    options.procedures = on;
    return map(parse(R"({"rule":{"id":"1","level":10,"mitre":)" + mitre + "}}"), options, kNow)
        .alert.procedures;
  };
  const auto one = with(R"({"id":["T1110","T1021.004"],"tactic":["Credential Access"]})");
  REQUIRE(one.size() == 2);
  CHECK(one[0].tactic == "credential-access");
  CHECK(with(R"({"id":["T1110"],"tactic":["Credential Access","Lateral Movement"]})")[0]
            .tactic.empty());
  CHECK(with(R"({"id":["T1110"],"tactic":["Something New"]})")[0].tactic.empty());
  CHECK(with(R"({"id":["not-a-technique"]})").empty());
  CHECK(with(R"({"id":["T1110"]})", false).empty());
}

TEST_CASE("the reference does not depend on the intake") {
  const std::string plain = fixture("six-fields");
  const std::string wrapped =
      R"({"_index":"wazuh-alerts-4.x","_id":"abc","_source":)" + plain + "}";
  CHECK(map(parse(plain), {}, kNow).alert.source_ref ==
        map(parse(wrapped), {}, kNow).alert.source_ref);
  Options options;
  options.manager_alias = "site-a";
  CHECK(map(parse(plain), options, kNow).alert.source_ref !=
        map(parse(plain), {}, kNow).alert.source_ref);
}
