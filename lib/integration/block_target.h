// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/env.h"
#include "integration/block_check.h"
#include "integration/settings.h"
#include "wazuh/ossec_conf.h"

namespace socbridge::integration {

// A remark on the target of a block's alerts.
struct TargetRemark {
  FindingState state = FindingState::error;
  std::string element;  // of the block; "" if the value comes from another file
  std::string message, next;
};

// Checks URL, key and related settings of custom-w2thive for the block; `own` was loaded without
// errors. If the URL names this machine without a port, a connection to it is tried for at most a
// second; no other host is contacted.
std::vector<TargetRemark> check_block_target(Env& env, const BlockPlace& place,
                                             const wazuh::IntegrationBlock& block,
                                             const Loaded& own);

}  // namespace socbridge::integration
