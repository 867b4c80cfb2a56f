// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "metrics/counts.h"
#include "metrics/histogram.h"
#include "metrics/value_counter.h"

namespace socbridge::metrics {

// What the key's organisation has in TheHive. Statuses and types are those that TheHive brings
// (docs/metrics.md), spelt as it spells them, and kCustom. A family that is not known yet is empty.
struct TheHiveCounts {
  Counts alerts_by_severity, alerts_by_status, alerts_by_source, open_alerts_by_age;
  Counts cases_by_severity, cases_by_status, cases_by_resolution;
  Counts open_cases_by_age, open_cases_by_owner;
  Counts observables_by_type;
  std::optional<std::uint64_t> observables, ioc;
};

inline constexpr std::size_t kMostSources = 10, kMostOwners = 25, kMostGroups = 40;

// What happened since this process began to look.
struct TheHiveEvents {
  ValueCounter new_alerts{8};  // by severity
  ValueCounter new_alerts_by_group{kMostGroups};
  Histogram arrival;     // from the alert's own time to its creation in TheHive
  Histogram first_look;  // from creation to the first that anyone did with it
  Histogram resolution;  // of cases, from creation to their end
};

}  // namespace socbridge::metrics
