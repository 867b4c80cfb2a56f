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

// Whether the block runs one of our executables: custom-w2thive, possibly with a suffix.
bool is_ours(const wazuh::IntegrationBlock& block);

// An <integration> block whose name begins with custom-w2thive: its filters and its settings.
struct BlockRoute {
  std::string place;  // PATH:LINE of the block, for people
  wazuh::BlockFilter filter;
  Loaded loaded;  // with the block's URL, key and options; includes errors
};

struct RouteSources {
  std::string home;         // Wazuh home
  std::string config_file;  // as Sources::config_file
  std::string ossec_conf;
};

// All such blocks, in file order. None if the file does not exist. Error (usage): it cannot be
// read, or Wazuh refuses it; then it is unknown what was forwarded.
Result<std::vector<BlockRoute>> block_routes(Env& env, const RouteSources& sources);

// The settings of all blocks in file order, each pair of spool and log once, because <options> may
// set them. Only those of `otherwise` if no block can be read.
std::vector<Settings> settings_of_blocks(Env& env, const RouteSources& sources,
                                         const Loaded& otherwise);

// If min_level is not configured, uses the lowest <level> of the blocks in `ossec_conf`, with its
// origin in the rows. Without a readable block nothing changes.
void apply_block_level(Env& env, const std::string& ossec_conf, Loaded& loaded);

}  // namespace socbridge::integration
