// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include "mapping/options.h"

namespace socbridge::mapping {

// Highest threshold of the severity table that the level reaches, and its severity; 0 if none.
inline std::pair<int, int> severity_rule(int level, const Options& options) {
  std::pair<int, int> best{0, 0};
  for (const auto& [from, severity] : options.severity_by_level) {
    if (level >= from) best = {from, severity};
  }
  return best;
}

// A level that is let through below the table's lowest row is as low as the scale goes.
inline int severity_of(int level, const Options& options) {
  const int severity = severity_rule(level, options).second;
  return severity == 0 ? 1 : severity;
}

}  // namespace socbridge::mapping
