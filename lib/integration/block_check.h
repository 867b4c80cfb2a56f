// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/env.h"
#include "integration/config_check.h"
#include "integration/settings.h"

namespace socbridge::integration {

// Where an ossec.conf is checked.
struct BlockPlace {
  std::string home;        // Wazuh home
  std::string ossec_conf;  // the file
  // It was named; else it may be missing where custom-w2thive is not installed either.
  bool must_exist = false;
};

// Whether neither the file nor the executable custom-w2thive is on this machine: what cannot be
// read is there.
bool is_no_manager(Env& env, const BlockPlace& place);

// Whether alerts of Wazuh 4.14 reach TheHive with this file, as far as can be known without
// network: what integratord and analysisd refuse, and for each block of custom-w2thive its filters,
// the command line it makes, the <options>, the URL and the key file. `error`: no alert of that
// block arrives; `warning`: alerts arrive, but perhaps not as meant. `loaded` are the settings
// without the block; what is wrong in them already is not repeated. Only a connection to this
// same machine may be tried: see docs/custom-w2thive.md. Details begin with PATH:LINE.
std::vector<Finding> check_blocks(Env& env, const Loaded& loaded, const BlockPlace& place);

}  // namespace socbridge::integration
