// SPDX-License-Identifier: Apache-2.0
// The section "analysis": parsing, and decisions of its rules.
#include <catch2/catch.hpp>
#include <filesystem>

#include "analysis/read_settings.h"
#include "fixture.h"

namespace socbridge::analysis {
namespace {

Result<std::vector<std::string>> preset_of(std::string_view name) {
  if (name == "reputation") return std::vector<std::string>{"AbuseIPDB"};
  return Status::error(ExitCode::usage, "no preset is called \"" + std::string(name) + "\"");
}

// The text as the configuration file.
Result<Settings> read(const std::string& text) {
  const Folder folder;
  const std::string path = folder.write("config.json", text);
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  profile::Flags flags;
  flags.config_file = path;
  const auto section = profile::find_section(Env::real(), "analysis", flags, {});
  if (!section.ok()) return section.status();
  return read_settings(*section, preset_of);
}

// "line:column: message; hint" of a refused file.
std::string refusal(const std::string& text) {
  const Status status = read(text).status();
  CHECK(status.code() == ExitCode::usage);
  const std::string line = status.line();
  const std::size_t name = line.find("config.json:");
  return name == std::string::npos ? line : line.substr(name + 12);
}

constexpr const char* kWhole = R"({
  // comments are allowed
  "analysis": {
    "exclude": ["*.corp.example"],
    "repeat_after": "12h",
    "rules": {
      "addresses": {"types": ["ip"], "tags": ["wazuh"], "min_severity": "high",
                    "sources": ["siem"], "in": ["alert"], "max_tlp": "green",
                    "private_addresses": true, "preset": "reputation",
                    "analyzers": ["MaxMind_GeoIP"]},
      "rest": {}
    }
  }
})";

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

TEST_CASE("a complete section is read") {
  const auto settings = read(kWhole);
  REQUIRE(settings.ok());
  CHECK(settings->repeat_after_ms == 12 * 3600 * 1000);
  REQUIRE(settings->rules.size() == 2);
  const Rule& rule = settings->rules[0];
  CHECK(rule.name == "addresses");
  CHECK(rule.min_severity == 3);
  CHECK(rule.max_tlp == "green");
  CHECK(rule.private_addresses);
  CHECK(rule.analyzers == std::vector<std::string>{"MaxMind_GeoIP"});
  CHECK(rule.preset == std::vector<std::string>{"AbuseIPDB"});
  CHECK(rule.asks_for_owner());
  CHECK_FALSE(settings->rules[1].asks_for_owner());
}

TEST_CASE("an error names its position") {
  CHECK(refusal(R"({"analysis": {"rule": {}}})") ==
        "1:15: unknown key \"rule\"; did you mean \"rules\"?");
  CHECK(refusal("{\"analysis\": {\"rules\": {\"a\": {\n \"tipes\": []}}}}") ==
        "2:2: unknown key \"tipes\"; did you mean \"types\"?");
  CHECK(refusal(R"({"analysis": {"rules": {"a": {"types": "ip"}}}})")
            .find("types must be an array of strings") != std::string::npos);
  CHECK(refusal(R"({"analysis": {"rules": {"a": {"min_severity": "huge"}}}})") ==
        "1:31: min_severity is \"huge\"; known are low, medium, high, critical");
  CHECK(refusal(R"({"analysis": {"rules": {"a": {"max_tlp": "blue"}}}})").find("1:31: max_tlp") ==
        0);
  CHECK(refusal(R"({"analysis": {"rules": {"a": {"in": ["cases"]}}}})") ==
        "1:31: in has the unknown value \"cases\"; known are alert and case");
  CHECK(refusal(R"({"analysis": {"rules": {"a": {"preset": "x"}}}})") ==
        "1:31: no preset is called \"x\"");
  CHECK(refusal(R"({"analysis": {"rules": {"a": 1}}})") == "1:25: rule \"a\" must be an object");
  CHECK(refusal(R"({"analysis": {"rules": {}}})").find("1:15: the section") == 0);
  CHECK(refusal(R"({"analysis": {"repeat_after": "soon", "rules": {"a": {}}}})")
            .find("1:15: repeat_after") == 0);
  CHECK(refusal(R"({"analysis": {"exclude": ["10.0.0.0/40"], "rules": {"a": {}}}})")
            .find("1:15: \"10.0.0.0/40\" is not a network") == 0);
  CHECK(refusal(R"({"analysis": []})") == "1:2: \"analysis\" must be an object");
  CHECK(refusal(R"({"analisys": {}})") ==
        "1:2: unknown key \"analisys\"; did you mean \"analysis\"?");
  CHECK(
      refusal("{}") ==
      "the configuration has no section \"analysis\"; write it into ~/.config/socctl/config.json; "
      "socctl help analysis shows how");
}

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
