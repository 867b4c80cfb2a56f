// SPDX-License-Identifier: Apache-2.0
#include "fixtures.h"

using namespace socbridge;
using namespace socbridge::mapping;
using namespace socbridge::mapping::test;

namespace {

wazuh::Alert sample() {
  return parse(R"({"timestamp":"2025-03-14T07:40:01.037+0000","id":"1741938001.1",
    "rule":{"level":10,"id":"5763","description":"d","groups":["syslog","sshd"]},
    "agent":{"id":"003","name":"web-01"},"manager":{"name":"m"},
    "data":{"srcip":"192.0.2.7","srcport":"4711","n":5,"on":true,"list":["a","b"],
            "v6":"2001:DB8:0:0::7","nothing":null}})");
}

std::string skipped(const std::string& options) {
  const auto read = options_of(options);
  REQUIRE(read.ok());
  return skip_reason(sample(), *read);
}

}  // namespace

TEST_CASE("include and exclude decide, and name the row") {
  CHECK(skipped("{}").empty());
  CHECK(skipped(R"({"exclude":[{"rule":"1"},{"rule":"5763","agent":"web-*"}]})") ==
        "exclude[1]: rule 5763, agent web-01");
  CHECK(skipped(R"({"include":[{"group":"sshd"}]})").empty());
  CHECK(skipped(R"({"include":[{"group":"web"},{"agent":"db-*"}]})") ==
        "no row of include matches");
  CHECK(
      skipped(
          R"({"include":[{"group":"sshd"}],"exclude":[{"path":"data.srcip","cidr":"192.0.2.0/24"}]})") ==
      "exclude[0]: data.srcip 192.0.2.7 in 192.0.2.0/24");
  // The level counts before the filters.
  CHECK(skipped(R"({"min_level":12,"include":[{"group":"sshd"}]})") ==
        "level 10 is below min_level 12");
}

TEST_CASE("a broken filter names file, place and row") {
  const auto read =
      options_of("{\n  \"exclude\": [{\"rule\": \"1\"}, {\"rule\": \"x-1-\"}, {\"rulle\": 1}]\n}");
  REQUIRE_FALSE(read.ok());
  CHECK(read.status().line() ==
        R"(w2thive.json:2:49: exclude[2]: unknown key "rulle"; did you mean "rule"?)");
}

TEST_CASE("explain names the row that lets an alert through") {
  const auto read = options_of(R"({"include":[{"rule":"1"},{"agent":"web-*"}]})");
  const Mapped mapped = map(sample(), *read, kNow, true);
  REQUIRE_FALSE(mapped.explanations.empty());
  CHECK(mapped.explanations[0].field == "forwarded");
  CHECK(mapped.explanations[0].value == "include[1]");
  CHECK(mapped.explanations[0].rule == "agent web-01");
}
