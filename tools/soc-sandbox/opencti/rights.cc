// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/opencti/rights.h"

#include <string>

namespace socbridge::sandbox::opencti {
namespace {

struct Right {
  std::string_view field, capability;
};
constexpr Right kRights[] = {
    {"roles", "SETTINGS_SETACCESSES"},
    {"groups", "SETTINGS_SETACCESSES"},
    {"users", "SETTINGS_SETACCESSES"},
    {"user", "SETTINGS_SETACCESSES"},
    {"capabilities", "SETTINGS_SETACCESSES"},
    {"roleAdd", "SETTINGS_SETACCESSES"},
    {"roleEdit", "SETTINGS_SETACCESSES"},
    {"groupAdd", "SETTINGS_SETACCESSES"},
    {"groupEdit", "SETTINGS_SETACCESSES"},
    {"userAdd", "SETTINGS_SETACCESSES"},
    {"userEdit", "SETTINGS_SETACCESSES"},
    {"streamCollectionAdd", "TAXIIAPI_SETCOLLECTIONS"},
    {"streamCollectionEdit", "TAXIIAPI_SETCOLLECTIONS"},
    {"markingDefinitions", "KNOWLEDGE"},
    {"connectors", "MODULES"},
    {"works", "MODULES"},
    {"rabbitMQMetrics", "MODULES"},
    {"stixCyberObservables", "KNOWLEDGE"},
    {"stixCyberObservable", "KNOWLEDGE"},
    {"indicators", "KNOWLEDGE"},
    {"indicator", "KNOWLEDGE"},
    {"reports", "KNOWLEDGE"},
    {"system", "KNOWLEDGE"},
    {"stixCoreRelationships", "KNOWLEDGE"},
    {"stixSightingRelationships", "KNOWLEDGE"},
    {"stixCyberObservableAdd", "KNOWLEDGE_KNUPDATE"},
    {"systemAdd", "KNOWLEDGE_KNUPDATE"},
    {"externalReferenceAdd", "KNOWLEDGE_KNUPDATE"},
    {"stixSightingRelationshipAdd", "KNOWLEDGE_KNUPDATE"},
};

}  // namespace

bool may(json::Value settings, std::string_view capability) {
  const json::Value held = settings["me"]["capabilities"];
  if (capability.empty() || !held.is_array()) return true;
  for (std::size_t i = 0; i < held.size(); ++i) {
    const std::string name = held.at(i)["name"].text();
    if (name == "BYPASS" || name.find(capability) != std::string::npos) return true;
  }
  return false;
}

std::string_view right_for(std::string_view field) {
  for (const Right& right : kRights) {
    if (right.field == field) return right.capability;
  }
  return {};
}

bool may_mark(const Graph& graph, json::Value settings, std::string_view marking_id) {
  const json::Value allowed = settings["me"]["allowed_marking"];
  if (!allowed.is_array() || may(settings, "BYPASS")) return true;
  const Entity* marking = graph.find(marking_id);
  for (std::size_t i = 0; marking != nullptr && i < allowed.size(); ++i) {
    if (allowed.at(i)["definition"].text() == marking->text("name")) return true;
  }
  return false;
}

}  // namespace socbridge::sandbox::opencti
