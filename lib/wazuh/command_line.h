// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "wazuh/invocation.h"
#include "wazuh/ossec_conf.h"

namespace socbridge::wazuh {

// argv[1..] of the command that integratord 4.14 runs for a block, split at blanks into at most
// nine arguments (OS_StrBreak of Wazuh's repository); a backslash before a blank joins two of them.
// Debug mode off. Empty: the line exceeds integratord's buffer.
std::optional<std::vector<std::string>> command_line_of(const IntegrationBlock& block);

// How custom-w2thive parses that command line. Empty as above.
std::optional<Invocation> invocation_of(const IntegrationBlock& block);

}  // namespace socbridge::wazuh
