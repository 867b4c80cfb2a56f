// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "mapping/options.h"
#include "rules/destinations.h"
#include "thehive/alert.h"
#include "wazuh/alert.h"

namespace socbridge::mapping {

// The reason for a value, for `socctl alert map --explain`.
struct Explanation {
  std::string field;  // severity, observables[2], tags[0], …
  std::string value;
  std::string rule;  // e.g. `level 10 is 10-12`, `data.srcip -> ip`, `dropped: loopback`
};

struct Mapped {
  bool forwarded = false;
  std::string skip_reason;                // if not forwarded, e.g. `level 5 is below min_level 7`
  thehive::Alert alert;                   // if forwarded
  std::vector<std::string> destinations;  // if forwarded: as Destinations::names
  std::vector<Explanation> explanations;  // only if requested
};

// Cheap test of the filters alone, before anything is stored. Empty: the alert is forwarded.
std::string skip_reason(const wazuh::Alert& alert, const Options& options);

using rules::Destinations;
using rules::kTopLevel;
using rules::shown_destination;

// The destinations of the alert: those that the rules set, else the top-level one. Pure.
Destinations destinations_of(const wazuh::Alert& alert, const Options& options);

// The mapping alone, without the filters. Pure: no I/O, no clock. The date of an alert without a
// usable timestamp is `now_ms`.
thehive::Alert to_thehive(const wazuh::Alert& alert, const Options& options, std::int64_t now_ms);

// Filters and mapping. Pure: no I/O, no clock. The date of an alert without a usable timestamp is
// `now_ms`.
Mapped map(const wazuh::Alert& alert, const Options& options, std::int64_t now_ms,
           bool explain = false);

}  // namespace socbridge::mapping
