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
  alert.id = root["id"].text();
  alert.timestamp = root["timestamp"].text();
  if (alert.timestamp.empty()) alert.timestamp = root["@timestamp"].text();
  alert.level = clamp_level(rule["level"].lenient_integer().value_or(0));
  alert.rule_id = rule["id"].text();
  alert.description = rule["description"].text();
  alert.groups = list_of(rule["groups"]);
  const json::Value mitre = rule["mitre"];
  for (std::string& id : list_of(mitre["id"])) {
    if (is_technique_id(id)) add_once(alert.mitre_ids, std::move(id));
  }
  alert.mitre_tactics = list_of(mitre["tactic"]);
  alert.mitre_techniques = list_of(mitre["technique"], Commas::belong);
  const json::Value agent = root["agent"];
  alert.agent_id = agent["id"].text();
  alert.agent_name = agent["name"].text();
  alert.agent_ip = agent["ip"].text();
  alert.agentless_host = root["agentless"]["host"].text();
  alert.agentless_script = root["agentless"]["script"].text();
  alert.manager = root["manager"]["name"].text();
  alert.cluster = root["cluster"]["name"].text();
  alert.cluster_node = root["cluster"]["node"].text();
  alert.location = root["location"].text();
  alert.decoder = root["decoder"]["name"].text();
  alert.full_log = root["full_log"].text();
  alert.previous_output = root["previous_output"].text();
}

Result<Alert> Alert::parse(std::string_view bytes) {
  if (const auto kind = classify_not_alert(bytes)) return not_alert(*kind);
  // The alert must be delivered whatever text its log contains.
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
    alert.indexer_index = root["_index"].text();
    alert.indexer_id = root["_id"].text();
    root = source;
  }
  alert.root_ = root;
  const json::Value wazuh = root["wazuh"];
  // A finding may also carry the ECS `rule` of the product that logged it. That one has no level,
  // which every 4.x rule worth forwarding has.
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
