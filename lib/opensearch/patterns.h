// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"

namespace socbridge::opensearch {

// Which indices hold what Wazuh writes: names with `*`, several separated by commas.
struct Patterns {
  std::string alerts = "wazuh-alerts-4.x-*";
  std::string findings = "wazuh-findings-v5-*";  // Wazuh 5
  std::string monitoring = "wazuh-monitoring-*";
  std::string statistics = "wazuh-statistics-*";
  std::string dead_letters = "*dead-letter*";  // of Filebeat, where it keeps what was refused
  std::string state = "socbridge-state";       // one index, of socbridge itself
  bool operator==(const Patterns&) const = default;
};

// Whether an index of this name is meant. Names that begin with `-` are left out, as in a request.
bool fits(std::string_view pattern, std::string_view name);

// Usage if it cannot stand in a request: empty, a character that no index name has.
Status check_pattern(std::string_view pattern);

}  // namespace socbridge::opensearch
