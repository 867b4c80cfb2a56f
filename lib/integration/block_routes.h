// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/env.h"
#include "base/status.h"
#include "integration/settings.h"
#include "wazuh/block_filter.h"
#include "wazuh/ossec_conf.h"

namespace socbridge::integration {

// Whether the block runs one of our executables: their names may have more behind custom-w2thive.
bool is_ours(const wazuh::IntegrationBlock& block);

// One <integration> block whose name begins with custom-w2thive: which alerts integratord gives to
// it, and what custom-w2thive does with them.
struct BlockRoute {
  std::string place;  // PATH:LINE of the block, for people
  wazuh::BlockFilter filter;
  Loaded loaded;  // with the block's URL, key and options; errors included
};

struct RouteSources {
  std::string home;         // Wazuh home
  std::string config_file;  // as Sources::config_file
  std::string ossec_conf;
};

// All of them, in file order. A file that is not there has none; one that cannot be read, or that
// Wazuh refuses, is an error (usage): then it is unknown what was forwarded.
Result<std::vector<BlockRoute>> block_routes(Env& env, const RouteSources& sources);

// The settings of all of them, in file order, each pair of spool and log once: a block's <options>
// may name its own. Those of `otherwise` alone if no block can be read.
std::vector<Settings> settings_of_blocks(Env& env, const RouteSources& sources,
                                         const Loaded& otherwise);

// Where min_level is not configured the lowest <level> of the blocks in `ossec_conf` takes its
// place, with its origin in the rows. Without a readable block nothing changes.
void apply_block_level(Env& env, const std::string& ossec_conf, Loaded& loaded);

}  // namespace socbridge::integration
