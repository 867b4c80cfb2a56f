// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/env.h"
#include "grouping/grouped_alert.h"
#include "integration/settings.h"

namespace socbridge::grouping {

// Tries each kind of shared alert in turn. `env` and `settings` must outlive the result.
// `state_dir`: of the spool, or empty.
GroupedAlerts grouped_alerts(Env& env, std::string state_dir,
                             const integration::Settings& settings);

}  // namespace socbridge::grouping
