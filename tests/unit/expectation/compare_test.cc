// SPDX-License-Identifier: Apache-2.0
#include "expectation/compare.h"

#include <catch2/catch.hpp>

#include "wazuh/alert.h"

using namespace socbridge;
using namespace socbridge::expectation;

namespace {

mapping::Mapped sample(int min_level = 0) {
  const auto alert = wazuh::Alert::parse(
      R"({"id":"1.2","timestamp":"2025-03-14T07:40:01.037+0000","rule":{"level":10,"id":"5712",)"
      R"("description":"brute force"},"agent":{"name":"web-01"},"manager":{"name":"m"},)"
      R"("data":{"srcip":"203.0.113.9"}})");
  REQUIRE(alert.ok());
  mapping::Options options;
  options.min_level = min_level;
  options.custom_fields = {{"n", "{rule.level}"}};
  return mapping::map(*alert, options, 0, true);
}

// "field: expected -> actual" of each difference.
std::string differences(const std::string& expect, int min_level = 0) {
  TestFile file;
  const auto errors =
      read_test_file(R"({"tests":[{"alert":"a","expect":)" + expect + "}]}", "t.json", file);
  INFO((errors.empty() ? "" : errors.front().line()));
  REQUIRE(errors.empty());
  std::string out;
  for (const Difference& one : compare(file.tests[0].expected, sample(min_level))) {
    out += (out.empty() ? "" : "\n") + one.field + ": " + one.wanted + " -> " + one.got;
    if (!one.rule.empty()) out += " (" + one.rule + ")";
  }
  return out;
}

}  // namespace

TEST_CASE("an alert as expected has no differences") {
  CHECK(differences(
            R"({"forwarded":true,"severity":2,"tlp":"amber","title":"brute*","type":"wazuh_alert",
    "tags":["rule:5712","agent:*"],"no_tags":["rule:1"],"custom_fields":{"n":10,"none":null},
    "description":["Rule | 5712"],"observables":["ip:203.0.113.9","203.0.113.9"],
    "no_observables":["domain:*"]})")
            .empty());
  CHECK(differences(R"({"forwarded":false})", 12).empty());
  CHECK(differences(R"({"skipped":"level 10 is below*"})", 12).empty());
}

TEST_CASE("each difference has the expected value, the actual value and the rule") {
  CHECK(differences(R"({"severity":"high"})") == "severity: 3 -> 2 (level 10 is 10 or above)");
  CHECK(differences(R"({"case_template":"x"})") == "case_template: x -> (none)");
  CHECK(differences(R"({"destination":"acme, default"})") ==
        "destination: acme, default -> default");
  CHECK(differences(R"({"tags":["nope"]})").starts_with("tags: nope -> wazuh, "));
  CHECK(differences(R"({"no_tags":["rule:*"]})").starts_with("no_tags: not rule:* -> "));
  CHECK(differences(R"({"custom_fields":{"n":11}})") ==
        "custom_fields.n: 11 -> 10 (custom_fields)");
  CHECK(differences(R"({"observables":["domain:x.example"]})") ==
        "observables: domain:x.example -> ip:203.0.113.9");
  CHECK(differences(R"({"no_observables":["203.*"]})") ==
        "no_observables: not 203.* -> ip:203.0.113.9");
  CHECK(differences(R"({"description":["absent text"]})").starts_with("description: absent text"));
  CHECK(differences(R"({"forwarded":false})") == "forwarded: false -> true");
  CHECK(differences(R"({"severity":2})", 12) ==
        "forwarded: true -> false (level 10 is below min_level 12)");
  CHECK(differences(R"({"skipped":"no"})", 12) == "skipped: no -> level 10 is below min_level 12");
}

TEST_CASE("a difference is printable whatever the name of its custom field is") {
  CHECK(differences(R"({"custom_fields":{"\u001b[2J":11}})") ==
        "custom_fields.\\u{1b}[2J: 11 -> null");
}
