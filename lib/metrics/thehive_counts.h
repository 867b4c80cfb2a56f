// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/status.h"
#include "base/time.h"
#include "metrics/counts.h"
#include "thehive/client.h"

namespace socbridge::metrics {

// What the key's organisation has in TheHive. Statuses and types are those that TheHive brings
// (docs/metrics.md), spelt as it spells them, and kCustom.
struct TheHiveCounts {
  Counts alerts_by_severity;
  Counts alerts_by_status;  // empty on version 4, whose alerts have flags instead
  Counts cases_by_severity;
  Counts cases_by_status;
  Counts cases_by_resolution;  // closed ones; empty on version 4
  Counts observables_by_type;
};

// By count queries, one after another: at most 50, however much there is, and each answer is one
// number. The numbers are not of one moment. The first query that fails is the error: there are no
// counts in part.
Result<TheHiveCounts> count_thehive(thehive::Client& client, const Deadline& deadline);

}  // namespace socbridge::metrics
