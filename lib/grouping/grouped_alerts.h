// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/env.h"
#include "grouping/grouped_alert.h"
#include "integration/settings.h"

namespace socbridge::grouping {

// The kinds of shared alerts there are, asked in turn. Env and settings must outlive it.
// `state_dir`: of the spool, or empty.
GroupedAlerts grouped_alerts(Env& env, std::string state_dir,
                             const integration::Settings& settings);

}  // namespace socbridge::grouping
