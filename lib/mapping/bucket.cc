// SPDX-License-Identifier: Apache-2.0
#include "mapping/bucket.h"

#include <limits>

#include "base/text.h"
#include "hash/digest.h"
#include "thehive/alert.h"

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

Bucket bucket_of(const wazuh::Alert& alert, const BucketRule& rule, std::string_view manager_alias,
                 UnixMillis now_ms) {
  constexpr std::size_t kHex = 32;
  constexpr std::int64_t kMillis = 1000;
  Bucket bucket;
  std::string key(rule.prefix);
  key += '\n';
  key += manager_alias.empty() ? alert.manager + "\n" + alert.cluster_node
                               : std::string(manager_alias);
  for (const std::string& path : rule.by) {
    const auto value = value_of(alert, path);
    bucket.complete = bucket.complete && value.has_value();
    bucket.fields.emplace_back(path, value.value_or(""));
    // Lengths keep different lists of values distinct.
    key += "\n" + std::to_string(path.size()) + ":" + path + "=" +
           std::to_string(bucket.fields.back().second.size()) + ":" + bucket.fields.back().second;
  }
  key += rule.apart;
  const UnixMillis time = alert.time_ms.value_or(now_ms);
  const UnixMillis into = time % rule.window_ms;
  bucket.start_ms = time - (into < 0 ? into + rule.window_ms : into);
  bucket.end_ms = bucket.start_ms + rule.window_ms;
  bucket.id = std::string(rule.prefix) + "-" + sha256_hex(key).substr(0, kHex) + "-" +
              std::to_string(bucket.start_ms / kMillis);
  return bucket;
}

std::string case_key(const wazuh::Alert& alert, const std::vector<std::string>& by,
                     std::string_view manager_alias) {
  constexpr std::int64_t kEver = std::numeric_limits<std::int64_t>::max();
  const Bucket bucket = bucket_of(alert, {"case", by, kEver}, manager_alias, 0);
  constexpr std::size_t kKey = sizeof "case-" - 1 + 32;
  return bucket.complete ? bucket.id.substr(0, kKey) : std::string();
}

bool is_case_tag(std::string_view tag) {
  constexpr std::string_view kPrefix = "case-";
  constexpr std::size_t kHex = 32;
  if (iequals(tag, thehive::kOwnCaseTag)) return true;
  return tag.size() == kPrefix.size() + kHex && istarts_with(tag, kPrefix) &&
         tag.find_first_not_of("0123456789abcdefABCDEF", kPrefix.size()) == std::string_view::npos;
}

const std::vector<std::string>* group_by(const wazuh::Alert& alert, const Options& options) {
  const std::vector<std::string>* const by = options.rules.group_by(alert);
  return by == nullptr ? &options.grouping.by : by;
}

}  // namespace socbridge::mapping
