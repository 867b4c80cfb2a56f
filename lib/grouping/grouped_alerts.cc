// SPDX-License-Identifier: Apache-2.0
#include "grouping/grouped_alerts.h"

#include <utility>

#include "grouping/group.h"
#include "grouping/rate_cap.h"

namespace socbridge::grouping {

GroupedAlerts grouped_alerts(Env& env, std::string state_dir,
                             const integration::Settings& settings) {
  return [&env, state_dir = std::move(state_dir), &settings](const wazuh::Alert& alert) {
    auto summary = find_summary(env, state_dir, settings, alert);
    return summary ? summary : find_group(env, state_dir, settings, alert);
  };
}

}  // namespace socbridge::grouping
