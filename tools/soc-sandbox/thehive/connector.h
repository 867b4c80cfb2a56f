// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "soc-sandbox/thehive/context.h"

namespace socbridge::sandbox {

// Reads the state of running jobs from Cortex, which TheHive does every five seconds. Here it is
// done on each read.
void refresh_jobs(Context& context);

}  // namespace socbridge::sandbox
