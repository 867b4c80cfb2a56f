// SPDX-License-Identifier: Apache-2.0
// What the rules of the section "analysis" decide.
#include "analysis/rules.h"

#include <catch2/catch.hpp>

namespace socbridge::analysis {
namespace {

Analyzer make(const char* name, std::vector<std::string> types) {
  Analyzer out;
  out.id = out.name = name;
  out.data_types = std::move(types);
  return out;
}

const std::vector<Analyzer> kAll = {make("AbuseIPDB_2_0", {"ip"}), make("URLhaus_2_0", {"domain"})};

thehive::ObservableInfo observable(const char* type, const char* data, int tlp = 2) {
  thehive::ObservableInfo out;
  out.data_type = type;
  out.data = data;
  out.tlp = tlp;
  return out;
}

Owner alert(int severity, std::vector<std::string> tags, const char* source = "siem") {
  return {thehive::Subject::alert("~1"), severity, std::move(tags), source, "alert ~1"};
}

}  // namespace

TEST_CASE("a rule fits by type, severity, tags, source and place") {
  Settings settings;
  Rule rule;
  rule.name = "r";
  rule.types = {"ip"};
  rule.tags = {"wazuh"};
  rule.sources = {"siem"};
  rule.in = {"alert"};
  rule.min_severity = 3;
  settings.rules = {rule};
  const auto count = [&](const thehive::ObservableInfo& one, const Owner& owner) {
    return decide(settings, kAll, true, one, &owner).analyzers.size();
  };
  const auto ip = observable("ip", "203.0.113.7");
  CHECK(needs_owner(settings, ip));
  CHECK_FALSE(needs_owner(settings, observable("domain", "a.example")));
  CHECK(count(ip, alert(3, {"Wazuh"})) == 1);
  CHECK(count(ip, alert(2, {"wazuh"})) == 0);
  CHECK(count(ip, alert(3, {"other"})) == 0);
  CHECK(count(ip, alert(3, {"wazuh"}, "mail")) == 0);
  CHECK(count(observable("domain", "a.example"), alert(3, {"wazuh"})) == 0);
  Owner of_case = alert(3, {"wazuh"});
  of_case.subject = thehive::Subject::of_case("~1");
  CHECK(count(ip, of_case) == 0);
  auto tagged = ip;
  tagged.tags = {"WAZUH"};
  CHECK(count(tagged, alert(3, {})) == 1);
}

TEST_CASE("TLP, private addresses and the never list hold analyzers back, and say why") {
  Settings settings;
  settings.rules = {Rule{}};
  settings.rules[0].name = "all";
  settings.exclude = *Exclusions::make({"*.corp.example"});
  const auto why = [&](const thehive::ObservableInfo& one, bool five = true) {
    return decide(settings, kAll, five, one, nullptr).why;
  };
  CHECK(why(observable("ip", "203.0.113.7")).empty());
  CHECK(why(observable("ip", "203.0.113.7", 4)) == "TLP red is above amber");
  CHECK(why(observable("ip", "203.0.113.7", 3), false) == "TLP red is above amber");
  CHECK_FALSE(why(observable("ip", "10.0.0.1")).empty());
  CHECK(why(observable("domain", "a.corp.example")) == "\"exclude\" holds *.corp.example");
  CHECK(why(observable("mail", "a@b.example")) == "no analyzer of the rule takes mail");
  settings.rules[0].max_tlp = "red";
  CHECK(why(observable("ip", "203.0.113.7", 4)).empty());
  CHECK(why(observable("ip", "203.0.113.7", 3), false).empty());
}

TEST_CASE("a preset selects its enabled analyzers") {
  Settings settings;
  settings.rules = {Rule{}};
  settings.rules[0].preset = {"Shodan", "AbuseIPDB"};
  const auto ip = observable("ip", "203.0.113.7");
  CHECK(decide(settings, kAll, true, ip, nullptr).analyzers.size() == 1);
  const auto enabled = enabled_of(kAll, settings.rules[0].preset, "p");
  REQUIRE(enabled.ok());
  CHECK(enabled->names == std::vector<std::string>{"AbuseIPDB"});
  CHECK_FALSE(enabled->missing.empty());
  CHECK(enabled->remark("p").starts_with("preset p: there is no analyzer "));
  CHECK(enabled_of(kAll, {"Shodan"}, "p").status().message() ==
        "no analyzer of the preset p is enabled");
}

TEST_CASE("rules add up, each analyzer once") {
  Settings settings;
  Rule a;
  a.name = "a";
  a.analyzers = {"AbuseIPDB"};
  Rule b;
  b.name = "b";
  settings.rules = {a, b};
  const Decision d = decide(settings, kAll, true, observable("ip", "203.0.113.7"), nullptr);
  REQUIRE(d.analyzers.size() == 1);
  CHECK(d.rule == "a, b");
}

}  // namespace socbridge::analysis
