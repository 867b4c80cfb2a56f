// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "mapping/options.h"
#include "rules/destinations.h"
#include "thehive/alert.h"
#include "wazuh/alert.h"

namespace socbridge::mapping {

// Why a value is what it is, for `socctl alert map --explain`.
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
  std::vector<Explanation> explanations;  // only if asked for
};

// Cheap test of the filters alone, before anything is stored. Empty: forward it.
std::string skip_reason(const wazuh::Alert& alert, const Options& options);

using rules::Destinations;
using rules::kTopLevel;
using rules::shown_destination;

// Where the alert goes: what the rules say, else the top-level destination. Pure.
Destinations destinations_of(const wazuh::Alert& alert, const Options& options);

// The mapping alone, without the filters. Pure: no I/O, no clock. An alert without a usable
// timestamp takes `now_ms` as its date.
thehive::Alert to_thehive(const wazuh::Alert& alert, const Options& options, std::int64_t now_ms);

// Filters and mapping. Pure: no I/O, no clock. An alert without a usable timestamp takes `now_ms`
// as its date.
Mapped map(const wazuh::Alert& alert, const Options& options, std::int64_t now_ms,
           bool explain = false);

}  // namespace socbridge::mapping
