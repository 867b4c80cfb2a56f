// SPDX-License-Identifier: Apache-2.0
#include "analysis/read_settings.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "support/temp_dir.h"

namespace socbridge::analysis {
namespace {

Result<std::vector<std::string>> preset_of(std::string_view name) {
  if (name == "reputation") return std::vector<std::string>{"AbuseIPDB"};
  return Status::error(ExitCode::usage, "no preset is called \"" + std::string(name) + "\"");
}

// The text as the configuration file.
Result<Settings> read(const std::string& text) {
  const test::TempDir folder;
  const std::string path = folder.write("config.json", text);
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  profile::Flags flags;
  flags.config_file = path;
  const auto section = profile::find_section(Env::real(), "analysis", flags, {});
  if (!section.ok()) return section.status();
  return read_settings(*section, preset_of);
}

// "line:column: message; hint" of what was refused.
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

}  // namespace

TEST_CASE("a whole section is read") {
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

TEST_CASE("what is wrong is named with its place") {
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

TEST_CASE("what is not given has the defaults of the schema") {
  const auto settings = read(R"({"analysis": {"rules": {"r": {}}}})");
  REQUIRE(settings.ok());
  CHECK(settings->repeat_after_ms == 0);
  CHECK(settings->exclude.find("ip", "203.0.113.7").empty());
  REQUIRE(settings->rules.size() == 1);
  const Rule& rule = settings->rules[0];
  CHECK(rule.max_tlp == "amber");
  CHECK(rule.min_severity <= 1);
  CHECK_FALSE(rule.private_addresses);
  CHECK(rule.types.empty());
  CHECK(rule.analyzers.empty());
  CHECK(rule.preset.empty());
}

TEST_CASE("rules are tried in the order of the file") {
  const auto settings = read(R"({"analysis": {"rules": {"z": {}, "a": {}, "m": {}}}})");
  REQUIRE(settings.ok());
  std::string names;
  for (const Rule& rule : settings->rules) names += rule.name;
  CHECK(names == "zam");
}

TEST_CASE("what is excluded is read as networks, names and values") {
  const auto settings = read(R"({"analysis": {"rules": {"r": {}},
      "exclude": ["198.51.100.0/24", "*.corp.example", "hash1"]}})");
  REQUIRE(settings.ok());
  CHECK(settings->exclude.find("ip", "198.51.100.9") == "198.51.100.0/24");
  CHECK(settings->exclude.find("domain", "a.corp.example") == "*.corp.example");
  CHECK(settings->exclude.find("hash", "HASH1") == "hash1");
}

TEST_CASE("the error of a preset has the place of the rule and the cure of the reader") {
  const Status status = read(R"({"analysis": {"rules": {"a": {"preset": "reputatio"}}}})").status();
  CHECK(status.code() == ExitCode::usage);
  CHECK_THAT(status.message(), Catch::EndsWith("no preset is called \"reputatio\""));
  CHECK_THAT(status.message(), Catch::Contains("config.json:1:31: "));
}

TEST_CASE("a rule's name and values that mislead a terminal are shown escaped") {
  for (const char* text : {R"({"analysis": {"rules": {"a\u001b[2J": 1}}})",
                           R"({"analysis": {"rules": {"a": {"in": ["\u001b[2J"]}}}})",
                           R"({"analysis": {"rules": {"a": {"min_severity": "\u001b[2J"}}}})",
                           R"({"analysis": {"rules": {"a": {"max_tlp": "\u001b[2J"}}}})",
                           R"({"analysis": {"repeat_after": "\u001b[2J", "rules": {"a": {}}}})"}) {
    const std::string line = refusal(text);
    CHECK(line.find('\x1b') == std::string::npos);
    CHECK_FALSE(line.empty());
  }
}

TEST_CASE("the defaults that are documented can be written down and change nothing") {
  const auto written = [](const config::Schema& schema) {
    std::string out;
    for (const config::Key& key : schema) {
      if (key.name == "rules") continue;
      out += (out.empty() ? "\"" : ",\"") + std::string(key.name) +
             "\":" + std::string(key.default_json);
    }
    return out;
  };
  const auto settings = read(R"({"analysis": {)" + written(section_schema()) +
                             R"(,"rules": {"r": {)" + written(rule_schema()) + "}}}}");
  INFO(settings.status().line());
  REQUIRE(settings.ok());
  const auto bare = read(R"({"analysis": {"rules": {"r": {}}}})");
  CHECK(settings->repeat_after_ms == bare->repeat_after_ms);
  CHECK(settings->rules[0].max_tlp == bare->rules[0].max_tlp);
  CHECK(settings->rules[0].preset.empty());
  CHECK(settings->rules[0].min_severity <= 1);
}

}  // namespace socbridge::analysis
