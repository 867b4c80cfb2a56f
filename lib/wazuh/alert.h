// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "base/time.h"
#include "json/value.h"

namespace socbridge::wazuh {

// The form of a file that is not a JSON alert.
enum class NotAlert { empty, text_format, not_json, not_object };

// One Wazuh alert: from integratord, alerts.json, an indexer document (with or without its
// `_source` wrapper), or a Wazuh 5 finding. Every field is optional: absent text is "", absent
// lists are empty. Of duplicate members the first wins. Owns the JSON that it was parsed from.
class Alert {
 public:
  // At most 64 MiB. Parts nested deeper than 512 levels, or beyond the bounds of json/abridge.h,
  // become text or are cut. Time is linear, memory below three times the input. Errors: bad_input,
  // one line. For integratord's text format the hint names `<alert_format>json</alert_format>`
  // (docs/protocols/wazuh.md, "Alert format").
  static Result<Alert> parse(std::string_view bytes);

  // All texts below are valid UTF-8 (repaired where needed).
  std::string id;         // `seconds.offset`; empty for Wazuh 5
  std::string timestamp;  // original text
  std::optional<UnixMillis> time_ms;
  int level = 0;            // 0 to 16; Wazuh 5 words become 2, 5, 8, 12, 15 (middle of their bands)
  std::string level_word;   // Wazuh 5 only, lower case
  std::string rule_id;      // a text, even if it was a number
  std::string description;  // Wazuh 5: rule title
  std::vector<std::string> groups;  // also from a comma-separated string
  std::vector<std::string>
      mitre_ids;  // T1110, T1110.001; deduplicated; not parallel to the next two
  std::vector<std::string> mitre_tactics;
  std::vector<std::string> mitre_techniques;
  std::string agent_id, agent_name, agent_ip;
  std::string agentless_host, agentless_script;
  std::string manager, cluster, cluster_node;
  std::string location, decoder, full_log, previous_output;
  std::string indexer_index, indexer_id;  // `_index` and `_id` of an indexer document
  bool is_v5 = false;

  json::Value root() const { return root_; }

 private:
  json::Document document_;
  json::Value root_;
};

// Classifies bytes that are not a JSON alert, for the message and the exit code.
std::optional<NotAlert> classify_not_alert(std::string_view bytes);

// The stable reference of an alert (docs/protocols/wazuh.md, "Identity of an alert"): `<id>-<16
// hex>`, where hex is the SHA-256 of manager, cluster node and id, or, with an alias, of alias and
// id. Without an id: `w5-<32 hex>` of `_index` and `_id`, or `x-<32 hex>` of timestamp, rule,
// agent, location and a canonical form of data and syscheck. The same for every kind of input; at
// most 64 characters of [0-9A-Za-z.-].
std::string source_ref(const Alert& alert, std::string_view manager_alias = {});

}  // namespace socbridge::wazuh
