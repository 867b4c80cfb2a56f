// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/env.h"
#include "integration/block_check.h"
#include "integration/settings.h"
#include "wazuh/ossec_conf.h"

namespace socbridge::integration {

// Something about where the alerts of a block go.
struct TargetRemark {
  FindingState state = FindingState::error;
  std::string element;  // of the block; "" if the value stands in another file
  std::string message, next;
};

// Checks URL, key and what belongs to them in the settings that custom-w2thive has for the block;
// `own` was loaded without errors. If the URL
// names this machine without a port, a connection to it is tried for at most a second; no other
// host is asked.
std::vector<TargetRemark> check_block_target(Env& env, const BlockPlace& place,
                                             const wazuh::IntegrationBlock& block,
                                             const Loaded& own);

}  // namespace socbridge::integration
