// SPDX-License-Identifier: Apache-2.0
#include "mapping/preset/preset.h"

#include <array>

namespace socbridge::mapping {
namespace {

constexpr std::array kPresets = {
    // As sent by the script in Wazuh's blog ("Using Wazuh and TheHive for threat protection and
    // incident response"), so that its filters and dashboards continue to work.
    Preset{
        "python-script",
        R"({"title":"{rule.description}","type":"wazuh_alert","source":"wazuh","built_in_tags":[],)"
        R"("tags":["wazuh","rule={rule.id}","agent_name={agent.name|'no agent name'}",)"
        R"("agent_id={agent.id|'no agent id'}","agent_ip={agent.ip|'no agent ip'}"],)"
        R"("severity":{"0":2}})",
        "{}"},
    // Fields that Cortex's responder "Wazuh" reads from the case, all text (Cortex-Analyzers,
    // responders/Wazuh/wazuh.py), and the agent's address.
    Preset{"wazuh-responder", "{}",
           R"({"wazuh_agent_id":{"value":"{agent.id}","type":"string"},)"
           R"("wazuh_agent_ip":{"value":"{agent.ip}","type":"string"},)"
           R"("wazuh_alert_id":{"value":"{id}","type":"string"},)"
           R"("wazuh_rule_id":{"value":"{rule.id}","type":"string"}})"},
};

}  // namespace

const Preset* preset_called(std::string_view name) {
  for (const Preset& preset : kPresets) {
    if (preset.name == name) return &preset;
  }
  return nullptr;
}

std::vector<std::string_view> preset_names() {
  std::vector<std::string_view> names;
  for (const Preset& preset : kPresets) names.push_back(preset.name);
  return names;
}

}  // namespace socbridge::mapping
