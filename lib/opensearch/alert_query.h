// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace socbridge::opensearch {

// Filter of alerts. Empty members match all; the elements of a list are alternatives.
struct AlertQuery {
  std::optional<UnixMillis> since, until;  // `until` is exclusive
  std::vector<std::string> rules;          // rule ids
  std::vector<std::string> agents;         // names or ids of agents
  int level = 0;                           // of Wazuh 4, or of the Wazuh 5 word with that level
  std::string text;                        // in the syntax of query_string
  std::vector<std::string> ids;            // of alerts (Wazuh 4) or of their documents
};

// Fields of the two generations of Wazuh (docs/protocols/wazuh.md, "Indexer", "Wazuh 5").
enum class AlertForm { v4, v5 };
std::string_view time_field(AlertForm form);

// The member `sort` of a search: newest documents first, also if no document has the field.
std::string newest_first(std::string_view field);

// The query as JSON. Documents without a time match every time range.
std::string to_json(const AlertQuery& query, AlertForm form);

}  // namespace socbridge::opensearch
