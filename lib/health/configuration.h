// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "health/report.h"
#include "profile/profile.h"

namespace socbridge::health {

// Adds the report "configuration" as the first if the run checked less than it seems: nothing is
// configured, so that no component was checked; or an environment variable has a misspelt name
// (profile/variables.h). Each is `unknown` with cause `configuration`, which is exit code 2.
// Otherwise the summary is not changed.
void add_configuration_report(Summary& summary, const profile::SystemPaths& system);

}  // namespace socbridge::health
