// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "soc-sandbox/thehive/context.h"

namespace socbridge::sandbox {

// Asks Cortex what became of the jobs that were still running, as TheHive does every five seconds.
// Here it is done on each read.
void refresh_jobs(Context& context);

}  // namespace socbridge::sandbox
