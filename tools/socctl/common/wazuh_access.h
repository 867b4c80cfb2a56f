// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/env.h"
#include "base/status.h"

namespace socbridge::socctl {

// Call it before anything of the Wazuh home is read. As root: checks the home (wazuh::check_home)
// and switches to its user permanently, so that files that group wazuh may write cannot make root
// read or write other files. `named` are the files and folders of the command line, which stay
// readable; `output` is one file that is still replaced as root. No effect for other users, or if
// there is no Wazuh home or only root can write to it. Resolve endpoints before: root's own
// configuration is unreadable afterwards. Call it before threads are started.
Status enter_wazuh(Env& env, std::vector<std::string> named, const std::string& output = {});

}  // namespace socbridge::socctl
