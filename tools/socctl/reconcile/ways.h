// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/env.h"
#include "base/status.h"
#include "integration/settings.h"
#include "reconcile/policy.h"
#include "socctl/alert/options.h"
#include "socctl/indexer/source_options.h"
#include "socctl/reconcile/inputs.h"

namespace socbridge::socctl {

struct ReconcileOptions {
  std::vector<std::string> from;
  std::string since, until, slice, cursor_file, metrics_file, output;
  IndexerFlags indexer;
  MappingFlags mapping;
  TargetFlags target;
  bool dry_run = false;
  std::size_t batch = 200;
  std::size_t block = 0;    // number, from 1; 0: not given
  std::string destination;  // name; empty or `default`: the top-level one
};

// The TheHive to check, and the settings of each route to it.
struct Ways {
  std::vector<integration::Settings>
      settings;                    // at least one; of the same order as `selection.blocks`
  reconcile::Selection selection;  // no blocks: there is no ossec.conf
  std::string url;
  std::string destination;   // its name; empty: the top-level one
  bool usual_level = false;  // no block gives the forwarded levels
};

inline constexpr int kUsualLevel = 7;  // used if no block gives the forwarded levels

// Enters the Wazuh home. Error: usage, for invalid options or configuration.
Result<Ways> find_ways(const ReconcileOptions& options, const Inputs& inputs, Env& env);

}  // namespace socbridge::socctl
