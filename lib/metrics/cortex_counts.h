// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/status.h"
#include "base/time.h"
#include "cortex/client.h"
#include "metrics/counts.h"

namespace socbridge::metrics {

// Jobs of the key's organisation by status, spelt as Cortex spells it. One search for each status,
// whose answer has one job at most. The first that fails is the error.
Result<Counts> count_cortex_jobs(cortex::Client& client, const Deadline& deadline);

}  // namespace socbridge::metrics
