// SPDX-License-Identifier: Apache-2.0
#include "health/registry.h"

#include <catch2/catch.hpp>
#include <set>

#include "support/temp_dir.h"

namespace socbridge::health {
namespace {

// A machine on which only the test's settings exist.
struct Fixture {
  Fixture() {
    options.system.system_config = home / "none.json";
    options.system.wazuh_home = home / "no-ossec";
    options.wazuh_home = home / "no-ossec";
  }
  void configure(const std::string& product) {
    options.system.environment.emplace_back("SOCCTL_" + product + "_URL", "http://x.example");
    options.system.environment.emplace_back("SOCCTL_" + product + "_KEY", "k");
  }
  Result<std::vector<Plan>> plans(const std::vector<std::string>& names = {}) {
    return make_plans(Env::real(), options, names);
  }
  // "name", "-name" if skipped, "!name" with an error.
  std::string listed(const std::vector<std::string>& names = {}) {
    const auto made = plans(names);
    INFO(made.status().line());
    REQUIRE(made.ok());
    std::string out;
    for (const Plan& plan : *made) {
      out += (out.empty() ? "" : " ") + std::string(plan.skipped ? "-" : "") +
             (plan.error.ok() ? "" : "!") + plan.component->name;
      CHECK((!plan.skipped || !plan.how.empty()));
    }
    return out;
  }
  Status refused(const std::vector<std::string>& names = {}) {
    const auto made = plans(names);
    REQUIRE_FALSE(made.ok());
    CHECK(made.status().code() == ExitCode::usage);
    return made.status();
  }
  socbridge::test::TempDir home;
  Options options;
};

}  // namespace

TEST_CASE("each component has a distinct name, a title, a summary and a probe") {
  std::set<std::string> names;
  for (const Component& component : components()) {
    CHECK(names.insert(component.name).second);
    CHECK(std::string(component.title) != "");
    CHECK(std::string(component.summary) != "");
    CHECK(component.probe != nullptr);
  }
  CHECK(names.size() == 7);
  for (const Preset& preset : presets()) {
    CHECK(names.insert(preset.name).second);
    CHECK_FALSE(preset.components.empty());
    for (const std::string_view part : preset.components) CHECK(names.contains(std::string(part)));
  }
}

TEST_CASE("without names all are planned, and unconfigured ones are skipped with the remedy") {
  Fixture fixture;
  fixture.configure("CORTEX");
  CHECK(fixture.listed() == "-wazuh -thehive cortex -opencti -opensearch -prometheus -grafana");
  const auto plans = fixture.plans();
  CHECK((*plans)[3].how ==
        "set SOCCTL_OPENCTI_URL and SOCCTL_OPENCTI_KEY_FILE, or write it into "
        "~/.config/socctl/config.json");
  CHECK_THAT((*plans)[0].how, Catch::StartsWith("run this on the manager or set "
                                                "SOCBRIDGE_WAZUH_HOME; for its API set SOCCTL_"));
}

TEST_CASE("names and presets are planned once each, in the order in which they were named") {
  Fixture fixture;
  for (const char* product : {"THEHIVE", "CORTEX", "OPENCTI"}) fixture.configure(product);
  CHECK(fixture.listed({"opencti", "thehive-cortex", "cortex", "opencti-feeds"}) ==
        "opencti thehive cortex");
}

TEST_CASE("a name that is none is refused with the nearest one") {
  Fixture fixture;
  CHECK(fixture.refused({"thehiv"}).line() ==
        "there is no component \"thehiv\"; did you mean \"thehive\"?");
  CHECK_THAT(fixture.refused({"splunk"}).line(),
             Catch::Contains("known are wazuh, thehive, cortex, opencti, opensearch, prometheus, "
                             "grafana, wazuh-thehive, "));
  CHECK(fixture.refused({""}).message() == "there is no component \"\"");
  CHECK(fixture.refused({"\x1b[2J"}).line().find('\x1b') == std::string::npos);
}

TEST_CASE("registry: a named component must be configured") {
  Fixture fixture;
  fixture.configure("CORTEX");
  const Status missing = fixture.refused({"cortex", "grafana"});
  CHECK(missing.message() == "Grafana is not configured");
  CHECK_THAT(missing.hint(), Catch::StartsWith("set SOCCTL_GRAFANA_URL"));
}

TEST_CASE("a required component is planned too, and its absence is a separate error") {
  Fixture fixture;
  fixture.configure("CORTEX");
  fixture.configure("THEHIVE");
  fixture.options.required = {"thehive-cortex"};
  CHECK(fixture.listed({"cortex"}) == "cortex thehive");
  fixture.options.required = {"grafana"};
  CHECK(fixture.listed({"cortex"}) == "cortex !grafana");
  CHECK(fixture.listed() == "-wazuh thehive cortex -opencti -opensearch -prometheus !grafana");
  const auto plans = fixture.plans({"cortex"});
  CHECK(plans->back().error.line().find("Grafana is required, but not configured; set ") == 0);
  fixture.options.required = {"grafanna"};
  CHECK(fixture.refused().line() ==
        "--require: there is no component \"grafanna\"; did you mean \"grafana\"?");
}

TEST_CASE("a broken shared file is one error, not one per component") {
  Fixture fixture;
  fixture.options.system.system_config = fixture.home.write("config.json", "{\n  \"thehive\": ");
  const Status broken = fixture.refused();
  CHECK_THAT(broken.line(), Catch::Contains("config.json:"));
}

TEST_CASE("an error of one component is left to its report") {
  Fixture fixture;
  fixture.configure("CORTEX");
  fixture.options.system.environment.emplace_back("SOCCTL_GRAFANA_URL", "ftp://x.example");
  fixture.options.system.environment.emplace_back("SOCCTL_GRAFANA_KEY", "k");
  CHECK(fixture.listed({"cortex", "grafana"}) == "cortex !grafana");
}

}  // namespace socbridge::health
