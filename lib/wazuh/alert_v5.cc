// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "wazuh/alert.h"
#include "wazuh/fields.h"

namespace socbridge::wazuh {
namespace {

// The middle of each word's band of 4.x levels (docs/protocols/wazuh.md, "Wazuh 5"); critical is
// 15.
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
  alert.timestamp = root["@timestamp"].text();
  if (const auto number = rule["level"].lenient_integer()) {
    alert.level = static_cast<int>(std::min<std::int64_t>(std::max<std::int64_t>(*number, 0), 16));
  } else {
    alert.level_word = ascii_lower(rule["level"].text());
    alert.level = level_of(alert.level_word);
  }
  alert.rule_id = rule["id"].text();
  alert.description = rule["title"].text();
  if (alert.description.empty()) alert.description = rule["description"].text();
  alert.groups = list_of(rule["tags"]);
  add_once(alert.groups, wazuh["integration"]["name"].text());
  add_once(alert.groups, wazuh["integration"]["category"].text());
  const json::Value mitre = rule["mitre"];
  for (const char* kind : {"technique", "subtechnique"}) {
    for (std::string& id : list_of(mitre[kind]["id"])) {
      if (is_technique_id(id)) add_once(alert.mitre_ids, std::move(id));
    }
    for (std::string& name : list_of(mitre[kind]["name"], Commas::belong)) {
      add_once(alert.mitre_techniques, std::move(name));
    }
  }
  alert.mitre_tactics = list_of(mitre["tactic"]["name"]);
  const json::Value agent = wazuh["agent"];
  alert.agent_id = agent["id"].text();
  alert.agent_name = agent["name"].text();
  const auto addresses = list_of(agent["host"]["ip"]);
  if (!addresses.empty()) alert.agent_ip = addresses.front();
  alert.cluster = wazuh["cluster"]["name"].text();
  alert.cluster_node = wazuh["cluster"]["node"].text();
  alert.location = wazuh["protocol"]["location"].text();
  alert.decoder = wazuh["integration"]["decoders"].at(0).text();
  alert.full_log = root["event"]["original"].text();
}

}  // namespace socbridge::wazuh
