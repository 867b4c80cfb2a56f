// SPDX-License-Identifier: Apache-2.0
#include "mapping/bucket.h"

#include "hash/digest.h"

namespace socbridge::mapping {
namespace {

std::optional<std::string> value_of(const wazuh::Alert& alert, const std::string& path) {
  const auto unless_empty = [](const std::string& text) {
    return text.empty() ? std::optional<std::string>() : text;
  };
  if (path == "rule.id") return unless_empty(alert.rule_id);
  if (path == "agent.name" || path == "agent.id") {
    const std::string& text = path == "agent.id" ? alert.agent_id : alert.agent_name;
    return unless_empty(text.empty() ? alert.agentless_host : text);
  }
  const json::Value value = alert.root().path(path);
  if (value.missing() || value.type() == json::Type::null) return std::nullopt;
  const auto scalar = value.scalar_text();
  return unless_empty(scalar ? *scalar : value.dump());
}

}  // namespace

Bucket bucket_of(const wazuh::Alert& alert, std::string_view prefix,
                 const std::vector<std::string>& by, std::int64_t window_ms,
                 std::string_view manager_alias, UnixMillis now_ms) {
  constexpr std::size_t kHex = 32;
  constexpr std::int64_t kMillis = 1000;
  Bucket bucket;
  std::string key(prefix);
  key += '\n';
  key += manager_alias.empty() ? alert.manager + "\n" + alert.cluster_node
                               : std::string(manager_alias);
  for (const std::string& path : by) {
    const auto value = value_of(alert, path);
    bucket.complete = bucket.complete && value.has_value();
    bucket.fields.emplace_back(path, value.value_or(""));
    // Lengths keep two different lists of values apart.
    key += "\n" + std::to_string(path.size()) + ":" + path + "=" +
           std::to_string(bucket.fields.back().second.size()) + ":" + bucket.fields.back().second;
  }
  const UnixMillis time = alert.time_ms.value_or(now_ms);
  const UnixMillis into = time % window_ms;
  bucket.start_ms = time - (into < 0 ? into + window_ms : into);
  bucket.end_ms = bucket.start_ms + window_ms;
  bucket.id = std::string(prefix) + "-" + sha256_hex(key).substr(0, kHex) + "-" +
              std::to_string(bucket.start_ms / kMillis);
  return bucket;
}

const std::vector<std::string>* group_by(const wazuh::Alert& alert, const Options& options) {
  const std::vector<std::string>* const by = options.rules.group_by(alert);
  return by == nullptr ? &options.grouping.by : by;
}

}  // namespace socbridge::mapping
