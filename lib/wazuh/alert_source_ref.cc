// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "hash/digest.h"
#include "wazuh/alert.h"
#include "wazuh/fields.h"

namespace socbridge::wazuh {
namespace {

constexpr std::size_t kShortHex = 16;
constexpr std::size_t kLongHex = 32;
constexpr std::size_t kMostId = 47;  // at most 64 characters with hyphen and hex

std::string clean_id(const std::string& id) {
  const auto odd = [](char c) {
    return !((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
             c == '.' || c == '-');
  };
  std::string out = id;
  out.erase(std::remove_if(out.begin(), out.end(), odd), out.end());
  out.resize(std::min(out.size(), kMostId));
  return out;
}

// Sorted names, first of duplicates, every scalar as text: independent of formatting.
void canonical(json::Value value, std::string& out) {
  if (value.is_object()) {
    std::vector<std::pair<std::string_view, std::size_t>> members;
    for (std::size_t i = 0; i < value.size(); ++i) members.emplace_back(value.key_at(i), i);
    std::sort(members.begin(), members.end());
    out += '{';
    for (std::size_t i = 0; i < members.size(); ++i) {
      const auto& [name, index] = members[i];
      if (i > 0 && name == members[i - 1].first) continue;
      out.append(name).append("\x1f");
      canonical(value.value_at(index), out);
      out += '\x1e';
    }
    out += '}';
  } else if (value.is_array()) {
    out += '[';
    for (std::size_t i = 0; i < value.size(); ++i) {
      canonical(value.at(i), out);
      out += '\x1e';
    }
    out += ']';
  } else {
    out += value.text();
  }
}

}  // namespace

std::string source_ref(const Alert& alert, std::string_view manager_alias) {
  if (!alert.id.empty()) {
    std::string key;
    key.reserve(alert.manager.size() + alert.cluster_node.size() + manager_alias.size() +
                alert.id.size() + 2);
    if (manager_alias.empty()) {
      key.append(alert.manager).append("\n").append(alert.cluster_node);
    } else {
      key.append(manager_alias);
    }
    key.append("\n").append(alert.id);
    std::string ref = clean_id(alert.id);
    ref.reserve(ref.size() + 1 + kShortHex);
    ref.append("-").append(sha256_hex(key), 0, kShortHex);
    return ref;
  }
  if (alert.is_v5 && !alert.indexer_id.empty()) {
    return "w5-" + sha256_hex(alert.indexer_index + "\n" + alert.indexer_id).substr(0, kLongHex);
  }
  std::string key;
  const std::string agent = alert.agent_id.empty() ? alert.agentless_host : alert.agent_id;
  for (const std::string& part :
       {std::string(manager_alias), alert.timestamp, alert.rule_id, agent, alert.location}) {
    key += part;
    key += '\n';
  }
  if (alert.is_v5) {
    canonical(alert.root(), key);
  } else {
    canonical(alert.root()["data"], key);
    key += '\n';
    canonical(alert.root()["syscheck"], key);
  }
  return "x-" + sha256_hex(key).substr(0, kLongHex);
}

}  // namespace socbridge::wazuh
