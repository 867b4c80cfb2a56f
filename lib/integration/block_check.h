// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/env.h"
#include "integration/config_check.h"
#include "integration/settings.h"

namespace socbridge::integration {

// The ossec.conf to check.
struct BlockPlace {
  std::string home;        // Wazuh home
  std::string ossec_conf;  // the file
  // It was named by the operator; otherwise it may be missing on a machine without custom-w2thive.
  bool must_exist = false;
};

// Whether neither the file nor the executable custom-w2thive exists. A path that cannot be checked
// counts as existing.
bool lacks_manager(Env& env, const BlockPlace& place);

// Whether alerts of Wazuh 4.14 reach TheHive with this file, as far as this can be checked without
// network: errors that integratord and analysisd refuse, and for each block of custom-w2thive its
// filters, command line, <options>, URL and key file. `error`: no alert of that block arrives;
// `warning`: alerts arrive, but perhaps not as intended. `loaded` are the settings without the
// block; their errors are not repeated. Only this machine may be connected to: see
// docs/custom-w2thive.md. Details begin with PATH:LINE.
std::vector<Finding> check_blocks(Env& env, const Loaded& loaded, const BlockPlace& place);

}  // namespace socbridge::integration
