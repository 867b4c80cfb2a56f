// SPDX-License-Identifier: Apache-2.0
#include "rules/value_choice.h"

#include "fixtures.h"

using namespace socbridge;
using namespace socbridge::rules;
using namespace socbridge::rules::test;

namespace {

std::string choose(const std::string& json, const std::string& data) {
  const wazuh::Alert alert = parse(R"({"rule":{"level":5,"id":"1"},"data":)" + data + "}");
  const auto document = json_of(json);
  Faults faults("/x");
  const ValueChoice choice = ValueChoice::read(document.root(), faults);
  INFO(json << ": " << lines(faults));
  REQUIRE(faults.none());
  return choice.value({alert, "ref", 0, {}}).value_or("(not set)");
}

std::string error_of(const std::string& json) {
  const auto document = json_of(json);
  Faults faults("/severity");
  ValueChoice::read(document.root(), faults);
  return lines(faults);
}

}  // namespace

TEST_CASE("value choice: a constant, a number, a template") {
  CHECK(choose(R"("high")", "{}") == "high");
  CHECK(choose("3", "{}") == "3");
  CHECK(choose(R"("{data.priority|lower}")", R"({"priority":"HIGH"})") == "high");
  CHECK(choose(R"("p{data.priority}")", "{}") == "(not set)");
  CHECK(choose(R"("p{data.priority|-}")", "{}") == "p-");
}

TEST_CASE("a map: complete text, pattern, range, in order") {
  const std::string map =
      R"({"from":"data.p","map":{"1":4,"crit*":"4","2":3,">=90":"critical","3-50":"2"},"default":1})";
  CHECK(choose(map, R"({"p":1})") == "4");
  CHECK(choose(map, R"({"p":"CRITICAL"})") == "4");
  CHECK(choose(map, R"({"p":"2"})") == "3");
  CHECK(choose(map, R"({"p":99.5})") == "critical");
  CHECK(choose(map, R"({"p":50})") == "2");
  CHECK(choose(map, R"({"p":70})") == "1");
  CHECK(choose(map, "{}") == "1");
  CHECK(choose(R"({"from":"data.p","map":{"1":4}})", "{}") == "(not set)");
  CHECK(choose(R"({"from":"{data.p|data.q}","map":{"1":4}})", R"({"q":"1"})") == "4");
}

TEST_CASE("value choice: errors in a map") {
  CHECK(error_of("[]") == "severity: must be a text or a number");
  CHECK(error_of(R"({"from":"data.p"})").starts_with("severity.map: must be an object"));
  CHECK(error_of(R"({"from":"data.p","map":{"1":[]}})") ==
        "severity.map[1]: must be a text or a number");
  CHECK(error_of(R"({"from":"data.p","map":{"1":1,"2":1,"1":2}})") ==
        "severity.map[1]: is given twice; remove one of them");
  CHECK(error_of(R"({"map":{"1":2}})") == "severity.from: must be a text");
  CHECK(error_of(R"({"from":"nowhere","map":{"1":2}})").starts_with("severity.from: no alert has"));
  CHECK(error_of(R"({"from":"data.p","map":{"1":2},"defualt":1})") ==
        "severity: unknown key \"defualt\"; did you mean \"default\"?");
}
