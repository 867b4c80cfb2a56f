// SPDX-License-Identifier: Apache-2.0
#include "mapping/preset/preset.h"

#include <set>

#include "mapping/mapping.h"
#include "unit/mapping/fixtures.h"

using namespace socbridge;
using namespace socbridge::mapping;
using namespace socbridge::mapping::test;

TEST_CASE("each preset is found by its name, and no other") {
  std::set<std::string_view> names;
  for (const std::string_view name : preset_names()) {
    CAPTURE(name);
    CHECK(names.insert(name).second);
    REQUIRE(preset_called(name) != nullptr);
    CHECK(preset_called(name)->name == name);
  }
  CHECK(names.count("python-script") == 1);
  CHECK(names.count("wazuh-responder") == 1);
  for (const char* const name : {"", "python", "Python-Script", "python-script "}) {
    CHECK(preset_called(name) == nullptr);
  }
}

TEST_CASE("the keys of a preset are those of a configuration") {
  for (const std::string_view name : preset_names()) {
    CAPTURE(name);
    const auto options = options_of(std::string(preset_called(name)->keys));
    INFO(options.status().line());
    CHECK(options.ok());
    const std::string fields(preset_called(name)->custom_fields);
    const auto with_fields = options_of(R"({"custom_fields":)" + fields + "}");
    INFO(with_fields.status().line());
    CHECK(with_fields.ok());
  }
}

TEST_CASE("preset: an alert as Wazuh's script sends it") {
  const auto options = options_of(std::string(preset_called("python-script")->keys));
  REQUIRE(options.ok());
  const auto alert = parse(
      R"({"id":"1.2","rule":{"id":"5710","level":12,"description":"Log in"},"agent":{"id":"001"}})");
  const thehive::Alert out = to_thehive(alert, *options, 0);
  CHECK(out.title == "Log in");
  CHECK(out.type == "wazuh_alert");
  CHECK(out.severity == 2);
  CHECK(out.tags == std::vector<std::string>{"wazuh", "rule=5710", "agent_name=no agent name",
                                             "agent_id=001", "agent_ip=no agent ip"});
}
