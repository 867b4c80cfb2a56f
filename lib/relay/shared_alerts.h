#pragma once

#include <string>

#include "base/env.h"
#include "relay/settings.h"
#include "relay/shared_alert.h"

namespace socbridge::relay {

// The kinds of shared alerts there are, asked in turn. Env and settings must outlive it.
// `state_dir`: of the spool, or empty.
SharedAlerts shared_alerts(Env& env, std::string state_dir, const Settings& settings);

}  // namespace socbridge::relay
