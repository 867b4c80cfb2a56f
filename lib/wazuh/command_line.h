// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "wazuh/invocation.h"
#include "wazuh/ossec_conf.h"

namespace socbridge::wazuh {

// The command line that integratord 4.14 makes of a block, cut at blanks into at most nine pieces
// (OS_StrBreak of Wazuh's repository): a backslash in front of a blank joins two of them. argv[1..]
// without the program, debug mode off. Empty: it is longer than integratord's buffer.
std::optional<std::vector<std::string>> command_line_of(const IntegrationBlock& block);

// What custom-w2thive makes of that command line. Empty as above.
std::optional<Invocation> invocation_of(const IntegrationBlock& block);

}  // namespace socbridge::wazuh
