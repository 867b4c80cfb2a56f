// SPDX-License-Identifier: Apache-2.0
#include "opencti/entities.h"

#include <algorithm>

#include "base/text.h"
#include "base/time.h"

namespace socbridge::opencti {
namespace {

std::vector<std::string> texts_of(json::Value list) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (std::string text = list.at(i).text(); !text.empty()) out.push_back(std::move(text));
  }
  return out;
}

std::vector<std::string> members_of(json::Value list, std::string_view name) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (std::string text = list.at(i)[name].text(); !text.empty()) out.push_back(std::move(text));
  }
  return out;
}

template <typename T, typename Read>
std::vector<T> nodes_of(json::Value connection, Read read) {
  std::vector<T> out;
  const json::Value edges = connection["edges"];
  for (std::size_t i = 0; i < edges.size(); ++i) {
    const json::Value node = edges.at(i)["node"];
    if (node.is_object()) out.push_back(read(node));
  }
  return out;
}

std::vector<std::string> tactics_of(json::Value phases) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < phases.size(); ++i) {
    if (phases.at(i)["kill_chain_name"].text() != "mitre-attack") continue;
    out.push_back(phases.at(i)["phase_name"].text());
  }
  return out;
}

// The key of the property in `observable_value`; empty: it depends on the object.
std::string_view shown_key(std::string_view type) {
  for (const std::string_view mixed :
       {"StixFile", "Artifact", "X509-Certificate", "User-Account", "Windows-Registry-Key",
        "Email-Message", "Autonomous-System", "Process"}) {
    if (type == mixed) return {};
  }
  if (type == "Mutex" || type == "Software") return "name";
  return type == "Directory" ? "path" : "value";
}

Reference read_reference(json::Value node) {
  return {node["source_name"].text(), node["url"].text(), node["external_id"].text()};
}

Threat read_end(json::Value node) {
  Threat out;
  out.id = node["id"].text();
  out.standard_id = node["standard_id"].text();
  out.type = node["entity_type"].text();
  out.name = node["representative"]["main"].text();
  out.mitre_id = node["x_mitre_id"].text();
  // The platform's form is `[T1486] Data Encrypted for Impact`.
  if (const std::string id = "[" + out.mitre_id + "] "; out.name.starts_with(id)) {
    out.name.erase(0, id.size());
  }
  out.markings = members_of(node["objectMarking"], "definition");
  out.aliases = texts_of(node["aliases"]);
  out.tactics = tactics_of(node["killChainPhases"]);
  return out;
}

}  // namespace

const char* Indicator::state(std::int64_t now_ms) const {
  if (revoked) return "revoked";
  const auto until = parse_timestamp(valid_until);
  if (until && *until <= now_ms) return "expired";
  const auto from = parse_timestamp(valid_from);
  return from && *from > now_ms ? "not yet valid" : "valid";
}

Report read_report(json::Value node) {
  return {node["id"].text(),
          node["name"].text(),
          node["published"].text(),
          node["createdBy"]["name"].text(),
          texts_of(node["report_types"]),
          members_of(node["objectMarking"], "definition")};
}

std::vector<Report> read_reports(json::Value connection) {
  return nodes_of<Report>(connection, read_report);
}

std::vector<Reference> read_references(json::Value connection) {
  return nodes_of<Reference>(connection, read_reference);
}

Indicator read_indicator(json::Value node) {
  Indicator out;
  out.id = node["id"].text();
  out.standard_id = node["standard_id"].text();
  out.name = node["name"].text();
  out.pattern = node["pattern"].text();
  out.pattern_type = node["pattern_type"].text();
  out.valid_from = node["valid_from"].text();
  out.valid_until = node["valid_until"].text();
  out.author = node["createdBy"]["name"].text();
  out.revoked = node["revoked"].boolean().value_or(false);
  out.detection = node["x_opencti_detection"].boolean().value_or(false);
  out.score = node["x_opencti_score"].integer();
  out.confidence = node["confidence"].integer();
  out.labels = members_of(node["objectLabel"], "value");
  out.markings = members_of(node["objectMarking"], "definition");
  out.description = node["description"].text();
  out.updated_at = node["updated_at"].text();
  for (const char* name : {"id", "standard_id"}) {
    if (std::string id = node["createdBy"][name].text(); !id.empty())
      out.author_ids.push_back(std::move(id));
  }
  out.creator_ids = members_of(node["creators"], "id");
  out.tactics = tactics_of(node["killChainPhases"]);
  return out;
}

Observable read_observable(json::Value node) {
  Observable out;
  out.id = node["id"].text();
  out.standard_id = node["standard_id"].text();
  out.type = node["entity_type"].text();
  out.value = node["observable_value"].text();
  out.description = node["x_opencti_description"].text();
  out.author = node["createdBy"]["name"].text();
  out.score = node["x_opencti_score"].integer();
  out.labels = members_of(node["objectLabel"], "value");
  out.markings = members_of(node["objectMarking"], "definition");
  for (const std::string& hash : members_of(node["hashes"], "hash")) {
    out.hashes.push_back(ascii_lower(hash));
  }
  if (const std::string_view key = shown_key(out.type); !key.empty() && !out.value.empty()) {
    out.names.push_back({std::string(key), out.value});
  }
  for (const char* name :
       {"name", "attribute_key", "number", "subject", "account_login", "user_id", "path"}) {
    if (std::string text = node[name].text(); !text.empty()) {
      out.names.push_back({name, std::move(text)});
    }
  }
  return out;
}

Relationship read_relationship(json::Value node) {
  Relationship out;
  out.id = node["id"].text();
  out.kind = node["relationship_type"].text();
  out.from_id = node["fromId"].text();
  out.to_id = node["toId"].text();
  out.from = read_end(node["from"]);
  out.to = read_end(node["to"]);
  out.confidence = node["confidence"].integer();
  out.markings = members_of(node["objectMarking"], "definition");
  return out;
}

const std::vector<std::string>& threat_types() {
  static const std::vector<std::string> types = {"Threat-Actor-Group",
                                                 "Threat-Actor-Individual",
                                                 "Intrusion-Set",
                                                 "Campaign",
                                                 "Malware",
                                                 "Tool",
                                                 "Attack-Pattern"};
  return types;
}

bool is_threat_type(std::string_view type) {
  const auto& types = threat_types();
  return std::find(types.begin(), types.end(), type) != types.end();
}

}  // namespace socbridge::opencti
