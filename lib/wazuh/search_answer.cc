// SPDX-License-Identifier: Apache-2.0
#include "wazuh/search_answer.h"

#include <algorithm>
#include <cstdint>

#include "base/text.h"

namespace socbridge::wazuh {
namespace {

// `error` is an object with type and reason, or a text.
std::string error_text(json::Value root) {
  constexpr std::size_t kLongest = 200;
  const json::Value error = root["error"];
  std::string text;
  for (const json::Value part : {error["type"], error["reason"], error}) {
    const std::string words = part.text();
    if (!words.empty()) text += (text.empty() ? "" : ": ") + words;
  }
  text = printable(text, kLongest);
  const std::string status = printable(root["status"].text());
  return "OpenSearch answered with an error, not with alerts: " + text +
         (status.empty() ? "" : " (status " + status + ")");
}

std::string why_not_all_hits(json::Value hits, std::size_t count) {
  const json::Value total = hits["total"];
  const auto value = total.is_object() ? total["value"].integer() : total.integer();
  if (!value) {
    return "a search answer without hits.total, so its " + std::to_string(count) +
           " hits may not be all; omit track_total_hits and filter_path";
  }
  if (total["relation"].string().value_or("eq") != "eq") {
    return "a search answer of " + std::to_string(count) + " of at least " +
           std::to_string(*value) + " hits; search with track_total_hits=true and a larger size";
  }
  if (*value < 0 || static_cast<std::uint64_t>(*value) != count) {
    return "a search answer of " + std::to_string(count) + " of " + std::to_string(*value) +
           " hits; search with a larger size, or in smaller parts";
  }
  return {};
}

}  // namespace

bool is_search_answer(json::Value root) { return root["hits"]["hits"].is_array(); }

std::string why_incomplete(json::Value answer, std::size_t count) {
  if (answer["timed_out"].boolean().value_or(false)) return "a search answer that timed out";
  if (answer["terminated_early"].boolean().value_or(false)) {
    return "a search answer that ended early; omit terminate_after";
  }
  const json::Value shards = answer["_shards"];
  const std::int64_t total = shards["total"].integer().value_or(0);
  const std::int64_t failed = shards["failed"].integer().value_or(0);
  const std::int64_t answered =
      std::min(shards["successful"].integer().value_or(total), total - failed);
  if (answered < total || failed > 0) {
    return "a search answer of " + std::to_string(answered) + " of " + std::to_string(total) +
           " shards; run socctl health opensearch";
  }
  return why_not_all_hits(answer["hits"], count);
}

std::string why_no_alert(json::Value root) {
  if (!root.is_object())
    return "a JSON " + std::string(json::type_name(root.type())) + ", not an alert";
  const json::Value source = root["_source"];
  const json::Value alert = source.is_object() ? source : root;
  if (alert["rule"].is_object() || alert["wazuh"]["rule"].is_object()) return {};
  if (root["error"]) return error_text(root);
  if (root["_index"] && !source.is_object()) {
    return "a search hit without _source; request complete documents";
  }
  return "a JSON object with no rule, not an alert";
}

}  // namespace socbridge::wazuh
