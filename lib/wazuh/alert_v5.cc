// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "wazuh/alert.h"
#include "wazuh/fields.h"

namespace socbridge::wazuh {
namespace {

// The middle of each word's band of 4.x levels (docs/protocols/wazuh.md, "Wazuh 5"); critical
// stands for 15 and above.
int level_of(std::string_view word) {
  if (word == "informational") return 2;
  if (word == "low") return 5;
  if (word == "medium") return 8;
  if (word == "high") return 12;
  if (word == "critical") return 15;
  return 0;
}

}  // namespace

void read_v5(Alert& alert, json::Value root) {
  const json::Value wazuh = root["wazuh"];
  const json::Value rule = wazuh["rule"];
  alert.timestamp = text_of(root["@timestamp"]);
  if (const auto number = rule["level"].lenient_integer()) {
    alert.level = static_cast<int>(std::min<std::int64_t>(std::max<std::int64_t>(*number, 0), 16));
  } else {
    alert.level_word = ascii_lower(text_of(rule["level"]));
    alert.level = level_of(alert.level_word);
  }
  alert.rule_id = text_of(rule["id"]);
  alert.description = text_of(rule["title"]);
  if (alert.description.empty()) alert.description = text_of(rule["description"]);
  alert.groups = list_of(rule["tags"]);
  add_once(alert.groups, text_of(wazuh["integration"]["name"]));
  add_once(alert.groups, text_of(wazuh["integration"]["category"]));
  const json::Value mitre = rule["mitre"];
  for (const char* kind : {"technique", "subtechnique"}) {
    for (std::string& id : list_of(mitre[kind]["id"])) {
      if (is_technique_id(id)) add_once(alert.mitre_ids, std::move(id));
    }
    for (std::string& name : list_of(mitre[kind]["name"], false)) {
      add_once(alert.mitre_techniques, std::move(name));
    }
  }
  alert.mitre_tactics = list_of(mitre["tactic"]["name"]);
  const json::Value agent = wazuh["agent"];
  alert.agent_id = text_of(agent["id"]);
  alert.agent_name = text_of(agent["name"]);
  const auto addresses = list_of(agent["host"]["ip"]);
  if (!addresses.empty()) alert.agent_ip = addresses.front();
  alert.cluster = text_of(wazuh["cluster"]["name"]);
  alert.cluster_node = text_of(wazuh["cluster"]["node"]);
  alert.location = text_of(wazuh["protocol"]["location"]);
  alert.decoder = text_of(wazuh["integration"]["decoders"].at(0));
  alert.full_log = text_of(root["event"]["original"]);
}

}  // namespace socbridge::wazuh
