// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"

namespace socbridge::opensearch {

// Index patterns of the data that Wazuh writes: names with `*`, separated by commas.
struct Patterns {
  std::string alerts = "wazuh-alerts-4.x-*";
  std::string findings = "wazuh-findings-v5-*";  // Wazuh 5
  std::string monitoring = "wazuh-monitoring-*";
  std::string statistics = "wazuh-statistics-*";
  std::string dead_letters = "*dead-letter*";  // rejected documents that Filebeat keeps
  std::string state = "socbridge-state";       // one index, of socbridge itself
  bool operator==(const Patterns&) const = default;
};

// Whether an index matches the pattern. Names that begin with `-` exclude, as in a request.
bool fits(std::string_view pattern, std::string_view name);

// Usage if it cannot be part of a request: empty, or with a character that index names cannot have.
Status check_pattern(std::string_view pattern);

}  // namespace socbridge::opensearch
