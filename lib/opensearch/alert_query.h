// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace socbridge::opensearch {

// Which alerts are wanted. What is empty leaves nothing out; lists are alternatives.
struct AlertQuery {
  std::optional<UnixMillis> since, until;  // `until` is not part of it
  std::vector<std::string> rules;          // rule ids
  std::vector<std::string> agents;         // names or ids of agents
  int level = 0;                           // of Wazuh 4, or a Wazuh 5 word that stands for it
  std::string text;                        // in the syntax of query_string
  std::vector<std::string> ids;            // of alerts (Wazuh 4) or of their documents
};

// Fields of the two generations of Wazuh (docs/protocols/wazuh.md, "Indexer", "Wazuh 5").
enum class AlertForm { v4, v5 };
std::string_view time_field(AlertForm form);

// The member `sort` of a search: the newest documents by that field first, also where no document
// has it.
std::string newest_first(std::string_view field);

// The query as JSON. Documents without a time are in every window.
std::string to_json(const AlertQuery& query, AlertForm form);

}  // namespace socbridge::opensearch
