// SPDX-License-Identifier: Apache-2.0
#include "wazuh/alert.h"

#include <algorithm>

#include "base/text.h"
#include "wazuh/fields.h"

namespace socbridge::wazuh {
namespace {

Status not_alert(NotAlert kind) {
  switch (kind) {
    case NotAlert::empty:
      return Status::error(ExitCode::bad_input, "the alert file is empty",
                           "check free space in /tmp of the manager");
    case NotAlert::text_format:
      return Status::error(ExitCode::bad_input,
                           "the alert is in integratord's text format, not JSON",
                           "add <alert_format>json</alert_format> to the <integration> block");
    case NotAlert::not_object:
      return Status::error(ExitCode::bad_input, "the alert is not a JSON object",
                           "give one alert as integratord or alerts.json writes it");
    case NotAlert::not_json:
      return Status::error(ExitCode::bad_input, "the alert is not JSON",
                           "add <alert_format>json</alert_format> to the <integration> block");
  }
  return {};
}

int clamp_level(std::int64_t level) {
  constexpr std::int64_t kHighest = 16;
  return static_cast<int>(std::clamp<std::int64_t>(level, 0, kHighest));
}

}  // namespace

void read_v4(Alert& alert, json::Value root) {
  const json::Value rule = root["rule"];
  alert.id = text_of(root["id"]);
  alert.timestamp = text_of(root["timestamp"]);
  if (alert.timestamp.empty()) alert.timestamp = text_of(root["@timestamp"]);
  alert.level = clamp_level(rule["level"].lenient_integer().value_or(0));
  alert.rule_id = text_of(rule["id"]);
  alert.description = text_of(rule["description"]);
  alert.groups = list_of(rule["groups"]);
  const json::Value mitre = rule["mitre"];
  for (std::string& id : list_of(mitre["id"])) {
    if (is_technique_id(id)) add_once(alert.mitre_ids, std::move(id));
  }
  alert.mitre_tactics = list_of(mitre["tactic"]);
  alert.mitre_techniques = list_of(mitre["technique"], false);
  const json::Value agent = root["agent"];
  alert.agent_id = text_of(agent["id"]);
  alert.agent_name = text_of(agent["name"]);
  alert.agent_ip = text_of(agent["ip"]);
  alert.agentless_host = text_of(root["agentless"]["host"]);
  alert.agentless_script = text_of(root["agentless"]["script"]);
  alert.manager = text_of(root["manager"]["name"]);
  alert.cluster = text_of(root["cluster"]["name"]);
  alert.cluster_node = text_of(root["cluster"]["node"]);
  alert.location = text_of(root["location"]);
  alert.decoder = text_of(root["decoder"]["name"]);
  alert.full_log = text_of(root["full_log"]);
  alert.previous_output = text_of(root["previous_output"]);
}

Result<Alert> Alert::parse(std::string_view bytes) {
  if (const auto kind = classify_not_alert(bytes)) return not_alert(*kind);
  // The alert is delivered whatever text a log contains.
  auto document = json::Document::parse(bytes, json::ParseOptions::abridging());
  if (!document.ok()) {
    return Status::error(ExitCode::bad_input,
                         "the alert is not valid JSON: " + document.status().message(),
                         "the raw bytes are kept if they came through custom-w2thive");
  }
  Alert alert;
  alert.document_ = std::move(*document);
  json::Value root = alert.document_.root();
  if (const json::Value source = root["_source"]; source.is_object()) {
    alert.indexer_index = text_of(root["_index"]);
    alert.indexer_id = text_of(root["_id"]);
    root = source;
  }
  alert.root_ = root;
  const json::Value wazuh = root["wazuh"];
  // A finding may carry an ECS `rule` of the product that logged it beside Wazuh's own.
  // It has no level, which every 4.x rule worth forwarding has.
  alert.is_v5 = wazuh.is_object() && root["rule"]["level"].missing();
  if (alert.is_v5) {
    read_v5(alert, root);
  } else {
    read_v4(alert, root);
  }
  alert.time_ms = parse_timestamp(alert.timestamp);
  return alert;
}

}  // namespace socbridge::wazuh
