// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "metrics/counts.h"
#include "metrics/histogram.h"
#include "metrics/value_counter.h"

namespace socbridge::metrics {

// Counts of the key's organisation in TheHive. Statuses and types are the built-in ones
// (docs/metrics.md), in TheHive's spelling, and kCustom. A family without complete answers is
// empty.
struct TheHiveCounts {
  Counts alerts_by_severity, alerts_by_status, alerts_by_source, open_alerts_by_age;
  Counts cases_by_severity, cases_by_status, cases_by_resolution;
  Counts open_cases_by_age, open_cases_by_owner;
  Counts observables_by_type;
  std::optional<std::uint64_t> observables, ioc;
};

inline constexpr std::size_t kMostSources = 10, kMostOwners = 25, kMostGroups = 40;

// Events since the first poll of this process.
struct TheHiveEvents {
  ValueCounter new_alerts{8};  // by severity
  ValueCounter new_alerts_by_group{kMostGroups};
  Histogram arrival;     // from the alert's own time to its creation in TheHive
  Histogram first_look;  // from creation to the first change by anyone
  Histogram resolution;  // of cases, from creation to their end
};

}  // namespace socbridge::metrics
