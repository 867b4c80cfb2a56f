#include "relay/shared_alerts.h"

#include <utility>

#include "relay/group.h"
#include "relay/rate_cap.h"

namespace socbridge::relay {

SharedAlerts shared_alerts(Env& env, std::string state_dir, const Settings& settings) {
  return [&env, state_dir = std::move(state_dir), &settings](const wazuh::Alert& alert) {
    auto summary = find_summary(env, state_dir, settings, alert);
    return summary ? summary : find_group(env, state_dir, settings, alert);
  };
}

}  // namespace socbridge::relay
