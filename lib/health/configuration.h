// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "health/report.h"
#include "profile/profile.h"

namespace socbridge::health {

// Puts the report "configuration" before the others if the run says less than it seems: nothing is
// configured, so that no component was checked; or a variable of the environment has a misspelt
// name (profile/variables.h). Each is `unknown` with cause `configuration`, which is exit code 2.
// Otherwise the summary stays as it is.
void add_configuration_report(Summary& summary, const profile::SystemPaths& system);

}  // namespace socbridge::health
