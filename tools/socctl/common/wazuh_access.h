// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/env.h"
#include "base/status.h"

namespace socbridge::socctl {

// Before anything of the Wazuh home is read. As root: checks the home (wazuh::check_home) and
// becomes its user for good, so that nothing which group wazuh may write makes root read or write a
// file. `named` are the files and folders of the command line, which stay readable as root would
// read them, `output` one file that is still replaced as root. Without effect for other users, and
// if there is no Wazuh home or it is root's alone. Resolve endpoints before: root's own
// configuration is out of reach afterwards. Call it before threads.
Status enter_wazuh(Env& env, std::vector<std::string> named, const std::string& output = {});

}  // namespace socbridge::socctl
